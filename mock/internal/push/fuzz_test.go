package push

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// An answer counts as delivered exactly where it is a JSON object whose code is the number 0 (§10); what is kept of it is valid
// UTF-8 and bounded.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{`{"code":0,"message":"ok"}`, `{"code":"0"}`, `{"Code":0}`, `{"code":-0.0e5}`, `{"code":1e-400}`, `{"code":null}`, `null`, `[]`, ``, ` {"code":0} `, `{"code":1,"code":0}`, "\xef\xbb\xbf{\"code\":0}", `{"code":0}{}`, "车\xff"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		why := refusal(answer)
		kept := excerpt(answer)
		require.True(t, utf8.ValidString(why) && utf8.ValidString(kept))
		require.LessOrEqual(t, len(why), 400)
		require.LessOrEqual(t, len(kept), maxExcerpt)
		var fields map[string]any
		dec := json.NewDecoder(strings.NewReader(string(answer)))
		dec.UseNumber()
		if why != "" || dec.Decode(&fields) != nil {
			require.NotEmpty(t, why)
			return
		}
		code, ok := fields["code"].(json.Number)
		require.True(t, ok)
		n, err := code.Float64()
		require.True(t, err == nil && n == 0, code)
	})
}
