package control_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/diagnosetest"
)

// POST /__admin/sign/explain names every kind of mistake that a request or a push can have.
func TestField_signExplain(t *testing.T) {
	c := newControlled(t)
	stamp := servertest.Stamp()
	kinds := func(out signAnswer) (all []string) {
		for _, d := range out.Diagnosis {
			all = append(all, d.Kind)
			require.NotEmpty(t, d.Fix)
			require.Regexp(t, `\p{Han}`, d.FixZh)
		}
		return all
	}
	requests := slices.DeleteFunc(diagnosetest.Requests("M1", servertest.Key, stamp), func(r diagnosetest.Request) bool {
		return !json.Valid([]byte(`"`+r.Sign+`"`)) || !utf8Only(r.Data, r.Body) // JSON carries no other bytes
	})
	for _, r := range diagnosetest.OneOfEach(requests) {
		out := c.explains(t, map[string]any{"merchantNo": "M1", "data": r.Data, "timeStamp": stamp, "sign": r.Sign, "rawBody": r.Body, "rawQuery": r.Query})
		require.Equal(t, r.Kinds, kinds(out), r.Name)
	}
	for _, p := range diagnosetest.OneOfEach(diagnosetest.Pushes("M1", servertest.Key)) {
		out := c.explains(t, map[string]any{"merchantNo": "M1", "push": p.Body(p.Signment)})
		require.Equal(t, p.Kinds, kinds(out), p.Name)
		out = c.explains(t, map[string]any{"merchantNo": "M1", "push": p.Body(sign.Push("M1", p.Data, servertest.Key)), "sign": p.Signment})
		require.Equal(t, p.Kinds, kinds(out), p.Name+", by its receiver")
	}
	a := c.Ask(t, http.MethodPost, "/__admin/sign/explain", map[string]any{"merchantNo": "M1", "data": `{"a":1}`, "timeStamp": stamp, "sign": "0F"})
	require.Contains(t, a.Body, "the body as it came is not known")
}

// POST /__admin/sign/explain, given what was sent, names what the journal names of the envelope and of data, with the same fix, but for what only shows in the request
// line, its headers and the clock.
func TestField_signExplainOfEnvelopes(t *testing.T) {
	c := newControlled(t)
	named := 0
	for _, e := range diagnosetest.Envelopes("M1", servertest.Key, time.Now()) {
		query, body := e.Sent()
		if query+body == "" || e.NeedsHead() || !utf8Only(query, body) { // JSON carries no other bytes
			continue
		}
		named++
		kind, says, saysZh := e.Kind, e.Says, e.SaysZh
		if e.Lint != "" {
			kind, says, saysZh = e.Lint, nil, nil
		}
		a := c.Ask(t, http.MethodPost, "/__admin/sign/explain", map[string]any{"merchantNo": "M1", "rawQuery": query, "rawBody": body})
		require.Equal(t, http.StatusOK, a.Status, a.Body)
		require.NotContains(t, a.Body, servertest.Key)
		var out struct {
			Diagnosis []struct{ Kind, Detail, DetailZh, Evidence, EvidenceZh, Fix, FixZh string }
		}
		require.NoError(t, json.Unmarshal([]byte(a.Body), &out))
		at := slices.IndexFunc(out.Diagnosis, func(d struct{ Kind, Detail, DetailZh, Evidence, EvidenceZh, Fix, FixZh string }) bool {
			return d.Kind == kind
		})
		if !assert.GreaterOrEqual(t, at, 0, "%s: %s is not in %+v", e.Name, kind, out.Diagnosis) {
			continue
		}
		d := out.Diagnosis[at]
		require.NotEmpty(t, d.Evidence, e.Name)
		require.Regexp(t, `\p{Han}`, d.EvidenceZh, e.Name)
		for i := range says {
			require.Contains(t, d.Detail+" "+d.Evidence, says[i], e.Name)
		}
		for i := range saysZh {
			require.Contains(t, d.DetailZh+" "+d.EvidenceZh, saysZh[i], e.Name)
		}
		require.Contains(t, d.Fix, e.Fix, e.Name)
		require.Contains(t, d.FixZh, e.FixZh, e.Name)
	}
	require.Greater(t, named, 60)
}

func utf8Only(texts ...string) bool {
	for _, text := range texts {
		if string([]rune(text)) != text {
			return false
		}
	}
	return true
}
