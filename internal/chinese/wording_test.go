package chinese_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/chinese"
)

// "want A, got B" is said in one way in Chinese, 应为 A，实际为 B: by the rows, by the commands and by the harnesses of all languages.
func TestWording_wantGot(t *testing.T) {
	t.Parallel()
	wants := regexp.MustCompile(`^(.*: |%w?)?wants? .*, got %`)
	rows := 0
	for english, said := range chinese.All() {
		if wants.MatchString(english) {
			rows++
			require.Contains(t, said, "实际", english)
		}
	}
	require.Greater(t, rows, 20)
	other := regexp.MustCompile(`给出的是|实际是|期望 ?[%${].*实际|应[为有][^"]*(得到的?是|收到的是|却是 ?[%$"])`)
	for _, example := range []string{`"应为整数，给出的是 %s"`, `"期望 %s，实际 %s"`, `"应为字符串，收到的是对象"`} {
		require.Regexp(t, other, example)
	}
	read := 0
	require.NoError(t, filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "../.." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "dist" || d.Name() == "build"):
			return filepath.SkipDir
		case d.IsDir() || strings.HasSuffix(path, "_test.go") || !slices.Contains([]string{".go", ".js", ".mjs", ".py", ".java", ".md"}, filepath.Ext(path)):
			return nil
		}
		text, err := os.ReadFile(path)
		read++
		for i, line := range strings.Split(string(text), "\n") {
			if other.MatchString(line) {
				t.Errorf("%s:%d: another wording of “应为 A，实际为 B”: %s", path, i+1, strings.TrimSpace(line))
			}
		}
		return err
	}))
	require.Greater(t, read, 500)
}
