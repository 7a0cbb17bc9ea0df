package platform

import (
	"bytes"
	"encoding/json"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/pack"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tariff"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tokens"
)

// crowd is a state with so many users, each with a code, a token, a vehicle and an order that was paid.
func crowd(tb testing.TB, users int) *State {
	tb.Helper()
	now := time.Date(2017, 8, 20, 12, 0, 0, 0, notation.Shanghai)
	w := New(7, now)
	w.inhabit()
	w.Apply(now, PutMerchant{Merchant{No: "M1", Key: "k"}})
	w.Apply(now, PutParking{Parking: Parking{ID: "1", Name: "P", Lat: "29.563", Lon: "106.551", TotalSpace: 1 << 20, Tariff: tariff.Tariff{UnitMinutes: 60, UnitPrice: 500}}})
	for i := range users {
		phone, v := phoneOf(i), notation.Vehicle{Plate: "渝" + string(rune('A'+i/100_000)) + strconv.Itoa(100_000 + i%100_000)[1:], Color: notation.DefaultPlateColor}
		w.sms[phone] = smsCode{Code: "123456", SentAt: now}
		w.giveToken(w.uuid(), tokens.Holder{Merchant: "M1", App: "A", Phone: phone}, now)
		w.Apply(now, PutBinding{Phone: phone, Vehicle: v, MerchantNo: "M1", Since: now})
		w.Apply(now, Enter{Vehicle: v, ParkingID: "1"})
		o := w.parked[v]
		w.settle(o, Payment{PayOrderID: "no", ExternalOrderID: "e" + strconv.Itoa(i), MerchantNo: "M1", Phone: phone, Amount: 500, At: now}, now)
		if i%2 == 0 {
			w.Apply(now.Add(time.Minute), Exit{Vehicle: v})
		}
	}
	return w
}

// A copy is shaped while the state goes on, and is what the state was.
func TestCopy_stateGoesOn(t *testing.T) {
	w := crowd(t, 200)
	now := w.start.Add(time.Hour)
	want, err := json.Marshal(w.Snapshot())
	require.NoError(t, err)
	var shaping sync.WaitGroup
	for range 4 {
		c := w.Copy()
		shaping.Go(func() {
			for range 5 {
				text, err := json.Marshal(c.Snapshot())
				var pieces bytes.Buffer
				j := pack.NewJSON(&pieces)
				snapshot := c.Snapshot()
				snapshot.Write(j)
				if _, failed := j.Close(); failed != nil || pieces.String() != string(text) {
					t.Error("written in pieces it is something else", failed)
				}
				if err != nil || string(text) != string(want) {
					t.Error("the copy has changed", err)
				}
			}
		})
	}
	w.Apply(now, SetRules{map[string]any{"orders.keep": 10.0}})
	for i := range 200 {
		phone := phoneOf(i)
		v := w.users[phone].Bound[0]
		who := caller{"M1", phone}
		w.giveToken(w.uuid(), tokens.Holder{Merchant: "M1", App: "A", Phone: phone}, now)
		w.sms[phone] = smsCode{Code: "654321", SentAt: now, Used: true}
		w.Apply(now, PutBinding{Phone: phone, Vehicle: v, MerchantNo: "M2", Since: now, Certified: true})
		if o := w.parked[v]; o != nil {
			w.Apply(now, Exit{Vehicle: v, Payment: PayWithhold})
		}
		w.Apply(now, PutParking{Parking: Parking{ID: strconv.Itoa(1 + i%3), Name: "P", Lat: "1", Lon: "1", TotalSpace: i, Tariff: tariff.Tariff{UnitMinutes: 60}}})
		w.removeBinding(v)
		require.Nil(t, w.bind(now.AddDate(0, 3, 0), who, v))
		w.Apply(now, PutMerchant{Merchant{No: "M" + strconv.Itoa(1+i%3), Key: "other"}})
		w.Apply(now, PutVehicle{v, Registered{VIN: "LVSHBFDC7RF414158"}})
	}
	shaping.Wait()
	_, err = FromSnapshot(w.Snapshot())
	require.NoError(t, err)
}

