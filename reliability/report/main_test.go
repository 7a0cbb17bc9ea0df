package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// tests are the names of the tests of a package.
func tests(t *testing.T, pkg string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", pkg, "*_test.go"))
	require.NoError(t, err)
	names := map[string]bool{}
	for _, name := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
				names[f.Name.Name] = true
			}
		}
	}
	return names
}

// Every promise is held by a test that there is, and stands on the page of each language.
func TestPromises(t *testing.T) {
	for _, l := range languages {
		written, err := os.ReadFile(filepath.Join("..", "..", l.page))
		require.NoError(t, err)
		for _, p := range promises {
			require.True(t, tests(t, p.pkg)[p.test], "%s has no test %s", p.pkg, p.test)
			subject, text := l.words(p)
			require.Contains(t, string(written), "\n## "+subject+"\n", "write it anew with make reliability")
			require.Contains(t, string(written), "| "+text+" | `"+p.test+"`", "write it anew with make reliability")
		}
	}
}

// In Chinese every promise and every subject is.
func TestPromises_inChinese(t *testing.T) {
	for _, p := range promises {
		require.Regexp(t, `\p{Han}`, p.zh, p.text)
		require.Regexp(t, `\p{Han}`, subjectsZh[p.subject], p.subject)
	}
}

// A page is its introduction, a table for each subject and its end, with what the tests logged; the pages differ in their words only.
func TestLanguage_report(t *testing.T) {
	outcomes := make([]outcome, len(promises))
	outcomes[0] = outcome{took: 1500 * time.Millisecond, figures: []string{"2 of 2", "3 s"}}
	for i, want := range []string{
		"| `TestTerminate_underLoadLosesNoAnswer` in [reliability](../reliability) | 2 of 2; 3 s (1.50 s) |\n",
		"| `TestTerminate_underLoadLosesNoAnswer`（[reliability](../../reliability)） | 2 of 2; 3 s（1.50 s） |\n",
	} {
		written := languages[i].report(outcomes, []any{"go1.26", "linux/amd64", 2, "2026-11-27", "abc"})
		require.Contains(t, written, want)
		require.Contains(t, written, "go1.26")
		require.NotContains(t, written, "%!")
		require.Equal(t, len(promises), strings.Count(written, " s |\n")+strings.Count(written, " s) |\n")+strings.Count(written, " s） |\n"))
	}
}

// How long a test took is from its start to its end: what ran in parallel in it counts, of which the time it gives itself knows nothing.
func TestRead(t *testing.T) {
	o, passed, err := read(strings.NewReader(`{"Time":"2026-11-27T10:00:00Z","Action":"start"}
{"Time":"2026-11-27T10:00:01Z","Action":"run","Test":"TestSlow"}
{"Time":"2026-11-27T10:00:01Z","Action":"run","Test":"TestSlow/full"}
{"Time":"2026-11-27T10:00:04Z","Action":"output","Test":"TestSlow/full","Output":"    slow_test.go:7: figure: 18 kills\n"}
{"Time":"2026-11-27T10:00:05Z","Action":"pass","Test":"TestSlow/full","Elapsed":4}
{"Time":"2026-11-27T10:00:05.5Z","Action":"pass","Test":"TestSlow","Elapsed":0}
`), "TestSlow")
	require.NoError(t, err)
	require.True(t, passed)
	require.Equal(t, outcome{took: 4500 * time.Millisecond, figures: []string{"18 kills"}}, o)

	_, passed, err = read(strings.NewReader(`{"Action":"fail","Test":"TestSlow"}`), "TestSlow")
	require.NoError(t, err)
	require.False(t, passed)
	_, _, err = read(strings.NewReader(`no JSON`), "TestSlow")
	require.Error(t, err)
}
