package scenarios

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// act does what a step says, and tells what came of it.
type act func(r *runner, ctx context.Context, f *frame, step *Step, out *outcome) error

// acts are the actions by name; the table of steps says what they take.
var acts map[string]act

func init() { // steps run steps
	acts = map[string]act{
		"call": (*runner).call, "http": (*runner).callHTTP, "push": (*runner).push,
		"enter": (*runner).enter, "exit": (*runner).exit, "advance": (*runner).advance, "clock": (*runner).clock,
		"trigger": (*runner).trigger, "redeliver": (*runner).redeliver, "fault": (*runner).fault, "rules": (*runner).rules,
		"snapshot": (*runner).snapshot, "restore": (*runner).restore, "sms": (*runner).sms,
		"sleep": (*runner).sleep, "set": (*runner).set, "use": (*runner).use, "parallel": (*runner).parallel, "repeat": (*runner).repeat,
		"traffic": (*runner).traffic,
	}
}

// call sends a signed request. The error is nil where an answer came, or where none was expected to.
func (r *runner) call(ctx context.Context, f *frame, step *Step, out *outcome) error {
	as, err := step.extras["as"].Text(f.vars)
	if err != nil {
		return err
	}
	merchant, err := r.merchantOf(as)
	if err != nil {
		return template.At(step.Position, err)
	}
	req, err := r.request(f, step)
	if err != nil {
		return err
	}
	var sent note
	answer, err := r.clientOf(merchant).Send(withNote(ctx, &sent), req)
	out.exchange, out.curl = exchangeOf(&sent, step.Subject), r.curl(&sent)
	out.fields = map[string]any{}
	for _, name := range step.action.answer {
		out.fields[name] = absent
	}
	if answer != nil {
		out.reason = answer.Reason
		out.fields["httpStatus"], out.fields["body"] = answer.HTTPStatus, string(answer.Raw)
		out.exchange.HTTPStatus, out.exchange.Body, out.exchange.Envelope = answer.HTTPStatus, string(answer.Raw), answer.Raw
		out.exchange.RequestID = answer.RequestID
		if answer.Reason != "" || r.target.Control != nil {
			out.fields["reason"] = answer.Reason
		}
		out.fields["requestId"] = answer.RequestID
		out.answer = string(answer.Raw)
	}
	switch {
	case err == nil:
		return r.envelope(step, answer, out)
	case ctx.Err() != nil:
		return ctx.Err()
	}
	out.fields["error"] = err.Error()
	notEnvelope := errors.Is(err, client.ErrNotEnvelope)
	switch {
	case step.expects("error"), notEnvelope && (step.expects("body") || step.expects("httpStatus")):
		return nil
	case notEnvelope:
		out.misses = append(out.misses, Mismatch{Path: "", Got: out.answer, Detail: err.Error()})
		return nil
	}
	return &transportError{err}
}

// expects says whether the step says itself what a field of the answer must be.
func (s *Step) expects(name string) bool {
	if s.expect == nil {
		return false
	}
	for _, n := range s.expect.Named {
		if n.Name == name {
			return true
		}
	}
	return false
}

// envelope holds an answer against what every call is held to.
func (r *runner) envelope(step *Step, answer *client.Answer, out *outcome) error {
	r.hit(Hit{Endpoint: step.Subject, Code: answer.Code})
	code := answer.Code
	out.exchange.Code, out.exchange.Message = &code, answer.Message
	out.fields["code"], out.fields["message"] = answer.Code, answer.Message
	if answer.Data != nil {
		data, err := expression.Decode(answer.Data)
		if err != nil {
			return &transportError{err}
		}
		out.fields["data"] = data
	}
	out.answer = answerOf(out)
	delete(out.answer.(map[string]any), "body")
	if answer.Code != client.CodeOK && !step.expects("code") {
		detail := fmt.Sprintf("want code 0, got %d %s", answer.Code, answer.Message)
		if answer.Reason != "" {
			detail += " (" + answer.Reason + ")"
		}
		out.misses = append(out.misses, Mismatch{Path: "code", Want: 0, Got: answer.Code, Detail: detail})
	}
	bent := step.extras["request"]
	if answer.HTTPStatus != http.StatusOK && !step.expects("httpStatus") && bent.Find("method") == nil && bent.Find("version") == nil {
		out.misses = append(out.misses, Mismatch{
			Path: "httpStatus", Want: http.StatusOK, Got: answer.HTTPStatus, Detail: fmt.Sprintf("want HTTP 200, got %d", answer.HTTPStatus),
		})
	}
	if !step.expects("body") {
		out.misses = append(out.misses, violations(schemas.ValidateAnswer(step.Subject, answer.Raw))...)
	}
	return nil
}

// violations are a schema's problems as mismatches.
func violations(err error) []Mismatch {
	invalid, is := errors.AsType[*schemas.ValidationError](err)
	if !is {
		return nil
	}
	misses := make([]Mismatch, len(invalid.Problems))
	for i, p := range invalid.Problems {
		misses[i] = Mismatch{Path: pathOf(p.Pointer), Detail: p.Detail, Schema: invalid.Schema + "#" + p.SchemaPointer}
	}
	return misses
}