// A copy in steps, between which everything changes, is what the state is at its end; no step reads more than it may.
func TestBeginCopy(t *testing.T) {
	for _, length := range []int{1, 7, 100, 2000} {
		w := crowd(t, 400)
		now := w.start.Add(time.Hour)
		w.Apply(now, SetRules{map[string]any{"orders.keep": 150.0}})
		copying := w.BeginCopy()
		i, steps := 0, 0
		for {
			read := copying.Step(length)
			require.LessOrEqual(t, read, length)
			if steps++; read < length {
				break
			}
			phone := phoneOf(i)
			w.sms[phone] = smsCode{Code: "654321", SentAt: now, Used: true}
			w.copying.sms.touch(phone)
			if u := w.users[phone]; u != nil && len(u.Bound) > 0 {
				v := u.Bound[0]
				w.Apply(now, PutBinding{Phone: phone, Vehicle: v, MerchantNo: "M2", Since: now, Certified: true})
				if o := w.parked[v]; o != nil && i%3 > 0 {
					w.settle(o, Payment{PayOrderID: "no", ExternalOrderID: "x" + strconv.Itoa(i), MerchantNo: "M1", Phone: phone, Amount: 700, At: now}, now)
				}
				if i%7 > 1 {
					w.Apply(now, Exit{Vehicle: v, Payment: []string{PayWithhold, PayNone}[i%2]})
				}
				w.Apply(now, Enter{Vehicle: v, ParkingID: "1"})
				w.removeBinding(v)
				if i%2 == 0 {
					require.Nil(t, w.bind(now.AddDate(0, 3, 0), caller{"M1", phone}, v))
				}
				w.Apply(now, PutVehicle{v, Registered{VIN: "LVSHBFDC7RF414158"}})
				if i%5 == 0 {
					w.Apply(now, DeleteVehicle{v})
				}
			}
			w.Apply(now, PutParking{Parking: Parking{ID: strconv.Itoa(1 + i%3), Name: "P", Lat: "1", Lon: "1", TotalSpace: 1 << 20, Tariff: tariff.Tariff{UnitMinutes: 60}}})
			w.Apply(now, DeleteParking{ID: strconv.Itoa(2 + i%2)})
			w.Apply(now, PutMerchant{Merchant{No: "M" + strconv.Itoa(1+i%9), Key: "other"}})
			w.Apply(now, DeleteMerchant{No: "M" + strconv.Itoa(1+i%7)})
			w.Copy() // one at once beside it changes nothing of it
			i = (i*31 + 17) % 400
		}
		want, err := json.Marshal(w.Snapshot())
		require.NoError(t, err)
		have, err := json.Marshal(copying.End().Snapshot())
		require.NoError(t, err)
		require.Equal(t, string(want), string(have), "steps of %d", length)
		require.Zero(t, w.copying, "nothing is noted any more")
		t.Log(steps, "steps")
	}
}

// A copy that was begun before anybody was there has who came meanwhile.
func TestBeginCopy_emptyState(t *testing.T) {
	now := time.Date(2017, 8, 20, 12, 0, 0, 0, notation.Shanghai)
	w := New(7, now)
	copying := w.BeginCopy()
	v := notation.Vehicle{Plate: "渝ATX061", Color: notation.DefaultPlateColor}
	w.Apply(now, PutParking{Parking: Parking{ID: "1", Name: "P", Lat: "1", Lon: "1", TotalSpace: 1, Tariff: tariff.Tariff{UnitMinutes: 60}}})
	w.Apply(now, PutBinding{Phone: phoneOf(1), Vehicle: v, MerchantNo: "M1", Since: now})
	require.NoError(t, errorOf(w.Apply(now, Enter{Vehicle: v, ParkingID: "1"})))
	copying.Step(-1)
	have, err := json.Marshal(copying.End().Snapshot())
	require.NoError(t, err)
	want, err := json.Marshal(w.Snapshot())
	require.NoError(t, err)
	require.Equal(t, string(want), string(have))
	require.Contains(t, string(have), "渝ATX061")
}

func errorOf(r Result) error {
	if r.Err == nil {
		return nil
	}
	return r.Err
}

// BenchmarkCopy is what a request may have to wait for: the copy of a state with 100 000 users and as many orders.
func BenchmarkCopy(b *testing.B) {
	w := crowd(b, 100_000)
	b.Run("copy", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			w.Copy()
		}
	})
	b.Run("shape", func(b *testing.B) {
		c := w.Copy()
		b.ReportAllocs()
		for b.Loop() {
			c.Snapshot()
		}
	})
}
