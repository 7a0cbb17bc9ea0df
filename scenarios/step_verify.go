package scenarios

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

// What the mock was asked and what it pushed, as the control API verifies it (docs/control-api.md, Journal).

func init() {
	register(&language.Kind{
		Name: "verify", NameZh: "核对",
		Doc: "Counts the requests that the mock was sent, or the pushes it sent, that match; or looks for them in an order. It holds that there are as many as count says, at least one by default.",
		Form: &syntax.Form{
			Want: "what is verified", Kind: syntax.ObjectKind, Check: checkOneVerification, Fields: []syntax.Field{
				syntax.Optional("requests", requestsVerified, "Requests in the journal."),
				syntax.Optional("pushes", pushesVerified, "Pushes in the log."),
				syntax.Optional("sequence", sequenceVerified, "Requests, pushes and cars in this order, others between them unless strict."),
			},
		},
		Answer:   language.Known("status", "detail", "ok", "matched", "nearest", "missing"),
		Subject:  verifiedKind,
		Children: language.NoSteps,
		Read:     language.ReadValue,
		Needs:    language.MockOnly,
		Defines:  language.DefinesNothing,
		Verdict:  true,
	}, (*runner).verify, expectsOfVerify)
}

var (
	byValue          = syntax.Optional("byValue", syntax.Flag, `Numbers compare by value: 10, 10.0 and "10.0" are equal, and amounts also as two texts; without it by JSON type, too.`)
	requestsVerified = &syntax.Form{
		Want: "requests", Kind: syntax.ObjectKind, Check: language.CheckRequestNames, Fields: []syntax.Field{
			syntax.Optional("endpoint", language.Endpoint, "To this endpoint."),
			syntax.Optional("merchantNo", language.MerchantName, "Of this merchant, by number or name."),
			syntax.Optional("code", codeForm, "Answered with this code of §11."),
			syntax.Optional("data", language.Values, "Whose data holds these values."),
			byValue,
			syntax.Optional("count", countForm, "How many: a number, or {min, max}; default at least one."),
			syntax.Optional("within", template.Duration, "Waited for so long, in real time."),
		},
	}
	pushesVerified = &syntax.Form{
		Want: "pushes", Kind: syntax.ObjectKind, Check: language.CheckPushNames, Fields: []syntax.Field{
			syntax.Optional("kind", language.PushKind, "Of this kind."),
			syntax.Optional("merchantNo", language.MerchantName, "To this merchant, by number or name."),
			syntax.Optional("plateNumber", template.Text, "Of this vehicle."),
			syntax.Optional("status", pushStatus, "In this state."),
			syntax.Optional("body", language.Values, "Whose body holds these values."),
			byValue,
			syntax.Optional("count", countForm, "How many: a number, or {min, max}; default at least one."),
			syntax.Optional("within", template.Duration, "Waited for so long, in real time."),
		},
	}
	sequenceVerified = syntax.Object("a sequence",
		syntax.Required("steps", &syntax.Form{Want: "a list of requests, pushes and cars", Kind: syntax.ListKind, Least: 1, Item: &syntax.Form{
			Want: "a request, a push or a car", Kind: syntax.ObjectKind, Least: 1, Check: language.CheckRequestNames, Fields: []syntax.Field{
				syntax.Optional("endpoint", language.Endpoint, "A request to this endpoint."),
				syntax.Optional("push", language.PushKind, "A push of this kind."),
				syntax.Optional("car", &syntax.Form{Want: "act of a car", Kind: syntax.TextKind, OneOf: []string{"enter", "exit"}}, "A car that enters or leaves."),
				syntax.Optional("code", codeForm, "Answered with this code of §11."),
				syntax.Optional("data", language.Values, "Whose data, or body, holds these values."),
			},
		}}, "What came, in its order."),
		syntax.Optional("strict", syntax.Flag, "Nothing else came between."),
		byValue,
		syntax.Optional("within", template.Duration, "Waited for so long, in real time."))
	// codeForm is a code of §11.
	codeForm = &syntax.Form{Want: "a code of §11", Options: []*syntax.Form{{Want: "a code of §11", Kind: syntax.NumberKind, Check: checkCode}, template.Computed}}
)

func checkCode(c *syntax.Checker, n *syntax.Node, path string) {
	c.Codes = append(c.Codes, syntax.Reference{Name: n.Scalar, Position: n.Position, Path: path})
}

