package scenarios_test

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// Every built-in scenario passes, several at once on one mock, and leaves no sandbox behind. Together they hit every
// endpoint, every code and every kind of push.
func TestBuiltin(t *testing.T) {
	target := inProcess(t)
	var mu sync.Mutex
	reached := map[scenarios.Hit]string{}
	t.Run("all", func(t *testing.T) {
		for _, s := range scenarios.Builtin().All() {
			t.Run(s.Name, func(t *testing.T) {
				t.Parallel()
				result, err := scenarios.Run(t.Context(), target, s, scenarios.Options{})
				require.NoError(t, err)
				require.Equal(t, scenarios.Passed, result.Status, "%s", failures(t, result))
				mu.Lock()
				defer mu.Unlock()
				for _, c := range result.Cases {
					for _, hit := range c.Hits {
						reached[hit] = s.Name
					}
				}
			})
		}
	})
	if t.Failed() {
		return
	}
	endpoints, codes, pushes := map[string]bool{}, map[int]bool{}, map[string]bool{}
	for hit := range reached {
		if hit.Push != "" {
			pushes[hit.Push] = true
			continue
		}
		codes[hit.Code] = true
		if hit.Code == client.CodeOK {
			endpoints[hit.Endpoint] = true
		}
	}
	for _, e := range schemas.Endpoints() {
		require.True(t, endpoints[e.Name], "no scenario calls %s with success", e.Name)
	}
	for _, c := range schemas.Codes() {
		require.True(t, codes[c.Code], "no scenario is answered %d %s", c.Code, c.Message)
	}
	for _, p := range schemas.Pushes() {
		require.True(t, pushes[p.Kind], "no scenario waits for a push %s", p.Kind)
	}
	left, err := target.Control.Sandboxes(t.Context(), pageOf)
	require.NoError(t, err)
	require.Len(t, left.Items, 1)
}

// failures are the steps of a result that failed.
func failures(tb testing.TB, result *scenarios.Result) string {
	tb.Helper()
	var out []string
	for _, c := range result.Cases {
		if step := c.Failed(); step != nil {
			out = append(out, show(tb, step))
		}
	}
	return strings.Join(out, "\n")
}

// Every built-in scenario is a page that anybody can read: what it is about, what it rests on, and a sentence for each step.
func TestBuiltin_reads(t *testing.T) {
	const longest = 130 // lines
	all := scenarios.Builtin().All()
	require.GreaterOrEqual(t, len(all), 32)
	for _, s := range all {
		require.Equal(t, s.Name+".yaml", path.Base(s.File))
		require.True(t, sentence.MatchString(s.Summary), "%s: the summary is no sentence", s.Name)
		require.Regexp(t, sentenceZh, s.SummaryZh, "%s: the summary in Chinese is no sentence", s.Name)
		require.NotEmpty(t, s.Tags, s.Name)
		require.NotEmpty(t, s.Covers, s.Name)
		require.True(t, s.Asserts(), "%s asserts nothing", s.Name)
		require.LessOrEqual(t, strings.Count(string(s.Text), "\n"), longest, "%s is long", s.Name)
		for _, step := range slices.Concat(s.Steps, s.Finally) {
			require.Regexp(t, sentence, step.Name, "%s:%d", s.File, step.Position.Line)
		}
	}
}

// sentenceZh is a summary in Chinese, on one line.
var sentenceZh = regexp.MustCompile(`^[^\n]*\p{Han}[^\n]*。$`)

// sentence is what a summary and a step's name are, or a part of one that the next step carries on.
var sentence = regexp.MustCompile(`^(… \pL|[A-Z¥]).*(\.| …)$`)
