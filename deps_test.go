package etcpmock_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/etcp-mock/etcp-mock/"

// arrows is the house: what each package of the module may import of it, tests
// aside. A package that is not here has no place yet.
var arrows = map[string][]string{
	"sign":                          {},
	"schemas":                       {},
	"client":                        {"sign", "schemas"},
	"client/control":                {"client", "sign", "schemas"},
	"scenarios/problem":             {},
	"scenarios/internal/expression": {},
	"scenarios/internal/syntax":     {"scenarios/internal/expression", "scenarios/problem"},
	"scenarios/internal/template":   {"scenarios/internal/expression", "scenarios/internal/syntax", "scenarios/problem", "client/control"},
	"scenarios/internal/match":      {"scenarios/internal/expression", "scenarios/internal/syntax", "scenarios/internal/template", "scenarios/problem", "client", "client/control"},
	"scenarios/internal/fake":       {},
	"scenarios/traffic":             {"scenarios/internal/fake", "client", "client/control"},
	"scenarios": {
		"scenarios/problem", "scenarios/internal/expression", "scenarios/internal/syntax", "scenarios/internal/template", "scenarios/internal/match",
		"scenarios/internal/fake", "scenarios/traffic", "client", "client/control", "schemas",
	},
	"scenarios/suite":                {"scenarios"},
	"contract/report":                {},
	"contract":                       {"contract/internal/wire", "contract/report", "internal/jsonvalue", "scenarios", "client", "schemas"},
	"contract/internal/wire":         {"contract/report"},
	"contract/internal/contracttest": {"contract/report", "mock", "scenarios"},
	"contract/fuzz":                  {"contract/internal/wire", "contract/report", "internal/jsonvalue", "scenarios", "client", "client/control", "sign", "schemas"},
	"contract/proxy":                 {"contract/internal/wire", "contract/report", "internal/jsonvalue", "schemas"},
	"contract/webhook":               {"contract/internal/wire", "contract/report", "internal/handlertransport", "internal/jsonvalue", "internal/lang", "client", "sign"},
	"contract/webhook/webhooktest":   {"contract/report", "contract/webhook"},
	"internal/handlertransport":      {},
	"internal/jsonvalue":             {},
	"internal/lang":                  {},
	"mock/internal/strict":           {},
	"mock/internal/push":             {},
	"mock/internal/subset":           {},
	"mock/internal/guard":            {},
	"mock/internal/ledger":           {},
	"mock/internal/ledger/file":      {"mock/internal/ledger"},
	"mock/internal/ledger/memory":    {"mock/internal/ledger"},
	"mock/internal/ledger/postgres":  {"mock/internal/ledger"},
	"mock/internal/metrics":          {"schemas"},
	"mock/internal/portable":         {},
	"mock/internal/fault":            {"mock/internal/portable", "mock/internal/subset", "schemas", "mock/internal/strict"},
	"mock/internal/platform":         {"mock/internal/portable", "schemas", "sign", "mock/internal/strict"},
	"mock/internal/sandbox":          {"mock/internal/subset", "mock/internal/fault", "mock/internal/platform", "mock/internal/push", "mock/internal/strict", "schemas", "sign"},
	"mock/internal/api":              {"mock/internal/metrics", "mock/internal/fault", "mock/internal/sandbox", "mock/internal/platform", "schemas", "sign"},
	"mock/internal/recording":        {"mock/internal/fault", "mock/internal/platform", "mock/internal/sandbox", "schemas", "sign"},
	"mock/internal/control":          {"mock/internal/recording", "mock/internal/subset", "mock/internal/fault", "mock/internal/sandbox", "mock/internal/platform", "mock/internal/push", "mock/internal/strict", "schemas", "sign"},
	"mock/internal/console":          {"schemas"},
	"mock":                           {"mock/internal/metrics", "mock/internal/guard", "mock/internal/api", "mock/internal/control", "mock/internal/console", "mock/internal/openapi", "mock/internal/sandbox", "mock/internal/push", "scenarios", "contract/webhook", "client", "sign"},
	"mock/internal/openapi":          {"schemas"},
	"mock/mocktest":                  {"mock", "sign", "schemas"},
	"cmd/etcp-mock":                  {"mock", "client", "client/control", "scenarios", "scenarios/traffic", "sign", "schemas"},
	"reliability/report":             {},
	"bench/baseline":                 {"schemas"},
	"bench":                          {"bench/baseline", "mock", "schemas", "sign"},
	"cmd/contract":                   {"contract", "contract/fuzz", "contract/proxy", "contract/report", "contract/webhook", "mock", "scenarios", "scenarios/suite", "client", "client/control", "sign", "schemas"},
	"docs/generate":                  {"mock", "client/control", "scenarios", "contract/webhook", "schemas"},

	"mock/internal/ledger/postgres/postgrestest": {},
}

// forbidden is what a pure package must not import from outside the module.
var forbidden = map[string][]string{
	"mock/internal/platform": {"github.com/gin-gonic/gin", "net/http", "os", "time/tzdata", "math/rand"},
	"mock/internal/push":     {"github.com/gin-gonic/gin"},
	"mock/internal/sandbox":  {"github.com/gin-gonic/gin", "net/http"},
	"sign":                   {"net/http", "os", "math/rand"},
	"schemas":                {"net/http", "os", "math/rand"},
}

// Every arrow of the house points down.
func TestImports(t *testing.T) {
	files := 0
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "bin" || d.Name() == "dist" || d.Name() == "examples") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		files++
		pkg := filepath.ToSlash(filepath.Dir(path))
		may, known := arrows[pkg]
		require.True(t, known, "%s: package %s has no place in the house; say in arrows what it may import", path, pkg)
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		require.NoError(t, err)
		for _, spec := range parsed.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			require.NotContains(t, forbidden[pkg], name, "%s", path)
			if inner, is := strings.CutPrefix(name, module); is {
				require.True(t, slices.Contains(may, inner), "%s: %s may not import %s", path, pkg, inner)
			}
		}
		return nil
	}))
	require.Greater(t, files, 50)
}
