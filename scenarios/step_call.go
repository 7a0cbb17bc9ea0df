package scenarios

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/envelope"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/transport"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// A signed request to an endpoint (§9).

func init() {
	register(&language.Kind{
		Name: "call", NameZh: "调用",
		Doc:  "A signed request to an endpoint. Code 0 and the endpoint's JSON Schema are expected without saying so.",
		Form: language.Endpoint,
		Beside: []syntax.Field{
			syntax.Optional("data", language.Values, "The business parameters, sent as JSON in this order."),
			syntax.Optional("as", language.MerchantName, "The merchant that calls, by number or name; default the first."),
			syntax.Optional("request", envelope.Form, "Overrides parts of the envelope on purpose."),
		},
		Answer:   language.Known("code", "message", "data", "httpStatus", "headers", "reason", "requestId", "error", "body"),
		Subject:  language.Itself,
		Children: language.NoSteps,
		Check:    checkCall,
		Read:     language.ReadValue,
		Needs:    callNeeds,
		Defines:  language.DefinesNothing,
	}, (*runner).call, expectsOfCall)
}

func callNeeds(step *language.Step) language.Need {
	if e, known := schemas.Lookup(step.Subject); known && !e.Writes {
		return 0
	}
	return language.NeedWrites
}

// call sends a signed request. The error is nil where an answer came, or where none was expected to.
func (r *runner) call(ctx context.Context, f *frame, step *language.Step, out *outcome) error {
	as, err := step.Extras["as"].Text(f.vars)
	if err != nil {
		return err
	}
	merchant, err := r.merchantOf(as)
	if err != nil {
		return wrong(step.Position, err)
	}
	made := envelope.Call{
		Endpoint: step.Subject, Data: step.Extras["data"], Override: step.Extras["request"], Vars: f.vars, Key: merchant.MerchantKey, Now: r.target.now,
	}
	req, rewrite, err := made.Request()
	if err != nil {
		return wrong(step.Position, err)
	}
	var sent transport.Note
	answer, err := r.clientOf(merchant).Send(transport.WithRewrite(transport.WithNote(ctx, &sent), rewrite), req)
	out.exchange = &Exchange{}
	out.detail = func() { r.detailOfCall(step, &sent, answer, out) }
	out.fields = make(map[string]any, len(step.Kind.Answer.Names))
	if answer != nil {
		out.reason = answer.Reason
		out.fields["httpStatus"], out.fields["requestId"] = answer.HTTPStatus, answer.RequestID
		if step.Reads("headers") {
			out.fields["headers"] = headersOf(answer.Header)
		}
		if step.Reads("body") {
			out.fields["body"] = string(answer.Raw)
		}
		if answer.Reason != "" || r.target.Control != nil {
			out.fields["reason"] = answer.Reason
		}
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
	case step.Expects("error"), notEnvelope && (step.Expects("body") || step.Expects("httpStatus")):
		return nil
	case notEnvelope:
		out.misses = append(out.misses, Mismatch{Path: "", Got: string(answer.Raw), Detail: err.Error()})
		return nil
	}
	return broken(err)
}

// envelope reads the envelope of an answer.
func (r *runner) envelope(step *language.Step, answer *client.Answer, out *outcome) error {
	r.hit(Hit{Endpoint: step.Subject, Code: answer.Code})
	out.exchange.Code = &answer.Code
	out.fields["code"], out.fields["message"] = answer.Code, answer.Message
	if answer.Data != nil && step.Reads("data") {
		data, err := expression.Decode(answer.Data)
		if err != nil {
			return broken(err)
		}
		out.fields["data"] = data
	}
	out.envelope = answer
	return nil
}

// detailOfCall is what is shown of a call: what was sent, and all that came.
func (r *runner) detailOfCall(step *language.Step, sent *transport.Note, answer *client.Answer, out *outcome) {
	e := exchangeOf(sent, step.Subject)
	out.exchange, out.curl = e, r.curl(sent)
	if answer == nil {
		return
	}
	e.HTTPStatus, e.Body, e.Envelope, e.RequestID, e.Header = answer.HTTPStatus, string(answer.Raw), answer.Raw, answer.RequestID, answer.Header
	if out.envelope == nil {
		out.answer = string(answer.Raw)
		return
	}
	e.Code, e.Message = &answer.Code, answer.Message
	shown := maps.Clone(out.fields)
	delete(shown, "body")
	delete(shown, "headers")
	if _, read := shown["data"]; !read && answer.Data != nil {
		shown["data"], _ = expression.Decode(answer.Data) // it was read as JSON before
	}
	out.answer = shown
}

