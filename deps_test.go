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

// allowed is the architecture: what each package of the module may import of it, tests aside. A package that is not here has no
// place yet, and a permission that nobody uses is taken away.
var allowed = map[string][]string{
	"bench":                                      {"bench/baseline", "mock", "schemas", "sign"},
	"bench/baseline":                             {"schemas"},
	"client":                                     {"internal/trust", "sign"},
	"client/control":                             {"client", "internal/trust"},
	"cmd/contract":                               {"client", "client/control", "cmd/internal/cli", "contract", "contract/fuzz", "contract/proxy", "contract/report", "contract/webhook", "mock", "scenarios", "scenarios/suite", "sign"},
	"cmd/etcp-mock":                              {"cmd/etcp-mock/internal/authority", "cmd/etcp-mock/internal/demo", "cmd/etcp-mock/internal/journal", "cmd/etcp-mock/internal/merchant", "cmd/etcp-mock/internal/remote", "cmd/etcp-mock/internal/sandbox", "cmd/etcp-mock/internal/serving", "cmd/internal/cli"},
	"cmd/etcp-mock/internal/authority":           {"cmd/internal/cli"},
	"cmd/etcp-mock/internal/demo":                {"client", "client/control", "cmd/etcp-mock/internal/input", "cmd/etcp-mock/internal/merchant", "cmd/etcp-mock/internal/serving", "cmd/etcp-mock/internal/show", "cmd/internal/cli", "mock", "schemas"},
	"cmd/etcp-mock/internal/input":               {"client", "client/control", "cmd/internal/cli", "mock", "scenarios"},
	"cmd/etcp-mock/internal/journal":             {"client", "client/control", "cmd/etcp-mock/internal/input", "cmd/etcp-mock/internal/remote", "cmd/etcp-mock/internal/show", "cmd/internal/cli"},
	"cmd/etcp-mock/internal/merchant":            {"client", "client/control", "cmd/etcp-mock/internal/input", "cmd/etcp-mock/internal/remote", "cmd/etcp-mock/internal/show", "cmd/internal/cli", "schemas", "sign", "sign/diagnose"},
	"cmd/etcp-mock/internal/remote":              {"client", "client/control", "cmd/etcp-mock/internal/authority", "cmd/internal/cli", "scenarios"},
	"cmd/etcp-mock/internal/sandbox":             {"client", "client/control", "cmd/etcp-mock/internal/input", "cmd/etcp-mock/internal/remote", "cmd/etcp-mock/internal/show", "cmd/internal/cli", "scenarios", "scenarios/traffic"},
	"cmd/etcp-mock/internal/serving":             {"client", "client/control", "cmd/etcp-mock/internal/authority", "cmd/etcp-mock/internal/input", "cmd/etcp-mock/internal/remote", "cmd/etcp-mock/internal/show", "cmd/internal/cli", "contract/report", "mock", "scenarios", "sign"},
	"cmd/etcp-mock/internal/show":                {"client/control", "cmd/etcp-mock/internal/input", "cmd/internal/cli", "scenarios/traffic"},
	"cmd/internal/cli":                           {"contract", "contract/report", "mock", "scenarios"},
	"contract":                                   {"client", "client/control", "contract/internal/wire", "contract/report", "scenarios", "schemas"},
	"contract/fuzz":                              {"client", "client/control", "contract/internal/wire", "contract/report", "internal/curl", "scenarios", "schemas", "sign"},
	"contract/internal/contracttest":             {"contract/report", "mock", "scenarios"},
	"contract/internal/wire":                     {"contract/report"},
	"contract/proxy":                             {"contract/internal/wire", "contract/report", "schemas"},
	"contract/report":                            {},
	"contract/webhook":                           {"client", "contract/internal/wire", "contract/report", "internal/curl", "internal/handlertransport", "sign", "sign/diagnose", "sign/diagnose/inspect"},
	"contract/webhook/webhooktest":               {"contract/report", "contract/webhook"},
	"docs/generate":                              {"client/control", "contract/webhook", "mock", "scenarios", "schemas"},
	"internal/curl":                              {},
	"internal/handlertransport":                  {},
	"internal/trust":                             {},
	"mock":                                       {"client", "contract/webhook", "mock/internal/api", "mock/internal/cluster", "mock/internal/console", "mock/internal/control", "mock/internal/fixture", "mock/internal/guard", "mock/internal/ledger", "mock/internal/ledger/file", "mock/internal/ledger/postgres", "mock/internal/metrics", "mock/internal/openapi", "mock/internal/outgoing", "mock/internal/push", "mock/internal/registry", "mock/internal/strict", "scenarios", "sign"},
	"mock/internal/api":                          {"mock/internal/engine", "mock/internal/fault", "mock/internal/journal", "mock/internal/ledger", "mock/internal/metrics", "mock/internal/platform/params", "mock/internal/platform/reasons", "mock/internal/registry", "mock/internal/sandbox", "schemas", "sign/diagnose/inspect"},
	"mock/internal/clock":                        {"mock/internal/platform/notation", "mock/internal/strict"},
	"mock/internal/cluster":                      {"mock/internal/ledger"},
	"mock/internal/console":                      {"schemas"},
	"mock/internal/control":                      {"mock/internal/clock", "mock/internal/engine", "mock/internal/fault", "mock/internal/fixture", "mock/internal/journal", "mock/internal/ledger", "mock/internal/platform", "mock/internal/platform/notation", "mock/internal/platform/params", "mock/internal/platform/reasons", "mock/internal/push", "mock/internal/recording", "mock/internal/registry", "mock/internal/sandbox", "mock/internal/stay", "mock/internal/strict", "mock/internal/subset", "mock/internal/verify", "schemas", "sign", "sign/diagnose"},
	"mock/internal/engine":                       {"mock/internal/clock", "mock/internal/fault", "mock/internal/fixture", "mock/internal/journal", "mock/internal/platform", "mock/internal/platform/notation", "mock/internal/platform/params", "mock/internal/platform/reasons", "mock/internal/push", "mock/internal/slab", "mock/internal/strict", "schemas", "sign", "sign/diagnose", "sign/diagnose/inspect"},
	"mock/internal/fault":                        {"mock/internal/portable", "mock/internal/strict", "mock/internal/subset", "schemas"},
	"mock/internal/fixture":                      {"mock/internal/clock", "mock/internal/fault", "mock/internal/platform", "mock/internal/platform/notation", "mock/internal/strict", "schemas"},
	"mock/internal/guard":                        {},
	"mock/internal/journal":                      {"mock/internal/platform/params", "mock/internal/platform/reasons"},
	"mock/internal/ledger":                       {},
	"mock/internal/ledger/file":                  {"mock/internal/ledger"},
	"mock/internal/ledger/memory":                {"mock/internal/ledger"},
	"mock/internal/ledger/postgres":              {"mock/internal/ledger"},
	"mock/internal/ledger/postgres/postgrestest": {},
	"mock/internal/metrics":                      {"schemas"},
	"mock/internal/openapi":                      {"schemas"},
	"mock/internal/outgoing":                     {},
	"mock/internal/platform":                     {"mock/internal/platform/nearby", "mock/internal/platform/notation", "mock/internal/platform/params", "mock/internal/platform/reasons", "mock/internal/strict", "schemas", "sign", "sign/diagnose/inspect"},
	"mock/internal/platform/nearby":              {"mock/internal/platform/notation", "mock/internal/portable"},
	"mock/internal/platform/notation":            {"mock/internal/strict"},
	"mock/internal/platform/params":              {"mock/internal/platform/notation", "mock/internal/platform/reasons", "schemas", "sign/diagnose/inspect"},
	"mock/internal/platform/reasons":             {"schemas", "sign/diagnose"},
	"mock/internal/portable":                     {},
	"mock/internal/push":                         {"mock/internal/outgoing", "sign/diagnose/inspect"},
	"mock/internal/recording":                    {"mock/internal/clock", "mock/internal/engine", "mock/internal/fault", "mock/internal/fixture", "mock/internal/journal", "mock/internal/platform", "mock/internal/platform/notation", "schemas", "sign"},
	"mock/internal/registry":                     {"mock/internal/engine", "mock/internal/fixture", "mock/internal/ledger", "mock/internal/platform/reasons", "mock/internal/push", "mock/internal/sandbox", "mock/internal/strict", "sign/diagnose"},
	"mock/internal/sandbox":                      {"mock/internal/clock", "mock/internal/engine", "mock/internal/fault", "mock/internal/fixture", "mock/internal/journal", "mock/internal/ledger", "mock/internal/platform", "mock/internal/push", "mock/internal/verify"},
	"mock/internal/strict":                       {},
	"mock/internal/subset":                       {},
	"mock/internal/verify":                       {"mock/internal/journal", "mock/internal/push", "mock/internal/subset"},
	"mock/mocktest":                              {"mock", "schemas", "sign"},
	"reliability/report":                         {},
	"scenarios":                                  {"client", "client/control", "internal/curl", "internal/handlertransport", "scenarios/internal/expression", "scenarios/internal/fake", "scenarios/internal/language", "scenarios/internal/match", "scenarios/internal/pushes", "scenarios/internal/syntax", "scenarios/internal/template", "scenarios/problem", "scenarios/traffic", "schemas", "sign"},
	"scenarios/internal/expression":              {},
	"scenarios/internal/fake":                    {},
	"scenarios/internal/match":                   {"client", "client/control", "scenarios/internal/expression", "scenarios/internal/syntax", "scenarios/internal/template", "scenarios/problem"},
	"scenarios/internal/syntax":                  {"scenarios/internal/expression", "scenarios/problem"},
	"scenarios/internal/template":                {"client/control", "scenarios/internal/expression", "scenarios/internal/syntax", "scenarios/problem"},
	"scenarios/internal/language":                {"client/control", "scenarios/internal/expression", "scenarios/internal/match", "scenarios/internal/syntax", "scenarios/internal/template", "scenarios/problem", "schemas"},
	"scenarios/internal/pushes":                  {"client", "client/control", "scenarios/internal/expression", "schemas", "sign"},
	"mock/internal/slab":                         {},
	"mock/internal/stay":                         {"mock/internal/engine", "mock/internal/journal", "mock/internal/platform", "mock/internal/platform/notation", "mock/internal/push", "schemas"},
	"scenarios/problem":                          {},
	"scenarios/suite":                            {"scenarios"},
	"scenarios/traffic":                          {"client", "client/control", "scenarios/internal/fake"},
	"schemas":                                    {},
	"sign":                                       {},
	"sign/diagnose":                              {"sign", "sign/diagnose/inspect", "sign/diagnose/internal/jsondoc", "sign/diagnose/internal/wire", "sign/diagnose/internal/words"},
	"sign/diagnose/diagnosetest":                 {"sign/diagnose/internal/words"},
	"sign/diagnose/inspect":                      {"sign/diagnose/internal/wire", "sign/diagnose/internal/words"},
	"sign/diagnose/internal/jsondoc":             {"sign"},
	"sign/diagnose/internal/wire":                {},
	"sign/diagnose/internal/words":               {},
}

