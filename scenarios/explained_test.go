package scenarios_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// Of a call that a mock refused, the step that failed says why, in both languages and with the fix; a step that expects the refusal, and passes, asks for
// nothing.
func TestStepResult_explanation(t *testing.T) {
	result := run(t, inProcess(t), `
steps:
  - call: parkingstatus
    data: {parkingId: "99"}
    expect: {code: 1}
  - call: usersigin
    data: {mobilePhone: "138", appId: A}`, scenarios.Options{})
	steps := result.Cases[0].Steps
	refused := steps[len(steps)-1]
	require.Equal(t, scenarios.Failed, refused.Status)
	require.Contains(t, refused.Explanation, "data.mobilePhone is 138: want 11 digits")
	require.Contains(t, refused.Explanation, "Send all 11 digits")
	require.Contains(t, refused.ExplanationZh, "应为 11 位数字")
	require.Empty(t, steps[len(steps)-2].Explanation)
	require.Equal(t, "应为 0，实际为 20201 手机号错误（malformed-parameter: mobilePhone）", refused.Failure.Mismatches[0].DetailZh)
}

// Of a push that was waited for and did not come, the step says why there is none: nobody has bound the vehicle.
func TestStepResult_explanationOfNoPush(t *testing.T) {
	result := run(t, inProcess(t), `
steps:
  - enter: {plateNumber: 渝ATX061}
  - push: entry
    within: 1ms`, scenarios.Options{})
	steps := result.Cases[0].Steps
	missing := steps[len(steps)-1]
	require.Equal(t, scenarios.Failed, missing.Status)
	require.Contains(t, missing.Explanation, "渝ATX061")
	require.Contains(t, missing.ExplanationZh, "渝ATX061")
	require.NotEqual(t, missing.Explanation, missing.ExplanationZh)
}
