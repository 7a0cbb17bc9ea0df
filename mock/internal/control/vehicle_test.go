package control_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
)

// A vehicle's card says who owns it, which merchants are pushed, and for whom it is certified.
func TestVehicleCard(t *testing.T) {
	c := newControlled(t)
	nobody := c.Do(t, http.MethodGet, "/vehicles/渝ATX061", nil)
	require.Nil(t, nobody["owner"])
	require.Nil(t, nobody["registered"])
	require.Equal(t, "1", nobody["plateColor"])

	token := c.Bind(t, "13800000001", "渝ATX061")
	c.Do(t, http.MethodPut, "/vehicles/渝ATX061", map[string]any{"vin": "LVSHBFDC7RF414158", "engine": "DA01991"})
	card := c.Do(t, http.MethodGet, "/vehicles/渝atx061?plateColor=1", nil)
	require.Equal(t, map[string]any{"phone": "13800000001", "since": "2017-08-20 12:00:00", "merchants": []any{"M1"}, "certifiedFor": nil}, card["owner"])
	registered, _ := card["registered"].(map[string]any)
	require.Equal(t, "LVSHBFDC7RF414158", registered["vin"])
	require.Nil(t, c.Do(t, http.MethodGet, "/vehicles/渝ATX061?plateColor=3", nil)["owner"], "another vehicle")

	code, _ := c.Call(t, "carretrieve", map[string]any{"token": token, "plateNumber": "渝ATX061", "carFrameNum": "LVSHBFDC7RF414158", "carEngineNum": "DA01991"})
	require.Zero(t, code)
	owner, _ := c.Do(t, http.MethodGet, "/vehicles/渝ATX061", nil)["owner"].(map[string]any)
	require.Equal(t, "M1", owner["certifiedFor"])
	require.Equal(t, http.StatusUnprocessableEntity, c.Ask(t, http.MethodGet, servertest.Default+"/vehicles/XYZ", nil).Status)
}
