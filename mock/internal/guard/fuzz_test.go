package guard

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Only a request that names this machine, or a host that was allowed, reaches the control API, whatever its Host header is.
func FuzzHost(f *testing.F) {
	for _, seed := range []string{"127.0.0.1:8787", "localhost", "[::1]:80", "LOCALHOST.", "evil.test", "localhost.evil.test", "127.0.0.1.evil.test", "::ffff:127.0.0.1", "a.localhost:1", "mock.test", "", "127.1", "0x7f000001", "localhost@evil.test", "[::1%25eth0]"} {
		f.Add(seed)
	}
	reached := false
	g := New(Options{Hosts: []string{"mock.test"}})
	h := g.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	f.Fuzz(func(t *testing.T, host string) {
		reached = false
		r := httptest.NewRequest(http.MethodGet, "/__admin/version", http.NoBody)
		r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}))
		r.Host = host
		h.ServeHTTP(httptest.NewRecorder(), r)
		if !reached {
			return
		}
		name := host
		if n, _, err := net.SplitHostPort(host); err == nil {
			name = n
		}
		name = strings.ToLower(strings.TrimSuffix(strings.Trim(name, "[]"), "."))
		ip, err := netip.ParseAddr(name)
		require.True(t, err == nil && ip.Unmap().IsLoopback() || name == "mock.test" || name == "localhost" || strings.HasSuffix(name, ".localhost"), host)
	})
}
