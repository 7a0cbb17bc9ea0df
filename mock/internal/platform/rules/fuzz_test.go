package rules

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// A value that a rule takes is kept in a form that it takes again, from JSON too.
func FuzzRule(f *testing.F) {
	for _, seed := range []string{`"60s"`, `true`, `5`, `0.2`, `["10s","2m"]`, `"10s, 2m"`, `"exact"`, `null`, `-1`, `1e400`, `{}`, `[[]]`, `"1e3"`, `""`, `"8d"`, `"NaN"`, `"0x1p3"`} {
		f.Add(byte(len(seed)), seed)
	}
	f.Fuzz(func(t *testing.T, which byte, text string) {
		var value any
		if json.Unmarshal([]byte(text), &value) != nil {
			return
		}
		rule := table[int(which)%len(table)]
		kept, err := Check(rule.Name, value)
		if err != nil {
			return
		}
		written, err := json.Marshal(kept)
		require.NoError(t, err)
		var again any
		require.NoError(t, json.Unmarshal(written, &again))
		same, err := Check(rule.Name, again)
		require.NoError(t, err)
		require.Equal(t, kept, same)
	})
}
