package fuzz

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/contract/fuzz/internal/model"
	"github.com/etcp-mock/etcp-mock/contract/internal/wire"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// breach is one way in which an answer breaks the contract.
type breach struct {
	kind        string // what is wrong and where, without values
	message     string
	section     string
	want        string
	got         string
	received    string
	reason      string
	curl        string
	step        int
	wantCode    int            // -1: it is not the code
	codes       map[int]int    // of the steps before, by their ids
	shows       string         // a step that shows it, after those of the story
	redelivered map[int]string // the kinds of the pushes that steps redelivered
	known       map[symbol]any // what answers gave; nil: whatever is asked for
	outage      *report.Outage
}

// player plays a story.
type player struct {
	f           *fuzzing
	s           story
	setup       model.Setup
	model       *model.Model
	sandbox     *control.Sandbox
	receiver    *scenarios.Receiver
	known       map[symbol]any
	codes       map[int]int
	no, key     [2]string
	redelivered map[int]string
	met         bool // the last answer has met its schema before
	strange     bool // there were pushes of other kinds than the model knows
	explores    bool // what its answers cover is noted
	rare        int  // the last step that reached a rare cell
}

func (f *fuzzing) player(s story) *player {
	t := &f.fuzzer.Target
	p := &player{f: f, s: s, setup: model.Usual(), known: map[symbol]any{}, codes: map[int]int{}, redelivered: map[int]string{}}
	if t.Control != nil {
		p.setup = model.SetupOf(s.made, f.maker.receives)
		return p
	}
	p.no[0], p.key[0] = t.MerchantNo, t.MerchantKey
	p.s.salt += uint64(t.Now().UnixNano() % 10_000_000 * 1000)
	return p
}

// play plays a story in a sandbox of its own, and gives the first breach.
func (f *fuzzing) play(ctx context.Context, s story) *breach { return f.player(s).play(ctx) }

func (p *player) play(ctx context.Context) *breach {
	s := p.s
	if p.f.fuzzer.Target.Control != nil {
		defer p.close(ctx)
		if b := p.open(ctx); b != nil {
			return b
		}
	}
	for i := range s.steps {
		if ctx.Err() != nil || p.explores && p.f.late() { // what was found is still shrunk after the time is over
			return nil
		}
		if b := p.step(ctx, &s.steps[i]); b != nil {
			b.step = s.steps[i].id
			p.noteIn(b)
			return b
		}
	}
	b := p.pushes(ctx)
	if b != nil {
		p.noteIn(b)
	}
	return b
}

// noteIn notes with a breach what its scenario needs.
func (p *player) noteIn(b *breach) { b.codes, b.redelivered, b.known = p.codes, p.redelivered, p.known }

// open makes the story's sandbox, and an address for its pushes where they are to be answered.
func (p *player) open(ctx context.Context) *breach {
	n := p.f.sandboxes.Add(1)
	var merchants []string
	for i, letter := range []string{"F", "G"} {
		p.no[i], p.key[i] = fmt.Sprintf("%s%d-%d", letter, p.s.salt, n), model.Keys[i]
		base := model.Nobody
		if h := &p.setup.Hooks[i]; h.AnswersOtherwise() && p.f.hub != nil {
			if p.receiver == nil {
				p.receiver = p.f.hub.open(p.no[0])
			}
			base = p.receiver.URL + letter + "/"
		}
		merchants = append(merchants, fmt.Sprintf(`{"no":%q,"key":%q,"push":%s}`, p.no[i], p.key[i], p.setup.Hooks[i].JSON(base)))
	}
	seed := p.s.salt
	fixture := json.RawMessage("{" + p.setup.Fixture(func(string) bool { return true }) + `,"merchants":[` + strings.Join(merchants, ",") + "]}")
	making, cancel := lasting(ctx)
	defer cancel()
	detail, err := p.f.fuzzer.Target.Control.CreateSandbox(making, control.NewSandbox{Seed: &seed, Fixture: fixture})
	if err != nil {
		return &breach{kind: "outage", message: err.Error(), outage: wire.ControlOutage(err)}
	}
	p.model = model.New(p.setup)
	p.sandbox = p.f.fuzzer.Target.Control.Sandbox(detail.ID)
	return nil
}

