package control

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/registry"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

// A state is one JSON object and nothing behind it: the text is kept in the log, and has to be read again.
func TestState_nothingBehindIt(t *testing.T) {
	s, err := newRegistry(t).Create(registry.Default, registry.Spec{Fixture: fixture.Demo()})
	require.NoError(t, err)
	text, err := json.Marshal(s.State())
	require.NoError(t, err)
	for _, behind := range []string{"", "\n", " \r\n\t"} {
		_, err := (&call{body: append([]byte(nil), append(text, behind...)...)}).state()
		require.NoError(t, err)
	}
	for _, behind := range []string{"}", "]", ",", "{}", "null", "x", "\x00"} {
		_, err := (&call{body: append([]byte(nil), append(text, behind...)...)}).state()
		var invalid *strict.Invalid
		require.True(t, errors.As(err, &invalid), "%q: %v", behind, err)
	}
}
