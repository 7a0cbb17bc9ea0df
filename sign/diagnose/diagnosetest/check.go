package diagnosetest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// Whole holds a finding to what every finding has: texts in both languages on one line, evidence, a fix, and no key.
func Whole(tb testing.TB, f words.Finding, keys ...string) {
	tb.Helper()
	texts := []string{f.Detail, f.DetailZh, f.Evidence, f.EvidenceZh, f.Fix, f.FixZh}
	for _, text := range texts {
		require.NotContains(tb, text, "\n", f.Kind)
		for _, key := range keys {
			require.NotContains(tb, strings.ToLower(text), strings.ToLower(key), f.Kind)
		}
	}
	require.NotEmpty(tb, f.Detail)
	require.Regexp(tb, `\p{Han}`, f.DetailZh)
	require.NotEmpty(tb, f.Fix, "%s has no fix", f.Kind)
	require.NotEqual(tb, f.Fix, f.FixZh, f.Kind)
	require.Regexp(tb, `\p{Han}`, f.FixZh)
	if f.Kind != "unknown" && f.Kind != "sign-missing" {
		require.NotEmpty(tb, f.Evidence, f.Kind)
		require.Regexp(tb, `\p{Han}`, f.EvidenceZh)
	}
}

// OneOfEach are the rows of a table that name a kind which no row before them names. They are for surfaces that show what a diagnosis
// finds (HTTP, commands): package diagnose's own tests hold every row.
func OneOfEach[T interface{ named() []string }](table []T) (some []T) {
	known := map[string]bool{}
	for _, row := range table {
		fresh := false
		for _, kind := range row.named() {
			fresh = fresh || !known[kind]
			known[kind] = true
		}
		if fresh {
			some = append(some, row)
		}
	}
	return some
}

func (r Request) named() []string { return r.Kinds }

func (p Push) named() []string { return p.Kinds }