// lasting outlives ctx by as long as a call to the control API may take: a sandbox whose creation or deletion is broken off halfway would stay.
func lasting(ctx context.Context) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(timeout, cancel) })
	return longer, func() { stop(); cancel() }
}

func (p *player) close(ctx context.Context) {
	if p.sandbox != nil {
		deleting, cancel := lasting(ctx)
		defer cancel()
		_ = p.sandbox.Delete(deleting)
	}
	if p.receiver != nil {
		p.f.hub.done(p.no[0])
	}
}

func (p *player) unreached(err error) *breach {
	o := (&wire.Reply{Err: err}).Outage(p.f.fuzzer.Target.URL)
	return &breach{kind: "outage", message: err.Error(), outage: o}
}

// value is what a symbol stands for now; one that no answer gave is a text that nobody gave.
func (p *player) value(s symbol) any {
	if v, ok := p.known[s]; ok {
		return v
	}
	if v, ok := p.s.fixed(s); ok {
		return v
	}
	return notGiven(s)
}

// notGiven is what stands for what no answer gave.
func notGiven(s symbol) string {
	if strings.HasPrefix(string(s), "fee") {
		return "5"
	}
	return "never-given"
}

func problemOf(err error) *control.ProblemError {
	problem, _ := errors.AsType[*control.ProblemError](err)
	return problem
}

func (p *player) step(ctx context.Context, f *fuzzStep) *breach {
	if f.action == "call" {
		return p.call(ctx, f)
	}
	if p.sandbox == nil {
		return nil
	}
	var err error
	fields := p.fields(f)
	switch f.action {
	case "advance":
		err = p.advance(ctx, f)
	case "enter":
		var o control.Order
		if o, err = p.sandbox.Enter(ctx, control.Entry{PlateNumber: model.Text(fields, "plateNumber"), PlateColor: model.Text(fields, "plateColor"), ParkingID: model.Text(fields, "parkingId")}); err == nil {
			p.model.Enter(model.VehicleOf(fields), model.Text(fields, "parkingId"), o.OrderID)
		}
	case "sms":
		var sent control.SMS
		if sent, err = p.sandbox.SMS(ctx, model.Text(fields, "mobilePhone")); err == nil {
			p.known[symbol("code"+strconv.Itoa(f.id))] = sent.Code
			if wrong := p.model.Code(model.Text(fields, "mobilePhone"), sent.Code); wrong != "" {
				return &breach{kind: "state uservalidatecode", message: "uservalidatecode: " + wrong, section: "§9.1", wantCode: model.Unsure}
			}
		}
	case "exit":
		if _, err = p.sandbox.Exit(ctx, control.Exit{PlateNumber: model.Text(fields, "plateNumber"), PlateColor: model.Text(fields, "plateColor"), Payment: model.Text(fields, "payment")}); err == nil {
			p.model.Exit(model.VehicleOf(fields), model.Text(fields, "payment"))
		}
	case "redeliver":
		err = p.redeliver(ctx, f)
	}
	if problem := problemOf(err); problem != nil && problem.Status < http.StatusInternalServerError {
		return nil // refused, as a car that is not there is
	}
	if err != nil {
		return &breach{kind: "control " + f.action, message: f.action + ": " + err.Error(), wantCode: model.Unsure}
	}
	return nil
}

// advance moves the clock. What is on its way to a merchant arrives before.
func (p *player) advance(ctx context.Context, f *fuzzStep) error {
	by, err := time.ParseDuration(f.subject)
	if err == nil && p.receiver != nil {
		err = p.sandbox.DrainPushes(ctx, timeout)
	}
	if err == nil {
		_, err = p.sandbox.Advance(ctx, by)
	}
	if err == nil {
		p.model.Advance(by)
	}
	return err
}

