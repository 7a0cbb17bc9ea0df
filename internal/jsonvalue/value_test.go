package jsonvalue_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
)

// Whatever is JSON is read as encoding/json reads it: white space, escapes, bytes that are no UTF-8, names that come twice.
func FuzzValue(f *testing.F) {
	for _, seed := range []string{
		`{}`, `[]`, ` { } `, " [\n]\t", `null`, `true`, `false`, `"a"`, `-1.50e+3`, `0`, ` 1 `,
		`{"a":1,"b":[1,2.0,{"c":null}],"a":"twice"}`, `{ "a" : [ true , false ] , "b" : { } }`, `"\u6e1d\n\"\\\/"`, `"\ud800"`, `"\ud83d\ude00"`,
		"\"\xff渝\"", "{\"\xe6\":0}", `{"\"}":"]"}`, `["` + strings.Repeat("long ", 4000) + `",1]`, `[[[[]]],{"":{"":{}}}]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if !json.Valid(text) {
			_, err := jsonvalue.Decode(text)
			require.Error(t, err)
			return
		}
		var want any
		dec := json.NewDecoder(bytes.NewReader(text))
		dec.UseNumber()
		require.NoError(t, dec.Decode(&want))
		require.Equal(t, want, jsonvalue.Value(text, func(n string) any { return json.Number(n) }))
		got, err := jsonvalue.Decode(text)
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}
