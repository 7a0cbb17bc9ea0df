package platform

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tariff"
	"github.com/etcp-mock/etcp-mock/sign"
)

// draws make a command of each kind, of the few things there are in a state of the test, and of others.
var draws = map[string]func(*rapid.T) Command{
	"enter": func(rt *rapid.T) Command { return drawEnter(rt) },
	"exit": func(rt *rapid.T) Command {
		return Exit{Vehicle: drawVehicle(rt), At: drawTime(rt), Payment: rapid.SampledFrom([]string{"", PayCash, PayWithhold, PayNone}).Draw(rt, "payment")}
	},
	"merchant": func(rt *rapid.T) Command {
		m := Merchant{No: drawMerchant(rt), Key: rapid.StringN(1, 20, 60).Draw(rt, "key"), Name: rapid.StringN(0, 20, 60).Draw(rt, "name")}
		if rapid.Bool().Draw(rt, "push") {
			m.Push = &Hook{URL: "http://127.0.0.1/<&>?a=b"}
			if rapid.Bool().Draw(rt, "urls") {
				m.Push.URLs = map[string]string{"unbind": "http://127.0.0.1/u", "exit": ""}
				m.Push.Kinds = []string{"exit", "unbind"}
			}
		}
		return PutMerchant{m}
	},
	"merchant-delete": func(rt *rapid.T) Command { return DeleteMerchant{drawMerchant(rt)} },
	"parking": func(rt *rapid.T) Command {
		p := Parking{
			ID: drawParking(rt), Name: rapid.StringN(1, 20, 60).Draw(rt, "name"), City: rapid.SampledFrom([]string{"", "重庆市"}).Draw(rt, "city"), Lat: "29.563", Lon: "-0.5",
			ParkingType: "146", ElectronicPayment: rapid.Bool().Draw(rt, "electronic"), TotalSpace: rapid.IntRange(0, 5).Draw(rt, "spaces"),
			Tariff: tariff.Tariff{FreeMinutes: rapid.IntRange(0, 60).Draw(rt, "free"), UnitMinutes: rapid.IntRange(1, 90).Draw(rt, "unit"), UnitPrice: drawFen(rt)},
		}
		if rapid.Bool().Draw(rt, "cap") {
			fen := drawFen(rt)
			p.Tariff.DailyCap = &fen
		}
		return PutParking{Parking: p}
	},
	"parking-delete": func(rt *rapid.T) Command { return DeleteParking{drawParking(rt)} },
	"vehicle": func(rt *rapid.T) Command {
		return PutVehicle{drawVehicle(rt), Registered{VIN: "LVSHBFDC7RF414158", Engine: rapid.StringN(0, 20, 60).Draw(rt, "engine"), UserType: drawUserType(rt), FixParkingID: "U7", RemainingDays: "11"}}
	},
	"vehicle-delete": func(rt *rapid.T) Command { return DeleteVehicle{drawVehicle(rt)} },
	"rules": func(rt *rapid.T) Command {
		return SetRules{map[string]any{
			"push.schedule": rapid.SampledFrom([]any{"1s,2s", []any{"1s"}, []any{}, nil}).Draw(rt, "schedule"),
			"bind.max":      rapid.SampledFrom([]any{1.0, 5, "4", json.Number("7"), nil}).Draw(rt, "most"),
			"status.plenty": rapid.SampledFrom([]any{0.1, 1.0 / 3, nil}).Draw(rt, "plenty"),
			"strict":        rapid.SampledFrom([]any{true, "false", 3.0}).Draw(rt, "strict"),
			"message.5":     rapid.SampledFrom([]any{"<&>\u2028", nil}).Draw(rt, "message"),
		}}
	},
	"binding": func(rt *rapid.T) Command {
		return PutBinding{Phone: drawPhone(rt), Vehicle: drawVehicle(rt), MerchantNo: drawMerchant(rt), Since: drawTime(rt), Certified: rapid.Bool().Draw(rt, "certified")}
	},
	"order": func(rt *rapid.T) Command {
		c := PutOrder{Enter: drawEnter(rt), ExitTime: drawTime(rt), Payment: rapid.SampledFrom([]string{"", PayCash, PayWithhold, PayNone}).Draw(rt, "payment")}
		if rapid.Bool().Draw(rt, "fee") {
			fen := drawFen(rt)
			c.Fee = &fen
		}
		return c
	},
	"trigger": func(rt *rapid.T) Command {
		c := Trigger{MerchantNo: drawMerchant(rt), Kind: rapid.SampledFrom([]string{"entry", "exit", "unbind", "none"}).Draw(rt, "kind")}
		if rapid.Bool().Draw(rt, "fields") {
			c.Fields = map[string]any{
				"plateNumber":   rapid.StringN(0, 10, 30).Draw(rt, "text"),
				"receivableFee": rapid.SampledFrom([]any{sign.Number("5.50"), sign.Number("150.0"), int64(-3), int64(1) << 60, "0.0", sign.Number("true")}).Draw(rt, "fee"),
			}
		}
		return c
	},
}

