package scenarios

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/match"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// defaultPushWithin is how long a push is waited for, in real time.
const defaultPushWithin = 2 * time.Second

// pushSeen is a push as steps look at it.
type pushSeen struct {
	fields map[string]any // of its body
	item   map[string]any // of the log: id, status, attempts, …; nil where only a receiver saw it
	body   []byte         // its JSON, nil where it was no JSON
}

// pushWant is what a step waits for.
type pushWant struct {
	step     *Step
	frame    *frame
	merchant string
	status   string
	min, max int // max -1: no limit
}

// push waits for pushes that match.
func (r *runner) push(ctx context.Context, f *frame, step *Step, out *outcome) error {
	w, err := r.pushWant(f, step)
	if err != nil {
		return err
	}
	within := step.within
	if !step.waits && w.max != 0 {
		within = defaultPushWithin
	}
	deadline := time.Now().Add(within)
	for {
		received := r.receivedSoFar()
		all, err := r.pushes(ctx, w)
		if err != nil {
			return err
		}
		matched, misses, err := r.matchPushes(w, all)
		if err != nil {
			return err
		}
		left := time.Until(deadline)
		over := left <= 0
		switch {
		case w.max >= 0 && len(matched) > w.max:
			return r.pushFails(w, out, all, matched, misses)
		case len(matched) >= w.min && (w.max < 0 || w.max > 0 && !step.waits || over || w.min == w.max && w.min > 0):
			r.pushMatched(w, out, matched)
			return nil
		case over:
			return r.pushFails(w, out, all, matched, misses)
		}
		if err := r.awaitPush(ctx, w, len(all), received, left); err != nil {
			return err
		}
	}
}

func (r *runner) pushWant(f *frame, step *Step) (pushWant, error) {
	w := pushWant{step: step, frame: f, min: 1, max: -1}
	if as := step.extras["as"]; as != nil {
		name, err := as.Text(f.vars)
		if err != nil {
			return w, err
		}
		m, err := r.merchantOf(name)
		if err != nil {
			return w, template.At(as.Position, err)
		}
		w.merchant = m.MerchantNo
	}
	if status := step.extras["status"]; status != nil {
		w.status, _ = status.Literal.(string)
	}
	count := step.extras["count"]
	if count == nil {
		return w, nil
	}
	value, err := count.Eval(f.vars)
	if err != nil {
		return w, err
	}
	switch v := value.(type) {
	case int:
		w.min, w.max = v, v
	case map[string]any:
		least, given := v["min"].(int)
		if w.min = least; !given && v["max"] == nil {
			w.min = 1
		}
		if most, given := v["max"].(int); given {
			w.max = most
		}
	default:
		return w, template.At(count.Position, fmt.Errorf("count is a whole number, not %s", expression.Brief(value)))
	}
	return w, nil
}

// pushes are those of the kind so far.
func (r *runner) pushes(ctx context.Context, w pushWant) ([]pushSeen, error) {
	if r.sandbox == nil {
		return r.received(w), nil
	}
	query := url.Values{"kind": {w.step.Subject}, "limit": {"1000"}}
	if w.merchant != "" {
		query.Set("merchantNo", w.merchant)
	}
	if w.status != "" {
		query.Set("status", w.status)
	}
	var out []pushSeen
	for {
		text, err := r.sandbox.Call(ctx, http.MethodGet, "/pushes?"+query.Encode(), nil)
		if err != nil {
			return nil, located(w.step, err)
		}
		page, err := expression.Decode(text)
		if err != nil {
			return nil, &transportError{err}
		}
		list, _ := page.(map[string]any)
		items, _ := list["items"].([]any)
		for _, item := range items {
			seen := pushSeen{}
			seen.item, _ = item.(map[string]any)
			kind, _ := seen.item["contentType"].(string)
			body, _ := seen.item["body"].(string)
			seen.fields, seen.body = pushBody(kind, body)
			out = append(out, seen)
		}
		next, _ := list["next"].(string)
		if next == "" || len(items) == 0 {
			return out, nil
		}
		query.Set("after", next)
	}
}

func (r *runner) received(w pushWant) []pushSeen {
	got, _ := r.target.Receiver.since(r.seen)
	var out []pushSeen
	for _, p := range got {
		either := p.Kind == "" && (w.step.Subject == schemas.PushUnbind || w.step.Subject == schemas.PushCertificationInvalid)
		if p.Kind != w.step.Subject && !either {
			continue
		}
		seen := pushSeen{}
		seen.fields, seen.body = pushBody("application/json", string(p.Body))
		out = append(out, seen)
	}
	return out
}

// pushBody is a push's fields, however it is encoded, and its JSON.
func pushBody(contentType, body string) (map[string]any, []byte) {
	text := body
	if strings.HasPrefix(contentType, "application/x-www-form-urlencoded") {
		form, err := url.ParseQuery(body)
		if err != nil {
			return map[string]any{}, nil
		}
		if text = form.Get("data"); text == "" {
			fields := map[string]any{}
			for name := range form {
				fields[name] = form.Get(name)
			}
			return fields, nil
		}
	}
	value, err := expression.Decode([]byte(text))
	fields, is := value.(map[string]any)
	if err != nil || !is {
		return map[string]any{}, nil
	}
	return fields, []byte(text)
}

