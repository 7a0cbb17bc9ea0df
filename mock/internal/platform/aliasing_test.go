package platform

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/rules"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tariff"
)

// bytesOf is a state as its snapshot's JSON.
func bytesOf(t *testing.T, w *State) string {
	t.Helper()
	text, err := json.Marshal(w.Snapshot())
	require.NoError(t, err)
	return string(text)
}

// Looking for users to forget leaves the history of those who stay as it is, so that a snapshot after it is accepted.
func TestBindCar_floodKeepsTheHistoryOfOthers(t *testing.T) {
	r := newRig(t)
	v := notation.Vehicle{Plate: car, Color: notation.DefaultPlateColor}
	old, young := bindEvent{v, r.now.Add(-historyReach - 1)}, bindEvent{v, r.now.Add(-time.Hour)}
	r.w.inhabit()
	for i := range maxIdlers {
		r.w.users[phoneOf(i)] = &user{History: []bindEvent{old, young}}
	}
	for i := range 3 * maxIdlers / 10 {
		r.do(PutBinding{Phone: phoneOf(maxIdlers + i), Vehicle: notation.Vehicle{Plate: "渝B" + itoa(10_000+i), Color: notation.DefaultPlateColor}, MerchantNo: "M1", Since: r.now})
	}
	require.Greater(t, len(r.w.users), maxIdlers)
	for i := range maxIdlers {
		require.Equal(t, []bindEvent{old, young}, r.w.users[phoneOf(i)].History)
	}
	again, err := FromSnapshot(r.w.Snapshot())
	require.NoError(t, err)
	require.Equal(t, r.w.users, again.users)
}

// filled is a state with something in every part of it.
func filled(t *testing.T) *rig {
	t.Helper()
	r := newRig(t)
	most := notation.Fen(3000)
	r.do(PutMerchant{Merchant{No: "M3", Key: "k", Push: &Hook{URL: "http://127.0.0.1/", URLs: map[string]string{"exit": "http://127.0.0.1/exit"}, Kinds: []string{"entry", "exit"}}}})
	r.park("2", tariff.Tariff{FreeMinutes: 1, UnitMinutes: 60, UnitPrice: 500, DailyCap: &most})
	r.rules(map[string]any{"push.schedule": []any{"1s", "2s"}, "strict": false})
	v, other := notation.Vehicle{Plate: car, Color: notation.DefaultPlateColor}, notation.Vehicle{Plate: "渝B12345", Color: "2"}
	r.do(PutVehicle{v, Registered{VIN: "LVSHBFDC7RF414158"}})
	token := r.token("M1", alice)
	r.code(0, r.call("bindcar", "token", token, "plateNumber", car))
	r.code(0, r.call("uservalidatecode", "mobilePhone", bob))
	fee := notation.Fen(1000)
	start := r.now
	r.pass(3 * time.Hour)
	r.do(PutOrder{Enter: Enter{Vehicle: v, ParkingID: "2", At: start}, ExitTime: start.Add(time.Hour), Payment: PayWithhold, Fee: &fee})
	r.do(Enter{Vehicle: v, ParkingID: "2"})
	r.do(Enter{Vehicle: other, ParkingID: "1"})
	return r
}

// poison overwrites all that a value leads to.
func poison(v reflect.Value, depth int) {
	if depth == 0 {
		return
	}
	switch v.Kind() { //nolint:exhaustive // the others lead nowhere
	case reflect.Pointer:
		if !v.IsNil() && v.Type().Elem() != reflect.TypeFor[time.Location]() {
			poison(v.Elem(), depth-1)
		}
	case reflect.Interface:
		if !v.IsNil() {
			poison(v.Elem(), depth-1)
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i), depth-1)
			if v.Index(i).CanSet() {
				v.Index(i).SetZero()
			}
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			poison(v.MapIndex(key), depth-1)
		}
		v.Clear()
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				poison(v.Field(i), depth-1)
			}
		}
		for _, field := range v.Fields() {
			if field.CanSet() && field.Kind() != reflect.Struct {
				field.SetZero()
			}
		}
	}
}

