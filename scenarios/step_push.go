package scenarios

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/match"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// Pushes that came (§10).

func init() {
	register(&language.Kind{
		Name: "push", NameZh: "推送",
		Doc:  "Waits (default 2s, or within) for a push of this kind that matches expect.",
		Form: language.PushKind,
		Beside: []syntax.Field{
			syntax.Optional("where", pushFieldsForm, "Only pushes whose fields match this are looked at."),
			syntax.Optional("count", countForm, "How many must match: a number, or {min, max}; default at least one. 0: that none came."),
			syntax.Optional("as", language.MerchantName, "Only pushes to this merchant, by number or name."),
			syntax.Optional("status", pushStatus, "Only pushes in this state."),
		},
		Answer:   language.Answer{Names: language.PushFields, Seen: []string{"push", "count"}},
		Subject:  language.Itself,
		Children: language.NoSteps,
		Check:    language.CheckPush,
		Read:     readPush,
		Needs:    func(*language.Step) language.Need { return language.NeedPushes },
		Defines:  language.DefinesNothing,
		Seeks:    true,
		Verdict:  true,
	}, (*runner).push, expectsOfPush)
}

// pushFieldsForm is a mapping of a push's fields to what they must be.
var pushFieldsForm = func() *syntax.Form {
	form := &syntax.Form{Want: "a mapping", Kind: syntax.ObjectKind}
	for _, name := range language.PushFields {
		form.Fields = append(form.Fields, syntax.Optional(name, match.Form, "What the field "+name+" must be."))
	}
	return form
}()

// pushStatus is a state of a push.
var pushStatus = &syntax.Form{Want: "state of a push", Kind: syntax.TextKind, OneOf: []string{"pending", "delivered", "failed"}}

var countForm = &syntax.Form{Want: "a whole number or {min, max}", Options: []*syntax.Form{
	{Want: "a whole number", Kind: syntax.NumberKind, Number: &syntax.Bounds{Least: 0, Most: 1_000_000}},
	template.Computed,
	syntax.Object("bounds", syntax.Optional("min", template.Count, "At least so many."), syntax.Optional("max", template.Count, "At most so many.")),
}}

func readPush(b *language.Builder, step *language.Step, n *syntax.Node, path string) {
	language.ReadValue(b, step, n, path)
	if where := n.Get("where"); where != nil {
		step.Where = match.Compile(b.Checker, where, syntax.Join(path, "where"))
	}
}

// defaultPushWithin is how long a push is waited for, in real time.
const defaultPushWithin = 2 * time.Second

func (r *runner) pushWant(f *frame, step *language.Step) (pushWant, error) {
	w := pushWant{step: step, frame: f, min: 1, max: -1}
	if as := step.Extras["as"]; as != nil {
		name, err := as.Text(f.vars)
		if err != nil {
			return w, err
		}
		m, err := r.merchantOf(name)
		if err != nil {
			return w, wrong(as.Position, err)
		}
		w.merchant = m.MerchantNo
	}
	if status := step.Extras["status"]; status != nil {
		w.status, _ = status.Literal.(string)
	}
	count := step.Extras["count"]
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
		return w, wrong(count.Position, fmt.Errorf("count is a whole number, not %s", expression.Brief(value)))
	}
	return w, nil
}

// push waits for pushes that match.
func (r *runner) push(ctx context.Context, f *frame, step *language.Step, out *outcome) error {
	w, err := r.pushWant(f, step)
	if err != nil {
		return err
	}
	within := step.Within
	if !step.Waits && w.max != 0 {
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
		left := time.Until(deadline)
		over := left <= 0
		switch {
		case err != nil && over:
			return err
		case err != nil: // an assertion may look at an attempt that is still to come
		case w.max >= 0 && len(matched) > w.max:
			return r.pushFails(w, out, all, matched, misses)
		case len(matched) >= w.min && (w.max < 0 || w.max > 0 && !step.Waits || over || w.min == w.max && w.min > 0):
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

// matchPushes are the pushes that match; where none does, how the nearest differs.
func (r *runner) matchPushes(w pushWant, all []pushSeen) (matched []pushSeen, nearest []Mismatch, err error) {
	found := false
	for _, p := range all {
		if w.step.Where != nil {
			m := &match.Matching{Scope: w.frame.vars}
			m.Match(w.step.Where, "", p.fields, true)
			if m.Err != nil {
				return nil, nil, m.Err
			}
			if len(m.Differences) > 0 {
				continue
			}
		}
		m := &match.Matching{Scope: w.frame.vars}
		if w.step.Expect != nil {
			m.Match(w.step.Expect, "", p.fields, true)
		}
		if m.Err == nil {
			r.asserts(m, w.step, r.pushScope(w.frame, p, len(all)))
		}
		if m.Err != nil {
			return nil, nil, m.Err
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
	for _, name := range language.PushFields {
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
	out.fields = map[string]any{"count": len(matched)}
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
	out.matched = matched
}

func (r *runner) pushFails(w pushWant, out *outcome, all, matched []pushSeen, nearest []Mismatch) error {
	at := w.step.Position
	if count := w.step.Extras["count"]; count != nil {
		at = count.Position
	}
	want := lang.T("at least %d", "至少 %d 条").With(w.min)
	switch {
	case w.min == w.max && w.max == 0:
		want = lang.T("none", "0 条")
	case w.min == w.max:
		want = lang.T("%d", "%d 条").With(w.min)
	case w.max >= 0:
		want = lang.T("%d to %d", "%d 到 %d 条").With(w.min, w.max)
	}
	detail := lang.T("want %s push %s that match, got %d of the %d there are", "应有 %s符合条件的 %s 推送，实际 %d 条（共 %d 条）").With(want, w.step.Subject, len(matched), len(all))
	if len(all) == 0 {
		out.absent = w.step.Subject
		detail = lang.T("want %s, but no push %s came", "应有 %s，但没有收到 %s 推送").With(want, w.step.Subject)
	}
	out.misses = append(out.misses, Mismatch{Path: "push", Want: want.EN, WantZh: want.ZH, Got: len(matched), Detail: detail.EN, DetailZh: detail.ZH, Position: at})
	if len(matched) == 0 {
		out.misses = append(out.misses, nearest...)
	}
	if len(all) > 0 {
		out.answer = all[len(all)-1].fields
	}
	return nil
}

func withVars(base map[string]any, more map[string]any) map[string]any {
	out := maps.Clone(base)
	maps.Copy(out, more)
	return out
}

// expectsOfPush is what every push is held to (§10): how it is sent and signed, and the kind's schema. Where the step says
// itself what signment must be, the signature is its own affair.
func expectsOfPush(r *runner, step *language.Step, out *outcome) []Mismatch {
	if len(out.matched) == 0 {
		return nil
	}
	var misses []Mismatch
	if !step.Expects("signment") && !step.Where.Names("signment") {
		for _, p := range out.matched {
			if err := r.wrongWith(step.Subject, p.raw); err != nil {
				misses = append(misses, Mismatch{Path: "push", Got: string(p.raw.Body), Detail: err.Error()})
			} else if err := r.onTheWire(step.Subject, p); err != nil {
				misses = append(misses, Mismatch{Path: "push", Got: string(p.raw.Body), Detail: err.Error()})
			}
		}
	}
	last := out.matched[len(out.matched)-1]
	if last.body == nil {
		return misses
	}
	return append(misses, violations(schemas.ValidatePush(step.Subject, last.body))...)
}
