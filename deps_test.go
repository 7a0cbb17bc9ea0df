package etcpmock_test

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/gosource"
)

const module = "github.com/etcp-mock/etcp-mock/"

// allowed is the architecture: what each package of the module may import of it, tests and what is shared aside. A package that is
// not here has no place yet, and a permission that nobody uses is taken away.
const allowed = `
bench: bench/baseline internal/collector mock mock/postgres schemas sign
bench/baseline: schemas
client: internal/trust sign
client/control: client internal/trust
cmd/contract: client client/control cmd/internal/cli cmd/internal/translation contract contract/fuzz contract/proxy contract/report contract/webhook internal/collector internal/httpserver scenarios scenarios/suite sign
cmd/etcp-mock: cmd/etcp-mock/internal/authority cmd/etcp-mock/internal/demo cmd/etcp-mock/internal/journal cmd/etcp-mock/internal/merchant cmd/etcp-mock/internal/remote cmd/etcp-mock/internal/sandbox cmd/etcp-mock/internal/serving cmd/internal/cli
cmd/etcp-mock/internal/authority: cmd/internal/cli
cmd/etcp-mock/internal/commandtest: cmd/etcp-mock/internal/remote cmd/internal/cli mock
cmd/etcp-mock/internal/demo: client client/control cmd/etcp-mock/internal/input cmd/etcp-mock/internal/serving cmd/etcp-mock/internal/show cmd/internal/cli internal/handlertransport internal/httpserver internal/wrap mock schemas
cmd/etcp-mock/internal/input: client client/control cmd/internal/cli mock scenarios
cmd/etcp-mock/internal/journal: client client/control cmd/etcp-mock/internal/input cmd/etcp-mock/internal/remote cmd/etcp-mock/internal/show cmd/internal/cli internal/curl
cmd/etcp-mock/internal/merchant: client client/control cmd/etcp-mock/internal/input cmd/etcp-mock/internal/remote cmd/etcp-mock/internal/show cmd/internal/cli internal/handlertransport internal/httpserver schemas sign sign/diagnose
cmd/etcp-mock/internal/remote: client client/control cmd/etcp-mock/internal/authority cmd/internal/cli cmd/internal/translation scenarios
cmd/etcp-mock/internal/sandbox: client client/control cmd/etcp-mock/internal/input cmd/etcp-mock/internal/remote cmd/etcp-mock/internal/show cmd/internal/cli scenarios scenarios/traffic
cmd/etcp-mock/internal/serving: client client/control cmd/etcp-mock/internal/authority cmd/etcp-mock/internal/input cmd/etcp-mock/internal/remote cmd/etcp-mock/internal/show cmd/internal/cli cmd/internal/translation contract/report internal/collector internal/handlertransport mock mock/postgres scenarios scenarios/traffic sign
cmd/etcp-mock/internal/show: client client/control cmd/etcp-mock/internal/input cmd/internal/cli scenarios/traffic
cmd/internal/cli: cmd/internal/translation contract contract/report internal/curl internal/wrap mock/inprocess scenarios scenarios/traffic
cmd/internal/helptest: cmd/internal/cli cmd/internal/translation internal/wrap
cmd/internal/translation:
contract: client client/control contract/internal/wire contract/report internal/allowance scenarios schemas
contract/fuzz: client client/control contract/fuzz/internal/model contract/internal/wire contract/report internal/curl internal/httpserver internal/pushcheck scenarios schemas sign
contract/fuzz/internal/model: client client/control schemas
contract/internal/contracttest: contract/report internal/handlertransport mock scenarios
contract/internal/wire: client client/control contract/report internal/allowance schemas
contract/proxy: client client/control contract/internal/wire contract/report internal/pushcheck schemas sign
contract/report: internal/wrap
contract/webhook: client contract/internal/wire contract/report internal/curl internal/handlertransport schemas sign sign/diagnose sign/diagnose/inspect
contract/webhook/webhooktest: contract/report contract/webhook
docs/generate: client/control contract/webhook mock mutants/schema scenarios schemas
internal/allowance:
internal/collector:
internal/commandtest:
internal/curl:
internal/freeport:
internal/gosource:
internal/handlertransport:
internal/httpserver:
internal/outagetest:
internal/postgrestest: internal/freeport
internal/pushcheck: client client/control schemas sign
internal/trust:
internal/wrap:
mock: internal/httpserver mock/internal/api mock/internal/console mock/internal/control mock/internal/fixture mock/internal/guard mock/internal/ledger mock/internal/ledger/file mock/internal/metrics mock/internal/openapi mock/internal/outgoing mock/internal/registry mock/internal/server mock/internal/strict scenarios
mock/inprocess: mock/internal/control mock/internal/fixture mock/internal/guard mock/internal/outgoing mock/internal/registry mock/internal/server
mock/internal/api: internal/handlertransport mock/internal/engine mock/internal/fault mock/internal/journal mock/internal/ledger mock/internal/platform/params mock/internal/platform/reasons mock/internal/registry mock/internal/sandbox schemas sign/diagnose/inspect
mock/internal/clock: mock/internal/platform/notation mock/internal/strict
mock/internal/cluster: internal/handlertransport mock/internal/ledger
mock/internal/console: mock/internal/static schemas
mock/internal/control: mock/internal/clock mock/internal/engine mock/internal/events mock/internal/fault mock/internal/fixture mock/internal/journal mock/internal/ledger mock/internal/platform mock/internal/platform/notation mock/internal/platform/params mock/internal/platform/reasons mock/internal/platform/rules mock/internal/problem mock/internal/push mock/internal/recording mock/internal/registry mock/internal/runs mock/internal/sandbox mock/internal/stay mock/internal/strict mock/internal/subset mock/internal/verify scenarios schemas sign sign/diagnose sign/diagnose/inspect
mock/internal/engine: mock/internal/clock mock/internal/fault mock/internal/fixture mock/internal/journal mock/internal/pack mock/internal/platform mock/internal/platform/notation mock/internal/platform/params mock/internal/platform/reasons mock/internal/platform/rules mock/internal/push mock/internal/strict schemas sign sign/diagnose sign/diagnose/inspect
mock/internal/events: mock/internal/engine mock/internal/journal mock/internal/platform/notation mock/internal/sandbox
mock/internal/fault: mock/internal/portable mock/internal/strict mock/internal/subset schemas
mock/internal/fixture: mock/internal/clock mock/internal/fault mock/internal/platform mock/internal/platform/notation mock/internal/platform/rules mock/internal/platform/tariff mock/internal/strict schemas
mock/internal/guard: mock/internal/problem
mock/internal/journal: mock/internal/pack mock/internal/platform/params mock/internal/platform/reasons sign/diagnose/inspect
mock/internal/ledger:
mock/internal/ledger/file: mock/internal/ledger
mock/internal/ledger/memory: mock/internal/ledger
mock/internal/ledger/postgres: mock/internal/ledger
mock/internal/metrics: schemas
mock/internal/openapi: mock/internal/problem mock/internal/static schemas
mock/internal/outgoing:
mock/internal/pack:
mock/internal/platform: mock/internal/pack mock/internal/platform/nearby mock/internal/platform/notation mock/internal/platform/params mock/internal/platform/reasons mock/internal/platform/rules mock/internal/platform/seal mock/internal/platform/tariff mock/internal/platform/tokens mock/internal/strict schemas sign sign/diagnose/inspect
mock/internal/platform/nearby: mock/internal/platform/notation mock/internal/portable
mock/internal/platform/notation: mock/internal/strict
mock/internal/platform/params: mock/internal/platform/notation mock/internal/platform/reasons schemas sign/diagnose/inspect
mock/internal/platform/reasons: mock/internal/platform/notation schemas sign/diagnose/inspect
mock/internal/platform/rules: schemas
mock/internal/platform/seal: mock/internal/platform/nearby mock/internal/platform/notation
mock/internal/platform/tariff: mock/internal/platform/notation mock/internal/platform/reasons mock/internal/strict
mock/internal/platform/tokens: mock/internal/platform/notation
mock/internal/portable:
mock/internal/problem: mock/internal/clock mock/internal/engine mock/internal/fault mock/internal/ledger mock/internal/platform mock/internal/push mock/internal/registry mock/internal/runs mock/internal/sandbox mock/internal/strict scenarios
mock/internal/push: mock/internal/outgoing sign/diagnose/inspect
mock/internal/recording: mock/internal/clock mock/internal/engine mock/internal/fault mock/internal/fixture mock/internal/journal mock/internal/platform mock/internal/platform/notation mock/internal/platform/rules schemas sign
mock/internal/registry: mock/internal/engine mock/internal/fixture mock/internal/ledger mock/internal/platform/reasons mock/internal/push mock/internal/sandbox mock/internal/strict sign/diagnose sign/diagnose/inspect
mock/internal/registry/registrytest: mock/internal/push mock/internal/registry
mock/internal/runs: scenarios scenarios/traffic
mock/internal/sandbox: mock/internal/clock mock/internal/engine mock/internal/fault mock/internal/fixture mock/internal/journal mock/internal/ledger mock/internal/platform mock/internal/push mock/internal/verify schemas
mock/internal/server: client contract/webhook internal/httpserver mock/internal/api mock/internal/control mock/internal/ledger mock/internal/outgoing mock/internal/push mock/internal/registry mock/internal/runs mock/internal/sandbox sign
mock/internal/servertest: mock schemas sign
mock/internal/static:
mock/internal/stay: mock/internal/engine mock/internal/journal mock/internal/platform mock/internal/platform/notation mock/internal/push schemas
mock/internal/strict:
mock/internal/subset: schemas
mock/internal/verify: mock/internal/journal mock/internal/push mock/internal/subset
mock/mocktest: client/control mock schemas sign
mock/postgres: internal/httpserver mock mock/internal/api mock/internal/cluster mock/internal/control mock/internal/guard mock/internal/ledger mock/internal/ledger/postgres mock/internal/problem mock/internal/registry mock/internal/runs mock/internal/server
mutants: mutants/active mutants/schema
mutants/active:
mutants/run: contract contract/fuzz contract/report mock mutants/active scenarios scenarios/suite
mutants/schema: scenarios schemas
reliability/report:
scenarios: client client/control internal/allowance internal/curl internal/handlertransport internal/pushcheck scenarios/internal/envelope scenarios/internal/expression scenarios/internal/fake scenarios/internal/language scenarios/internal/match scenarios/internal/pushes scenarios/internal/syntax scenarios/internal/template scenarios/internal/transport scenarios/problem scenarios/traffic schemas sign
scenarios/internal/envelope: client client/control scenarios/internal/syntax scenarios/internal/template scenarios/internal/transport sign
scenarios/internal/expression:
scenarios/internal/fake:
scenarios/internal/language: client/control scenarios/internal/expression scenarios/internal/match scenarios/internal/syntax scenarios/internal/template scenarios/problem schemas
scenarios/internal/match: client/control scenarios/internal/expression scenarios/internal/syntax scenarios/internal/template scenarios/problem
scenarios/internal/pushes: client client/control internal/httpserver internal/pushcheck scenarios/internal/expression schemas
scenarios/internal/syntax: scenarios/internal/expression scenarios/problem
scenarios/internal/template: client/control scenarios/internal/expression scenarios/internal/syntax scenarios/problem
scenarios/internal/transport:
scenarios/problem:
scenarios/suite: scenarios
scenarios/traffic: client client/control scenarios/internal/fake
schemas:
sign:
sign/diagnose: sign sign/diagnose/inspect sign/diagnose/internal/guess sign/diagnose/internal/jsondoc sign/diagnose/internal/mistakes sign/diagnose/internal/wire sign/diagnose/internal/words
sign/diagnose/diagnosetest: sign/diagnose/internal/words
sign/diagnose/inspect: sign/diagnose/internal/repair sign/diagnose/internal/wire sign/diagnose/internal/words
sign/diagnose/internal/guess: sign sign/diagnose/internal/jsondoc sign/diagnose/internal/wire sign/diagnose/internal/words
sign/diagnose/internal/jsondoc: sign
sign/diagnose/internal/layout: sign/diagnose/internal/guess sign/diagnose/internal/jsondoc sign/diagnose/internal/wire
sign/diagnose/internal/mistakes: sign sign/diagnose/internal/guess sign/diagnose/internal/jsondoc sign/diagnose/internal/layout sign/diagnose/internal/repair sign/diagnose/internal/wire sign/diagnose/internal/words
sign/diagnose/internal/repair: sign/diagnose/internal/jsondoc sign/diagnose/internal/wire
sign/diagnose/internal/wire:
sign/diagnose/internal/words:
`

