package etcpmock_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// dialers are the files that open connections, and why each may. A server opens all of its own with mock/internal/outgoing, which
// obeys --push-allow and --push-deny-private.
var dialers = map[string]string{
	"bench/load.go":     "a measurement",
	"bench/requests.go": "a measurement",

	"cmd/etcp-mock/internal/serving/doctor.go":  "looks whether the server of --server answers",
	"cmd/etcp-mock/internal/remote/remote.go":   "calls the target that the command line names",
	"cmd/internal/cli/connection.go":            "calls the target that the command line names",
	"contract/internal/wire/wire.go":            "calls the target that the command line names",
	"contract/recording.go":                     "calls the target that is recorded",
	"contract/webhook/endpoint.go":              "calls the endpoint that the command line names; a server passes a transport of its own",
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
	found := map[string]bool{}
	require.NoError(t, filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			if entry != nil && entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && path != "." || entry.Name() == "node_modules" || path == "examples") {
				return filepath.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		require.NoError(t, err)
		names := map[string]string{} // of the packages, here
		for _, imported := range file.Imports {
			of, _ := strconv.Unquote(imported.Path.Value)
			name := of[strings.LastIndexByte(of, '/')+1:]
			if imported.Name != nil {
				name = imported.Name.Name
			}
			names[name] = of
		}
		ast.Inspect(file, func(n ast.Node) bool {
			used, is := n.(*ast.SelectorExpr)
			if !is {
				return true
			}
			if of, is := used.X.(*ast.Ident); is {
				for _, name := range opens[names[of.Name]] {
					if name == used.Sel.Name && !isType(file, used) {
						found[filepath.ToSlash(path)] = true
					}
				}
			}
			return true
		})
		return nil
	}))
	for path := range found {
		require.Contains(t, dialers, path, "opens connections: a server does that with mock/internal/outgoing")
	}
	for path := range dialers {
		require.Contains(t, found, path, "opens no connection: take it off the list")
	}
}

// isType says whether a name stands for a type behind a pointer, as that of a field or of an assertion, and makes nothing.
func isType(file *ast.File, name *ast.SelectorExpr) (is bool) {
	ast.Inspect(file, func(n ast.Node) bool {
		if pointer, ok := n.(*ast.StarExpr); ok && pointer.X == name {
			is = true
		}
		return !is
	})
	return is
}
