package fuzz

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/contract/internal/wire"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/curl"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// breach is one way in which an answer breaks the contract.
type breach struct {
	kind     string // what is wrong and where, without values
	message  string
	section  string
	want     string
	got      string
	received string
	reason   string
	curl     string
	step     int
	wantCode int         // -1: it is not the code
	codes    map[int]int // of the steps before, by their ids
	outage   *report.Outage
}

// player plays a story.
type player struct {
	f       *fuzzing
	s       story
	model   *model
	client  *client.Client
	sandbox *control.Sandbox
	known   map[symbol]any
	codes   map[int]int
	no, key string
}

var fuzzWorld = json.RawMessage(`{"clock":"2017-08-20 12:00:00","merchants":[],"parkings":[{"id":"1","name":"ETCP智慧停车场","city":"重庆市","lat":"29.563","lon":"106.551","totalSpace":1000,"tariff":{"freeMinutes":15,"unitMinutes":60,"unitPrice":"5"}},{"id":"20","name":"乙","city":"重庆市","lat":"29.57","lon":"106.551","electronicPayment":false,"tariff":{"freeMinutes":30,"unitMinutes":45,"unitPrice":"3","dailyCap":"40"}},{"id":"3","name":"丙","city":"重庆市","lat":"29.6","lon":"106.551"},{"id":"40","name":"丁","city":"北京市","lat":"39.9","lon":"116.4"}]}`)

// carParks are the spaces of each car park in it, by id.
var carParks = map[string]string{"1": "1000", "20": "100", "3": "100", "40": "100"}

// play plays a story in a world of its own, and gives the first breach.
func (f *fuzzing) play(ctx context.Context, s story) *breach {
	p := &player{f: f, s: s, model: newModel(), known: map[symbol]any{}, codes: map[int]int{}}
	t := &f.fuzzer.Target
	p.no, p.key = t.MerchantNo, t.MerchantKey
	if t.Control != nil {
		no := fmt.Sprintf("F%d-%d", s.salt, f.worlds.Add(1))
		var world map[string]any
		_ = json.Unmarshal(fuzzWorld, &world) // it is ours
		world["merchants"] = []map[string]any{{"no": no, "key": "k" + no, "push": map[string]any{"url": "http://accept.invalid/"}}}
		seed := s.salt
		detail, err := t.Control.CreateSandbox(ctx, control.NewSandbox{Seed: &seed, Fixture: world})
		if err != nil {
			return &breach{kind: "outage", message: err.Error(), outage: wire.ControlOutage(err)}
		}
		p.sandbox = t.Control.Sandbox(detail.ID)
		defer func() { _ = p.sandbox.Delete(context.WithoutCancel(ctx)) }()
		p.no, p.key = no, "k"+no
	} else {
		p.model = nil
		s.salt += uint64(t.Now().UnixNano() % 10_000_000 * 1000)
		p.s = s
	}
	p.client = client.New(t.URL, p.no, p.key, client.WithHTTPClient(t.HTTP), client.WithClock(t.Now))
	for i := range s.steps {
		if ctx.Err() != nil {
			return nil
		}
		if b := p.step(ctx, &s.steps[i]); b != nil {
			b.step, b.codes = s.steps[i].id, p.codes
			return b
		}
	}
	b := p.pushes(ctx)
	if b != nil {
		b.codes = p.codes
	}
	return b
}

func (p *player) unreached(err error) *breach {
	o := (&wire.Reply{Err: err}).Outage(p.f.fuzzer.Target.URL)
	return &breach{kind: "outage", message: err.Error(), outage: o}
}

// value is what a symbol stands for now; one that no answer gave is a text that nobody gave.
func (p *player) value(s symbol) any {
	if v, is := p.known[s]; is {
		return v
	}
	if v, is := p.s.fixed(s); is {
		return v
	}
	if strings.HasPrefix(string(s), "fee") {
		return "5"
	}
	return "never-given"
}

