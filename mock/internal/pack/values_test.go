package pack

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

type inner struct {
	Name string `json:"name"`
	At   time.Time
}

type base struct{ Count int64 }

// own has a JSON of its own.
type own struct{ hidden string }

func (o own) MarshalJSON() ([]byte, error)     { return json.Marshal(o.hidden) }
func (o *own) UnmarshalJSON(text []byte) error { return json.Unmarshal(text, &o.hidden) }

type whole struct {
	base

	Text    string
	Flag    bool
	Small   uint8
	Rate    float64
	Raw     []byte
	List    []inner
	Pointer *int
	Nested  *inner
	ByName  map[string]*inner
	Any     map[string]any
	Own     own
	JSON    json.RawMessage `json:"json,omitempty"`
	Since   time.Duration
	Left    string `json:"-"`
}

func drawTime(t *rapid.T) time.Time {
	at := time.Unix(rapid.Int64Range(-1<<35, 1<<35).Draw(t, "second"), rapid.Int64Range(0, 999_999_999).Draw(t, "nano"))
	return at.In(rapid.SampledFrom([]*time.Location{time.UTC, time.FixedZone("", 8*3600), time.FixedZone("", -5*3600+60)}).Draw(t, "zone"))
}

func drawInner(t *rapid.T) inner { return inner{rapid.String().Draw(t, "name"), drawTime(t)} }

func drawWhole(t *rapid.T) whole {
	w := whole{
		base: base{rapid.Int64().Draw(t, "count")}, Text: rapid.String().Draw(t, "text"), Flag: rapid.Bool().Draw(t, "flag"),
		Small: rapid.Uint8().Draw(t, "small"), Rate: rapid.Float64().Draw(t, "rate"),
		Own: own{rapid.String().Draw(t, "own")}, Since: time.Duration(rapid.Int64().Draw(t, "since")),
	}
	if rapid.Bool().Draw(t, "lists") {
		w.Raw, w.List = rapid.SliceOfN(rapid.Byte(), 0, 9).Draw(t, "raw"), []inner{}
		for range rapid.IntRange(0, 4).Draw(t, "n") {
			w.List = append(w.List, drawInner(t))
		}
	}
	if rapid.Bool().Draw(t, "pointers") {
		n, nested := rapid.Int().Draw(t, "pointed"), drawInner(t)
		w.Pointer, w.Nested = &n, &nested
	}
	if rapid.Bool().Draw(t, "maps") {
		nested := drawInner(t)
		w.ByName = map[string]*inner{rapid.String().Draw(t, "key"): &nested, "nil": nil}
		w.Any = map[string]any{"number": 1.5, "list": []any{"a", true}}
		w.JSON = json.RawMessage(`{"a":[1]}`)
	}
	return w
}

// What is written is read again as JSON would read it: the same value, with nil and empty told apart, and each time in its zone.
func TestValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Custom(drawWhole), 1, 4).Draw(t, "values")
		var w Writer
		for i := range values {
			require.NoError(t, w.Write(&values[i]))
		}
		r := ValueReader{Reader: Reader{Rest: string(w.Bytes)}}
		for i := range values {
			var again whole
			require.NoError(t, r.Read(&again))
			want, err := json.Marshal(values[i])
			require.NoError(t, err)
			have, err := json.Marshal(again)
			require.NoError(t, err)
			require.Equal(t, string(want), string(have))
			require.Equal(t, values[i].Raw == nil, again.Raw == nil)
			require.Equal(t, values[i].Own, again.Own)
		}
		require.Empty(t, r.Rest)
	})
}

// Of what is cut short anywhere nothing is read but an error.
func TestValues_cutShort(t *testing.T) {
	n := 7
	value := whole{Text: "text", List: []inner{{"a", time.Now()}, {"b", time.Now()}}, Pointer: &n, ByName: map[string]*inner{"c": {}}, Any: map[string]any{"x": 1.0}}
	var w Writer
	require.NoError(t, w.Write(&value))
	for cut := range w.Bytes {
		r := ValueReader{Reader: Reader{Rest: string(w.Bytes[:cut])}}
		require.ErrorIs(t, r.Read(new(whole)), ErrValue, cut)
	}
}

// A struct that has more fields than it had is read; one that has lost a field, or has another kind in its place, is refused.
func TestValues_changedType(t *testing.T) {
	type before struct{ A, B string }
	type more struct {
		New  int
		B, A string
	}
	type less struct{ A string }
	type other struct {
		A string
		B int
	}
	write := func(v any) string {
		var w Writer
		require.NoError(t, w.Write(v))
		return string(w.Bytes)
	}
	read := func(text string, v any) error {
		return (&ValueReader{Reader: Reader{Rest: text}}).Read(v)
	}
	text := write(&before{"a", "b"})
	var m more
	require.NoError(t, read(text, &m))
	require.Equal(t, more{0, "b", "a"}, m)
	for _, v := range []any{new(less), new(other)} {
		err := read(text, v)
		require.True(t, errors.Is(err, ErrValue), "%s: %v", reflect.TypeOf(v), err)
	}
	require.ErrorIs(t, read(write(&m), new(before)), ErrValue)
}

// In pieces it is the same, however much there is; an error of whoever takes them is returned.
func TestValues_inPieces(t *testing.T) {
	var long whole
	for range 10_000 {
		long.List = append(long.List, inner{"a name of some length", time.Unix(1, 2)})
	}
	var all Writer
	require.NoError(t, all.Write(&long))
	var pieces bytes.Buffer
	w := Writer{To: &pieces}
	require.NoError(t, w.Write(&long))
	require.Less(t, len(w.Bytes), 2*piece)
	require.NoError(t, w.Flush())
	require.True(t, bytes.Equal(all.Bytes, pieces.Bytes()))
	require.ErrorIs(t, (&Writer{To: full{}}).Write(&long), errFull)
}

type full struct{}

var errFull = errors.New("full")

func (full) Write([]byte) (int, error) { return 0, errFull }

// FuzzValues reads bytes that anybody may have changed.
func FuzzValues(f *testing.F) {
	var w Writer
	if err := w.Write(&whole{Text: "text", List: []inner{{"a", time.Now()}}, Any: map[string]any{"x": 1.0}}); err != nil {
		f.Fatal(err)
	}
	f.Add(w.Bytes)
	f.Fuzz(func(_ *testing.T, text []byte) {
		_ = (&ValueReader{Reader: Reader{Rest: string(text)}}).Read(new(whole)) // it does not panic
	})
}