func drawMerchant(rt *rapid.T) string {
	return rapid.SampledFrom([]string{"M1", "M2", "M9"}).Draw(rt, "merchant")
}

func drawParking(rt *rapid.T) string {
	return rapid.SampledFrom([]string{"1", "2", "99"}).Draw(rt, "parking")
}

func drawPhone(rt *rapid.T) string { return rapid.SampledFrom([]string{alice, bob}).Draw(rt, "phone") }

func drawUserType(rt *rapid.T) string {
	return rapid.SampledFrom([]string{"", LongTerm, Temporary}).Draw(rt, "user type")
}

func drawFen(rt *rapid.T) notation.Fen {
	return notation.Fen(rapid.Int64Range(0, 100_000*100).Draw(rt, "fen"))
}

func drawVehicle(rt *rapid.T) notation.Vehicle {
	return notation.Vehicle{Plate: rapid.SampledFrom([]string{car, "渝B12345", "京AD12345"}).Draw(rt, "plate"), Color: rapid.SampledFrom([]string{"1", "2"}).Draw(rt, "color")}
}

func drawTime(rt *rapid.T) time.Time {
	if rapid.IntRange(0, 3).Draw(rt, "now") == 0 {
		return time.Time{}
	}
	at := time.Date(2017, 8, 20, 12, 0, 0, 0, notation.Shanghai).Add(time.Duration(rapid.Int64Range(-int64(time.Hour), 3*int64(time.Hour)).Draw(rt, "at")))
	return at.In(rapid.SampledFrom([]*time.Location{notation.Shanghai, time.UTC, time.FixedZone("", -5*3600)}).Draw(rt, "zone"))
}

func drawEnter(rt *rapid.T) Enter {
	return Enter{Vehicle: drawVehicle(rt), ParkingID: drawParking(rt), At: drawTime(rt), UserType: drawUserType(rt), FixParkingID: "U7", RemainingDays: "3"}
}

// A command that was encoded and decoded does what the command itself does, byte for byte.
func TestCommand_codec(t *testing.T) {
	kinds := slices.Sorted(maps.Keys(draws))
	rapid.Check(t, func(rt *rapid.T) {
		one, other := newRig(t), newRig(t)
		for range rapid.IntRange(1, 30).Draw(rt, "commands") {
			c := draws[rapid.SampledFrom(kinds).Draw(rt, "kind")](rt)
			kind, raw, err := EncodeCommand(c)
			require.NoError(rt, err)
			require.Equal(rt, KindOf(c), kind)
			again, err := DecodeCommand(kind, raw)
			require.NoError(rt, err, "%s", raw)
			_, rawAgain, err := EncodeCommand(again)
			require.NoError(rt, err)
			require.Equal(rt, string(raw), string(rawAgain))
			require.Equal(rt, c.Summary(), again.Summary())
			by := time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(rt, "pass"))
			one.pass(by)
			other.pass(by)
			require.Equal(rt, resultText(t, one.w.Apply(one.now, c)), resultText(t, other.w.Apply(other.now, again)), "%s %s", kind, raw)
		}
		require.Equal(rt, bytesOf(t, one.w), bytesOf(t, other.w))
	})
}

func resultText(t *testing.T, r Result) string {
	t.Helper()
	text, err := json.Marshal([]any{r.Value, r.Pushes, r.Err})
	require.NoError(t, err)
	return string(text)
}

// Every type of command has a codec, and the test above draws it.
func TestCommand_everyTypeHasACodec(t *testing.T) {
	files, err := parser.ParseDir(gotoken.NewFileSet(), ".", nil, 0) //nolint:staticcheck // a handful of files, no build tags
	require.NoError(t, err)
	var types []string
	for _, file := range files["platform"].Files {
		for _, declared := range file.Decls {
			if f, ok := declared.(*ast.FuncDecl); ok && f.Name.Name == "apply" && f.Recv != nil && len(f.Type.Params.List) == 2 {
				if name, ok := f.Recv.List[0].Type.(*ast.Ident); ok {
					types = append(types, name.Name)
				}
			}
		}
	}
	require.Contains(t, types, "PutOrder")
	var decoded []string
	for kind, read := range decoders {
		c, err := read(json.RawMessage(`{}`))
		if err != nil { // {} lacks what it must have
			rapid.Check(t, func(rt *rapid.T) { c = draws[kind](rt) })
		}
		require.Equal(t, kind, KindOf(c))
		decoded = append(decoded, reflect.TypeOf(c).Name())
		require.NotNil(t, draws[kind], kind)
	}
	require.ElementsMatch(t, types, decoded)
}

