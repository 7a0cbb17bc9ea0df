package language_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// update rewrites the golden texts in testdata; read the difference before it is committed.
var update = flag.Bool("update", false, "rewrite the golden texts in testdata")

func files(tb testing.TB, pattern string) []string {
	tb.Helper()
	found, err := filepath.Glob(filepath.FromSlash(pattern))
	require.NoError(tb, err)
	require.NotEmpty(tb, found)
	return found
}

func read(tb testing.TB, name string) []byte {
	tb.Helper()
	text, err := os.ReadFile(name)
	require.NoError(tb, err)
	return text
}

func TestParse_whatIsRight(t *testing.T) {
	for _, name := range files(t, "testdata/valid/*") {
		_, err := language.Parse(name, read(t, name))
		require.NoError(t, err)
	}
}

// Everything that is wrong with a file is told at once, with its place, its line and a caret.
func TestParse_whatIsWrong(t *testing.T) {
	for _, name := range files(t, "testdata/invalid/*/*.yaml") {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".yaml"), func(t *testing.T) {
			_, err := language.Parse(filepath.Base(name), read(t, name))
			require.Error(t, err)
			require.IsType(t, problem.Problems{}, err)
			golden := strings.TrimSuffix(name, ".yaml") + ".txt"
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(err.Error()+"\n"), 0o600))
			}
			require.Equal(t, string(read(t, golden)), err.Error()+"\n")
		})
	}
}

// A file that is right but for one character that is missing has that one thing wrong with it: what else could be said would follow from it.
func TestParse_oneMistakeIsOneProblem(t *testing.T) {
	t.Parallel()
	tried := 0
	for i, name := range append(files(t, "../../builtin/*.yaml"), files(t, "../../suite/[a-f]*.yaml")...) {
		text := read(t, name)
		for at := i % 11; at < len(text); at++ {
			if !strings.ContainsRune("{}[]\"',:-", rune(text[at])) {
				continue
			}
			broken := slices.Concat(text[:at], text[at+1:])
			_, err := language.ReadDocument(name, broken)
			if err == nil {
				continue
			}
			tried++
			_, err = language.Parse(name, broken)
			assert.Len(t, err, 1, "without byte %d: %v", at, err)
			at += 297 // a few of each file
		}
	}
	require.Greater(t, tried, 100)
}

// A file of any bytes is parsed or refused with problems that lie in it.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/valid/*", "testdata/invalid/*/*.yaml", "../../builtin/*.yaml"} {
		for _, name := range files(f, pattern) {
			f.Add(read(f, name))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := language.Parse("fuzz.yaml", text)
		if err == nil {
			require.NotEmpty(t, s.Name)
			require.NotEmpty(t, s.Steps)
			return
		}
		problems, ok := err.(problem.Problems) //nolint:errorlint // that is what is tested
		require.True(t, ok)
		lines := 1 + strings.Count(string(text), "\n") + strings.Count(string(text), "\r")
		for _, p := range problems {
			require.LessOrEqual(t, p.Line, lines+1)
			require.NotEmpty(t, p.Detail)
		}
	})
}
