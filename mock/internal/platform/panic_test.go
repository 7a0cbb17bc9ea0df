package platform

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// busy is a state in which every command has something to do: a parked car, one
// that has left and owes, vehicles bound through two merchants by two phones.
func busy(t *testing.T) (r *rig, token string) {
	t.Helper()
	r = newRig(t)
	for _, phone := range []string{"13800000001", "13900000002"} {
		token = r.call("usersigin", "mobilePhone", phone, "appId", "A").Answer.Data.(TokenData).Token
		other := r.callAs("M2", "usersigin", "mobilePhone", phone, "appId", "A").Answer.Data.(TokenData).Token
		plate := "渝A0000" + phone[2:3]
		require.Zero(t, r.call("bindcar", "token", token, "plateNumber", plate).Answer.Code)
		require.Zero(t, r.callAs("M2", "bindcar", "token", other, "plateNumber", plate).Answer.Code)
		require.Zero(t, r.callAs("M2", "carretrieve", "token", other, "plateNumber", plate, "carFrameNum", "LVSHBFDC7RF414158", "carEngineNum", "X").Answer.Code)
	}
	r.do(Enter{Vehicle: notation.Vehicle{Plate: "渝A00008", Color: notation.DefaultPlateColor}, ParkingID: "1"})
	r.do(Enter{Vehicle: notation.Vehicle{Plate: "渝A00009", Color: notation.DefaultPlateColor}, ParkingID: "1"})
	r.pass(3 * time.Hour)
	r.do(Exit{Vehicle: notation.Vehicle{Plate: "渝A00008", Color: notation.DefaultPlateColor}, Payment: PayNone})
	r.call("uservalidatecode", "mobilePhone", "13700000003")
	return r, token
}

func snapshotOf(t *testing.T, w *State) string {
	t.Helper()
	text, err := json.Marshal(w.Snapshot())
	require.NoError(t, err)
	return string(text)
}

// calls are a request of each endpoint that succeeds in the busy state.
func calls(r *rig, token string) map[string][]string {
	owing := r.call("orderunpay", "token", token, "plateNumber", "渝A00008").Answer.Data.([]UnpaidRow)[0]
	sms, _ := r.w.SMS("13700000003")
	return map[string][]string{
		"uservalidatecode": {"mobilePhone", "13600000004"},
		"userlogin":        {"mobilePhone", "13700000003", "code", sms.Code, "appId", "A"},
		"usersigin":        {"mobilePhone", "13900000002", "appId", "A", "carNumber", "渝A00007"},
		"bindcar":          {"token", token, "plateNumber", "渝A00006"},
		"unbindcar":        {"token", token, "plateNumber", "渝A00009"},
		"orderhistory":     {"token", token},
		"orderunpay":       {"token", token, "plateNumber", "渝A00008"},
		"orderpaid": {
			"token", token, "orderId", owing.OrderID, "externalOrderId", "E1", "payment", owing.RemainingFee.Plain(), "payTime", notation.FormatTime(r.now),
			"verificationInfo", owing.VerificationInfo, "payChannel", "2",
		},
		"carretrieve":        {"token", token, "plateNumber", "渝A00008", "carFrameNum", "LVSHBFDC7RF414158", "carEngineNum", "X"},
		"surroundingparking": {"city", "重庆市"},
		"parkingstatus":      {"parkingId", "1"},
		"carnum":             {"token", token},
	}
}

// failAt makes the nth thing that may fail in a rule do so; it tells whether it was reached.
func failAt(w *State, n int) (reached *bool) {
	reached = new(bool)
	w.fail = func() {
		if n--; n == 0 {
			*reached = true
			panic("a rule of the test")
		}
	}
	return reached
}