// pathOf is a JSON pointer as the paths of mismatches are written.
func pathOf(pointer string) string {
	path := ""
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if token != "" && strings.Trim(token, "0123456789") == "" {
			path += "[" + token + "]"
			continue
		}
		path = syntax.Join(path, syntax.Unescaper.Replace(token))
	}
	return path
}

// request makes the request, bent as the step says.
func (r *runner) request(f *frame, step *Step) (client.Request, error) {
	req := client.Request{Endpoint: step.Subject, RawData: "{}"}
	if data := step.extras["data"]; data != nil {
		var text bytes.Buffer
		if err := data.WriteJSON(&text, f.vars); err != nil {
			return req, err
		}
		req.RawData = text.String()
	}
	bend := step.extras["request"]
	if bend == nil {
		return req, nil
	}
	for name, to := range map[string]*string{
		"sign": &req.Sign, "timeStamp": &req.TimeStamp, "merchantNo": &req.MerchantNo, "key": &req.Key,
		"method": &req.Method, "version": &req.Version, "rawData": &req.RawData,
	} {
		t := bend.Find(name)
		if t == nil {
			continue
		}
		text, err := t.Text(f.vars)
		if err != nil {
			return req, err
		}
		*to = text
		if text != "" {
			continue
		}
		// An empty text is sent as such.
		parameter := map[string]string{"sign": "sign", "timeStamp": "time_stamp", "merchantNo": "merchant_no", "rawData": "data"}[name]
		if parameter != "" {
			if req.Params == nil {
				req.Params = map[string]string{}
			}
			req.Params[parameter] = ""
		}
	}
	if relativeStamp.MatchString(req.TimeStamp) {
		d, err := control.ParseDuration(req.TimeStamp[1:])
		if err != nil {
			return req, template.At(bend.Find("timeStamp").Position, err)
		}
		if req.TimeStamp[0] == '-' {
			d = -d
		}
		req.TimeStamp = r.target.now().Add(d).In(client.Zone).Format(client.StampLayout)
	}
	if omit := bend.Find("omit"); omit != nil {
		for _, item := range omit.Items {
			req.Omit = append(req.Omit, item.Literal.(string)) // by its form
		}
	}
	return req, nil
}

// simulate does something by the control API and makes an answer of it. A refusal the step expects by its status is one.
func simulate(step *Step, out *outcome, what func() (json.RawMessage, error)) error {
	text, err := what()
	if p, is := errors.AsType[*control.ProblemError](err); is && step.expects("status") {
		out.fields = map[string]any{"status": p.Status, "detail": p.Error()}
		out.answer = out.fields
		return nil
	}
	if err != nil {
		return located(step, err)
	}
	out.fields = map[string]any{"status": http.StatusOK}
	if len(text) == 0 {
		return nil
	}
	if out.answer, err = expression.Decode(text); err != nil {
		return &transportError{err}
	}
	if fields, is := out.answer.(map[string]any); is {
		if fields["status"] == nil { // a push has one of its own
			fields["status"] = http.StatusOK
		}
		out.fields = fields
	}
	return nil
}

// post sends the step's own value to a path below the sandbox.
func (r *runner) post(ctx context.Context, f *frame, step *Step, out *outcome, method, path string) error {
	body, err := step.body.Eval(f.vars)
	if err != nil {
		return err
	}
	return simulate(step, out, func() (json.RawMessage, error) { return r.sandbox.Call(ctx, method, path, body) })
}

// located finds the place in the step of what the control API refused.
func located(step *Step, err error) error {
	p, is := errors.AsType[*control.ProblemError](err)
	if !is {
		return &transportError{err}
	}
	if len(p.Errors) > 0 && step.body != nil {
		return &refusal{placed: &template.Error{Position: step.body.Locate(p.Errors[0].Pointer), Err: err}}
	}
	return err
}

// refusal is the control API's, with its place.
type refusal struct{ placed *template.Error }

func (e *refusal) Error() string { return e.placed.Error() }
func (e *refusal) Unwrap() error { return e.placed }

func (r *runner) enter(ctx context.Context, f *frame, step *Step, out *outcome) error {
	return r.post(ctx, f, step, out, http.MethodPost, "/cars/enter")
}

func (r *runner) exit(ctx context.Context, f *frame, step *Step, out *outcome) error {
	return r.post(ctx, f, step, out, http.MethodPost, "/cars/exit")
}

// advance moves the clock; at a speed, in slices that a person can follow.
func (r *runner) advance(ctx context.Context, f *frame, step *Step, out *outcome) error {
	by, err := r.duration(f, step)
	if err != nil {
		return err
	}
	return simulate(step, out, func() (json.RawMessage, error) { return r.advanceBy(ctx, by) })
}

