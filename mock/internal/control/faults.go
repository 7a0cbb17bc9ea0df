package control

import (
	"fmt"
	"net/http"

	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
)

func (a *Control) listFaults(in *call) (reply, error) {
	page, err := in.page()
	if err != nil {
		return reply{}, err
	}
	return listed(paged(in.sandbox.Faults(), page, func(f fault.Active) string { return f.ID }, byNumber))
}

func (a *Control) addFault(in *call) (reply, error) {
	var body fault.Fault
	if err := in.decode(&body); err != nil {
		return reply{}, err
	}
	added, err := in.sandbox.AddFault(body)
	if err != nil {
		return reply{}, err
	}
	return created(added)
}

func (a *Control) deleteFault(in *call) (reply, error) {
	id := in.gin.Param("fault")
	if err := in.sandbox.DeleteFault(id); err != nil {
		return reply{}, fail(http.StatusNotFound, fmt.Sprintf("no fault %q", id))
	}
	return gone()
}

func (a *Control) clearFaults(in *call) (reply, error) {
	in.sandbox.ClearFaults()
	return gone()
}

// faultHit is the event that a fault was applied: to a request of an endpoint,
// or to a push.
type faultHit struct {
	Fault      fault.Active `json:"fault"`
	At         string       `json:"at"`
	MerchantNo string       `json:"merchantNo"`
	Endpoint   string       `json:"endpoint,omitempty"`
	PushID     string       `json:"pushId,omitempty"`
}

func faultHitOf(h sandbox.FaultHit) faultHit {
	return faultHit{h.Fault, platform.FormatTime(h.At), h.MerchantNo, h.Endpoint, h.PushID}
}
