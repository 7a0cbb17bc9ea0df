package scenarios

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// simulate does something by the control API and makes an answer of it. A refusal the step expects by its status is one.
func simulate(step *language.Step, out *outcome, what func() (json.RawMessage, error)) error {
	text, err := what()
	if p, ok := errors.AsType[*control.ProblemError](err); ok && step.Expects("status") {
		out.fields = map[string]any{"status": p.Status, "detail": p.Error()}
		out.answer = out.fields
		return nil
	}
	if err != nil {
		return refused(step, err)
	}
	out.fields = map[string]any{"status": http.StatusOK}
	if len(text) == 0 {
		return nil
	}
	if !step.ReadsAny() && json.Valid(text) {
		out.detail = func() { _ = simulated(text, out) }
		return nil
	}
	return simulated(text, out)
}

// simulated makes an answer of what the control API answered.
func simulated(text json.RawMessage, out *outcome) (err error) {
	if out.answer, err = expression.Decode(text); err != nil {
		return broken(err)
	}
	if fields, ok := out.answer.(map[string]any); ok {
		if fields["status"] == nil { // a push has one of its own
			fields["status"] = http.StatusOK
		}
		out.fields = fields
	}
	return nil
}

// post sends the step's own value to a path below the sandbox.
func (r *runner) post(ctx context.Context, f *frame, step *language.Step, out *outcome, method, path string) error {
	body, err := step.Body.Eval(f.vars)
	if err != nil {
		return err
	}
	return simulate(step, out, func() (json.RawMessage, error) { return r.sandbox.Call(ctx, method, path, body) })
}

// violations are a schema's problems as mismatches.
func violations(err error) []Mismatch {
	invalid, ok := errors.AsType[*schemas.ValidationError](err)
	if !ok {
		return nil
	}
	misses := make([]Mismatch, len(invalid.Problems))
	for i, p := range invalid.Problems {
		misses[i] = Mismatch{Path: pathOf(p.Pointer), Detail: p.Detail, DetailZh: p.DetailZh, Schema: invalid.Schema + "#" + p.SchemaPointer}
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
		path = syntax.Join(path, jsonvalue.UnescapePointer(token))
	}
	return path
}