func checkOneVerification(c *syntax.Checker, n *syntax.Node, path string) {
	if len(n.Members) != 1 {
		c.Problem(n.Position, path, "want one of requests, pushes and sequence", "")
	}
}

// verifiedKind is requests, pushes or sequence.
func verifiedKind(body *syntax.Node) string {
	if len(body.Members) == 0 {
		return ""
	}
	return body.Members[0].Name
}

// verify asks the mock.
func (r *runner) verify(ctx context.Context, f *frame, step *language.Step, out *outcome) error {
	path := map[string]string{"requests": "/requests/verify", "pushes": "/pushes/verify", "sequence": "/verify/sequence"}[step.Subject]
	want := step.Body.Find(step.Subject)
	value, err := want.Eval(f.vars)
	if err != nil {
		return err
	}
	body := value.(map[string]any) // by its form
	if name, ok := body["merchantNo"].(string); ok {
		m, err := r.merchantOf(name)
		if err != nil {
			return wrong(want.Find("merchantNo").Position, err)
		}
		body["merchantNo"] = m.MerchantNo
	}
	if n, ok := body["count"].(int); ok {
		body["count"] = map[string]int{"min": n, "max": n}
	}
	return simulate(step, out, func() (json.RawMessage, error) { return r.sandbox.Call(ctx, http.MethodPost, path, body) })
}

// expectsOfVerify is that it holds.
func expectsOfVerify(_ *runner, step *language.Step, out *outcome) []Mismatch {
	if holds, ok := out.fields["ok"].(bool); !ok || holds || step.Expects("ok") {
		return nil
	}
	want := step.Body.Find(step.Subject)
	miss := Mismatch{Path: "verify", Want: true, Got: false, Position: want.Position}
	if step.Subject == verifiesSequence {
		detail := lang.T("not in this order: %s", "没有按此顺序发生：%s").With(missingOf(want, out.fields))
		miss.Detail, miss.DetailZh = detail.EN, detail.ZH
		return []Mismatch{miss}
	}
	if count := want.Find("count"); count != nil {
		miss.Position = count.Position
	}
	wanted := countWanted(want.Find("count"))
	detail := lang.T("want %s, matched %s", "应有 %s，匹配 %s 条").With(wanted, expression.Brief(out.fields["matched"]))
	miss.Want, miss.WantZh, miss.Got, miss.Detail, miss.DetailZh = wanted.EN, wanted.ZH, out.fields["matched"], detail.EN, detail.ZH
	misses := []Mismatch{miss}
	list, _ := out.fields["nearest"].([]any)
	for _, item := range list {
		near, _ := item.(map[string]any)
		differs, _ := near["differs"].([]any)
		for _, each := range differs {
			misses = append(misses, Mismatch{Path: fmt.Sprint(near["id"]), Detail: fmt.Sprint(each), Position: want.Position})
		}
	}
	return misses
}

// verifiesSequence is the verification whose answer is an order, not a number.
const verifiesSequence = "sequence"

// missingOf says which part of a sequence did not come.
func missingOf(want *template.Value, answer map[string]any) lang.Text {
	at, _ := answer["missing"].(int)
	matched, _ := answer["matched"].([]any)
	steps := want.Find("steps")
	if at < 0 || at >= len(steps.Items) {
		return lang.T("%d matched", "匹配 %d 步").With(len(matched))
	}
	var parts []string
	for _, m := range steps.Items[at].Members {
		if m.Value.Literal != nil {
			parts = append(parts, m.Name+" "+fmt.Sprint(m.Value.Literal))
		}
	}
	return lang.T("step %d (%s) is missing after %d that came", "缺少第 %d 步（%s），之前的 %d 步已发生").With(at+1, parts, len(matched))
}

// countWanted is how many are wanted, in words.
func countWanted(count *template.Value) lang.Text {
	least, most := count.Find("min"), count.Find("max")
	switch {
	case count == nil:
		return lang.T("at least 1", "至少 1 条")
	case least != nil && most != nil:
		return lang.T("at least %v and at most %v", "%v 到 %v 条").With(least.Literal, most.Literal)
	case least != nil:
		return lang.T("at least %v", "至少 %v 条").With(least.Literal)
	case most != nil:
		return lang.T("at most %v", "至多 %v 条").With(most.Literal)
	}
	return lang.T("%v", "%v 条").With(count.Literal)
}