// shared are the packages that every other may import: small, pure, and known to no user. Each is needed by more than one.
var shared = []string{
	"internal/atomicfile", "internal/duration", "internal/excerpt", "internal/jsonvalue", "internal/lang", "internal/mask", "internal/pushurl", "internal/suggest", "internal/zone",
}

// never are imports that no change of the list above may allow.
var never = []struct{ from, to, why string }{
	{"client", "schemas", "server and client have wire types of their own; the schemas arbitrate"},
	{"client", "mock", "a merchant's client knows no mock"},
	{"client/control", "schemas", "server and client have wire types of their own; the schemas arbitrate"},
	{"client/control", "mock", "the control client works against any server"},
	{"scenarios", "mock", "the runner has to be able to judge the real platform"},
	{"contract", "mock", "the runner has to be able to judge the real platform"},
	{"contract/webhook", "mock", "the runner has to be able to judge the real platform"},
	{"contract/fuzz", "mock", "the runner has to be able to judge the real platform"},
	{"contract/proxy", "mock", "the runner has to be able to judge the real platform"},
}

// pure are the packages that compute and do nothing else. Linting forbids them the clock and the global random source
// (.golangci.yml); the imports below would be other ways out.
var pure = []string{
	"mock/internal/platform", "mock/internal/platform/nearby", "mock/internal/platform/notation", "mock/internal/platform/params", "mock/internal/platform/reasons",
	"mock/internal/fault", "mock/internal/engine", "mock/internal/subset", "mock/internal/portable", "sign", "schemas",
	"internal/duration", "internal/excerpt", "internal/jsonvalue", "internal/lang", "internal/mask", "internal/pushurl", "internal/suggest", "internal/zone",
}

