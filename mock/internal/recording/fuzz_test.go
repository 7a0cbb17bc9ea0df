package recording

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// A text is read where it is JSON without a name twice, and means the same when it is written again.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"a":1,"b":[true,null,"\u8f66"]}`, `{"a":1}]`, `{"a":1,"a":2}`, `1 2`, `[1}`, ``, `{"payment":8.00}`, `"\ud800"`, `{"a":{"b":{}}} `, `1e400`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		value, ok := parse(text)
		if !ok {
			return
		}
		require.True(t, json.Valid([]byte(text)), text)
		written, err := json.Marshal(value)
		require.NoError(t, err)
		require.Equal(t, meaning(t, []byte(text)), meaning(t, written))
	})
}

func meaning(t *testing.T, text []byte) (v any) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	require.NoError(t, dec.Decode(&v))
	return v
}
