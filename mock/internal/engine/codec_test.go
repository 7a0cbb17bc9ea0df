package engine

import (
	"go/ast"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/gosource"
	"github.com/etcp-mock/etcp-mock/mock/internal/clock"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/pack"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tariff"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/sign"
)

// applied are the types of a package that have a method apply whose first parameter, or whose receiver's, is of a type.
func applied(t *testing.T, dir, first string) (names []string) {
	t.Helper()
	for _, file := range gosource.Folder(t, dir) {
		for _, d := range file.Syntax.Decls {
			f, ok := d.(*ast.FuncDecl)
			if ok && f.Name.Name == "apply" && f.Recv != nil && nameOf(f.Type.Params.List[0].Type) == first {
				names = append(names, nameOf(f.Recv.List[0].Type))
			}
		}
	}
	return names
}

func nameOf(e ast.Expr) string {
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	name, _ := e.(*ast.Ident)
	return name.Name
}

// An input without a row in inputs could be applied, and not be read again.
func TestInputs_noneIsMissing(t *testing.T) {
	var have []string
	for kind, make := range inputs {
		in := make()
		if restore, ok := in.(*Restore); ok && kind == "undo" {
			restore.Undo = 1
		}
		require.Equal(t, kind, in.Kind())
		if name := reflect.TypeOf(in).Elem().Name(); !slices.Contains(have, name) {
			have = append(have, name)
		}
	}
	require.ElementsMatch(t, applied(t, ".", "Engine"), have)
}

// everyKind is a log with an input of every kind, and a command of every kind, as bytes by what Word says of them.
func everyKind(tb testing.TB) (r *rig, byWord map[string][]byte) {
	tb.Helper()
	r = newRig(tb, city())
	token := r.token()
	r.call(0, "carnum", map[string]any{"token": token}, nil)
	rich := r.request("M1", "bindcar", "{")
	rich.Headers = []journal.Header{{Name: "User-Agent", Value: "Go-http-client/1.1"}, {Name: "X", Value: ""}}
	rich.RawData, rich.RawForm, rich.Foreign, rich.Lints = "%7B", "data=%7B", "text/plain", []params.Lint{{Rule: "r", Detail: "d", DetailZh: "详"}}
	rich.Injected = &fault.OnRequest{Delay: time.Second, Hits: []fault.Active{{ID: "f1"}}, Body: new("<b>"), Code: new(2)}
	r.apply(rich)
	refused := r.request("", "bindcar", "")
	refused.Refusal, refused.Status = reasons.Refuse("body-too-large"), 413
	r.apply(refused)
	r.apply(&SetClock{Change: clock.Change{Mode: new(clock.Running), Rate: new(1.0 / 3), Now: new(noon.Add(time.Hour))}, Quiet: true})
	r.apply(&AddFault{fault.Fault{Name: "坏", On: fault.On{Push: "entry"}, Times: 1, Probability: new(0.5), Do: fault.Do{Delay: fault.Lognormal(time.Second, 0.8), Duplicate: new(2)}}})
	other := notation.Vehicle{Plate: "渝A00009", Color: "2"}
	r.do(platform.PutMerchant{Merchant: platform.Merchant{No: "M3", Key: "k", Name: "三", Push: &platform.Hook{URL: "http://accept.invalid/", URLs: map[string]string{"exit": "http://accept.invalid/x"}, Kinds: []string{"exit"}}}})
	r.do(platform.DeleteMerchant{No: "M3"})
	r.do(platform.PutParking{Parking: platform.Parking{ID: "2", Name: "P", City: "C", Lat: "1", Lon: "2", ParkingType: "8", TotalSpace: 3, Tariff: tariff.Tariff{UnitMinutes: 7, UnitPrice: 99, DailyCap: new(notation.Fen(1234))}}})
	r.do(platform.DeleteParking{ID: "2"})
	r.do(platform.PutVehicle{Vehicle: other, Registered: platform.Registered{VIN: "LVSHBFDC7RF414158", Engine: "E", UserType: "76", FixParkingID: "U", RemainingDays: "3"}})
	r.do(platform.DeleteVehicle{Vehicle: other})
	r.do(platform.PutBinding{Phone: alice, Vehicle: other, MerchantNo: "M2", Since: noon, Certified: true})
	r.do(platform.PutOrder{Enter: platform.Enter{Vehicle: other, ParkingID: "1", At: noon.Add(-time.Hour)}, ExitTime: noon, Payment: "cash", Fee: new(notation.Fen(1))})
	r.do(platform.SetRules{Rules: map[string]any{"push.schedule": []any{"1m"}, "strict": true, "bind.max": 4.0, "status.plenty": nil}})
	r.do(platform.Enter{Vehicle: theCar, ParkingID: "1", UserType: "76", FixParkingID: "U", RemainingDays: "1", At: noon})
	r.do(platform.Exit{Vehicle: theCar, Payment: "none"})
	r.do(platform.Trigger{MerchantNo: "M1", Kind: "exit", Fields: map[string]any{"plateNumber": "<&>\u2028", "receivableFee": sign.Number("1.50"), "stayedTime": int64(1) << 62}})
	r.apply(&Redeliver{ID: "p1"})
	r.settle(false)
	r.apply(&Outcome{Attempt: 1 << 40, ID: "p9", SentAt: noon, Result: push.Result{Delivered: true, HTTPStatus: 200, Response: "\xff", Duration: time.Second}})
	for _, in := range []Input{
		&MoveClock{To: noon.Add(24 * time.Hour), Last: true}, &Wake{}, &Resume{}, &DeleteFault{ID: "f1"}, &DeleteFault{}, &ClearJournal{},
		&Restore{State: document(tb, r.e.LastState())}, &Restore{State: document(tb, r.e.LastState()), Undo: 3}, &Reset{}, &Reset{Spec: &fixture.Spec{Seed: 9, FirstMerchant: "M9"}},
	} {
		require.NoError(tb, r.apply(in).Err)
	}
	byWord = map[string][]byte{}
	for _, raw := range r.log {
		record, err := Decode(raw)
		require.NoError(tb, err)
		byWord[record.Word()] = raw // the newest of each
	}
	return r, byWord
}

