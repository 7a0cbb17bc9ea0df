package params

import (
	"encoding/json"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/schemas"
)

var dataSeeds = []string{
	`{}`, `{"token":"x"}`, ` { "a" : [1,{"b":"}"}] , "a":null } `, `{"mobilePhone":13800000001}`, `{"plateNumber":"渝 b757d0","plateColor":2}`,
	`{"payment":1e400,"payTime":"2017-06-12 09:58:58"}`, `{"lat":"39.87274","lon":"116.429718","radius":"500","payType":"1","city":"北京市","scrollId":""}`,
	`{"a":-0.5e+10,"b":true,"c":false , "d":null}`, `{"a":01}`, `{"a":1.}`, `{"a":-}`, `{"a":1e}`, `{"a":nulls}`, `{"a" "b"}`, `{"a":"b"`, "{\"a\":\"\t\"}", `{"a":1}x`, `{,}`,
	`[]`, `null`, `{"a":"\ud800"}`, "{\"a\":\"\xff\"}", "\ufeff{}", `{"a":1,}`, `{"\u0074oken":"\"\\\/\b"}`, `{"a":{}}{}`,
}

// The scan of data finds what encoding/json does: the same keys, the last of each, and objects only.
func FuzzMembers(f *testing.F) {
	for _, seed := range dataSeeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		all, err := members(nil, data)
		var want map[string]json.RawMessage
		valid := json.Unmarshal([]byte(data), &want) == nil && want != nil && utf8.ValidString(data)
		require.Equal(t, valid, err == nil, "%q: %v", data, err)
		if !valid {
			return
		}
		got := map[string]member{}
		for _, m := range all {
			got[m.name] = m
		}
		require.Len(t, got, len(want))
		for name, raw := range want {
			m, found := got[name]
			require.True(t, found, "%q in %q", name, data)
			require.Equal(t, kindOf(raw[0]), m.kind)
			if text := string(raw); m.kind == 's' {
				require.NoError(t, json.Unmarshal(raw, &text))
				require.Equal(t, text, m.text)
			} else {
				require.Equal(t, text, m.text)
			}
		}
	})
}

// Whatever data holds, checks 7 to 9 give an input or one of their codes, with a reason that is fully told.
func FuzzDecode(f *testing.F) {
	for i, seed := range dataSeeds {
		f.Add(byte(i), seed)
	}
	f.Fuzz(func(t *testing.T, which byte, data string) {
		all := schemas.Endpoints()
		row, _ := schemas.Lookup(all[int(which)%len(all)].Name)
		in, lints, refusal := Decode(row, data)
		require.LessOrEqual(t, len(lints), maxLints)
		for _, l := range lints {
			require.True(t, slices.ContainsFunc(lintTable, func(r LintRule) bool { return r.Rule == l.Rule }), l.Rule)
		}
		if refusal == nil {
			for _, p := range row.Params {
				text := in.Get(p.Name)
				require.True(t, text == "" || checkForm(p.Form, text) == "", "%s %q", p.Name, text)
				require.False(t, p.Required && text == "", p.Name)
			}
			return
		}
		require.Contains(t, []int{schemas.CodeBadParameter, schemas.CodeMissingParameter, schemas.CodeBadPhone}, refusal.Code)
		require.True(t, utf8.ValidString(refusal.Explain("en")) && utf8.ValidString(refusal.Explain("zh")))
		require.Less(t, len(refusal.Explain("en")), 1000)
	})
}
