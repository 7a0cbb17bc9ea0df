package api_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
)

// wander is a random session over HTTP that follows from its seed: it gives
// every answer, header and push, byte for byte. half is called in the middle
// and says which mock goes on.
func wander(t *testing.T, d *desk, half func(*desk) *desk) (told []string) {
	t.Helper()
	rng := rand.New(rand.NewPCG(3, 4))
	pick := func(from ...string) string { return from[rng.IntN(len(from))] }
	tokens, rows := map[string]string{"M1": "x", "M2": "x"}, []unpaidRow{{}}
	for i := range 600 {
		if i == 300 {
			d = half(d)
		}
		merchant := pick("M1", "M2")
		token, number, phone := tokens[merchant], pick(plate, "渝A00001", "渝A00002", "渝A00003"), pick(alice, bob, carol)
		row := rows[rng.IntN(len(rows))]
		var answer *client.Answer
		send := func(endpoint string, data obj) {
			var err error
			answer, err = d.m[merchant].Do(t.Context(), endpoint, data)
			require.NoError(t, err)
			told = append(told, fmt.Sprint(endpoint, " ", string(answer.Raw), answer.Reason))
		}
		switch rng.IntN(13) {
		case 0, 1:
			send("usersigin", obj{"mobilePhone": phone, "appId": "A"})
			tokens[merchant] = data[struct{ Token string }](t, answer).Token
		case 2:
			send("uservalidatecode", obj{"mobilePhone": phone})
		case 3, 4:
			send("bindcar", obj{"token": token, "plateNumber": number})
		case 5:
			send("carretrieve", obj{"token": token, "plateNumber": number, "carFrameNum": vin, "carEngineNum": engine})
		case 6:
			send("unbindcar", obj{"token": token, "plateNumber": number})
		case 7:
			if send("orderunpay", obj{"token": token, "plateNumber": number}); answer.Code == 0 {
				rows = append(rows, data[[]unpaidRow](t, answer)...)
			}
		case 8:
			send("orderpaid", row.payment(token, strconv.Itoa(rng.IntN(100)), row.RemainingFee))
		case 9:
			send(pick("orderhistory", "carnum"), obj{"token": token})
		case 10:
			if _, err := d.box.Enter(t.Context(), control.Entry{PlateNumber: number, ParkingID: "1"}); err != nil {
				told = append(told, err.Error())
			}
		case 11:
			if _, err := d.box.Exit(t.Context(), control.Exit{PlateNumber: number, Payment: pick("cash", "none")}); err != nil {
				told = append(told, err.Error())
			}
		default:
			d.advance(pick("1s", "2m", "20m", "3h"))
		}
	}
	for _, p := range d.pushes() {
		told = append(told, p.ID+p.MerchantNo+string(p.Kind)+p.Body+p.Signed)
	}
	require.NotEmpty(t, d.pushes())
	return told
}

// The same fixture, seed and calls give the same bytes, over HTTP too; and a
// state that was taken out goes on in another server as it would have.
func TestSession_sameBytesOverHTTP(t *testing.T) {
	same := func(d *desk) *desk { return d }
	first := wander(t, newDesk(t), same)
	require.Equal(t, first, wander(t, newDesk(t), same))
	moved := func(d *desk) *desk {
		state, err := d.box.State(t.Context())
		require.NoError(t, err)
		other := newDesk(t)
		require.NoError(t, other.box.Restore(t.Context(), state))
		return other
	}
	require.Equal(t, first, wander(t, newDesk(t), moved))
	back := func(d *desk) *desk {
		state, err := d.box.State(t.Context())
		require.NoError(t, err)
		d.advance("2h")
		d.want(0, "usersigin", obj{"mobilePhone": alice, "appId": "B"})
		require.NoError(t, d.box.Restore(t.Context(), state))
		return d
	}
	require.Equal(t, first, wander(t, newDesk(t), back))
}