// A rule that panics at its beginning, at any draw or at any push has changed
// nothing: done again it answers as if nothing had been.
func TestApply_aRuleThatPanicsChangesNothing(t *testing.T) {
	for _, e := range schemas.Endpoints() {
		t.Run(e.Name, func(t *testing.T) {
			for n := 1; ; n++ {
				r, token := busy(t)
				r.rules(map[string]any{"signin.binds_car": true})
				pairs := calls(r, token)[e.Name]
				before := snapshotOf(t, r.w)
				reached := failAt(r.w, n)
				if n == 1 { // in the row itself
					whole := endpointRules[e.Name]
					endpointRules[e.Name] = func(*State, time.Time, caller, *params.Input) outcome { panic("a rule of the test") }
					require.Panics(t, func() { r.call(e.Name, pairs...) })
					endpointRules[e.Name] = whole
					require.Equal(t, before, snapshotOf(t, r.w))
				}
				var got Result
				func() {
					defer func() { _ = recover() }()
					got = r.call(e.Name, pairs...)
				}()
				if !*reached {
					require.Zero(t, got.Answer.Code, "%+v", got.Answer.Refusal)
					require.Greater(t, n, mayFailIn[e.Name], "it draws or pushes less often than it should")
					return
				}
				require.Equal(t, before, snapshotOf(t, r.w))
				r.w.fail = nil
				other, otherToken := busy(t)
				other.rules(map[string]any{"signin.binds_car": true})
				require.Equal(t, other.call(e.Name, calls(other, otherToken)[e.Name]...), r.call(e.Name, pairs...))
				require.Equal(t, snapshotOf(t, other.w), snapshotOf(t, r.w))
			}
		})
	}
}

// mayFailIn is how often a rule draws or pushes at least.
var mayFailIn = map[string]int{"uservalidatecode": 1, "userlogin": 1, "usersigin": 1, "unbindcar": 2, "orderpaid": 1, "carretrieve": 3}

// So it is with the acts of the simulator and the operator.
func TestApply_anActThatPanicsChangesNothing(t *testing.T) {
	for name, c := range map[string]func(r *rig) Command{
		"enter": func(*rig) Command {
			return Enter{Vehicle: notation.Vehicle{Plate: "渝A00008", Color: notation.DefaultPlateColor}, ParkingID: "1"}
		},
		"cash": func(*rig) Command {
			return Exit{Vehicle: notation.Vehicle{Plate: "渝A00009", Color: notation.DefaultPlateColor}}
		},
		"withhold": func(*rig) Command {
			return Exit{Vehicle: notation.Vehicle{Plate: "渝A00009", Color: notation.DefaultPlateColor}, Payment: PayWithhold}
		},
		"none": func(*rig) Command {
			return Exit{Vehicle: notation.Vehicle{Plate: "渝A00009", Color: notation.DefaultPlateColor}, Payment: PayNone}
		},
		"past": func(r *rig) Command {
			return PutOrder{Enter: Enter{Vehicle: notation.Vehicle{Plate: "渝A00005", Color: notation.DefaultPlateColor}, ParkingID: "1", At: r.now.Add(-2 * time.Hour)}, ExitTime: r.now, Payment: PayWithhold}
		},
		"trigger": func(*rig) Command { return Trigger{MerchantNo: "M1", Kind: "exit"} },
	} {
		t.Run(name, func(t *testing.T) {
			for n := 1; ; n++ {
				r, _ := busy(t)
				before := snapshotOf(t, r.w)
				reached := failAt(r.w, n)
				func() {
					defer func() { _ = recover() }()
					require.Nil(t, r.w.Apply(r.now, c(r)).Err)
				}()
				if !*reached {
					require.NotEqual(t, before, snapshotOf(t, r.w))
					require.Greater(t, n, 1)
					return
				}
				require.Equal(t, before, snapshotOf(t, r.w))
				r.w.fail = nil
				other, _ := busy(t)
				require.Equal(t, other.w.Apply(other.now, c(other)), r.w.Apply(r.now, c(r)))
				require.Equal(t, snapshotOf(t, other.w), snapshotOf(t, r.w))
			}
		})
	}
}