// expectsOfCall is what every call is held to: code 0, HTTP 200 (§8) and the endpoint's schema.
func expectsOfCall(_ *runner, step *language.Step, out *outcome) []Mismatch {
	answer := out.envelope
	if answer == nil {
		return nil
	}
	var misses []Mismatch
	if answer.Code != client.CodeOK && !step.Expects("code") {
		detail := fmt.Sprintf("want code 0, got %d %s", answer.Code, answer.Message)
		detailZh := fmt.Sprintf("应为 0，实际为 %d %s", answer.Code, answer.Message)
		if answer.Reason != "" {
			detail += " (" + answer.Reason + ")"
			detailZh += "（" + answer.Reason + "）"
		}
		misses = append(misses, Mismatch{Path: "code", Want: 0, Got: answer.Code, Detail: detail, DetailZh: detailZh})
	}
	overridden := step.Extras["request"]
	if answer.HTTPStatus != http.StatusOK && !step.Expects("httpStatus") && overridden.Find("method") == nil && overridden.Find("version") == nil {
		misses = append(misses, Mismatch{
			Path: "httpStatus", Want: http.StatusOK, Got: answer.HTTPStatus, Detail: fmt.Sprintf("want HTTP 200, got %d", answer.HTTPStatus),
		})
	}
	if detail := transport.Mistyped(answer.Header); detail != "" && !step.Expects("headers") {
		misses = append(misses, Mismatch{Path: "headers", Want: "application/json;charset=UTF-8", Got: answer.Header.Get("Content-Type"), Detail: detail})
	}
	if answer.HTTPStatus == http.StatusMethodNotAllowed && !step.Expects("headers") {
		if detail := transport.Unallowed(client.Method(step.Subject), answer.Header); detail != "" {
			misses = append(misses, Mismatch{Path: "headers", Want: client.Method(step.Subject), Got: answer.Header.Get("Allow"), Detail: detail})
		}
	}
	if !step.Expects("body") {
		unknown, err := schemas.ValidatePlatform(step.Subject, answer.Raw)
		misses = append(misses, violations(err)...)
		for _, pointer := range unknown {
			out.unknown = append(out.unknown, pathOf(pointer))
		}
	}
	return misses
}

// checkCall finds slips in what a call sends and expects, by the endpoint's schemas. A call that expects to be refused may
// send anything.
func checkCall(c *syntax.Checker, n *syntax.Node, path string) {
	name := n.Get("call")
	expectedStatus(c, n, path, "httpStatus")
	at := syntax.Join(path, "expect.code")
	switch code := n.Get("expect").Get("code"); {
	case code == nil || template.IsTemplate(code):
	case code.Kind == syntax.TextKind:
		c.Problem(code.Position, at, fmt.Sprintf("code is a number, never the text %q", code.Scalar), "leave out the quotes")
	case code.Kind == syntax.NumberKind && name != nil:
		c.Codes = append(c.Codes, syntax.Reference{Name: code.Scalar, Position: code.Position, Path: at, Of: name.Scalar})
	}
	if name == nil || expectsRefusal(n.Get("expect")) {
		return
	}
	if e, known := schemas.Lookup(name.Scalar); known {
		language.CheckSent(c, e, n.Get("data"), syntax.Join(path, "data"))
		data := language.AnswerData()[e.Name]
		language.CheckExpected(c, data, n.Get("expect").Get("data"), e.Name, syntax.Join(path, "expect.data"))
		judgeSent(c, n, path)
	}
}

// judgeSent has the parameters of a call held to what the server takes, unless the request is another on purpose. Where data is missing and a key of
// the step is wrong, that key may be data.
func judgeSent(c *syntax.Checker, n *syntax.Node, path string) {
	if slices.ContainsFunc([]string{"rawData", "omit", "method", "version"}, n.Get("request").Has) || !n.Has("data") && c.SaidOfKeys(n) {
		return
	}
	sent := syntax.Node{Kind: syntax.ObjectKind, Position: n.Position, Members: []syntax.Member{{Name: "call", Position: n.Position, Value: n.Get("call")}}}
	if i := slices.IndexFunc(n.Members, func(m syntax.Member) bool { return m.Name == "data" }); i >= 0 {
		sent.Members = append(sent.Members, n.Members[i])
	}
	c.Judged("call", &sent, path)
}

// expectsRefusal reports whether what is expected of a call's answer is anything but a success.
func expectsRefusal(expect *syntax.Node) bool {
	if slices.ContainsFunc([]string{"error", "body", "httpStatus"}, expect.Has) {
		return true
	}
	code := expect.Get("code")
	return code != nil && code.Value() != 0
}
