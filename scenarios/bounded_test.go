package scenarios_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// only is what became of the only case of some steps.
func only(t *testing.T, steps string) *scenarios.CaseResult {
	t.Helper()
	result, err := scenarios.Run(t.Context(), inProcess(t), parse(t, "name: test\nsteps: ["+steps+"]\n"), scenarios.Options{})
	require.NoError(t, err)
	require.Len(t, result.Cases, 1)
	return result.Cases[0]
}

// What a scenario puts together has a bound, however it is put together: in a text, in a list, in many variables, by steps that run at once, in what it sends.
func TestRun_whatItMakesIsBounded(t *testing.T) {
	t.Parallel()
	text := `set: {a: "` + strings.Repeat("x", 1000) + `"}`
	names := make([]string, 100)
	for i := range names {
		names[i] = "v" + strings.Repeat("i", i+1) + `: "${m}${''}"`
	}
	large := `{` + text + `}, {repeat: {times: 10, steps: [{set: {a: "${a}${a}"}}]}}, {set: {m: "${a}"}}`
	for steps, want := range map[string]string{
		`{` + text + `}, {repeat: {times: 60, steps: [{set: {a: "${a}${a}"}}]}}`:                  "the text would be over 1048576 bytes",
		`{` + text + `}, {repeat: {times: 60, steps: [{set: {a: "<${[a, a]}>"}}]}}`:               "the text would be over 1048576 bytes",
		`{` + text + `}, {repeat: {times: 60, steps: [{set: {a: ["${a}", "${a}"]}}]}}`:            "the value would be over 64 MiB",
		`{` + text + `}, {repeat: {times: 60, steps: [{set: {a: "${[a, a]}"}}]}}`:                 "the variables would be over 67108864 bytes together",
		`{` + text + `}, {repeat: {times: 60, steps: [{set: {a: "${ {x: a, y: a} }"}}]}}`:         "the variables would be over 67108864 bytes together",
		large + `, {set: {` + strings.Join(names, ", ") + `}}`:                                    "the variables would be over 67108864 bytes together",
		large + `, {parallel: [{set: {b: "${m}"}}` + strings.Repeat(`, {set: {c: 1}}`, 99) + `]}`: "the variables would be over 671088 bytes together",
		large + `, {call: carnum, data: {token: [` + strings.Repeat(`"${m}", `, 100) + `1]}}`:     "the value would be over 64 MiB",
		`{parallel: [` + strings.Repeat(`{sleep: 1ms}, `, 2000) + `{sleep: 1ms}]}`:                "at most 2000 steps run at once, these would be 2001",
	} {
		result := only(t, steps)
		require.NotNil(t, result.Failed(), want)
		require.Contains(t, result.Failed().Failure.Detail, want)
	}
}

// Of steps that are repeated within each other only so many results are kept, however many there were.
func TestRun_keepsSoManyResults(t *testing.T) {
	t.Parallel()
	result := only(t, `{repeat: {times: 100, steps: [{repeat: {times: 100, steps: [{set: {a: 1}}]}}]}}`)
	require.Equal(t, scenarios.Passed, result.Status)
	kept := 0
	result.Visit(func(*scenarios.StepResult) { kept++ })
	require.Greater(t, kept, 1000)
	require.LessOrEqual(t, kept, 2100)
}