var impure = []string{"net", "net/http", "os", "os/exec", "time/tzdata", "math/rand", "crypto/rand", "log", "log/slog", "github.com/gin-gonic/gin"}

// forbidden is what single packages must not import from outside the module.
var forbidden = map[string][]string{
	"mock/internal/push":    {"github.com/gin-gonic/gin"},
	"mock/internal/sandbox": {"github.com/gin-gonic/gin", "net/http"},
}

// imports are those of each package, tests aside.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || slices.Contains([]string{"testdata", "bin", "dist", "examples", "node_modules"}, d.Name())) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		pkg := filepath.ToSlash(filepath.Dir(path))
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		require.NoError(t, err)
		found[pkg] = append(found[pkg], "")
		for _, spec := range parsed.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			found[pkg] = append(found[pkg], strings.TrimPrefix(name, module))
		}
		return nil
	}))
	return found
}

// Every import is one that the architecture allows, and every permission is used.
func TestImports(t *testing.T) {
	found := imports(t)
	require.Greater(t, len(found), 40)
	for pkg, list := range found {
		may, known := allowed[pkg]
		require.True(t, known || slices.Contains(shared, pkg), "package %s has no place in the architecture; say in allowed what it may import", pkg)
		for _, name := range list {
			if _, inside := found[name]; inside && !slices.Contains(shared, name) {
				require.Contains(t, may, name, "%s may not import %s", pkg, name)
			}
			require.NotContains(t, forbidden[pkg], name, "%s may not import %s", pkg, name)
		}
		for _, name := range may {
			require.Contains(t, list, name, "%s does not import %s any more; take the permission away", pkg, name)
		}
	}
	for pkg := range allowed {
		require.Contains(t, found, pkg, "there is no package %s any more", pkg)
	}
}

// What is shared is needed by more than one package.
func TestImports_shared(t *testing.T) {
	found := imports(t)
	for _, name := range shared {
		users := 0
		for _, list := range found {
			if slices.Contains(list, name) {
				users++
			}
		}
		require.Greater(t, users, 1, "%s is used by %d packages: it belongs to that one", name, users)
	}
}

// No list of permissions can break these.
func TestImports_never(t *testing.T) {
	found := imports(t)
	for _, n := range never {
		require.NotEmpty(t, found[n.from])
		for _, name := range found[n.from] {
			require.False(t, name == n.to || strings.HasPrefix(name, n.to+"/"), "%s may never import %s: %s", n.from, name, n.why)
		}
	}
}

// A pure package has no way to the network, the file system or a random source that is not given to it.
func TestImports_pure(t *testing.T) {
	found := imports(t)
	for _, pkg := range pure {
		for _, name := range found[pkg] {
			require.NotContains(t, impure, name, "%s is pure", pkg)
			require.NotContains(t, []string{"internal/handlertransport", "internal/curl"}, name, "%s is pure", pkg)
		}
	}
}
