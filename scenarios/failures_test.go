package scenarios_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// What fails says of what class it is, what was wanted, and where that stands.
func TestFailures(t *testing.T) {
	target := inProcess(t)
	for name, c := range map[string]struct {
		steps  string
		class  scenarios.Class
		detail string
		place  problem.Position
	}{
		"a refusal": {`
steps:
  - call: carnum
    data: {token: x}`, scenarios.ClassExpectation, "code: want code 0, got 20101 无效 token (token-unknown)", problem.Position{Line: 6, Column: 5}},
		"an absent value": {`
steps:
  - call: carnum
    data: {token: x}
    expect: {code: 20101, data: {number: 1}}`, scenarios.ClassExpectation, `data: want {"number":1}, but it is absent`, problem.Position{Line: 8, Column: 33}},
		"an assertion": {`
steps:
  - advance: 1h
    assert: now == "noon"`, scenarios.ClassExpectation, `now == "noon" does not hold: now is "2017-08-20 13:00:00"`, problem.Position{Line: 7, Column: 13}},
		"a save of nothing": {`
steps:
  - call: carnum
    data: {token: x}
    expect: {code: 20101}
    save: {n: data.number}`, scenarios.ClassExpression, "", problem.Position{Line: 9, Column: 15}},
		"an expression": {`
steps:
  - set: {a: "${1 / 0}"}`, scenarios.ClassExpression, "1 / 0: division by zero", problem.Position{Line: 6, Column: 14}},
		"no push": {`
steps:
  - push: entry
    within: 10ms`, scenarios.ClassExpectation, "push: want at least 1, but no push entry came", problem.Position{Line: 6, Column: 5}},
		"the simulator's refusal": {`
steps:
  - enter: {plateNumber: nonsense, parkingId: "1"}`, scenarios.ClassControl, "", problem.Position{Line: 6, Column: 26}},
		"until": {`
steps:
  - set: {a: 1}
    until: a == 2
    every: 1ms
    within: 5ms`, scenarios.ClassExpectation, "a == 2 did not come true: a is 1", problem.Position{Line: 7, Column: 12}},
		"no environment": {`
steps:
  - set: {a: "${env(\"HOME\")}"}`, scenarios.ClassExpression, "", problem.Position{Line: 6, Column: 14}},
		"an inner step": {`
steps:
  - {snapshot: nothing, if: "false"}
  - repeat: {times: 2, steps: [{restore: nothing}]}`, scenarios.ClassExpression, "restore nothing: there is no snapshot \"nothing\"", problem.Position{Line: 7, Column: 32}},
	} {
		t.Run(name, func(t *testing.T) {
			result := run(t, target, c.steps, scenarios.Options{})
			_, f := failure(t, result)
			require.Equal(t, c.class, f.Class, show(t, result))
			if c.detail != "" {
				require.Equal(t, c.detail, f.Detail)
			}
			require.Equal(t, c.place, f.Position)
			require.NotEmpty(t, f.Source)
			require.Equal(t, c.class, result.Cases[0].Class)
		})
	}
	left, err := target.Control.Sandboxes(t.Context(), pageOf)
	require.NoError(t, err)
	require.Len(t, left.Items, 1, "nothing is left behind")
}

// All mismatches are reported, not the first; a matcher as it is written.
func TestMismatches(t *testing.T) {
	result := run(t, inProcess(t), `
steps:
  - enter: {plateNumber: 渝ATX061, parkingId: "1"}
    expect:
      state: left
      parkingFee: 0
      orderId: {$len: 3}
      payments: [{payment: "1"}]
      remainingFee: {$gt: "1", $lt: "2"}
      plateNumber: {$absent: true}
      entranceTime: {$near: "2017-08-20 12:00:06", $within: 5s}`, scenarios.Options{})
	_, f := failure(t, result)
	var told []string
	for _, m := range f.Mismatches {
		told = append(told, m.Path+": "+m.Detail)
	}
	require.Equal(t, []string{
		`state: want "left", got "parked"`,
		`parkingFee: want the number 0, got the string "0"`,
		`orderId: want length 3, got the string ` + quoted(f.Mismatches[2].Got),
		`payments: want 1 items, got 0`,
		`remainingFee: want more than "1", got the string "0"`,
		`plateNumber: want it absent, got "渝ATX061"`,
		`entranceTime: want a time within 5s of "2017-08-20 12:00:06", got the string "2017-08-20 12:00:00"`,
	}, told)
	require.Equal(t, map[string]any{"$len": 3}, f.Mismatches[2].Want)
}

func quoted(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// With FailuresOnly a step that failed is shown as ever, and of one that passed its code.
func TestOptions_failuresOnly(t *testing.T) {
	const steps = `
steps:
  - rules: {token.ttl: 1m}
  - call: usersigin
    data: {mobilePhone: "13800000001", appId: ETCP}
    save: {kind: 'headers["content-type"]'}
    assert: 'data.token != "" && body startsWith "{"'
  - call: carnum
    data: {token: x}
    expect: {code: 0}`
	for _, only := range []bool{false, true} {
		result := run(t, inProcess(t), steps, scenarios.Options{FailuresOnly: only})
		passed, failed := result.Cases[0].Steps[1], result.Cases[0].Steps[2]
		require.Equal(t, []scenarios.Status{scenarios.Passed, scenarios.Failed}, []scenarios.Status{passed.Status, failed.Status}, show(t, result.Cases[0]))
		require.Equal(t, only, passed.Answer == nil)
		require.Equal(t, only, passed.Curl == "")
		require.Equal(t, only, passed.Exchange.Body == "")
		require.Equal(t, only, result.Cases[0].Steps[0].Answer == nil)
		require.Equal(t, 0, *passed.Exchange.Code)
		require.Equal(t, "token-unknown", failed.MockReason)
		require.Contains(t, failed.Curl, "curl -sS ")
		require.JSONEq(t, `{"token":"x"}`, failed.Exchange.Data)
		require.Equal(t, 20101, *failed.Exchange.Code)
		require.Equal(t, 20101, failed.Answer.(map[string]any)["code"])
		require.NotEmpty(t, failed.Exchange.Body)
	}
}
