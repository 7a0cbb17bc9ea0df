package mock_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/diagnosetest"
)

// POST /__admin/sign/explain names every mistake of the table that a request or a push can have.
func TestField_signExplain(t *testing.T) {
	c := newControlled(t)
	stamp := wallStamp()
	kinds := func(out signAnswer) (all []string) {
		for _, d := range out.Diagnosis {
			all = append(all, d.Kind)
			require.NotEmpty(t, d.Fix)
			require.Regexp(t, `\p{Han}`, d.FixZh)
		}
		return all
	}
	for _, r := range diagnosetest.Requests("M1", controlKey, stamp) {
		if json.Valid([]byte(`"`+r.Sign+`"`)) && utf8Only(r.Data, r.Body) { // JSON carries no other bytes
			out := c.explains(t, map[string]any{"merchantNo": "M1", "data": r.Data, "timeStamp": stamp, "sign": r.Sign, "rawBody": r.Body, "rawQuery": r.Query})
			require.Equal(t, r.Kinds, kinds(out), r.Name)
		}
	}
	for _, p := range diagnosetest.Pushes("M1", controlKey) {
		out := c.explains(t, map[string]any{"merchantNo": "M1", "push": p.Body(p.Signment)})
		require.Equal(t, p.Kinds, kinds(out), p.Name)
		out = c.explains(t, map[string]any{"merchantNo": "M1", "push": p.Body(sign.Push("M1", p.Data, controlKey)), "sign": p.Signment})
		require.Equal(t, p.Kinds, kinds(out), p.Name+", by its receiver")
	}
	a := c.ask(t, http.MethodPost, "/__admin/sign/explain", map[string]any{"merchantNo": "M1", "data": `{"a":1}`, "timeStamp": stamp, "sign": "0F"})
	require.Contains(t, a.body, "the body as it came is not known")
}

func utf8Only(texts ...string) bool {
	for _, text := range texts {
		if string([]rune(text)) != text {
			return false
		}
	}
	return true
}
