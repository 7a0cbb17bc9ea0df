package control_test

import (
	"encoding/json"
	"net/http"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
)

// Each reason of the schema stands in a refusal, and every 404 has one. A store's are those of a server that has one.
func TestProblem_reasons(t *testing.T) {
	c := newControlled(t)
	const of = servertest.Default
	require.Equal(t, http.StatusOK, c.Ask(t, http.MethodPut, of+"/merchants/M9", `{"key":"k"}`).Status)
	require.Equal(t, http.StatusCreated, c.Ask(t, http.MethodPost, "/__admin/sandboxes", `{"id":"mine"}`).Status)
	met := map[control.ProblemReason]bool{
		control.ReasonNotOffered:         true, // by a server of package control alone
		control.ReasonStorageUnavailable: true, control.ReasonStorageUncertain: true,
	}
	for _, row := range []struct {
		method, path, body string
		status             int
		reason             control.ProblemReason
	}{
		{"GET", "/__admin/nothing", "", 404, control.ReasonUnknownPath},
		{"GET", "/__admin/sandboxes/none", "", 404, control.ReasonUnknownSandbox},
		{"DELETE", "/__admin/sandboxes/none", "", 404, control.ReasonUnknownSandbox},
		{"POST", "/__admin/scenarios/run", `{"name":"happy-day","sandbox":"none"}`, 422, control.ReasonUnknownSandbox},
		{"GET", "/__admin/scenarios/none", "", 404, control.ReasonUnknownScenario},
		{"POST", "/__admin/scenarios/run", `{"name":"none"}`, 404, control.ReasonUnknownScenario},
		{"POST", "/__admin/sandboxes", `{"scenario":"none"}`, 422, control.ReasonUnknownScenario},
		{"GET", "/__admin/runs/none", "", 404, control.ReasonUnknownRun},
		{"DELETE", "/__admin/runs/none", "", 404, control.ReasonUnknownRun},
		{"GET", of + "/pushes/p999", "", 404, control.ReasonUnknownPush},
		{"POST", of + "/pushes/p999/redeliver", "", 404, control.ReasonUnknownPush},
		{"GET", of + "/requests/r999", "", 404, control.ReasonUnknownRequest},
		{"GET", of + "/orders/none/fee", "", 404, control.ReasonUnknownOrder},
		{"GET", of + "/stays/none", "", 404, control.ReasonUnknownOrder},
		{"DELETE", of + "/merchants/none", "", 404, control.ReasonUnknownMerchant},
		{"POST", of + "/merchants/none/examine", "", 404, control.ReasonUnknownMerchant},
		{"POST", of + "/pushes", `{"merchantNo":"none","kind":"entry"}`, 404, control.ReasonUnknownMerchant},
		{"GET", of + "/parkings/none", "", 404, control.ReasonUnknownParking},
		{"DELETE", of + "/parkings/none", "", 404, control.ReasonUnknownParking},
		{"POST", of + "/cars/enter", `{"plateNumber":"渝ATX061","parkingId":"none"}`, 404, control.ReasonUnknownParking},
		{"DELETE", of + "/vehicles/none", "", 404, control.ReasonUnknownVehicle},
		{"DELETE", of + "/vehicles/渝Z99999", "", 404, control.ReasonUnknownVehicle},
		{"GET", of + "/sms/13900000009", "", 404, control.ReasonUnknownCode},
		{"DELETE", of + "/faults/none", "", 404, control.ReasonUnknownFault},
		{"POST", "/__admin/sandboxes", `{"id":"mine"}`, 409, control.ReasonSandboxTaken},
		{"POST", "/__admin/sandboxes", `{"fixture":{"merchants":[{"no":"M9","key":"k"}]}}`, 409, control.ReasonMerchantTaken},
		{"PUT", "/__admin/sandboxes/mine/merchants/M9", `{"key":"k"}`, 409, control.ReasonMerchantTaken},
		{"POST", of + "/merchants/M9/examine", "", 409, control.ReasonNoPushURL},
		{"POST", of + "/pushes", `{"merchantNo":"M9","kind":"entry"}`, 409, control.ReasonNoPushURL},
		{"POST", of + "/undo", `{"to":"r999"}`, 410, control.ReasonNotKept},
		{"POST", of + "/cars/exit", `{"plateNumber":"渝ATX061"}`, 409, ""},
		{"POST", of + "/faults", `{}`, 422, ""},
	} {
		a := c.Ask(t, row.method, row.path, row.body)
		require.Equal(t, row.status, a.Status, "%s %s: %s", row.method, row.path, a.Body)
		var p struct{ Reason control.ProblemReason }
		require.NoError(t, json.Unmarshal([]byte(a.Body), &p))
		require.Equal(t, row.reason, p.Reason, "%s %s: %s", row.method, row.path, a.Body)
		met[row.reason] = true
	}
	text, err := os.ReadFile("../../../schemas/control/defs.json")
	require.NoError(t, err)
	var defs struct {
		Problem struct {
			Properties struct {
				Reason struct{ Enum []control.ProblemReason }
			}
		}
	}
	require.NoError(t, json.Unmarshal(text, &defs))
	described := defs.Problem.Properties.Reason.Enum
	require.NotEmpty(t, described)
	delete(met, "")
	for _, reason := range described {
		require.True(t, met[reason], "nothing is refused for the reason %s", reason)
		delete(met, reason)
	}
	require.Empty(t, met, "reasons that the schema does not have")
}
