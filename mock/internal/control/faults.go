package control

import (
	"errors"
	"fmt"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/problem"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
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
	invalid := &strict.Invalid{Problems: body.Check()}
	if (named{in, invalid}).fault(&body.On); len(invalid.Problems) > 0 {
		return reply{}, invalid
	}
	fx := in.sandbox.Apply(&engine.AddFault{Fault: body})
	if fx.Err != nil {
		return reply{}, fx.Err
	}
	return created(*fx.Fault)
}

func (a *Control) deleteFault(in *call) (reply, error) {
	id := in.gin.Param("fault")
	if id == "" {
		return reply{}, problem.Missing(problem.UnknownFault, "a fault without an id")
	}
	fx := in.sandbox.Apply(&engine.DeleteFault{ID: id})
	if errors.Is(fx.Err, fault.ErrUnknown) {
		return reply{}, problem.Missing(problem.UnknownFault, fmt.Sprintf("no fault %q", id))
	}
	return noContent(fx.Err)
}

func (a *Control) clearFaults(in *call) (reply, error) {
	return noContent(in.sandbox.Apply(&engine.DeleteFault{}).Err)
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

func faultHitOf(h engine.FaultHit) faultHit {
	return faultHit{h.Fault, notation.FormatTime(h.At), h.MerchantNo, h.Endpoint, h.PushID}
}
