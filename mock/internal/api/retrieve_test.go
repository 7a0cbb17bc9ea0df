package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
)

// §9.9: until now its pushes were masked, from now on they are real; the unbound vehicle is bound.
func TestCarRetrieve_certifies(t *testing.T) {
	d := newDesk(t)
	token := d.bind(alice, plate)
	d.enter(plate)
	require.Equal(t, []string{"M1 entry 渝****61"}, d.pushed(0))
	d.retrieve(0, "M1", token, plate)
	d.exit(plate, "")
	require.Equal(t, []string{"M1 exit " + plate}, d.pushed(1))
	d.retrieve(0, "M1", token, "渝A00001")
	require.Equal(t, `{"number":2}`, string(d.want(0, "carnum", obj{"token": token}).Data))
	user, err := d.box.User(t.Context(), alice)
	require.NoError(t, err)
	require.Equal(t, "M1", user.Bindings[1].CertifiedFor)
}

// §9.9, §10.4: certified elsewhere, the former merchant is told, stays related, and gets masked pushes again.
func TestCarRetrieve_otherMerchantLosesIt(t *testing.T) {
	d := newDesk(t)
	d.retrieve(0, "M1", d.token("M1", alice), plate)
	d.retrieve(0, "M1", d.token("M1", alice), plate) // once more: nobody loses anything
	require.Empty(t, d.pushes())
	d.retrieve(0, "M2", d.token("M2", alice), plate)
	d.enter(plate)
	require.Equal(t, []string{"M1 certification-invalid " + plate, "M1 entry 渝****61", "M2 entry " + plate}, d.pushed(0))
}

// §9.9 找回: another phone's vehicle moves; its merchants are told, §10.4 before §10.3; relations start anew.
func TestCarRetrieve_takesOver(t *testing.T) {
	d := newDesk(t)
	d.retrieve(0, "M1", d.token("M1", alice), plate)
	d.bindIn(0, "M2", d.token("M2", alice), plate, "")
	b := d.token("M2", bob)
	d.retrieve(0, "M2", b, plate)
	require.Equal(t, []string{"M1 certification-invalid " + plate, "M1 unbind " + plate, "M2 unbind " + plate}, d.pushed(0))
	d.enter(plate)
	require.Equal(t, []string{"M2 entry " + plate}, d.pushed(3))
	require.Equal(t, `{"number":0}`, string(d.want(0, "carnum", obj{"token": d.token("M1", alice)}).Data))
	require.Equal(t, `{"number":1}`, string(d.as("M2", 0, "carnum", obj{"token": b}).Data))
	d.rules(obj{"retrieve.takes_over": false})
	d.retrieve(20802, "M1", d.token("M1", alice), plate)
	d.retrieve(0, "M2", b, plate)
}

// §9.9: the bind limits hold.
func TestCarRetrieve_bindLimits(t *testing.T) {
	d := newDesk(t)
	token := d.token("M1", alice)
	for _, number := range []string{"渝A00001", "渝A00002", "渝A00003"} {
		d.retrieve(0, "M1", token, number)
	}
	d.bind(bob, plate)
	d.retrieve(20803, "M1", token, plate)
	d.retrieve(20803, "M1", token, "渝A00004")
	d.retrieve(0, "M1", token, "渝A00003") // bound already: no limit
	d.want(0, "unbindcar", obj{"token": token, "plateNumber": "渝A00003"})
	d.retrieve(0, "M1", token, "渝A00004")
	d.want(0, "unbindcar", obj{"token": token, "plateNumber": "渝A00004"})
	before := len(d.pushes())
	d.retrieve(20804, "M1", token, plate)
	require.Empty(t, d.pushed(before)) // a refusal changes nothing
	require.Equal(t, `{"number":1}`, string(d.want(0, "carnum", obj{"token": d.token("M1", bob)}).Data))
}

// §9.9: what the registry knows must agree; what it does not know is taken at its word, but where it is closed.
func TestCarRetrieve_registry(t *testing.T) {
	d := newDeskOf(t, func(f obj) {
		f["vehicles"] = []any{obj{"plateNumber": plate, "vin": vin, "engine": engine}}
	})
	token := d.token("M1", alice)
	retrieve := func(code int, number, color, vin, engine, reason string) {
		t.Helper()
		answer := d.want(code, "carretrieve", obj{"token": token, "plateNumber": number, "plateColor": color, "carFrameNum": vin, "carEngineNum": engine})
		require.Equal(t, reason, answer.Reason)
	}
	const otherVIN = "LVSHBFDC7RF414159"
	retrieve(20100, plate, "", otherVIN, engine, "vehicle-mismatch")
	retrieve(20100, plate, "1", vin, "da01991", "vehicle-mismatch")
	retrieve(0, plate, "2", otherVIN, "X", "") // another vehicle
	retrieve(0, plate, "1", vin, engine, "")
	d.rules(obj{"retrieve.registry": "closed"})
	retrieve(20100, "渝A00001", "", vin, engine, "vehicle-unregistered")
	retrieve(0, plate, "", vin, engine, "")
	require.NoError(t, d.box.PutVehicle(t.Context(), control.Vehicle{PlateNumber: "渝A00001", VIN: vin, Engine: engine}))
	retrieve(0, "渝A00001", "", vin, engine, "")
}