func (p *player) step(ctx context.Context, f *fuzzStep) *breach {
	if f.action == "call" {
		return p.call(ctx, f)
	}
	var err error
	plate := ""
	if len(f.fields) > 0 {
		plate, _ = p.value(f.fields[0].value.(symbol)).(string)
	}
	switch f.action {
	case "advance":
		by, _ := time.ParseDuration(f.subject)
		if _, err = p.sandbox.Advance(ctx, by); err == nil {
			p.model.now += by
		}
	case "enter":
		var o control.Order
		if o, err = p.sandbox.Enter(ctx, control.Entry{PlateNumber: plate, ParkingID: "1"}); err == nil {
			p.model.enter(plate, o.OrderID)
			p.model.told("entry", plate, p.model.orders[o.OrderID])
		}
	case "exit":
		if _, err = p.sandbox.Exit(ctx, control.Exit{PlateNumber: plate}); err == nil {
			o := p.model.orders[p.model.parked[plate]]
			p.model.exit(plate)
			p.model.told("exit", plate, o)
		}
	}
	if problem, is := errors.AsType[*control.ProblemError](err); is && problem.Status < http.StatusInternalServerError {
		return nil // refused, as a car that is not there is
	}
	if err != nil {
		return &breach{kind: "control " + f.action, message: f.action + ": " + err.Error(), wantCode: -1}
	}
	return nil
}

func (p *player) call(ctx context.Context, f *fuzzStep) *breach {
	e, _ := schemas.Lookup(f.subject)
	data := f.text(p.value)
	req := p.request(f, data)
	p.f.calls.Add(1)
	answer, err := p.client.Send(ctx, req)
	if ctx.Err() != nil {
		return nil
	}
	if answer != nil && err == nil {
		p.f.answered.Store(true)
	}
	if o := p.noPlatform(answer, err); o != nil {
		return &breach{kind: "outage", message: o.Detail, outage: o}
	}
	want := p.predict(e, f)
	b := p.judge(e, f, answer, err, want)
	if b == nil {
		p.codes[f.id] = answer.Code
		p.learn(e, f, answer)
		if p.model != nil {
			b = p.model.observe(e, p.fields(f), answer, want)
		}
	}
	if b == nil {
		return nil
	}
	if want >= 0 && b.want == "" {
		b.want = fmt.Sprintf("code %d %s", want, schemas.Message(want))
	}
	b.section = e.Section
	b.curl = p.curl(f, req, data)
	if answer != nil {
		b.received = fmt.Sprintf("HTTP %d %s", answer.HTTPStatus, wire.Head(answer.Raw))
		b.reason = answer.Reason
		if b.got == "" {
			b.got = fmt.Sprintf("code %d %s", answer.Code, answer.Message)
		}
	}
	return b
}

// noPlatform says that who answers is no platform: nothing has answered as one, and this is a page, or cut, or a refusal to let anybody through.
func (p *player) noPlatform(answer *client.Answer, err error) *report.Outage {
	if answer == nil || err == nil || p.f.answered.Load() {
		return nil
	}
	address := p.f.fuzzer.Target.URL
	switch answer.HTTPStatus {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired:
		return wire.Refused(address, answer.HTTPStatus, answer.Raw)
	}
	if o := (&wire.Reply{Status: answer.HTTPStatus, Header: answer.Header, Body: answer.Raw}).Outage(address); o != nil {
		return o
	}
	return wire.JSONOutage(address, answer.HTTPStatus, answer.Raw)
}

// fields are a step's parameters as they are sent.
func (p *player) fields(f *fuzzStep) map[string]any {
	out := make(map[string]any, len(f.fields))
	for _, field := range f.fields {
		out[field.name] = field.value
		if s, is := field.value.(symbol); is {
			out[field.name] = p.value(s)
		}
	}
	return out
}

func (p *player) request(f *fuzzStep, data string) client.Request {
	req := client.Request{Endpoint: f.subject, RawData: data, TimeStamp: f.stamp}
	if o := overrideOf(f.override); o != nil {
		o.apply(&req, p.key, p.f.fuzzer.Target.Now())
	}
	return req
}

