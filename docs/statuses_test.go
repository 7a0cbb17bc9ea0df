package docs_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The table of docs/control-api.md says of every status with which the control API refuses when it comes, in both languages. A 500 is a fault of the mock.
func TestControlAPI_statuses(t *testing.T) {
	named := map[string]string{}
	for status := 400; status < 600; status++ {
		if text := http.StatusText(status); text != "" {
			named[strings.NewReplacer(" ", "", "-", "").Replace(text)] = strconv.Itoa(status)
		}
	}
	used := map[string]bool{}
	for _, dir := range []string{"problem", "control", "guard"} {
		files, err := filepath.Glob(filepath.Join("..", "mock", "internal", dir, "*.go"))
		require.NoError(t, err)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, found := range regexp.MustCompile(`http\.Status([A-Z]\w+)`).FindAllStringSubmatch(string(text), -1) {
				if status := named[found[1]]; status != "" && status != "500" {
					used[status] = true
				}
			}
		}
	}
	require.Subset(t, used, map[string]bool{"404": true, "410": true, "422": true, "503": true})
	for _, page := range []string{"control-api.md", "zh-CN/control-api.md"} {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		said := map[string]bool{}
		for _, row := range regexp.MustCompile(`(?m)^\| ([45]\d\d(?:(?:, |、)[45]\d\d)*) \|`).FindAllStringSubmatch(string(text), -1) {
			for _, status := range regexp.MustCompile(`\d+`).FindAllString(row[1], -1) {
				said[status] = true
			}
		}
		require.Equal(t, used, said, page)
	}
}
