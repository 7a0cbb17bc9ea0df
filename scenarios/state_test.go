package scenarios_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

const needsState = `name: needs
sandbox:
  clock: 2017-08-20 12:00:00
  parkings: [{id: "1", name: P, city: C, lat: "29.5", lon: "106.5"}]
needs: [clock, parkings]
steps:
  - {call: parkingstatus, data: {parkingId: "1"}}
`

// A case that names the state it needs is skipped where that cannot be set, and says why: on the real platform, and in a
// sandbox that is given.
func TestNeeds_state(t *testing.T) {
	target := inProcess(t)
	s := parse(t, needsState)
	result, err := scenarios.Run(t.Context(), target, s, scenarios.Options{})
	require.NoError(t, err)
	require.Equal(t, scenarios.Passed, result.Status, show(t, result))

	given, err := target.Control.CreateSandbox(t.Context(), control.NewSandbox{})
	require.NoError(t, err)
	target.Sandbox = given.ID
	platform := scenarios.Platform("http://127.0.0.1:1", "M1", "k")
	platform.HTTP = &http.Client{}
	for want, target := range map[string]scenarios.Target{
		"needs clock, parkings as its file says (line 5), and runs in the sandbox " + given.ID + ", which is left as it is": target,
		"needs clock, parkings to be set (line 5), which takes the control API of a mock":                                   platform,
	} {
		result, err := scenarios.Run(t.Context(), target, s, scenarios.Options{})
		require.NoError(t, err)
		require.Equal(t, scenarios.Skipped, result.Status, show(t, result))
		require.Equal(t, want, result.Cases[0].Reason)
	}
}

// A case of several merchants, by their names or numbers, is skipped where the target has but one.
func TestNeeds_otherMerchants(t *testing.T) {
	platform := scenarios.Platform("http://127.0.0.1:1", "M1", "k")
	for as, want := range map[string]string{
		"two": "needs the merchant two (line 4), which takes the control API of a mock",
		"M2":  "needs the merchant M2 (line 4), which takes the control API of a mock",
	} {
		s := parse(t, "name: other\nsandbox: {merchants: [{no: M1, name: one}, {no: M2, name: two}]}\nsteps:\n  - {call: carnum, as: "+as+", data: {token: t}, expect: {code: 20101}}\n")
		result, err := scenarios.Run(t.Context(), platform, s, scenarios.Options{})
		require.NoError(t, err)
		require.Equal(t, scenarios.Skipped, result.Status, show(t, result))
		require.Equal(t, want, result.Cases[0].Reason)
	}
}