// What was edited is refused, saying where.
func TestDecodeCommand_refuses(t *testing.T) {
	for _, row := range []struct{ kind, raw, says string }{
		{"call", `{}`, `no kind "call"`},
		{"nothing", `{}`, `no kind "nothing"`},
		{"enter", `{"vehicle":"渝ATX061/1","parkingId":"1","extra":1}`, "/extra"},
		{"enter", `{"vehicle":"渝ATX061/7","parkingId":"1"}`, "/vehicle"},
		{"enter", `{"parkingId":"1"}`, "/plateNumber"},
		{"enter", `{"vehicle":"渝ATX061/1","at":"yesterday"}`, "/at"},
		{"enter", `{"vehicle":"渝ATX061/1","at":"2017-08-20T12:00:00+08:00"`, "enter"},
		{"enter", `{"vehicle":"渝ATX061/1","vehicle":"渝ATX061/1"}`, "vehicle"},
		{"exit", `{"vehicle":"渝ATX061/1","payment":"credit"}`, "/payment"},
		{"parking", `{"parking":{"id":"1","name":"P","lat":"1","lon":"1","parkingType":"8","totalSpace":5,"tariff":{"freeMinutes":0,"unitMinutes":0,"unitPrice":5}}}`, "/parking/tariff/unitMinutes"},
		{"parking", `{"parking":{"id":"1","name":"P","lat":"91","lon":"1","tariff":{"unitMinutes":1,"unitPrice":5.005}}}`, "/parking/tariff/unitPrice"},
		{"merchant", `{"merchant":{"no":"","key":"k"}}`, "/merchant/no"},
		{"merchant", `{"merchant":{"no":"M","key":"k","push":{"urls":{"exit":"ftp://x"}}}}`, "/merchant/push/urls/exit"},
		{"order", `{"enter":{"vehicle":"渝ATX061/1"},"fee":-1}`, "/fee"},
		{"binding", `{"phone":"1","vehicle":"渝ATX061/1","since":"2017-08-20T12:00:00+08:00"}`, "/phone"},
		{"trigger", `{"merchantNo":"M1","kind":"exit","fields":{"parkId":[1]}}`, "/fields/parkId"},
		{"rules", `{"rules":[]}`, "/rules"},
		{"rules", `{"rules":{"a":[[[[[[[[[[]]]]]]]]]]}}`, "rules"},
		{"rules", `{"rules":{"a":"` + strings.Repeat("x", maxCommand) + `"}}`, "is over"},
	} {
		_, err := DecodeCommand(row.kind, json.RawMessage(row.raw))
		require.ErrorIs(t, err, ErrCommand)
		require.ErrorContains(t, err, row.says)
	}
}

// A summary is one line without keys, and names what the command is about.
func TestCommand_summary(t *testing.T) {
	at, v := time.Date(2017, 8, 20, 12, 0, 0, 0, notation.Shanghai), notation.Vehicle{Plate: car, Color: "1"}
	for want, c := range map[string]Command{
		"渝ATX061 (plateColor 1) enters car park 1 at 2017-08-20 12:00:00": Enter{Vehicle: v, ParkingID: "1", At: at},
		"渝ATX061 (plateColor 1) leaves, payment cash":                     Exit{Vehicle: v},
		"merchant M1 set": PutMerchant{Merchant{No: "M1", Key: "secret"}},
		"stay of 渝ATX061 (plateColor 1) in car park 1 from 2017-08-20 12:00:00 to 2017-08-20 13:00:00": PutOrder{Enter: Enter{Vehicle: v, ParkingID: "1", At: at}, ExitTime: at.Add(time.Hour)},
		"rules set: bind.max=5, strict=default":                                                        SetRules{map[string]any{"strict": nil, "bind.max": 5.0}},
		"push exit to merchant M1 triggered by hand":                                                   Trigger{MerchantNo: "M1", Kind: "exit"},
		"渝ATX061 (plateColor 1) bound by 13800000001 through merchant M1":                              PutBinding{Phone: alice, Vehicle: v, MerchantNo: "M1"},
	} {
		require.Equal(t, want, c.Summary().EN)
		require.Regexp(t, `\p{Han}`, c.Summary().ZH)
	}
	rapid.Check(t, func(rt *rapid.T) {
		for _, kind := range slices.Sorted(maps.Keys(draws)) {
			c := draws[kind](rt)
			named := strings.Contains(fmt.Sprintf("%+v", c), "%!") // such a name may be drawn
			for _, text := range []string{c.Summary().EN, c.Summary().ZH} {
				require.NotContains(rt, text, "\n")
				require.True(rt, named || !strings.Contains(text, "%!"), text)
				require.Less(rt, len(text), 300)
			}
		}
	})
}
