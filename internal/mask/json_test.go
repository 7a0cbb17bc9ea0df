package mask

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever JSON there is, it is JSON afterwards; where there is no key in it, it stays as it is.
func FuzzMasker_json(f *testing.F) {
	data := func(member string) bool { return member == "data" || member == "sign" }
	for _, seed := range []string{
		`{"data":{"a":"key!"}}`, `{"data":"{\"a\":\"\\u006bey!\"}"}`, `[1,"key!",{"sign":["key!"]}]`, `{"data":12345678}`, `"\u006bey!"`, `{"":{"data":"\ud800"}}`, " [ ] ", `{"data":{"key!":{"key!":1}}}`, `{"no":"key!"}`, `{"no":["key!"]}`,
		`{"data":["k%65y!","12345678",12345678,"12&#51;45678","12345…","\\","%"]}`, `{"data":"k%65y!","no":"x"}`, `{"data":"1234567…"}`,
	} {
		f.Add(seed)
	}
	no := map[string]func(string) bool{"no": func(text string) bool { return text == "" }}
	f.Fuzz(func(t *testing.T, text string) {
		if !json.Valid([]byte(text)) {
			return
		}
		out := New("key!", "12345678").JSON([]byte(text), data, no)
		require.True(t, json.Valid(out), "%s", out)
		searched := jsonMasker{in: []byte(text), masker: New("key!", "12345678"), word: Hidden, inside: data, names: no}
		searched.value(false)
		require.Equal(t, string(searched.masked()), string(out), "as where each text is searched")
		require.Equal(t, text, string(New("not there, as nobody writes it").JSON([]byte(text), data, no)))
		j := jsonMasker{in: []byte(text), masker: New("not there, as nobody writes it"), inside: data, names: no}
		j.value(false)
		require.Equal(t, text, string(j.masked()))
		require.Empty(t, strings.TrimLeft(text[j.at:], " \t\r\n"), "all of it was read")
	})
}

// Another word stands where a secret is hidden, and what was hidden before stays as it is, whatever characters stand beside it.
func TestMasker_jsonAs(t *testing.T) {
	hides := New("12345678", "s3cret/key")
	inside := func(member string) bool { return member == "name" }
	for in, want := range map[string]string{
		`{"name":"of 12345678","data":"12345678"}`:          `{"name":"of hidden","data":"12345678"}`,
		`{"name":["•••",12345678,"s3cret\/key"],"a":"•••"}`: `{"name":["•••","hidden","hidden"],"a":"•••"}`,
		`{"name":{"\ue000sent\ue001":"12345678"}}`:          `{"name":{"\ue000sent\ue001":"hidden"}}`,
		`{"name":"\ue000sent\ue001"}`:                       `{"name":"\ue000sent\ue001"}`,
		`{"name":"{\"a\":\"1234567\\u0038\"}"}`:             `{"name":"{\"a\":\"hidden\"}"}`,
	} {
		require.Equal(t, want, string(hides.JSONAs("hidden", []byte(in), inside)))
	}
}

// A page of a push log whose URLs have escapes.
func BenchmarkMasker_JSON(b *testing.B) {
	var page strings.Builder
	page.WriteString(`{"items":[{}`)
	for range 100 {
		page.WriteString(`,{"id":"p1","kind":"unbind","url":"http://accept.invalid/?body=%7B%22code%22%3A0%7D","error":"code 1","body":"{\"plateNumber\":\"渝A12345\",\"time\":\"2017-08-20 12:00:00\"}"}`)
	}
	page.WriteString(`]}`)
	m, document := New("key-0a1b2c3d4e5f", "key-f0e1d2c3b4a5"), []byte(page.String())
	members := func(member string) bool { return member == "url" || member == "error" || member == "body" }
	b.ReportAllocs()
	for b.Loop() {
		m.JSON(document, members, nil)
	}
}
