package etcpmock_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/gosource"
)

// pure are the packages that compute and do nothing else: they are given their time and their random source. Linting holds them to it
// (.golangci.yml), and so do the tests below.
var pure = strings.Fields(`
	mock/internal/platform mock/internal/platform/nearby mock/internal/platform/notation mock/internal/platform/params mock/internal/platform/reasons
	mock/internal/platform/rules mock/internal/platform/seal mock/internal/platform/tariff mock/internal/platform/tokens mock/internal/clock mock/internal/engine mock/internal/fault mock/internal/fixture mock/internal/journal mock/internal/portable mock/internal/stay
	mock/internal/strict mock/internal/subset mock/internal/verify
	schemas sign sign/diagnose sign/diagnose/inspect sign/diagnose/internal/guess sign/diagnose/internal/jsondoc sign/diagnose/internal/layout sign/diagnose/internal/mistakes
	sign/diagnose/internal/repair sign/diagnose/internal/wire sign/diagnose/internal/words
	internal/chinese internal/duration internal/excerpt internal/jsonvalue internal/lang internal/mask internal/phrases internal/pushurl internal/suggest internal/zone
`)

// impure are ways to the network, the file system, the clock's zone files and random sources that are not given.
var impure = []string{
	"net", "net/http", "os", "os/exec", "time/tzdata", "math/rand", "crypto/rand", "log", "log/slog", "github.com/gin-gonic/gin",
	"internal/handlertransport", "internal/curl", "internal/atomicfile", "internal/collector",
}

// A pure package has no way to the network, the file system or a random source that is not given to it. A package whose
// documentation says that it is pure is held to it, and so does linting.
func TestPure_imports(t *testing.T) {
	found := imports(t)
	lint, err := os.ReadFile(".golangci.yml")
	require.NoError(t, err)
	except := regexp.MustCompile(`- path-except: (\S+)`).FindSubmatch(lint)
	require.NotNil(t, except)
	linted := regexp.MustCompile(string(except[1]))
	for _, pkg := range pure {
		require.Contains(t, found, pkg)
		require.True(t, linted.MatchString(pkg+"/a.go"), "%s is pure; .golangci.yml does not hold it to that", pkg)
		for _, name := range found[pkg] {
			require.False(t, slices.Contains(impure, name), "%s is pure and imports %s", pkg, name)
		}
	}
	claims := regexp.MustCompile(`\b(?:is|are) pure\b`)
	for _, s := range sources(t) {
		if s.Doc != nil && claims.MatchString(s.Doc.Text()) {
			require.True(t, slices.Contains(pure, s.pkg), "%s says that it is pure, and is not held to it", s.file)
		}
	}
}

// takesFromTheAir reports functions that take what a pure package is given out of the air: the clock, waiting, and the random sources that nobody
// seeds (every function of math/rand/v2 that makes no source of its own).
func takesFromTheAir(pkg, name string) bool {
	switch pkg {
	case "time":
		return slices.Contains([]string{"Now", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Since", "Until"}, name)
	case "math/rand/v2":
		return !slices.Contains([]string{"New", "NewPCG", "NewChaCha8", "NewZipf", "Rand", "PCG", "ChaCha8", "Source", "Zipf"}, name)
	case "fmt":
		return strings.HasPrefix(name, "Print")
	}
	return false
}

// airborne are the uses of those functions in a file.
func airborne(file *ast.File) (uses []string) {
	names := gosource.Imported(file)
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && takesFromTheAir(names[x.Name], s.Sel.Name) {
				uses = append(uses, x.Name+"."+s.Sel.Name)
			}
		}
		return true
	})
	return uses
}

// A pure package reads no clock, waits for nothing, prints nothing, and draws from no random source but those it is given.
func TestPure_isGivenTimeAndRandomness(t *testing.T) {
	files := 0
	for _, s := range sources(t) {
		if slices.Contains(pure, s.pkg) {
			files++
			require.Empty(t, airborne(s.File), s.file)
		}
	}
	require.Greater(t, files, 100)
	toy, err := parser.ParseFile(token.NewFileSet(), "toy.go", `package toy
import ("math/rand/v2"; clock "time")
var a, b, c = rand.IntN(5), clock.Now(), rand.New(rand.NewPCG(1, 2)).IntN(5)`, 0)
	require.NoError(t, err)
	require.Equal(t, []string{"rand.IntN", "clock.Now"}, airborne(toy), "they are found")
}