// shared are the packages that every other may import: small, pure, and known to no user. Each is needed by more than one.
var shared = []string{
	"internal/atomicfile", "internal/chinese", "internal/duration", "internal/excerpt", "internal/jsonvalue", "internal/lang", "internal/lazyregexp", "internal/mask", "internal/phrases", "internal/pushurl", "internal/readall", "internal/suggest", "internal/zone",
}

// linksLess is why the runner has a mock of its own kind.
const linksLess = "the mock inside of the runner is in memory, is asked by its handler, and ends with the command"

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
	{"mock", "github.com/jackc/pgx", "only a program that imports mock/postgres links what speaks to a database"},
	{"mock", "mock/internal/cluster", "only a program that imports mock/postgres links what speaks to other replicas"},
	{"cmd/contract", "github.com/jackc/pgx", linksLess},
	{"cmd/contract", "github.com/prometheus/client_golang", linksLess},
	{"cmd/contract", "mock/internal/cluster", linksLess},
	{"cmd/contract", "mock/internal/console", linksLess},
	{"cmd/contract", "mock/internal/ledger/file", linksLess},
	{"cmd/contract", "mock/internal/ledger/postgres", linksLess},
	{"cmd/contract", "mock/internal/metrics", linksLess},
	{"cmd/contract", "mock/internal/openapi", linksLess},
}

