package scenarios_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

const verified = `
steps:
  - {call: carnum, data: {token: x}, expect: {code: 20101}}
  - {enter: {plateNumber: 渝ATX061, parkingId: "1"}}
  - {trigger: {kind: unbind, fields: {plateNumber: 渝ATX061}}}
`

// verify holds where as many match as are wanted, one at least by default.
func TestVerify(t *testing.T) {
	result := run(t, inProcess(t), verified+`
  - verify: {requests: {endpoint: carnum}}
    expect: {matched: 1}
  - verify: {requests: {endpoint: carnum, code: 20101, data: {token: x}, count: 1}}
  - verify: {requests: {endpoint: carnum, merchantNo: "${merchant}", count: {min: 1, max: 1}}}
  - verify: {requests: {endpoint: bindcar, count: 0}}
  - verify: {requests: {code: 0, count: {max: 0}}}
  - verify: {pushes: {kind: unbind, body: {plateNumber: 渝ATX061}, within: 1m}}
  - verify: {requests: {endpoint: bindcar}}
    expect: {ok: false, matched: 0}
`, scenarios.Options{})
	require.Equal(t, scenarios.Passed, result.Status, show(t, result))
}

// With byValue numbers compare by value, whatever is verified; without it by their JSON types, too.
func TestVerify_byValue(t *testing.T) {
	const paid = `
steps:
  - {call: orderpaid, data: {token: x, payment: "10.0"}, expect: {code: 20102}}
  - {trigger: {kind: exit, fields: {stayedTime: 5400}}}
`
	for _, what := range []string{
		`{requests: {data: {payment: 10}, byValue: %v}}`, `{pushes: {body: {stayedTime: "5400"}, byValue: %v}}`,
		`{sequence: {steps: [{endpoint: orderpaid, data: {payment: "10.00"}}, {push: exit, data: {stayedTime: "5400"}}], byValue: %v}}`,
	} {
		result := run(t, inProcess(t), paid+"  - verify: "+fmt.Sprintf(what, true)+"\n  - verify: "+fmt.Sprintf(what, false)+"\n    expect: {ok: false}\n", scenarios.Options{})
		require.Equal(t, scenarios.Passed, result.Status, show(t, result))
	}
}

// What does not hold says how many were wanted, how many matched, and how the nearest differ.
func TestVerify_fails(t *testing.T) {
	for steps, want := range map[string][]string{
		"  - verify: {requests: {endpoint: carnum, data: {token: y}}}\n":        {"verify: want at least 1, matched 0", `r1: data.token: want "y", got "x"`},
		"  - verify: {requests: {endpoint: carnum, count: {min: 2, max: 3}}}\n": {"verify: want at least 2 and at most 3, matched 1"},
		"  - verify: {requests: {endpoint: carnum, count: 0}}\n":                {"verify: want 0, matched 1"},
		"  - verify: {requests: {merchantNo: \"${'M9'}\"}}\n":                   nil,
	} {
		result := run(t, inProcess(t), verified+steps, scenarios.Options{})
		_, f := failure(t, result)
		if want == nil {
			require.Contains(t, f.Detail, `there is no merchant "M9"`)
			require.Equal(t, scenarios.ClassExpression, f.Class)
			continue
		}
		var got []string
		for _, m := range f.Mismatches {
			got = append(got, m.Path+": "+m.Detail)
		}
		require.Equal(t, scenarios.ClassExpectation, f.Class)
		require.Subset(t, got, want)
	}
}

// A sequence is asked for as the control API takes it (docs/control-api.md); what is missing is named.
func TestVerify_sequence(t *testing.T) {
	var asked string
	answer := `{"ok":true,"matched":["r1","p1"],"missing":-1}`
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case strings.HasSuffix(r.URL.Path, "/verify/sequence"):
			body, err := io.ReadAll(r.Body)
			require.NoError(t, err)
			asked = string(body)
			_, _ = io.WriteString(w, answer)
		default:
			_, _ = io.WriteString(w, `{"id":"s1","merchants":[{"merchantNo":"M1","merchantKey":"k","pushUrl":"http://x/"}]}`)
		}
	})
	target := scenarios.InProcess(handler)
	require.IsType(t, &control.Client{}, target.Control)
	source := "name: order\nsteps:\n  - verify: {sequence: {steps: [{endpoint: bindcar, code: 0}, {push: exit}, {car: exit}], strict: true}}\n"
	result, err := scenarios.Run(t.Context(), target, parse(t, source), scenarios.Options{})
	require.NoError(t, err)
	require.Equal(t, scenarios.Passed, result.Status, show(t, result))
	require.True(t, json.Valid([]byte(asked)))
	require.JSONEq(t, `{"steps":[{"endpoint":"bindcar","code":0},{"push":"exit"},{"car":"exit"}],"strict":true}`, asked)

	answer = `{"ok":false,"matched":["r1"],"missing":1}`
	result, err = scenarios.Run(t.Context(), target, parse(t, source), scenarios.Options{})
	require.NoError(t, err)
	_, f := failure(t, result)
	require.Equal(t, "verify: not in this order: step 2 (push exit) is missing after 1 that came", f.Detail)
}

// A push that is signed wrongly fails a push step, unless the step says itself what the signature must be.
func TestPush_corruptSign(t *testing.T) {
	const steps = `
steps:
  - fault: {on: {push: unbind}, do: {corruptSign: true}}
  - trigger: {kind: unbind, fields: {plateNumber: 渝ATX061}}
  - push: unbind
    status: delivered
`
	_, f := failure(t, run(t, inProcess(t), steps, scenarios.Options{}))
	require.Contains(t, f.Detail, "a merchant's handler refuses it with code 4")
	result := run(t, inProcess(t), steps+"    expect: {signment: {$len: 32}}\n", scenarios.Options{})
	require.Equal(t, scenarios.Passed, result.Status, show(t, result))
}

// What is made up comes from the seed: words and numbers too.
func TestFake(t *testing.T) {
	const steps = `
steps:
  - set: {n: "${fake.number(3, 5)}", word: "${fake.word()}"}
    assert: [n >= 3 and n <= 5, len(word) > 0]
`
	seed := uint64(7)
	first := run(t, inProcess(t), steps, scenarios.Options{Seed: &seed})
	require.Equal(t, scenarios.Passed, first.Status, show(t, first))
	_, f := failure(t, run(t, inProcess(t), "\nsteps:\n  - set: {n: \"${fake.number(5, 3)}\"}\n", scenarios.Options{}))
	require.Contains(t, f.Detail, "fake.number takes two whole numbers")
}
