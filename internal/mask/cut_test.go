package mask_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/mask"
)

// Where a text was cut inside a secret, what is left of the secret is hidden too, however it was escaped and wherever the cut is.
func TestMasker_cut(t *testing.T) {
	t.Parallel()
	const secret = "Zq7-Sé渝ret\"9"
	m := mask.New(secret, "another", "k1")
	var percent, entities, unicode, both strings.Builder
	for _, b := range []byte(secret) {
		fmt.Fprintf(&percent, "%%%02X", b)
	}
	for _, r := range secret {
		fmt.Fprintf(&entities, "&#x%x;", r)
		fmt.Fprintf(&unicode, `\\u%04x`, r)
		fmt.Fprintf(&both, "%%26%%23x%x%%3B", r)
	}
	for name, written := range map[string]string{
		"plain": secret, "capitals": strings.ToUpper(secret), "URL": percent.String(), "HTML": entities.String(), "JSON": unicode.String(), "HTML in a URL": both.String(),
		"hexadecimal": fmt.Sprintf("%x", secret), "base64": base64.StdEncoding.EncodeToString([]byte(secret)),
	} {
		begun := 0
		for cut := range len(written) {
			text := "there is no " + strings.ToValidUTF8(written[:cut], "") + "…; there are " // as package excerpt cuts
			hidden := m.Text(text)
			if hidden == text {
				require.Zero(t, begun, "%s: %s", name, text)
				require.Less(t, cut, 24, "%s: %s", name, text) // next to nothing of it is there
				continue
			}
			begun++
			require.Equal(t, "there is no •••…; there are ", hidden, "%s: %s", name, text)
			require.True(t, m.In([]byte(text)), text)
		}
		require.Positive(t, begun, name)
	}
	for _, text := range []string{"a Z…", "nothing…", "an ano", "…", "k…"} {
		require.Equal(t, text, m.Text(text))
		require.False(t, m.In([]byte(text)), text)
	}
}
