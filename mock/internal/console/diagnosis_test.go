package console_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign/diagnose"
)

// The console draws each finding as the control API gives it, and has no list of the mistakes: one that is added to the table of package diagnose
// needs nothing here.
func TestAssets_nameNoMistake(t *testing.T) {
	kinds := diagnose.Hypotheses()
	require.NotEmpty(t, kinds)
	script := ask(t, http.MethodGet, "/console/console.js").Body.String()
	require.Contains(t, script, ".diagnosis")
	for _, h := range kinds {
		for _, quote := range []string{`'`, `"`, "`"} {
			require.NotContains(t, script, quote+h.Kind+quote)
			require.NotContains(t, script, quote+h.Fix+quote)
			require.NotContains(t, script, quote+h.FixZh+quote)
		}
	}
}