// What is handed out, and what a command brought, may be overwritten: the state stays as it is.
func TestState_sharesNothing(t *testing.T) {
	handedOut := map[string]func(r *rig) any{
		"Snapshot":  func(r *rig) any { s := r.w.Snapshot(); return &s },
		"Merchants": func(r *rig) any { return r.w.Merchants() },
		"Merchant":  func(r *rig) any { m, _ := r.w.Merchant("M3"); return &m },
		"Parkings":  func(r *rig) any { return r.w.Parkings() },
		"ParkingAt": func(r *rig) any { p, _, _ := r.w.ParkingAt("2"); return &p },
		"Vehicles":  func(r *rig) any { return r.w.Vehicles() },
		"User":      func(r *rig) any { u := r.w.User(alice, r.now); return &u },
		"OrdersOf":  func(r *rig) any { return r.w.OrdersOf("", "", r.now) },
		"ordersOf":  func(r *rig) any { return r.w.OrdersOf(car, "", r.now) },
		"RulesSet":  func(r *rig) any { return r.w.RulesSet() },
		"RuleTable": func(*rig) any { return rules.Table() },
		"Lints":     func(*rig) any { return params.LintRules() },
		"Owner": func(r *rig) any {
			_, how, _ := r.w.Owner(notation.Vehicle{Plate: car, Color: notation.DefaultPlateColor})
			return &how
		},
		"a merchant put": func(r *rig) any {
			m := Merchant{No: "M4", Key: "k", Push: &Hook{URLs: map[string]string{"exit": "http://127.0.0.1/exit"}, Kinds: []string{"exit"}}}
			r.do(PutMerchant{m})
			return &m
		},
		"a car park put": func(r *rig) any {
			most := notation.Fen(1)
			p := Parking{ID: "9", Lat: "1", Lon: "1", Tariff: tariff.Tariff{UnitMinutes: 1, DailyCap: &most}}
			r.do(PutParking{Parking: p})
			return &p
		},
		"rules set": func(r *rig) any {
			set := map[string]any{"push.schedule": []any{"3s"}}
			r.rules(set)
			return set
		},
		"an order put": func(r *rig) any {
			fee := notation.Fen(5)
			c := PutOrder{Enter: Enter{Vehicle: notation.Vehicle{Plate: "渝C12345", Color: "1"}, ParkingID: "1", At: r.now}, Fee: &fee}
			r.do(c)
			return &c
		},
	}
	for name, hand := range handedOut {
		t.Run(name, func(t *testing.T) {
			r := filled(t)
			out := hand(r)
			before, table := bytesOf(t, r.w), rules.Table()
			poison(reflect.ValueOf(out), 12)
			require.Equal(t, before, bytesOf(t, r.w))
			require.Len(t, rules.Table(), len(table))
			for i, rule := range rules.Table() {
				require.Equal(t, table[i].Default, rule.Default, rule.Name)
			}
		})
	}
}

// A state made from a snapshot goes its own way: neither the snapshot nor another state made from it changes.
func TestFromSnapshot_sharesNothing(t *testing.T) {
	r := filled(t)
	s := r.w.Snapshot()
	first, err := FromSnapshot(s)
	require.NoError(t, err)
	second, err := FromSnapshot(s)
	require.NoError(t, err)
	before := bytesOf(t, second)
	require.Equal(t, before, bytesOf(t, first))
	r.w = first
	r.pass(time.Hour)
	for _, plate := range []string{car, "渝B12345"} {
		r.do(Exit{Vehicle: notation.Vehicle{Plate: plate, Color: map[bool]string{true: "1", false: "2"}[plate == car]}, Payment: PayWithhold})
	}
	r.code(0, r.callAs("M2", "bindcar", "token", r.token("M2", alice), "plateNumber", car))
	r.code(0, r.callAs("M2", "bindcar", "token", r.token("M2", alice), "plateNumber", "渝C12345"))
	require.Equal(t, before, bytesOf(t, second))
	text, err := json.Marshal(s)
	require.NoError(t, err)
	require.Equal(t, before, string(text))
}
