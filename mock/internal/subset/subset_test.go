package subset_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/subset"
)

func TestObject(t *testing.T) {
	for _, row := range []struct {
		want, text string
		differs    []string
	}{
		{`{}`, `anything`, nil},
		{`{"a":1}`, `{"b":2,"a":1}`, nil},
		{`{"a":1}`, ` { "a" : 1.0 , "b":[{}] } `, nil},
		{`{"a":8}`, `{"a":8e0}`, nil},
		{`{"payment":8}`, `{"payment":9}`, []string{"data.payment: want 8, got 9"}},
		{`{"payment":8}`, `{"payment":"8"}`, []string{`data.payment: want 8, got "8" (a string)`}},
		{`{"payment":"8"}`, `{"payment":8}`, []string{`data.payment: want "8", got 8 (a number)`}},
		{`{"payment":10}`, `{"payment":"10.0"}`, []string{`data.payment: want 10, got "10.0" (a string)`}},
		{`{"a":10}`, `{"a":10.000000000000000000001}`, []string{`data.a: want 10, got 10.000000000000000000001`}},
		{`{"a":1E+2}`, `{"a":100.0}`, nil},
		{`{"a":0.0}`, `{"a":-0}`, nil},
		{`{"a":"null"}`, `{"a":null}`, []string{`data.a: want "null", got null (no string)`}},
		{`{"a":1,"b":2}`, `{"b":3}`, []string{"data.a: want 1, got nothing", "data.b: want 2, got 3"}},
		{`{"a":9007199254740993}`, `{"a":9007199254740992}`, []string{"data.a: want 9007199254740993, got 9007199254740992"}},
		{`{"渝":"B\u0031"}`, `{"\u6e1d":"\u00421"}`, nil},
		{`{"a":"x\"y\\"}`, `{"a":"x\"y\\","b":"\\\""}`, nil},
		{`{"a":{"b":1}}`, `{"a":{"c":2,"b":1}}`, nil},
		{`{"a":{"b":{"c":1}}}`, `{"a":{"b":{"c":2}}}`, []string{"data.a.b.c: want 1, got 2"}},
		{`{"a":{"b":1}}`, `{"a":7}`, []string{`data.a: want {"b":1}, got 7`}},
		{`{"a":[1,"2"]}`, `{"a":[1.0,"2"]}`, nil},
		{`{"a":[1]}`, `{"a":[1,2]}`, []string{"data.a: want [1], got [1,2]"}},
		{`{"a":[1,2]}`, `{"a":[1]}`, []string{"data.a: want [1,2], got [1]"}},
		{`{"a":[]}`, `{"a":[]}`, nil},
		{`{"a":null}`, `{"a":null}`, nil},
		{`{"a":null}`, `{}`, []string{"data.a: want null, got nothing"}},
		{`{"a":1}`, `{"a":2,"a":1}`, nil},
		{`{"a":1}`, ``, []string{"data: want an object, got nothing"}},
		{`{"a":1}`, `[1]`, []string{"data: want an object, got [1]"}},
		{`{"a":1}`, `{"a":1`, []string{`data: want an object, got {"a":1`}},
		{`{"a":1}`, `{"a":1} x`, []string{`data: want an object, got {"a":1} x`}},
	} {
		o, err := subset.New([]byte(row.want))
		require.NoError(t, err)
		require.Equal(t, row.differs, o.Explain("data", row.text), "%s in %s", row.want, row.text)
		require.Equal(t, len(row.differs) == 0, o.Differs(row.text) == 0, "%s in %s", row.want, row.text)
	}
	for _, text := range []string{"", "[]", "1", `{"a"`, "null"} {
		_, err := subset.New([]byte(text))
		require.ErrorIs(t, err, subset.ErrNotObject)
	}
}