// redeliver sends a push once more that is done with, where nothing of its vehicle is on its way.
func (p *player) redeliver(ctx context.Context, f *fuzzStep) error {
	n, _ := strconv.Atoi(f.subject)
	sent, b := p.sent(ctx)
	if b != nil || n >= len(sent) || p.strange {
		return nil
	}
	to := slices.Index(p.no[:], sent[n].MerchantNo)
	mine := p.model.Pushes(to)
	at := -1
	for i := range n + 1 {
		if sent[i].MerchantNo == sent[n].MerchantNo {
			at++
		}
	}
	if at < 0 || at >= len(mine) {
		return nil // which is found at the end
	}
	for i, due := range p.model.Outcomes(mine) {
		if mine[i].Vehicle == mine[at].Vehicle && due.Status == control.PushPending {
			return nil
		}
	}
	p.redelivered[f.id] = string(sent[n].Kind)
	err := p.sandbox.Redeliver(ctx, sent[n].ID)
	if err == nil {
		p.model.Redelivered(mine[at])
		err = p.sandbox.DrainPushes(ctx, timeout)
	}
	return err
}

func (p *player) call(ctx context.Context, f *fuzzStep) *breach {
	e, _ := schemas.Lookup(f.subject)
	data := f.text(p.value)
	sent := p.wrap(f, data)
	want := p.expect(e, f, sent)
	p.f.calls.Add(1)
	answer, err := p.send(ctx, f, sent)
	if ctx.Err() != nil {
		return nil
	}
	if answer != nil && err == nil {
		p.f.answered.Store(true)
	}
	if o := p.noPlatform(answer, err); o != nil {
		return &breach{kind: "outage", message: o.Detail, outage: o}
	}
	b := p.judge(e, f, answer, err, want)
	if b == nil {
		p.codes[f.id] = answer.Code
		p.covers(e, f, answer, want.fields)
		p.learn(e, f, answer)
		if p.model != nil && want.code == 0 {
			if wrong := p.model.Observe(e, f.as, want.fields, answer); wrong != "" {
				b = &breach{kind: "state " + e.Name, message: e.Name + ": " + wrong, wantCode: model.Unsure}
			}
		}
	}
	if b == nil {
		return nil
	}
	if want.code >= 0 && b.want == "" {
		b.want = fmt.Sprintf("code %d %s", want.code, schemas.Message(want.code))
	}
	b.section = e.Section
	b.curl = p.curl(f, sent)
	if answer != nil {
		b.received = fmt.Sprintf("HTTP %d %s", answer.HTTPStatus, wire.Head(answer.Raw))
		b.reason = answer.Reason
		if b.got == "" {
			b.got = fmt.Sprintf("code %d %s", answer.Code, answer.Message)
		}
	}
	return b
}

// expected is what must be answered, as far as that is known beforehand.
type expected struct {
	code   int // Unsure: none is known
	status int
	fields map[string]any // of data, as the platform reads it
}

// expect is what must be answered, by the checks in their order (docs/protocol.md).
func (p *player) expect(e *schemas.Endpoint, f *fuzzStep, sent *envelope) expected {
	out := expected{status: http.StatusOK}
	w := wayOf[f.way]
	if w != nil && w.status != 0 {
		out.status = w.status
	}
	switch {
	case w != nil && w.code != 0:
		out.code = w.code
		return out
	case sent.failed != 0:
		out.code = codeOfCheck[sent.failed]
		return out
	}
	isObject := true
	if f.raw == "" {
		out.fields = p.fields(f)
	} else {
		out.fields, isObject = model.ParseData(f.raw)
	}
	if !isObject {
		out.code = schemas.CodeBadParameter
		return out
	}
	if out.code = model.FormCode(e, out.fields); out.code != 0 {
		return out
	}
	if p.model == nil {
		out.code = model.Unsure
		return out
	}
	if p.setup.Strict {
		switch {
		case f.encoded != "":
			out.code = model.Unsure
			return out
		case f.style == "twice" && len(f.fields) > 0, w != nil && w.noted, model.Linted(e, out.fields):
			out.code = schemas.CodeBadParameter
			return out
		}
	}
	out.code = p.model.Predict(e, f.as, out.fields)
	return out
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
		out[field.name] = resolve(field.value, p.value)
	}
	return out
}
