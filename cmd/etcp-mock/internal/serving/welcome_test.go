package serving

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// A person at a terminal sees the console, the merchant with its key, and the next three commands, in either language.
func TestWelcome(t *testing.T) {
	server, err := NewMock()
	require.NoError(t, err)
	require.NoError(t, server.Start("0.0.0.0:0"))
	t.Cleanup(func() { require.NoError(t, server.Close(t.Context())) })
	require.Regexp(t, `^http://127\.0\.0\.1:\d+$`, server.URL(), "an address that can be opened")
	var en, zh bytes.Buffer
	welcome(t.Context(), server, "en", &en)
	welcome(t.Context(), server, "zh", &zh)
	for _, text := range []string{server.URL() + "/console/", "demo", "demo-key", "etcp-mock enter 渝ATX061", "etcp-mock tail"} {
		require.Contains(t, en.String(), text)
		require.Contains(t, zh.String(), text)
	}
	require.Contains(t, en.String(), "next, in another terminal:")
	require.Contains(t, zh.String(), "接下来")
	require.Contains(t, zh.String(), "密钥")
}