// matchPushes are the pushes that match; where none does, how the nearest differs.
func (r *runner) matchPushes(w pushWant, all []pushSeen) (matched []pushSeen, nearest []Mismatch, err error) {
	found := false
	for _, p := range all {
		if w.step.where != nil {
			m := &match.Matching{Scope: w.frame.vars}
			m.Match(w.step.where, "", p.fields, true)
			if m.Err != nil {
				return nil, nil, &runtimeError{m.Err}
			}
			if len(m.Differences) > 0 {
				continue
			}
		}
		m := &match.Matching{Scope: w.frame.vars}
		if w.step.expect != nil {
			m.Match(w.step.expect, "", p.fields, true)
		}
		if m.Err == nil {
			r.asserts(m, w.step, r.pushScope(w.frame, p, len(all)))
		}
		if m.Err != nil {
			return nil, nil, &runtimeError{m.Err}
		}
		if len(m.Differences) == 0 {
			matched = append(matched, p)
			continue
		}
		if !found || len(m.Differences) <= len(nearest) { // of equals the newest
			nearest, found = mismatches(m.Differences), true
		}
	}
	return matched, nearest, nil
}

func (r *runner) pushScope(f *frame, p pushSeen, count int) map[string]any {
	scope := withVars(f.vars, nil)
	for _, name := range pushFields {
		scope[name] = nil
	}
	maps.Copy(scope, p.fields)
	scope["push"], scope["count"] = nil, count
	if p.item != nil {
		scope["push"] = p.item
	}
	return scope
}

// pushMatched makes the newest that matched the step's answer, and holds it against its schema.
func (r *runner) pushMatched(w pushWant, out *outcome, matched []pushSeen) {
	out.fields = map[string]any{"push": absent, "count": len(matched)}
	if len(matched) == 0 {
		out.answer = map[string]any{"count": 0}
		return
	}
	last := matched[len(matched)-1]
	out.answer = last.fields
	maps.Copy(out.fields, last.fields)
	for _, p := range matched {
		outcome := "received"
		if p.item != nil {
			outcome, _ = p.item["status"].(string)
			out.fields["push"] = p.item
		}
		r.hit(Hit{Push: w.step.Subject, Outcome: outcome})
	}
	if last.body != nil {
		out.misses = append(out.misses, violations(schemas.ValidatePush(w.step.Subject, last.body))...)
	}
}

func (r *runner) pushFails(w pushWant, out *outcome, all, matched []pushSeen, nearest []Mismatch) error {
	at := w.step.Position
	if count := w.step.extras["count"]; count != nil {
		at = count.Position
	}
	want := fmt.Sprintf("at least %d", w.min)
	switch {
	case w.min == w.max && w.max == 0:
		want = "none"
	case w.min == w.max:
		want = strconv.Itoa(w.min)
	case w.max >= 0:
		want = fmt.Sprintf("%d to %d", w.min, w.max)
	}
	kind := "push " + w.step.Subject
	detail := fmt.Sprintf("want %s %s that match, got %d of the %d there are", want, kind, len(matched), len(all))
	if len(all) == 0 {
		detail = fmt.Sprintf("want %s, but no %s came", want, kind)
	}
	out.misses = append(out.misses, Mismatch{Path: "push", Want: want, Got: len(matched), Detail: detail, Position: at})
	if len(matched) == 0 {
		out.misses = append(out.misses, nearest...)
	}
	if len(all) > 0 {
		out.answer = all[len(all)-1].fields
	}
	return nil
}

const pollPushes = 20 * time.Millisecond

// awaitPush waits until there is more to look at. The server does the waiting where it can.
func (r *runner) awaitPush(ctx context.Context, w pushWant, seen, received int, left time.Duration) error {
	if r.sandbox == nil {
		r.awaitReceived(ctx, received, left)
		return ctx.Err()
	}
	if len(w.step.asserts) > 0 { // they may look at attempts, whose coming changes no number of pushes
		left = min(left, pollPushes)
		return wait(ctx, left)
	}
	least := seen + 1
	_, err := r.sandbox.VerifyPushes(ctx, control.PushWant{
		Kind: client.Kind(w.step.Subject), MerchantNo: w.merchant, Status: w.status, Count: &control.Count{Min: &least}, Within: control.Duration(left),
	})
	if p, is := errors.AsType[*control.ProblemError](err); is && (p.Status == http.StatusNotFound || p.Status == http.StatusMethodNotAllowed) {
		return wait(ctx, min(left, pollPushes)) // an older mock, which cannot wait
	}
	if err != nil {
		return located(w.step, err)
	}
	return nil
}

func (r *runner) awaitReceived(ctx context.Context, received int, left time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	r.target.Receiver.wait(ctx, received)
}

func (r *runner) receivedSoFar() int {
	if r.target.Receiver == nil {
		return 0
	}
	return r.target.Receiver.Len()
}