// forbidden is what single packages must not import from outside the module.
var forbidden = map[string][]string{
	"mock/internal/push":    {"github.com/gin-gonic/gin"},
	"mock/internal/sandbox": {"github.com/gin-gonic/gin", "net/http"},
}

// source is a file of the module, tests aside.
type source struct {
	pkg, file string
	*ast.File
}

// sources are all files of the module, tests and examples aside.
func sources(t *testing.T) (all []source) {
	t.Helper()
	for _, f := range gosource.Tree(t, ".", "bin", "dist", "examples", "node_modules") {
		all = append(all, source{path.Dir(f.Path), f.Path, f.Syntax})
	}
	return all
}

// importPath is an import as the lists here write it.
func importPath(spec *ast.ImportSpec) string {
	name, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(name, module)
}

// imports are those of each package, tests aside.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for _, s := range sources(t) {
		list := found[s.pkg]
		for _, spec := range s.Imports {
			if name := importPath(spec); !slices.Contains(list, name) {
				list = append(list, name)
			}
		}
		found[s.pkg] = list
	}
	return found
}

// permissions reads allowed.
func permissions(text string) (map[string][]string, error) {
	rows := map[string][]string{}
	for line := range strings.Lines(strings.TrimSpace(text)) {
		pkg, list, found := strings.Cut(line, ":")
		if _, twice := rows[pkg]; !found || twice {
			return nil, fmt.Errorf("%q: want one row for each package", line)
		}
		rows[pkg] = strings.Fields(list)
	}
	return rows, nil
}

