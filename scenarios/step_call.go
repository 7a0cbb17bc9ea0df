package scenarios

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/transport"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// A signed request to an endpoint (§9).

func init() {
	register(&language.Kind{
		Name: "call",
		Doc:  "A signed request to an endpoint. Code 0 and the endpoint's JSON Schema are expected without saying so.",
		Form: language.Endpoint,
		Beside: []syntax.Field{
			syntax.Optional("data", language.Values, "The business parameters, sent as JSON in this order."),
			syntax.Optional("as", language.MerchantName, "The merchant that calls, by number or name; default the first."),
			syntax.Optional("request", requestForm, "Overrides parts of the envelope on purpose."),
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

var relativeStamp = lazyregexp.New(`^[+-].*[a-zµ]$`)

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
	req, rewrite, err := r.request(f, step, merchant)
	if err != nil {
		return err
	}
	var sent transport.Note
	answer, err := r.clientOf(merchant).Send(transport.WithRewrite(transport.WithNote(ctx, &sent), rewrite), req)
	out.exchange, out.curl = exchangeOf(&sent, step.Subject), r.curl(&sent)
	out.fields = map[string]any{}
	for _, name := range step.Kind.Answer.Names {
		out.fields[name] = absent
	}
	if answer != nil {
		out.reason = answer.Reason
		out.fields["httpStatus"], out.fields["headers"], out.fields["body"] = answer.HTTPStatus, headersOf(answer.Header), string(answer.Raw)
		out.exchange.HTTPStatus, out.exchange.Body, out.exchange.Envelope = answer.HTTPStatus, string(answer.Raw), answer.Raw
		out.exchange.RequestID, out.exchange.Header = answer.RequestID, answer.Header
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
	case step.Expects("error"), notEnvelope && (step.Expects("body") || step.Expects("httpStatus")):
		return nil
	case notEnvelope:
		out.misses = append(out.misses, Mismatch{Path: "", Got: out.answer, Detail: err.Error()})
		return nil
	}
	return broken(err)
}

// envelope reads the envelope of an answer.
func (r *runner) envelope(step *language.Step, answer *client.Answer, out *outcome) error {
	r.hit(Hit{Endpoint: step.Subject, Code: answer.Code})
	code := answer.Code
	out.exchange.Code, out.exchange.Message = &code, answer.Message
	out.fields["code"], out.fields["message"] = answer.Code, answer.Message
	if answer.Data != nil {
		data, err := expression.Decode(answer.Data)
		if err != nil {
			return broken(err)
		}
		out.fields["data"] = data
	}
	out.answer = answerOf(out)
	delete(out.answer.(map[string]any), "body")
	delete(out.answer.(map[string]any), "headers")
	out.envelope = answer
	return nil
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
		if answer.Reason != "" {
			detail += " (" + answer.Reason + ")"
		}
		misses = append(misses, Mismatch{Path: "code", Want: 0, Got: answer.Code, Detail: detail})
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
	if name == nil || expectsRefusal(n.Get("expect")) {
		return
	}
	if e, known := schemas.Lookup(name.Scalar); known {
		language.CheckSent(c, e, n.Get("data"), syntax.Join(path, "data"))
		data := language.AnswerData()[e.Name]
		language.CheckExpected(c, data, n.Get("expect").Get("data"), e.Name, syntax.Join(path, "expect.data"))
	}
}

// expectsRefusal reports whether what is expected of a call's answer is anything but a success.
func expectsRefusal(expect *syntax.Node) bool {
	if slices.ContainsFunc([]string{"error", "body", "httpStatus"}, expect.Has) {
		return true
	}
	code := expect.Get("code")
	return code != nil && code.Value() != 0
}
