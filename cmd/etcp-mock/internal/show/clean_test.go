package show

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/scenarios/traffic"
)

// hostile is a text that moves the cursor, by both ways that there are to begin a control sequence, and holds a line end.
const hostile = "x\x1b[2Jy\u009b2Jz\nw\x7f"

// filled is a value of a type with a hostile text wherever it holds one, and two of each list.
func filled[T any]() T {
	var out T
	fill(reflect.ValueOf(&out).Elem())
	return out
}

func fill(v reflect.Value) {
	switch v.Kind() { //nolint:exhaustive // the others hold no text
	case reflect.String:
		v.SetString(hostile)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Type().String() != "client.Time" {
				fill(v.Field(i))
			}
		}
	case reflect.Slice:
		if v.Type() == reflect.TypeFor[json.RawMessage]() {
			v.Set(reflect.ValueOf(json.RawMessage(`{"x\u001b[2J":"y\u009b2J\u007f` + "\u009b" + `2J"}`)))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0))
		fill(v.Index(1))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key)
		fill(value)
		v.SetMapIndex(key, value)
	case reflect.Interface:
		v.Set(reflect.ValueOf(hostile))
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Bool:
		v.SetBool(true)
	}
}

// Whatever a server says, in whichever field, moves no cursor, in either language; and it is still to be read.
func TestPrinting_movesNoCursor(t *testing.T) {
	t.Parallel()
	for name, print := range map[string]func(p *Printer) error{
		"order":        func(p *Printer) error { return Order(p, lang.Same("left"), filled[control.Order]()) },
		"pushes":       func(p *Printer) error { return Pushes(p, filled[[]control.Push](), true) },
		"push":         func(p *Printer) error { return Push(p, filled[control.Push]()) },
		"held":         func(p *Printer) error { p.Held(filled[[]control.Push]()); return nil },
		"request":      func(p *Printer) error { p.Request(filled[control.Request]()); return nil },
		"requests":     func(p *Printer) error { return Requests(p, filled[[]control.Request](), true) },
		"followed":     func(p *Printer) error { return p.Followed(filled[control.Request]()) },
		"failures":     func(p *Printer) error { return p.Failures("s", filled[[]control.Request](), filled[[]control.Push]()) },
		"nearest":      func(p *Printer) error { p.Nearest("requests", filled[[]control.NearHit]()); return nil },
		"difference":   func(p *Printer) error { p.Difference(filled[control.Difference]()); return nil },
		"sandbox":      func(p *Printer) error { return Sandbox(p, filled[control.SandboxDetail]()) },
		"stay":         func(p *Printer) error { return Stay(p, new(filled[control.Order]()), filled[[]control.StayItem]()) },
		"traffic":      func(p *Printer) error { p.TrafficReport(new(filled[traffic.Report]())); return nil },
		"parkings":     func(p *Printer) error { return Parkings(p, filled[[]control.Parking]()) },
		"parking":      func(p *Printer) error { return Parking(p, filled[control.Parking]()) },
		"merchants":    func(p *Printer) error { return Merchants(p, filled[[]control.Merchant]()) },
		"merchant":     func(p *Printer) error { return Merchant(p, filled[control.Merchant]()) },
		"users":        func(p *Printer) error { return Users(p, filled[[]control.User]()) },
		"user":         func(p *Printer) error { return User(p, filled[control.User]()) },
		"vehicles":     func(p *Printer) error { return Vehicles(p, filled[[]control.Vehicle]()) },
		"vehicle":      func(p *Printer) error { return VehicleCard(p, filled[control.VehicleCard]()) },
		"unknown kind": func(p *Printer) error { return p.Event(control.Event{Kind: hostile, Data: json.RawMessage(hostile)}) },
		"lagged": func(p *Printer) error {
			return p.Event(control.Event{Kind: control.EventLagged, Data: json.RawMessage(hostile)})
		},
	} {
		moves(t, name, print)
	}
	for kind, data := range map[string]any{
		control.EventRequest: filled[control.Request](), control.EventPush: filled[control.Push](), control.EventCar: filled[control.Order](), control.EventClock: filled[control.Clock](),
		control.EventFault: filled[faultEvent](), control.EventReset: filled[resetEvent](), control.EventRules: filled[control.Changed](), control.EventMerchants: filled[control.Changed](),
	} {
		raw, err := json.Marshal(data)
		require.NoError(t, err, kind)
		moves(t, kind, func(p *Printer) error { return p.Event(control.Event{ID: hostile, Kind: kind, Data: raw}) })
	}
}

func moves(t *testing.T, name string, show func(p *Printer) error) {
	t.Helper()
	for _, chinese := range []bool{false, true} {
		p, out := printer(chinese)
		require.NoError(t, show(p), name)
		require.NotEmpty(t, out.String(), name)
		require.False(t, strings.ContainsFunc(out.String(), func(r rune) bool { return unicode.IsControl(r) && r != '\n' }), "%s: %q", name, out.String())
		require.NotContains(t, out.String(), "z\nw", name)
	}
}