// By value, 10, 10.0, "10" and "10.0" are the same amount, exactly; ids are the same only where their texts are.
func TestObject_byValue(t *testing.T) {
	for _, row := range []struct {
		want, text string
		same       bool
	}{
		{`{"payment":10}`, `{"payment":"10.0"}`, true},
		{`{"payment":10.0}`, `{"payment":"10"}`, true},
		{`{"payment":"10"}`, `{"payment":10}`, true},
		{`{"payment":"10"}`, `{"payment":"10.0"}`, true},
		{`{"payment":"10.00"}`, `{"payment":"10"}`, true},
		{`{"receivableFee":"5.5"}`, `{"receivableFee":"5.50"}`, true},
		{`{"payment":10}`, `{"payment":"10.01"}`, false},
		{`{"payment":10}`, `{"payment":"10.000000000000000000001"}`, false},
		{`{"payment":10}`, `{"payment":-10}`, false},
		{`{"payment":10}`, `{"payment":"1e1"}`, false},
		{`{"payment":10}`, `{"payment":" 10"}`, false},
		{`{"payment":10}`, `{"payment":null}`, false},
		{`{"plateColor":1}`, `{"plateColor":"1"}`, true},
		{`{"orderId":7}`, `{"orderId":"007"}`, false},
		{`{"appId":"1.1"}`, `{"appId":"1.10"}`, false},
		{`{"a":true}`, `{"a":"true"}`, false},
		{`{"a":[{"payment":10}]}`, `{"a":[{"payment":"10.0"}]}`, true},
		{`{"a":{"parkingFee":["10"]}}`, `{"a":{"parkingFee":["10.0"]}}`, true},
	} {
		o, err := subset.New([]byte(row.want))
		require.NoError(t, err)
		o.ByValue()
		require.Equal(t, row.same, o.Differs(row.text) == 0, "%s in %s", row.want, row.text)
		require.Equal(t, row.same, len(o.Explain("data", row.text)) == 0, "%s in %s", row.want, row.text)
	}
	var none *subset.Object
	none.ByValue()
}

// An object contains itself, however it is written, and every part of itself.
func TestObject_containsItself(t *testing.T) {
	scalars := rapid.OneOf(rapid.String().AsAny(), rapid.Float64Range(-1e9, 1e9).AsAny(), rapid.Bool().AsAny())
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.MapOf(rapid.String(), scalars).Draw(t, "object")
		nested := map[string]any{"in": m, "list": []any{m, 1.0}}
		maps.Copy(nested, m)
		text, _ := json.Marshal(nested)
		spaced, _ := json.MarshalIndent(nested, "", "\t")
		o, err := subset.New(text)
		if err != nil || o.Differs(string(spaced)) != 0 {
			t.Fatalf("%s: %v %v", text, err, o.Explain("", string(spaced)))
		}
		for name := range nested {
			part, _ := json.Marshal(map[string]any{name: nested[name]})
			if p, _ := subset.New(part); p.Differs(string(text)) != 0 {
				t.Fatalf("%s is not in %s", part, text)
			}
		}
	})
}

func FuzzObject(f *testing.F) {
	f.Add(`{"a":1}`, `{"a":1,"b":[{"c":"\""}]}`)
	f.Add(`{"a":[1,{"b":null}]}`, `{"a":[1`)
	f.Fuzz(func(t *testing.T, want, text string) {
		o, err := subset.New([]byte(want))
		if err != nil {
			return
		}
		if (o.Differs(text) == 0) != (len(o.Explain("data", text)) == 0) {
			t.Fatalf("%q in %q", want, text)
		}
		var a, b map[string]any
		if json.Unmarshal([]byte(want), &a) == nil && json.Unmarshal([]byte(text), &b) == nil && reflect.DeepEqual(a, b) && want == text && o.Differs(text) != 0 {
			t.Fatalf("%q does not contain itself: %v", text, o.Explain("data", text))
		}
	})
}

func BenchmarkDiffers(b *testing.B) {
	o, _ := subset.New([]byte(`{"payment":"8.00","orderId":"9E2F1B7C-6D0A-4C37-9D55-0C1C6B0B7E11"}`))
	text := `{"token":"d970cff4-3811-438b-ba90-50503510345b","orderId":"9E2F1B7C-6D0A-4C37-9D55-0C1C6B0B7E11","externalOrderId":"x1","payment":"8.00","payTime":"2017-10-27 09:30:00"}`
	b.ReportAllocs()
	for b.Loop() {
		o.Differs(text)
	}
}
