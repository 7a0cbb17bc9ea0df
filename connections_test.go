package etcpmock_test

import (
	"go/ast"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/gosource"
)

// dialers are the files that open connections, and why each may. A server opens all of its own with mock/internal/outgoing, which
// obeys --push-allow and --push-deny-private.
var dialers = map[string]string{
	"bench/console.go":  "a measurement",
	"bench/load.go":     "a measurement",
	"bench/requests.go": "a measurement",

	"cmd/etcp-mock/internal/serving/doctor.go":  "looks whether the server of --server answers",
	"cmd/etcp-mock/internal/remote/remote.go":   "calls the target that the command line names",
	"cmd/internal/cli/connection.go":            "calls the target that the command line names",
	"contract/internal/wire/wire.go":            "calls the target that the command line names",
	"contract/recording.go":                     "calls the target that is recorded",
	"contract/webhook/endpoint.go":              "calls the endpoint that the command line names; a server passes a transport of its own",
	"contract/webhook/pieces.go":                "divides what the examiner's own transport sends to that endpoint; one that a server has passed is not divided",
	"internal/trust/trust.go":                   "has a client trust authorities",
	"mock/internal/cluster/forward.go":          "calls the other replicas",
	"mock/internal/servertest/server.go":        "for tests: calls the server that it has started",
	"mock/listen.go":                            "looks whether somebody listens on the socket that it is to have",
	"mock/internal/outgoing/outgoing.go":        "makes a server's connections",
	"scenarios/internal/transport/transport.go": "calls the target; a server passes a client of its own",
}

// opens says which uses of which package open a connection by themselves, or make what does.
var opens = map[string][]string{
	"net/http":   {"Transport", "DefaultTransport", "DefaultClient", "Get", "Head", "Post", "PostForm"},
	"net":        {"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialUnix", "Dialer"},
	"crypto/tls": {"Dial", "DialWithDialer", "Dialer"},
}

func TestConnections_areOpenedInKnownPlaces(t *testing.T) {
	found := using(t, opens)
	for path := range found {
		require.Contains(t, dialers, path, "opens connections: a server does that with mock/internal/outgoing")
	}
	for path := range dialers {
		require.Contains(t, found, path, "opens no connection: take it off the list")
	}
}

// using are the files that use one of the names of a package, by the package's path.
func using(t *testing.T, uses map[string][]string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, s := range sources(t) {
		names := gosource.Imported(s.File)
		ast.Inspect(s.File, func(n ast.Node) bool {
			used, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if of, ok := used.X.(*ast.Ident); ok && slices.Contains(uses[names[of.Name]], used.Sel.Name) && !isType(s.File, used) {
				found[s.file] = true
			}
			return true
		})
	}
	return found
}

// isType says whether a name stands for a type behind a pointer, as that of a field or of an assertion, and makes nothing.
func isType(file *ast.File, name *ast.SelectorExpr) (typed bool) {
	ast.Inspect(file, func(n ast.Node) bool {
		if pointer, ok := n.(*ast.StarExpr); ok && pointer.X == name {
			typed = true
		}
		return !typed
	})
	return typed
}