// violations are imports that are not allowed, permissions that nobody uses, and packages on one side only.
func violations(found, rows map[string][]string) (all []string) {
	say := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	for pkg, list := range found {
		may, known := rows[pkg]
		if !known && !slices.Contains(shared, pkg) {
			say("package %s has no place in the architecture; say in allowed what it may import", pkg)
		}
		for _, name := range list {
			if _, inside := found[name]; inside && !slices.Contains(shared, name) && !slices.Contains(may, name) {
				say("%s may not import %s", pkg, name)
			}
			if slices.Contains(forbidden[pkg], name) {
				say("%s may not import %s", pkg, name)
			}
		}
		for _, name := range may {
			if !slices.Contains(list, name) {
				say("%s does not import %s any more; take the permission away", pkg, name)
			}
		}
	}
	for pkg := range rows {
		if _, there := found[pkg]; !there {
			say("there is no package %s any more", pkg)
		}
	}
	slices.Sort(all)
	return all
}

// Every import is one that the architecture allows, and every permission is used.
func TestImports(t *testing.T) {
	found := imports(t)
	require.Greater(t, len(found), 40)
	rows, err := permissions(allowed)
	require.NoError(t, err)
	require.Empty(t, strings.Join(violations(found, rows), "\n"))

	toy := map[string][]string{"a": {"b"}, "b": {"fmt"}, "c": {}}
	require.Equal(t, []string{
		"a does not import c any more; take the permission away", "a may not import b",
		"package c has no place in the architecture; say in allowed what it may import", "there is no package d any more",
	}, violations(toy, map[string][]string{"a": {"c"}, "b": nil, "d": nil}), "what is wrong is found")
	_, err = permissions("a: b\na: c")
	require.Error(t, err, "one row for each package")
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

// way is how one package imports another in the end, nil where it does not.
func way(found map[string][]string, from, to string, seen map[string]bool) []string {
	if from == to || strings.HasPrefix(from, to+"/") {
		return []string{from}
	}
	seen[from] = true
	for _, name := range found[from] {
		if !seen[name] {
			if rest := way(found, name, to, seen); rest != nil {
				return append([]string{from}, rest...)
			}
		}
	}
	return nil
}

// No list of permissions can break these, on whatever way.
func TestImports_never(t *testing.T) {
	found := imports(t)
	for _, n := range never {
		require.NotEmpty(t, found[n.from])
		require.Empty(t, strings.Join(way(found, n.from, n.to, map[string]bool{}), " → "), "%s may never import %s: %s", n.from, n.to, n.why)
	}
	toy := map[string][]string{"client": {"internal/x"}, "internal/x": {"schemas"}}
	require.Equal(t, []string{"client", "internal/x", "schemas"}, way(toy, "client", "schemas", map[string]bool{}), "a way round is found")
}

// YAML is written in one place: nothing else encodes it.
func TestYAML_oneWriter(t *testing.T) {
	encodes := func(file *ast.File) (uses []string) {
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "yaml" && slices.Contains([]string{"Marshal", "NewEncoder", "Encoder"}, s.Sel.Name) {
					uses = append(uses, s.Sel.Name)
				}
			}
			return true
		})
		return uses
	}
	var writers []string
	for _, s := range sources(t) {
		for _, spec := range s.Imports {
			if strings.Contains(importPath(spec), "yaml") {
				require.Nil(t, spec.Name, "%s: YAML under another name", s.file)
				require.Equal(t, "gopkg.in/yaml.v3", importPath(spec), "%s: another library", s.file)
			}
		}
		if len(encodes(s.File)) > 0 {
			writers = append(writers, s.file)
		}
	}
	require.Equal(t, []string{"scenarios/internal/syntax/write.go"}, writers)
}