// Every kind of input comes back from its bytes: the bytes are the same again, and applied it gives the same.
func TestCodec_everyKind(t *testing.T) {
	r, byWord := everyKind(t)
	for kind := range inputs {
		if kind != "command" {
			require.Contains(t, byWord, kind)
		}
	}
	var commands []string
	for _, raw := range byWord {
		record, err := Decode(raw)
		require.NoError(t, err)
		if c, ok := record.Input.(*Command); ok {
			commands = append(commands, reflect.TypeOf(c.Command).Name())
		}
	}
	require.ElementsMatch(t, applied(t, filepath.Join("..", "platform"), "State"), commands)
	for i, raw := range r.log {
		record, err := Decode(raw)
		require.NoError(t, err)
		require.EqualValues(t, i+1, record.Seq)
		again, err := Encode(nil, &record)
		require.NoError(t, err)
		require.Equal(t, string(raw), string(again))
		summary := record.Summary()
		require.NotEmpty(t, summary.EN)
		require.NotContains(t, summary.EN+summary.ZH, "key-M1")
		require.NotRegexp(t, `[\s:：]$`, summary.EN, "it says what was done")
		if _, request := record.Input.(*Request); !request {
			require.Regexp(t, `\p{Han}`, summary.ZH, summary.EN)
		}
	}
	e := New(echo{})
	replayed(t, e, r.log, func(i int, fx *Effects) {
		same(t, r.shown[i], shownOf(t, fx), "effects of input %d", i+1)
		same(t, r.states[i], stateOf(t, e), "state after input %d", i+1)
	})
}

// A record that was cut short, anywhere, is none.
func TestDecode_cutShort(t *testing.T) {
	_, byWord := everyKind(t)
	for word, raw := range byWord {
		for n := range raw {
			_, err := Decode(raw[:n])
			require.ErrorIs(t, err, ErrRecord, "%s, %d of %d bytes", word, n, len(raw))
		}
		_, err := Decode(append(slices.Clone(raw), 0))
		require.ErrorIs(t, err, ErrRecord, "%s with a byte behind it", word)
	}
}

// A record of another version is none.
func TestDecode_anotherVersion(t *testing.T) {
	_, byWord := everyKind(t)
	for _, raw := range byWord {
		other := slices.Clone(raw)
		other[0] = codecVersion + 1
		_, err := Decode(other)
		require.ErrorIs(t, err, ErrRecord)
		require.ErrorContains(t, err, "version 2, want 1")
	}
}

// What a restore puts back is there, and an undo says to which point.
func TestDecode_aRestoreWithoutAState(t *testing.T) {
	for kind, text := range map[string]string{"restore": `{}`, "undo": `{"state":{}}`} {
		raw := pack.AppendText(pack.AppendTime(pack.AppendTime([]byte{codecVersion, 1}, noon), today), kind)
		_, err := Decode(append(raw, text...))
		require.ErrorIs(t, err, ErrRecord)
	}
	raw := pack.AppendText(pack.AppendTime(pack.AppendTime([]byte{codecVersion, 1}, noon), today), "restore")
	_, err := Decode(append(raw, `{"state":{},"undo":3}`...))
	require.ErrorIs(t, err, ErrRecord)
}

// whole says that a record which was decoded is one: it can be read by a person and written again, and comes back as itself, but
// for one without a vehicle, which no edge lets in.
func whole(t *testing.T, raw []byte) {
	t.Helper()
	record, err := Decode(raw)
	if err != nil {
		require.ErrorIs(t, err, ErrRecord)
		return
	}
	require.NotEmpty(t, record.Word())
	require.NotEmpty(t, record.Summary().EN)
	text, err := Encode(nil, &record)
	require.NoError(t, err)
	again, err := Decode(text)
	if err != nil {
		require.ErrorContains(t, err, "not a plate and a colour")
		return
	}
	require.Equal(t, record.Seq, again.Seq)
	require.True(t, record.At.Equal(again.At) && record.Wall.Equal(again.Wall))
	require.Equal(t, record.Input.Kind(), again.Input.Kind())
}

// With a bit flipped, anywhere, a record is refused, or is another that is whole.
func TestDecode_flippedBits(t *testing.T) {
	_, byWord := everyKind(t)
	for _, word := range slices.Sorted(maps.Keys(byWord)) {
		raw := byWord[word]
		for i := 0; i < len(raw); i += 1 + i/300 {
			flipped := slices.Clone(raw)
			flipped[i] ^= 1 << (i % 8)
			whole(t, flipped)
		}
	}
}

// No bytes make Decode panic, or give what cannot be written again.
func FuzzDecode(f *testing.F) {
	_, byWord := everyKind(f)
	for _, raw := range byWord {
		f.Add(raw)
	}
	f.Fuzz(whole)
}
