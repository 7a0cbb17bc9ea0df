package etcpmock_test

import (
	"go/ast"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/gosource"
)

// listeners are the files that make an HTTP server of their own. Every other has internal/httpserver make it, whose limits hold off slow clients.
var listeners = map[string]string{
	"bench/child.go": "a measurement, of bare servers among others",
	"cmd/etcp-mock/internal/commandtest/commandtest.go": "for tests",
	"docs/generate/main.go":                             "the documentation's generator, which calls itself",
	"internal/httpserver/httpserver.go":                 "makes them",
	"mock/internal/servertest/pushes.go":                "for tests",
	"mock/mocktest/pushes.go":                           "for users' tests",
}

// serves says which uses of which package make an HTTP server.
var serves = map[string][]string{
	"net/http":          {"Server", "Serve", "ServeTLS", "ListenAndServe", "ListenAndServeTLS"},
	"net/http/httptest": {"NewServer", "NewTLSServer", "NewUnstartedServer", "Server"},
	"net/http/fcgi":     {"Serve"},
}

func TestServers_areMadeInOnePlace(t *testing.T) {
	found := map[string]bool{}
	for _, s := range sources(t) {
		names := gosource.Imported(s.File)
		ast.Inspect(s.File, func(n ast.Node) bool {
			used, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if of, ok := used.X.(*ast.Ident); ok && slices.Contains(serves[names[of.Name]], used.Sel.Name) && !isType(s.File, used) {
				found[s.file] = true
			}
			return true
		})
	}
	for path := range found {
		require.Contains(t, listeners, path, "makes an HTTP server: internal/httpserver does that, with limits")
	}
	for path := range listeners {
		require.Contains(t, found, path, "makes no HTTP server: take it off the list")
	}
}
