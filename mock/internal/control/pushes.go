package control

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
	"github.com/etcp-mock/etcp-mock/sign"
)

type pushItem struct {
	ID            string        `json:"id"`
	Kind          string        `json:"kind"`
	MerchantNo    string        `json:"merchantNo"`
	PlateNumber   string        `json:"plateNumber"`
	OrderID       string        `json:"orderId"`
	URL           string        `json:"url"`
	ContentType   string        `json:"contentType"`
	Body          string        `json:"body"`
	Signed        string        `json:"signed"`
	Status        string        `json:"status"`
	Attempts      []attemptItem `json:"attempts"`
	NextAttemptAt *string       `json:"nextAttemptAt"`
	CreatedAt     string        `json:"createdAt"`
}

type attemptItem struct {
	At         string `json:"at"`
	DurationMs int64  `json:"durationMs"`
	HTTPStatus int    `json:"httpStatus"`
	Response   string `json:"response"`
	Error      string `json:"error"`
}

func pushOf(p push.Item) pushItem {
	item := pushItem{
		ID: p.ID, Kind: p.Kind, MerchantNo: p.MerchantNo, PlateNumber: p.PlateNumber, OrderID: p.OrderID, URL: p.URL,
		ContentType: p.ContentType, Body: p.Body, Signed: p.Signed, Status: string(p.Status),
		Attempts: []attemptItem{}, CreatedAt: platform.FormatTime(p.CreatedAt),
	}
	for _, a := range p.Attempts {
		item.Attempts = append(item.Attempts, attemptItem{platform.FormatTime(a.At), a.DurationMs, a.HTTPStatus, a.Response, a.Error})
	}
	if !p.NextAttemptAt.IsZero() {
		next := platform.FormatTime(p.NextAttemptAt)
		item.NextAttemptAt = &next
	}
	return item
}

func (a *Control) listPushes(in *call) (reply, error) {
	page, err := in.page()
	if err != nil {
		return reply{}, err
	}
	plate, _, _ := platform.NormalPlate(in.gin.Query("plateNumber"))
	found, next := in.sandbox.Pushes(push.Filter{
		Kind: in.gin.Query("kind"), MerchantNo: in.gin.Query("merchantNo"), PlateNumber: plate, Status: push.Status(in.gin.Query("status")),
	}, page)
	items := make([]pushItem, len(found))
	for i, p := range found {
		items[i] = pushOf(p)
	}
	return ok(list[pushItem]{Items: items, Next: next})
}

func (a *Control) getPush(in *call) (reply, error) {
	p, found := in.sandbox.Push(in.gin.Param("push"))
	if !found {
		return reply{}, fail(http.StatusNotFound, "no push "+in.gin.Param("push"))
	}
	return ok(pushOf(p))
}

func (a *Control) triggerPush(in *call) (reply, error) {
	var body struct {
		MerchantNo string         `json:"merchantNo"`
		Kind       string         `json:"kind"`
		Fields     map[string]any `json:"fields"`
	}
	if err := in.decode(&body); err != nil {
		return reply{}, err
	}
	fields := make(map[string]any, len(body.Fields))
	for name, value := range body.Fields {
		switch v := value.(type) {
		case string:
			fields[name] = v
		case float64:
			fields[name] = sign.Number(strconv.FormatFloat(v, 'f', -1, 64))
		default:
			return reply{}, invalidAt("/fields/"+name, "want a string or a number")
		}
	}
	r := in.sandbox.Do(platform.Trigger{MerchantNo: body.MerchantNo, Kind: body.Kind, Fields: fields})
	if r.Err != nil {
		return reply{}, r.Err
	}
	made, _ := r.Value.(platform.Push)
	p, _ := in.sandbox.Push(made.ID)
	return created(pushOf(p))
}

func (a *Control) redeliverPush(in *call) (reply, error) {
	p, err := in.sandbox.Redeliver(in.gin.Param("push"))
	if err != nil {
		return reply{}, err
	}
	return reply{http.StatusAccepted, pushOf(p)}, nil
}

// maxDrain bounds how long a drain may wait, in real time.
const maxDrain = 10 * time.Minute

func (a *Control) drainPushes(in *call) (reply, error) {
	var body struct {
		Timeout *strict.Duration `json:"timeout"`
	}
	if err := in.decode(&body); err != nil {
		return reply{}, err
	}
	timeout := 5 * time.Second
	if body.Timeout != nil {
		if timeout = time.Duration(*body.Timeout); timeout > maxDrain {
			return reply{}, invalidAt("/timeout", "want at most 10m")
		}
	}
	pending, err := in.sandbox.Drain(in.ctx, timeout)
	if errors.Is(err, sandbox.ErrNotDrained) {
		return reply{}, &failure{status: http.StatusGatewayTimeout, detail: strconv.Itoa(pending) + " attempts are still due or in flight", pending: &pending}
	}
	return ok(map[string]int{"pending": 0})
}