// judge holds an answer to what holds for every answer, and to the code that is known to be right (-1: none is).
func (p *player) judge(e *schemas.Endpoint, f *fuzzStep, answer *client.Answer, err error, want int) *breach {
	broken := func(what, format string, args ...any) *breach {
		return &breach{kind: what + " " + e.Name, message: e.Name + ": " + fmt.Sprintf(format, args...), wantCode: want}
	}
	switch {
	case answer == nil:
		r := &wire.Reply{Err: err}
		if r.NeverCame() || !p.f.answered.Load() {
			return p.unreached(err)
		}
		return broken("cut", "no answer: %v", err)
	case answer.HTTPStatus >= 500:
		return broken("5xx", "HTTP %d", answer.HTTPStatus)
	case err != nil:
		return broken("envelope", "%v", err)
	case answer.HTTPStatus != f.status():
		return broken("status", "HTTP %d, want %d", answer.HTTPStatus, f.status())
	case answer.Code == schemas.CodeServerError:
		return broken("error", "code 2: the platform's own fault")
	}
	if wrong := misheaded(e, answer); wrong != "" {
		return broken("header", "%s", wrong)
	}
	if answer.Code != 0 && f.status() == http.StatusOK && !slices.Contains(e.Codes, answer.Code) && !slices.Contains(schemas.EnvelopeCodes(), answer.Code) {
		return broken("table", "code %d is none that it answers", answer.Code)
	}
	if want >= 0 && answer.Code != want {
		b := broken(fmt.Sprintf("code %d for %d", answer.Code, want), "code %d where %d belongs", answer.Code, want)
		switch {
		case answer.Code == 0 && (f.raw != "" || f.override != ""):
			b.message = fmt.Sprintf("%s: accepted %s", e.Name, strings.TrimSpace(f.override+" "+wire.Head([]byte(f.raw))))
		case want == 0:
			b.message = fmt.Sprintf("%s: refused a good request with code %d", e.Name, answer.Code)
		}
		return b
	}
	if _, invalid := schemas.ValidatePlatform(e.Name, answer.Raw); invalid != nil {
		b := broken("schema", "%v", invalid)
		b.wantCode = -1
		return b
	}
	right := schemas.Message(answer.Code)
	if answer.Code == 0 {
		right = schemas.MessageOK
		if e.Name == "orderpaid" {
			right = schemas.MessagePaid
		}
	}
	if answer.Message != right {
		b := broken(fmt.Sprintf("message %d", answer.Code), "code %d says %q, and §11 says %q", answer.Code, answer.Message, right)
		b.wantCode = -1
		return b
	}
	return nil
}

// learn keeps what later steps may want of an answer.
func (p *player) learn(e *schemas.Endpoint, f *fuzzStep, answer *client.Answer) {
	if answer.Code != 0 {
		return
	}
	id := strconv.Itoa(f.id)
	switch e.Name {
	case "usersigin":
		var data struct {
			Token string `json:"token"`
		}
		if json.Unmarshal(answer.Data, &data) == nil {
			p.known[symbol("token"+id)] = data.Token
		}
	case "orderunpay":
		var rows []quoteRow
		if json.Unmarshal(answer.Data, &rows) == nil && len(rows) > 0 {
			p.known[symbol("order"+id)], p.known[symbol("proof"+id)] = rows[0].OrderID, rows[0].Proof
			p.known[symbol("fee"+id)] = rows[0].Fee
		}
	}
}

type quoteRow struct {
	OrderID string      `json:"orderId"`
	Proof   string      `json:"verificationInfo"`
	Fee     json.Number `json:"remainingFee"`

	Whole     json.Number `json:"parkingFee"`
	Car       string      `json:"carNumber"`
	Entered   string      `json:"entranceTime"`
	Left      string      `json:"exitTime"`
	ParkingID int64       `json:"parkingId"`
}

// curl repeats a request as it was sent, for as long as its time_stamp is good.
func (p *player) curl(f *fuzzStep, req client.Request, data string) string {
	t := &p.f.fuzzer.Target
	stamp, key, no := req.TimeStamp, req.Key, req.MerchantNo
	if stamp == "" {
		stamp = stampAt(t.Now())
	}
	if key == "" {
		key = p.key
	}
	if no == "" {
		no = p.no
	}
	signature := req.Sign
	if signature == "" {
		signature = sign.Request(data, key, stamp)
	}
	params := url.Values{"merchant_no": {no}, "time_stamp": {stamp}, "data": {data}, "sign": {signature}}
	for _, name := range req.Omit {
		params.Del(name)
	}
	sent := curl.Request{Method: client.Method(f.subject), URL: t.URL + schemas.PathPrefix + f.subject}
	if sent.Method == http.MethodGet {
		sent.URL += "?" + params.Encode()
	} else {
		sent.ContentType, sent.Body = "application/x-www-form-urlencoded", []byte(params.Encode())
	}
	return curl.Command(sent)
}
