package guard

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// guarded is a handler behind a guard that listens on an address, and what it answers to a request that came in there.
func guarded(o Options, ip net.IP) func(method, path string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	g := New(o)
	addr := &net.TCPAddr{IP: ip, Port: 8787}
	g.Listens(addr)
	h := g.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	return func(method, path string, change ...func(*http.Request)) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, http.NoBody)
		r.Host = "127.0.0.1:8787"
		r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, addr))
		for _, c := range change {
			c(r)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
}

func bearer(text string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", text) }
}

var (
	loopbackIP = net.IPv4(127, 0, 0, 1)
	outside    = net.IPv4(192, 0, 2, 1)
)

// A token that was given is wanted everywhere but on the platform's own paths, the health checks and the console's files.
func TestGuard_token(t *testing.T) {
	ask := guarded(Options{Token: "secret"}, loopbackIP)
	for path, want := range map[string]int{
		"/rest/1.0.0/user/carnum": http.StatusTeapot, "/healthz": http.StatusTeapot, "/readyz": http.StatusTeapot, "/": http.StatusTeapot, "/__administrator": http.StatusTeapot,
		"/console": http.StatusTeapot, "/console/app.js": http.StatusTeapot, "/consoles": http.StatusTeapot,
		"/__admin": http.StatusUnauthorized, "/__admin/sandboxes": http.StatusUnauthorized, "/metrics": http.StatusUnauthorized,
	} {
		require.Equal(t, want, ask(http.MethodGet, path).Code, path)
	}
	for header, want := range map[string]int{
		"Bearer secret": http.StatusTeapot, "bearer secret": http.StatusTeapot, "Bearer  secret ": http.StatusTeapot,
		"Bearer secre": 401, "Bearer secrets": 401, "secret": 401, "Basic secret": 401, "Bearer ": 401, "": 401,
	} {
		w := ask(http.MethodGet, "/__admin/version", bearer(header))
		require.Equal(t, want, w.Code, header)
		if want == 401 {
			require.Contains(t, w.Header().Get("WWW-Authenticate"), "Bearer")
			require.NotContains(t, w.Body.String(), "secret\"", "the answer does not say what would be right")
		}
	}
}

// Without a token one is made up, and wanted where the address is no loopback: others than this machine reach it.
func TestGuard_madeUp(t *testing.T) {
	require.Equal(t, http.StatusTeapot, guarded(Options{}, loopbackIP)(http.MethodGet, "/__admin/version").Code)
	require.Equal(t, http.StatusUnauthorized, guarded(Options{}, outside)(http.MethodGet, "/__admin/version").Code)
	ask := guarded(Options{MadeUp: "fixed"}, outside)
	require.Equal(t, http.StatusTeapot, ask(http.MethodGet, "/__admin/version", bearer("Bearer fixed")).Code)

	g := New(Options{})
	one, tell := g.Token()
	require.False(t, tell, "nobody has to be shown it yet")
	g.Listens(&net.TCPAddr{IP: outside})
	_, tell = g.Token()
	require.True(t, tell)
	other, _ := New(Options{}).Token()
	require.NotEqual(t, one, other)
	require.GreaterOrEqual(t, len(one), 26)
}

// On a loopback address a name that leads here is no reason to be let in (DNS rebinding), and no page of another origin may write.
func TestGuard_browsers(t *testing.T) {
	ask := guarded(Options{Hosts: []string{"Mock.Test."}}, loopbackIP)
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	for name, want := range map[string]int{
		"localhost:8787": http.StatusTeapot, "[::1]:8787": http.StatusTeapot, "127.0.0.2": http.StatusTeapot, "mock.test": http.StatusTeapot, "a.localhost": http.StatusTeapot,
		"evil.test": 403, "localhost.evil.test": 403, "192.0.2.1": 403, "": 403,
	} {
		require.Equal(t, want, ask(http.MethodGet, "/__admin/version", host(name)).Code, name)
	}
	cross := func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }
	require.Equal(t, http.StatusForbidden, ask(http.MethodPost, "/__admin/sandboxes", cross).Code)
	require.Equal(t, http.StatusForbidden, ask(http.MethodPost, "/__admin/session", cross).Code)
	require.Equal(t, http.StatusTeapot, ask(http.MethodPost, "/__admin/sandboxes").Code, "a program is no browser")
	require.Equal(t, http.StatusTeapot, ask(http.MethodPost, "/rest/1.0.0/user/carnum", cross).Code, "the platform's paths are open")
	long := ask(http.MethodGet, "/__admin/version", host(strings.Repeat("x", 9000)))
	require.Less(t, long.Body.Len(), 400, "a stranger's text is cut")
}

// A browser brings the token once, and has a cookie that is not the token.
func TestGuard_session(t *testing.T) {
	ask := guarded(Options{Token: "secret"}, loopbackIP)
	body := func(text string) func(*http.Request) {
		return func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(text)) }
	}
	require.JSONEq(t, `{"required":true,"ok":false}`, ask(http.MethodGet, "/__admin/session").Body.String())
	require.Equal(t, http.StatusUnauthorized, ask(http.MethodPost, "/__admin/session", body(`{"token":"no"}`)).Code)
	require.Equal(t, http.StatusUnprocessableEntity, ask(http.MethodPost, "/__admin/session", body(`token=secret`)).Code)
	require.Equal(t, http.StatusRequestEntityTooLarge, ask(http.MethodPost, "/__admin/session", body(strings.Repeat(" ", 5000))).Code)
	require.Equal(t, http.StatusMethodNotAllowed, ask(http.MethodPut, "/__admin/session").Code)

	w := ask(http.MethodPost, "/__admin/session", body(`{"token":"secret"}`))
	require.Equal(t, http.StatusNoContent, w.Code)
	cookies := w.Result().Cookies()
	require.Len(t, cookies, 1)
	require.True(t, cookies[0].HttpOnly)
	require.Equal(t, http.SameSiteStrictMode, cookies[0].SameSite)
	require.NotContains(t, cookies[0].Value, "secret")
	with := func(r *http.Request) { r.AddCookie(cookies[0]) }
	require.Equal(t, http.StatusTeapot, ask(http.MethodGet, "/__admin/sandboxes", with).Code)
	require.JSONEq(t, `{"required":true,"ok":true}`, ask(http.MethodGet, "/__admin/session", with).Body.String())
	require.Equal(t, -1, ask(http.MethodDelete, "/__admin/session").Result().Cookies()[0].MaxAge)
	other := guarded(Options{Token: "another"}, loopbackIP)
	require.Equal(t, http.StatusUnauthorized, other(http.MethodGet, "/__admin/sandboxes", with).Code, "a cookie is of one token")
}

// The platform's own address shows nothing of the rest.
func TestPublic(t *testing.T) {
	h := Public(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }), http.NotFoundHandler())
	for path, want := range map[string]int{
		"/rest/1.0.0/user/carnum": http.StatusTeapot, "/healthz": http.StatusTeapot, "/": 404, "/__admin": 404, "/__admin/session": 404, "/metrics": 404, "/console/": 404,
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, http.NoBody))
		require.Equal(t, want, w.Code, path)
	}
}