const advanceSlices = 60

func (r *runner) advanceBy(ctx context.Context, by time.Duration) (json.RawMessage, error) {
	move := func(d time.Duration) (json.RawMessage, error) {
		return r.sandbox.Call(ctx, http.MethodPost, "/clock/advance", map[string]string{"by": d.String()})
	}
	if r.speed > 0 {
		slice := max((by / advanceSlices).Truncate(time.Second), time.Second)
		for ; by > slice; by -= slice {
			if err := wait(ctx, time.Duration(float64(slice)/r.speed)); err != nil {
				return nil, err
			}
			if _, err := move(slice); err != nil {
				return nil, err
			}
		}
		if err := wait(ctx, time.Duration(float64(by)/r.speed)); err != nil {
			return nil, err
		}
	}
	return move(by)
}

func (r *runner) duration(f *frame, step *Step) (time.Duration, error) {
	text, err := step.body.Text(f.vars)
	if err != nil {
		return 0, err
	}
	d, err := control.ParseDuration(text)
	return d, template.At(step.body.Position, err)
}

func (r *runner) clock(ctx context.Context, f *frame, step *Step, out *outcome) error {
	if step.body.Shape == template.ObjectShape {
		return r.post(ctx, f, step, out, http.MethodPut, "/clock")
	}
	now, err := step.body.Text(f.vars)
	if err != nil {
		return err
	}
	return simulate(step, out, func() (json.RawMessage, error) {
		return r.sandbox.Call(ctx, http.MethodPut, "/clock", map[string]string{"now": now, "mode": control.ClockFrozen})
	})
}

func (r *runner) trigger(ctx context.Context, f *frame, step *Step, out *outcome) error {
	value, err := step.body.Eval(f.vars)
	if err != nil {
		return err
	}
	body := value.(map[string]any) // by its form
	name, _ := body["merchantNo"].(string)
	merchant, err := r.merchantOf(name)
	if err != nil {
		return template.At(step.body.Position, err)
	}
	body["merchantNo"] = merchant.MerchantNo
	return simulate(step, out, func() (json.RawMessage, error) { return r.sandbox.Call(ctx, http.MethodPost, "/pushes", body) })
}

func (r *runner) redeliver(ctx context.Context, f *frame, step *Step, out *outcome) error {
	id, err := step.body.Text(f.vars)
	if err != nil {
		return err
	}
	return simulate(step, out, func() (json.RawMessage, error) { return nil, r.sandbox.Redeliver(ctx, id) })
}

func (r *runner) fault(ctx context.Context, f *frame, step *Step, out *outcome) error {
	if step.body.Shape == template.ObjectShape {
		return r.post(ctx, f, step, out, http.MethodPost, "/faults")
	}
	return simulate(step, out, func() (json.RawMessage, error) { return nil, r.sandbox.ClearFaults(ctx) })
}

func (r *runner) rules(ctx context.Context, f *frame, step *Step, out *outcome) error {
	return r.post(ctx, f, step, out, http.MethodPatch, "/rules")
}

func (r *runner) snapshot(ctx context.Context, _ *frame, step *Step, out *outcome) error {
	return simulate(step, out, func() (json.RawMessage, error) {
		state, err := r.sandbox.State(ctx)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.snapshots[step.Subject] = state
		return nil, err
	})
}

func (r *runner) restore(ctx context.Context, _ *frame, step *Step, out *outcome) error {
	r.mu.Lock()
	state, has := r.snapshots[step.Subject]
	r.mu.Unlock()
	if !has {
		return template.At(step.Position, fmt.Errorf("there is no snapshot %q", step.Subject))
	}
	return simulate(step, out, func() (json.RawMessage, error) { return nil, r.sandbox.Restore(ctx, state) })
}

// sms reads a phone's code on a mock; elsewhere it is the variable code, or a person is asked.
func (r *runner) sms(ctx context.Context, f *frame, step *Step, out *outcome) error {
	phone, err := step.body.Find("mobilePhone").Text(f.vars)
	if err != nil {
		return err
	}
	if r.sandbox != nil {
		return simulate(step, out, func() (json.RawMessage, error) {
			return r.sandbox.Call(ctx, http.MethodGet, "/sms/"+url.PathEscape(phone), nil)
		})
	}
	code, err := r.askCode(ctx, step, phone)
	if err != nil {
		return err
	}
	out.fields = map[string]any{"code": strings.TrimSpace(code)}
	out.answer = out.fields
	return nil
}

// askCode is the code that was given from outside, or that a person reads off the phone.
func (r *runner) askCode(ctx context.Context, step *Step, phone string) (string, error) {
	given, is := r.o.Vars["code"]
	switch {
	case is:
		return expression.Display(expression.Exact(given))
	case r.target.Prompt != nil:
		return r.target.Prompt(ctx, "SMS code sent to "+phone)
	}
	return "", template.At(step.Position, errors.New("the SMS code is not known: give it as --var code=…"))
}
