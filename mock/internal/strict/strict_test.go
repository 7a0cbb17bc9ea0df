package strict_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

type tariff struct {
	FreeMinutes int    `json:"freeMinutes"`
	DailyCap    string `json:"dailyCap,omitempty"`
}

type common struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type more struct {
	Note string `json:"note"`
}

type parking struct {
	common
	*More
	Lat    string         `json:"lat"`
	Tariff *tariff        `json:"tariff"`
	Small  int8           `json:"small"`
	Count  uint16         `json:"count"`
	Rate   float64        `json:"rate"`
	Open   bool           `json:"open"`
	Kinds  []string       `json:"kinds"`
	Rules  map[string]int `json:"rules"`
	Any    any            `json:"any"`
	Hidden string         `json:"-"`
	secret string
}

// More is exported, so that it can be embedded by pointer.
type More = more2

type more2 struct{ more }

type amount string

func (a *amount) UnmarshalStrictJSON(raw json.RawMessage) error {
	switch text := strings.Trim(string(raw), `"`); {
	case strings.HasPrefix(string(raw), "{"):
		return strict.ProblemsError{{Pointer: "/yuan", Detail: "no objects, please", Offset: 1}}
	case text == "" || strings.Trim(text, "0123456789") != "":
		return errors.New("want an amount")
	default:
		*a = amount(text)
		return nil
	}
}

type color string

func (c *color) UnmarshalText(text []byte) error {
	if string(text) != "1" && string(text) != "5" {
		return errors.New("want 1 or 5")
	}
	*c = color(text)
	return nil
}

// noon is text with a mind of its own.
type noon string

func (n *noon) UnmarshalStrict(text string) error {
	if text != "12:00" {
		return errors.New("want 12:00")
	}
	*n = noon(text)
	return nil
}

type body struct {
	Parkings []parking           `json:"parkings"`
	Clock    noon                `json:"clock"`
	By       *strict.Duration    `json:"by"`
	Raw      json.RawMessage     `json:"raw"`
	Fee      amount              `json:"fee"`
	Colors   map[color]amount    `json:"colors"`
	Number   json.Number         `json:"number"`
	Std      time.Time           `json:"std"`
	Deep     *body               `json:"deep"`
	Lists    [][]strict.Duration `json:"lists"`
}

func decode(t *testing.T, text string) (body, map[string]string) {
	t.Helper()
	var b body
	out := map[string]string{}
	for _, p := range strict.Decode([]byte(text), &b, strict.Limits{}) {
		out[p.Pointer] = p.Detail
	}
	return b, out
}

func TestDecode_takesWhatItKnows(t *testing.T) {
	text := ` {"parkings":[{"id":"1","name":"ETCP \u667a\ud83d\ude97\n","lat":"29.5","note":"n","tariff":{"freeMinutes":15},"small":-128,"count":65535,
		"rate":-1.5e3,"open":true,"kinds":["entry","exit"],"rules":{"a/b":1},"any":{"x":[1,null,"s",false]}},{"id":"2","tariff":null,"kinds":null,"any":null}],
		"clock":"12:00","by":"1d12h","raw":{"a" : [1]},"fee":12,"colors":{"5":"7"},"number":123456789012345678901,"std":"2017-08-20T12:00:00Z",
		"deep":{"lists":[["5s"],[]]}}` + "\n"
	b, problems := decode(t, text)
	require.Empty(t, problems)
	p := b.Parkings[0]
	require.Equal(t, "1", p.ID)
	require.Equal(t, "ETCP 智🚗\n", p.Name)
	require.Equal(t, "n", p.Note)
	require.Equal(t, &tariff{FreeMinutes: 15}, p.Tariff)
	require.Equal(t, int8(-128), p.Small)
	require.Equal(t, uint16(65535), p.Count)
	require.InDelta(t, -1500, p.Rate, 0)
	require.True(t, p.Open)
	require.Equal(t, []string{"entry", "exit"}, p.Kinds)
	require.Equal(t, map[string]int{"a/b": 1}, p.Rules)
	require.Equal(t, map[string]any{"x": []any{1.0, nil, "s", false}}, p.Any)
	require.Nil(t, b.Parkings[1].Tariff)
	require.Nil(t, b.Parkings[1].Kinds)
	require.Equal(t, noon("12:00"), b.Clock)
	require.Equal(t, 36*time.Hour, b.By.Std())
	require.Equal(t, `{"a" : [1]}`, string(b.Raw))
	require.Equal(t, amount("12"), b.Fee)
	require.Equal(t, map[color]amount{"5": "7"}, b.Colors)
	require.Equal(t, json.Number("123456789012345678901"), b.Number)
	require.Equal(t, 12, b.Std.UTC().Hour())
	require.Equal(t, [][]strict.Duration{{strict.Duration(5 * time.Second)}, {}}, b.Deep.Lists)
	require.Empty(t, p.Hidden+p.secret)
}

