package etcpmock_test

import (
	"testing"

	"github.com/stretchr/testify/require"
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
	found := using(t, serves)
	for path := range found {
		require.Contains(t, listeners, path, "makes an HTTP server: internal/httpserver does that, with limits")
	}
	for path := range listeners {
		require.Contains(t, found, path, "makes no HTTP server: take it off the list")
	}
}
