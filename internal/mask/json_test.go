package mask

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever JSON there is, it is JSON afterwards; where there is no key in it, it stays as it is.
func FuzzMasker_json(f *testing.F) {
	data := func(member string) bool { return member == "data" || member == "sign" }
	for _, seed := range []string{
		`{"data":{"a":"key!"}}`, `{"data":"{\"a\":\"\\u006bey!\"}"}`, `[1,"key!",{"sign":["key!"]}]`, `{"data":12345678}`, `"\u006bey!"`, `{"":{"data":"\ud800"}}`, " [ ] ", `{"data":{"key!":{"key!":1}}}`, `{"no":"key!"}`, `{"no":["key!"]}`,
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
		require.Equal(t, text, string(New("not there, as nobody writes it").JSON([]byte(text), data, no)))
		j := jsonMasker{in: []byte(text), masker: New("not there, as nobody writes it"), inside: data, names: no}
		j.value(false)
		require.Equal(t, text, string(append(j.out, text[j.at:]...)))
	})
}
