package contract_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/contract"
	"github.com/etcp-mock/etcp-mock/contract/internal/contracttest"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/scenarios/suite"
)

// recordOf runs the suite against a target, and gives the report and what was recorded, as it is written and read.
func recordOf(t *testing.T, target scenarios.Target) (*report.Report, *contract.Recording) {
	t.Helper()
	recorder, started := contract.Record(&target), time.Now()
	r, err := contract.Runner{Library: suite.Library(), Seed: 1}.Run(t.Context(), target, contract.Cases(suite.Library())...)
	require.NoError(t, err)
	text, err := json.Marshal(recorder.Recording(target, 1, started))
	require.NoError(t, err)
	require.NotContains(t, string(text), "demo-key", "keys are masked")
	recording, err := contract.ReadRecording(text)
	require.NoError(t, err)
	return r, recording
}

// What was recorded is judged again as it was judged the first time, where nothing is that answers.
func TestRecording_isJudgedAgain(t *testing.T) {
	bug := contracttest.Bugs[1] // a text of §11 is wrong
	recorded := map[string]*contract.Recording{}
	for name, target := range map[string]scenarios.Target{
		"right":  contracttest.NewMock(t),
		"broken": scenarios.InProcess(contracttest.BrokenMock{Handler: contracttest.NewHandler(t), Bug: bug}),
	} {
		t.Run(name, func(t *testing.T) {
			first, recording := recordOf(t, target)
			recorded[name] = recording
			again, err := contract.Runner{Library: suite.Library(), Seed: recording.Seed}.Run(t.Context(), recording.Replay(), contract.Cases(suite.Library())...)
			require.NoError(t, err)
			require.Nil(t, again.Outage)
			require.Equal(t, contracttest.Broken(first), contracttest.Broken(again))
			require.Equal(t, first.ExitCode(), again.ExitCode())
			require.Equal(t, first.Count(report.Passed), again.Count(report.Passed))
		})
	}
	t.Run("compared", func(t *testing.T) { recordingsAreCompared(t, recorded["right"], recorded["broken"]) })
}

// Two recordings are compared as two targets are; a case that one of them does not hold is skipped.
func recordingsAreCompared(t *testing.T, right, broken *contract.Recording) {
	t.Helper()
	right.Cases = right.Cases[1:]
	r, err := contract.Runner{Library: suite.Library(), Seed: 1}.Diff(t.Context(), right.Replay(), broken.Replay(), contract.Cases(suite.Library())...)
	require.NoError(t, err)
	require.Equal(t, report.ExitBroken, r.ExitCode())
	require.Equal(t, 1, r.Count(report.Skipped))
	for _, c := range r.Cases {
		if len(c.Failures) > 0 {
			require.Equal(t, "message", c.Failures[0].Path)
			require.Contains(t, c.Failures[0].Expected, "该车辆已被他人绑定")
			require.Contains(t, c.Failures[0].Actual, "该车辆已绑定")
		}
	}
	_, err = contract.ReadRecording([]byte(`{"version":9}`))
	require.Error(t, err)
}
