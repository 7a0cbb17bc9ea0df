package fuzz

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/contract/internal/wire"
	"github.com/etcp-mock/etcp-mock/internal/pushcheck"
	"github.com/etcp-mock/etcp-mock/sign"
)

// modelPush is a push that must have been sent.
type modelPush struct {
	kind, plate string
	order       *modelOrder // of a stay
	at          time.Duration
	masked      bool
	fee         int64 // whole yuan, as all fees of a story are
}

// modelKinds are the kinds of push that the model knows. Whether one of another kind, which a platform may have besides, is due it cannot say.
var modelKinds = []client.Kind{client.KindEntry, client.KindExit, client.KindUnbind, client.KindCertificationInvalid}

// told notes that a vehicle's stay began or ended, where somebody has it bound.
func (m *model) told(kind, plate string, o *modelOrder) {
	v := plate + "|1"
	if _, bound := m.owners[v]; !bound {
		return
	}
	m.pushes = append(m.pushes, modelPush{kind: kind, plate: plate, order: o, at: m.now, masked: !m.certified[v], fee: int64(o.cash+o.sum) / 100})
}

// unbound notes that a vehicle was unbound.
func (m *model) unbound(v string) {
	plate, _, _ := strings.Cut(v, "|")
	delete(m.owners, v)
	delete(m.certified, v)
	m.pushes = append(m.pushes, modelPush{kind: "unbind", plate: plate, at: m.now})
}

// pushes holds what was sent in a story to what must have been: how it is signed and written (§10), what it says, and that there is no other.
func (p *player) pushes(ctx context.Context) *breach {
	if p.sandbox == nil || len(p.s.steps) == 0 {
		return nil
	}
	wrong := func(kind client.Kind, format string, args ...any) *breach {
		return &breach{kind: "push " + string(kind), message: string(kind) + " push: " + fmt.Sprintf(format, args...), section: "§10", step: p.s.steps[len(p.s.steps)-1].id, wantCode: unsure}
	}
	list, err := p.sandbox.Pushes(ctx, control.PushFilter{}, control.Page{Limit: 200})
	if err != nil {
		return &breach{kind: "outage", message: err.Error(), outage: wire.ControlOutage(err)}
	}
	sentKinds := slices.DeleteFunc(list.Items, func(sent control.Push) bool { return !slices.Contains(modelKinds, sent.Kind) })
	for i, sent := range sentKinds {
		how := pushcheck.Sent{Method: http.MethodPost, ContentType: sent.ContentType, Body: []byte(sent.Body), MerchantNo: sent.MerchantNo}
		if err := how.Wrong(string(sent.Kind), []control.SandboxMerchant{{MerchantNo: p.no, MerchantKey: p.key}}, []sign.PushData{sign.JSON}); err != nil {
			return wrong(sent.Kind, "%v", err)
		}
		if i >= len(p.model.pushes) {
			return wrong(sent.Kind, "none is due, and one was sent: %s", wire.Head([]byte(sent.Body)))
		}
		if b := p.model.pushes[i].wrong(sent.Kind, sent.Body); b != "" {
			return wrong(sent.Kind, "%s: %s", b, wire.Head([]byte(sent.Body)))
		}
	}
	if n := len(sentKinds); n < len(p.model.pushes) && n < 200 {
		return wrong(client.Kind(p.model.pushes[n].kind), "one is due, and none was sent")
	}
	return nil
}

func (m *modelPush) wrong(kind client.Kind, body string) string {
	var is struct {
		SynID        string `json:"synId"`
		PlateNumber  string `json:"plateNumber"`
		Time         string `json:"time"`
		PushTime     string `json:"pushTime"`
		EntranceTime string `json:"entranceTime"`
		ExitTime     string `json:"exitTime"`
		StayedTime   int64  `json:"stayedTime"`
		ParkName     string `json:"parkName"`
		ParkID       int64  `json:"parkId"`
		UserType     string `json:"userType"`
		Fee          int64  `json:"receivableFee"`
	}
	if err := json.Unmarshal([]byte(body), &is); err != nil {
		return err.Error()
	}
	plate := m.plate
	if all := []rune(plate); m.masked {
		plate = string(all[0]) + "****" + string(all[len(all)-2:])
	}
	at := timeAt(start.Add(m.at))
	isStay := m.order != nil
	entered, stay, id := "", time.Duration(0), ""
	if isStay {
		entered, stay, id = timeAt(start.Add(m.order.entered)), m.at-m.order.entered, m.order.id
	}
	switch {
	case string(kind) != m.kind:
		return "want " + m.kind
	case is.PlateNumber != plate:
		return "want plateNumber " + plate
	case !isStay && is.Time != at:
		return "want time " + at
	case isStay && (is.SynID != id || is.ParkID != 1 || is.ParkName != "ETCP智慧停车场" || is.UserType != "77"):
		return "want synId " + id + ", the car park and userType 77"
	case isStay && (is.PushTime != at || is.EntranceTime != entered):
		return "want pushTime " + at + " and entranceTime " + entered
	case m.kind == "exit" && (is.ExitTime != at || is.StayedTime != int64(stay/time.Second)):
		return "want exitTime " + at + " and stayedTime in seconds"
	case m.kind == "exit" && is.Fee != m.fee:
		return fmt.Sprintf("want receivableFee %d", m.fee)
	}
	return ""
}

// feeOf is what a stay in the car park of a story costs, in yuan: a quarter of an hour is free, then 5 for each hour begun.
func feeOf(stay time.Duration) int64 {
	if stay <= 15*time.Minute {
		return 0
	}
	return 5 * int64((stay+time.Hour-1)/time.Hour)
}