func TestDecode_problems(t *testing.T) {
	for _, c := range []struct{ text, pointer, detail string }{
		{`{"parking":[]}`, "/parking", `unknown field "parking"; did you mean "parkings"?`},
		{`{"parkings":[{"id":"1","LAT":"1"}]}`, "/parkings/0/LAT", `unknown field "LAT"; did you mean "lat"?`},
		{`{"parkings":[{"id":"1","daily_cap":"1"}]}`, "/parkings/0/daily_cap", `unknown field "daily_cap"; known are id, name, note, lat, tariff, small, count, rate, open, kinds, rules, any`},
		{`{"parkings":[{"id":"1","tariff":{"fre-minutes":1}}]}`, "/parkings/0/tariff/fre-minutes", `unknown field "fre-minutes"; did you mean "freeMinutes"?`},
		{`{"parkings":[{"id":"1","Hidden":"x"}]}`, "/parkings/0/Hidden", `unknown field "Hidden"; known are id, name, note, lat, tariff, small, count, rate, open, kinds, rules, any`},
		{`{"a~/b":1}`, "/a~0~1b", `unknown field "a~/b"; known are parkings, clock, by, raw, fee, colors, number, std, deep, lists`},
		{`{"parkings":{}}`, "/parkings", "want an array, got an object"},
		{`{"parkings":[1]}`, "/parkings/0", "want an object, got a number"},
		{`{"parkings":[null]}`, "/parkings/0", "want an object, got null"},
		{`{"parkings":[{"id":7}]}`, "/parkings/0/id", "want a string, got a number"},
		{`{"parkings":[{"id":"1","small":128}]}`, "/parkings/0/small", "want an integer from -128 to 127, got 128"},
		{`{"parkings":[{"id":"1","small":1.0}]}`, "/parkings/0/small", "want an integer from -128 to 127, got 1.0"},
		{`{"parkings":[{"id":"1","small":"1"}]}`, "/parkings/0/small", "want an integer, got a string"},
		{`{"parkings":[{"id":"1","count":-1}]}`, "/parkings/0/count", "want an integer from 0 to 65535, got -1"},
		{`{"parkings":[{"id":"1","rate":1e999}]}`, "/parkings/0/rate", "want a number a float can hold, got 1e999"},
		{`{"parkings":[{"id":"1","rate":true}]}`, "/parkings/0/rate", "want a number, got a boolean"},
		{`{"parkings":[{"id":"1","any":[1e999]}]}`, "/parkings/0/any/0", "the number is out of range"},
		{`{"parkings":[{"id":"1","open":null}]}`, "/parkings/0/open", "want a boolean, got null"},
		{`{"parkings":[{"id":"1","kinds":["a",2]}]}`, "/parkings/0/kinds/1", "want a string, got a number"},
		{`{"parkings":[{"id":"1","rules":{"a":"b"}}]}`, "/parkings/0/rules/a", "want an integer, got a string"},
		{`{"parkings":[{"id":"1","rules":[]}]}`, "/parkings/0/rules", "want an object, got an array"},
		{`{"raw":{"a":1,"b":2,"a":3}}`, "/raw/a", "this field is there twice"},
		{`{"fee":1,"f\u0065e":2}`, "/fee", "this field is there twice"},
		{`{"fee":"x"}`, "/fee", "want an amount"},
		{`{"fee":null}`, "/fee", "want an amount"},
		{`{"fee":{"yuan":1}}`, "/fee/yuan", "no objects, please"},
		{`{"colors":{"2":"1"}}`, "/colors/2", "the name of this field: want 1 or 5"},
		{`{"number":"1"}`, "/number", "want a number, got a string"},
		{`{"clock":12}`, "/clock", "want a string, got a number"},
		{`{"clock":"noon"}`, "/clock", "want 12:00"},
		{`{"by":5}`, "/by", "want a string, got a number"},
		{`{"lists":[[],["1s","x"]]}`, "/lists/1/1", `want a duration such as "45m", "26h30m" or "8d", got "x"`},
		{"{\"raw\":\"\xff\"}", "/raw", "the text is not valid UTF-8"},
		{`{"raw":"\ud800"}`, "/raw", "the text is not valid Unicode"},
		{`{"raw":"\n` + strings.Repeat("x", 4<<20) + `"}`, "/raw", "a text longer than 4 MiB"},
		{`{"raw":"\ud800\u0041"}`, "/raw", "the text is not valid Unicode"},
		{"{\"\xff\":1}", "/\uFFFD", "unknown field \"\\xff\"; known are parkings, clock, by, raw, fee, colors, number, std, deep, lists"},
		{`[]`, "", "want an object, got an array"},
		{`null`, "", "want an object, got null"},
		{``, "", "the body is empty, want JSON"},
		{" \n ", "", "the body is empty, want JSON"},
		{"\ufeff{}", "", "not JSON: line 1:1: a byte order mark"},
		{"{\n  \"渝\": x}", "", `not JSON: line 2:8: 'x', where a value should be`},
		{`{"fee":1,}`, "", `not JSON: line 1:10: '}', where a field's name in quotes should be`},
		{`{"fee" 1}`, "", `not JSON: line 1:8: '1', where : should be`},
		{`{"fee":1 "raw":1}`, "", `not JSON: line 1:10: '"', where , or } should be`},
		{`{"raw":[1 2]}`, "", `not JSON: line 1:11: '2', where , or ] should be`},
		{`{"raw":01}`, "", `not JSON: line 1:9: a number with a leading zero`},
		{`{"raw":-}`, "", `not JSON: line 1:9: '}', where a digit should be`},
		{`{"raw":1.}`, "", `not JSON: line 1:10: '}', where a digit should be`},
		{`{"raw":1e+}`, "", `not JSON: line 1:11: '}', where a digit should be`},
		{`{"raw":"\x"}`, "", `not JSON: line 1:9: the escape \x`},
		{`{"raw":"\u12g4"}`, "", `not JSON: line 1:9: \u without four hexadecimal digits`},
		{"{\"raw\":\"a\nb\"}", "", `not JSON: line 1:10: the control character '\n' within a string`},
		{`{"raw":"a`, "", `not JSON: line 1:10: the end, within a string`},
		{`{"raw":"\`, "", `not JSON: line 1:10: the end, within a string`},
		{`{"raw":`, "", `not JSON: line 1:8: the end, where a value should be`},
		{`{} {}`, "", `not JSON: line 1:4: '{' after the end of the JSON value`},
		{"{}\x00", "", `not JSON: line 1:3: '\x00' after the end of the JSON value`},
		{"\xff", "", `not JSON: line 1:1: the byte 0xff, where a value should be`},
	} {
		t.Run(c.text, func(t *testing.T) {
			_, problems := decode(t, c.text)
			require.Equal(t, c.detail, problems[c.pointer], "%v", problems)
		})
	}
}

// What is not wanted, or is something else, is passed over: it takes no memory. What is wrong in it is still said, in few words.
func TestDecode_readsNothingTwiceOrInVain(t *testing.T) {
	const many = 1 << 20
	wide := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `"k%d":{},`, i)
		}
		return "{" + b.String() + `"z":{}}`
	}
	for name, row := range map[string]struct{ text, pointer, detail string }{
		"the body is something else":         {"[" + strings.Repeat(`{"a":{}},`, many) + "{}]", "", "want an object, got an array"},
		"and is no JSON, which nobody reads": {"[" + strings.Repeat(`{"a":{}},`, many), "", "want an object, got an array"},
		"an unknown field":                   {`{"nobody":[` + strings.Repeat(`{},`, many) + `{}],"fee":"x"}`, "/nobody", "unknown field"},
		"a field that is something else":     {`{"parkings":[{"count":[` + strings.Repeat(`{},`, many) + `{}]}]}`, "/parkings/0/count", "want an integer, got an array"},
		"a field of any type":                {`{"parkings":[{"any":[` + strings.Repeat(`{},`, many) + `{}]}]}`, "/parkings/0/any", "too large: want at most 1024 KiB"},
		"very many fields":                   {`{"nobody":` + wide(100_100) + `}`, "/nobody/k100000", "more than 100000 fields in one object"},
		"a field twice in what is unknown":   {`{"nobody":[{"a":[[0,{"b":1,"\u0062":2}]]}]}`, "/nobody/0/a/0/1/b", "this field is there twice"},
		"no text in what is unknown":         {"{\"nobody\":[7,[\"\xff\"]]}", "/nobody/1/0", "the text is not valid UTF-8"},
		"a very long name":                   {`{"` + strings.Repeat("k", many) + `":1}`, "/" + strings.Repeat("k", 512) + "…", "unknown field"},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			problems := strict.Decode([]byte(row.text), &body{}, strict.Limits{})
			runtime.ReadMemStats(&after)
			require.LessOrEqual(t, after.TotalAlloc-before.TotalAlloc, uint64(3*len(row.text)+64<<10+boolTo(strings.Contains(row.text, "k100000"))*24<<20), "next to nothing but the text is in memory")
			var found bool
			for _, p := range problems {
				found = found || p.Pointer == row.pointer && strings.HasPrefix(p.Detail, row.detail)
				require.Less(t, len(p.Pointer)+len(p.Detail), 2000)
			}
			require.True(t, found, "%.500v", problems)
		})
	}
}

func boolTo(ok bool) int {
	if ok {
		return 1
	}
	return 0
}

// What the beginning of a body says decides whether it may be what is wanted.
func TestBegins(t *testing.T) {
	long := `{"parkings":[{"any":{"a":1},"count":1,"kinds":[` + strings.Repeat(`"x",`, 1000)
	require.True(t, strict.Begins([]byte(long+`"x"]}]}`), &body{}, 200))
	require.True(t, strict.Begins([]byte(long+`"x"]}],"nobody":1}`), &body{}, 200), "that is behind it")
	require.False(t, strict.Begins([]byte(long+`"x"]}],"nobody":1}`), &body{}, 100_000))
	require.False(t, strict.Begins([]byte(`{"nobody":1,`+long[1:]+`"x"]}]}`), &body{}, 200))
}

func TestDecode_saysAllAtOnceInTheirOrder(t *testing.T) {
	var b body
	problems := strict.Decode([]byte(`{"parkings":[{"lat":1,"lat":"x"},{"id":"2","nombre":"y"}],"by":"-1s"}`), &b, strict.Limits{})
	var got []string
	for _, p := range problems {
		got = append(got, p.Pointer)
	}
	require.Equal(t, []string{"/parkings/0/lat", "/parkings/0/lat", "/parkings/1/nombre", "/by"}, got)
	require.Equal(t, body{}, b)
	require.Equal(t, `/parkings/0/lat: want a string, got a number (and 3 more)`, strict.ProblemsError(problems).Error())
}

func TestDecode_allOrNothing(t *testing.T) {
	d := strict.Duration(time.Hour)
	b := body{Fee: "1", By: &d, Colors: map[color]amount{"1": "1"}, Parkings: []parking{{Lat: "1", More: &more2{more{"old"}}}}}
	p := b.Parkings[0]
	require.NotEmpty(t, strict.Decode([]byte(`{"fee":"2","by":"5s","colors":{"5":"5"},"parkings":[{"id":"1","lat":"2"}],"deep":1}`), &b, strict.Limits{}))
	require.NotEmpty(t, strict.Decode([]byte(`{"note":"new","id":1}`), &p, strict.Limits{}))
	require.Equal(t, amount("1"), b.Fee)
	require.Equal(t, time.Hour, b.By.Std())
	require.Equal(t, map[color]amount{"1": "1"}, b.Colors)
	require.Equal(t, "1", b.Parkings[0].Lat)
	require.Equal(t, "old", p.Note)

	require.Empty(t, strict.Decode([]byte(`{"by":"5s"}`), &b, strict.Limits{}))
	require.Equal(t, amount("1"), b.Fee, "what is not mentioned stays")
	require.Equal(t, time.Hour, d.Std(), "pointers are not written through")
}

func TestDecode_limits(t *testing.T) {
	var v any
	nested := func(n int) []byte { return []byte(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	require.Empty(t, strict.Decode(nested(64), &v, strict.Limits{}))
	problems := strict.Decode(nested(65), &v, strict.Limits{})
	require.Len(t, problems, 1)
	require.Equal(t, "nested deeper than 64 levels", problems[0].Detail)
	require.Equal(t, strings.Repeat("/0", 64), problems[0].Pointer)
	require.Len(t, strict.Decode(nested(1_000_000), &v, strict.Limits{}), 1)

	var s []string
	problems = strict.Decode([]byte("["+strings.Repeat("1,", 9999)+"1]"), &s, strict.Limits{})
	require.Len(t, problems, 101)
	require.Equal(t, "there may be more problems: reading stopped here", problems[100].Detail)

	big := "{" + strings.Repeat(`"k":1,`, 50) + `"k":1}`
	require.Len(t, strict.Decode([]byte(big), &v, strict.Limits{}), 50, "each one that comes again")
}

// What is wrong all over is not read to its end: a syntax error behind the hundredth problem is not seen, in an object, an array, and what a type
// reads itself.
func TestDecode_stopsReading(t *testing.T) {
	type row struct {
		ID string `json:"id"`
	}
	var whole struct {
		Rows []row          `json:"rows"`
		Any  map[string]any `json:"any"`
	}
	for name, text := range map[string]string{
		"unknown fields": "{" + strings.Repeat(`"x":1,`, 200) + "oh no",
		"wrong rows":     `{"rows":[` + strings.Repeat(`{"id":1},`, 200) + "oh no",
		"twice":          `{"any":{` + strings.Repeat(`"x":1,`, 200) + "oh no",
		"no Unicode":     `{"any":{"a":[` + strings.Repeat("\"\xff\",", 200) + "oh no",
	} {
		problems := strict.Decode([]byte(text), &whole, strict.Limits{})
		require.Len(t, problems, 101, name)
		require.Equal(t, "there may be more problems: reading stopped here", problems[100].Detail)
		for _, p := range problems {
			require.NotContains(t, p.Detail, "not JSON")
		}
	}
	problems := strict.Decode([]byte(`{"x":1,"rows":[{"id":1}],oh no`), &whole, strict.Limits{})
	require.Len(t, problems, 1, "what is no JSON is not held to what it should say")
	require.Contains(t, problems[0].Detail, "not JSON")

	var e strict.Invalid
	for range 300 {
		e.Add("/x", "is wrong")
	}
	require.Len(t, e.Problems, 101)
	require.True(t, e.Full())
}
