package mock_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// guardedPaths are a read and a write below the guard, and what is open to everybody.
var (
	openPaths    = []string{"/healthz", "/readyz", schemas.PathPrefix + "carnum"}
	guardedReads = []string{"/__admin/version", "/__admin/sandboxes", servertest.Default + "/merchants", servertest.Default + "/state", "/metrics"}
)

// docs/security.md: on a loopback address anyone there.
func TestGuard_loopback(t *testing.T) {
	c := newControlled(t)
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(c.URL, "http://"))
	for _, host := range []string{"127.0.0.1:" + port, "localhost:" + port, "LOCALHOST", "127.8.9.10", "[::1]:" + port, "mock.localhost:" + port} {
		require.Equal(t, http.StatusOK, c.Ask(t, http.MethodGet, "/__admin/version", nil, "Host", host).Status, host)
		require.Equal(t, http.StatusOK, c.Ask(t, http.MethodPut, servertest.Default+"/clock", `{}`, "Host", host).Status, host)
	}
}

// A page whose name was made to lead here (DNS rebinding) reads and writes nothing but the platform's own paths.
func TestGuard_foreignHost(t *testing.T) {
	c := newControlled(t, mock.WithAdminHost("Mock.test"))
	for _, host := range []string{"evil.example", "evil.example:8787", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "0.0.0.0", "[fe80::1]"} {
		for _, path := range append(guardedReads, "/console/", "/__admin/session") {
			a := c.Ask(t, http.MethodGet, path, nil, "Host", host)
			require.Equal(t, http.StatusForbidden, a.Status, "%s on %s", path, host)
			require.NotContains(t, a.Body, servertest.Key)
			require.Equal(t, "application/problem+json", a.Header.Get("Content-Type"))
		}
		require.Equal(t, http.StatusForbidden, c.Ask(t, http.MethodPut, servertest.Default+"/clock", `{}`, "Host", host).Status)
		for _, path := range openPaths {
			require.NotEqual(t, http.StatusForbidden, c.Ask(t, http.MethodGet, path, nil, "Host", host).Status, path)
		}
	}
	require.Equal(t, http.StatusOK, c.Ask(t, http.MethodGet, "/__admin/version", nil, "Host", "mock.test:8787").Status)
}

// A page of another origin, as a browser sends it, writes nothing.
func TestGuard_crossOrigin(t *testing.T) {
	c := newControlled(t)
	for _, row := range []struct {
		name    string
		headers []string
		status  int
	}{
		{"no browser", nil, http.StatusOK},
		{"the console", []string{"Sec-Fetch-Site", "same-origin", "Origin", c.URL}, http.StatusOK},
		{"the address bar", []string{"Sec-Fetch-Site", "none"}, http.StatusOK},
		{"an older browser, same origin", []string{"Origin", c.URL}, http.StatusOK},
		{"another site", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, http.StatusForbidden},
		{"another port of this machine", []string{"Sec-Fetch-Site", "same-site", "Origin", "http://127.0.0.1:1"}, http.StatusForbidden},
		{"an older browser", []string{"Origin", "https://evil.example"}, http.StatusForbidden},
		{"a sandboxed frame", []string{"Origin", "null"}, http.StatusForbidden},
	} {
		t.Run(row.name, func(t *testing.T) {
			headers := append([]string{"Content-Type", "text/plain"}, row.headers...)
			require.Equal(t, row.status, c.Ask(t, http.MethodPut, servertest.Default+"/clock", `{}`, headers...).Status)
			require.Equal(t, row.status == http.StatusForbidden, c.Ask(t, http.MethodPost, "/__admin/session", `{}`, headers...).Status == http.StatusForbidden)
		})
	}
	a := c.Ask(t, http.MethodGet, "/__admin/version", nil, "Origin", "https://evil.example")
	require.Empty(t, a.Header.Get("Access-Control-Allow-Origin"), "a browser does not let the other page read it")
	code, _ := c.Call(t, "parkingstatus", map[string]any{"parkingId": "1"})
	require.Zero(t, code)
}

// newPublic is a server that listens on every address.
func newPublic(t *testing.T, opts ...mock.Option) (base string, server *mock.Server) {
	t.Helper()
	server, err := mock.New(append([]mock.Option{mock.WithFixture([]byte(servertest.Fixture))}, opts...)...)
	require.NoError(t, err)
	require.NoError(t, server.Start("0.0.0.0:0"))
	t.Cleanup(func() { _ = server.Close(t.Context()) })
	_, port, err := net.SplitHostPort(server.Addr())
	require.NoError(t, err)
	return "http://127.0.0.1:" + port, server
}

// On any other address the server wants a token, and makes one up where none was given.
func TestGuard_token(t *testing.T) {
	base, server := newPublic(t)
	token, tell := server.AdminToken()
	require.True(t, tell)
	require.GreaterOrEqual(t, len(token), 20)
	c := &controlled{&servertest.Server{URL: base, Mock: server, HTTP: http.DefaultClient}}
	for _, path := range guardedReads {
		for _, header := range []string{"", "Bearer", "Bearer ", "Bearer " + token + "x", "Bearer " + token[1:], "Basic " + token, token} {
			a := c.Ask(t, http.MethodGet, path, nil, "Authorization", header)
			require.Equal(t, http.StatusUnauthorized, a.Status, "%s with %q", path, header)
			require.Contains(t, a.Header.Get("WWW-Authenticate"), "Bearer")
			require.NotContains(t, a.Body, token)
		}
		a := c.Ask(t, http.MethodGet, path, nil, "Authorization", "Bearer "+token)
		require.NotEqual(t, http.StatusUnauthorized, a.Status, path)
		require.NotEqual(t, http.StatusUnauthorized, c.Ask(t, http.MethodGet, path, nil, "Authorization", "bearer "+token, "Host", "mock.lan:8787").Status)
	}
	for _, path := range openPaths {
		require.NotEqual(t, http.StatusUnauthorized, c.Ask(t, http.MethodGet, path, nil).Status, path)
	}
	require.NotEqual(t, http.StatusUnauthorized, c.Ask(t, http.MethodGet, "/console/", nil).Status, "the page that asks for the token")
	require.Equal(t, http.StatusForbidden, c.Ask(t, http.MethodPut, servertest.Default+"/clock", `{}`,
		"Authorization", "Bearer "+token, "Sec-Fetch-Site", "cross-site").Status)
}

// A token that was given is wanted on a loopback address too, and by every handler.
func TestGuard_givenToken(t *testing.T) {
	c := newControlled(t, mock.WithAdminToken("let-me-in"))
	require.Equal(t, http.StatusUnauthorized, c.Ask(t, http.MethodGet, "/__admin/version", nil).Status)
	require.Equal(t, http.StatusOK, c.Ask(t, http.MethodGet, "/__admin/version", nil, "Authorization", "Bearer let-me-in").Status)
	_, tell := c.Mock.AdminToken()
	require.False(t, tell)
	w := httptest.NewRecorder()
	c.Mock.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/__admin/version", http.NoBody))
	require.Equal(t, http.StatusUnauthorized, w.Code)
}

// A browser brings the token once and gets a cookie for it, which the event stream sends too.
func TestGuard_session(t *testing.T) {
	base, server := newPublic(t, mock.WithAdminToken("let-me-in"))
	c := &controlled{&servertest.Server{URL: base, Mock: server, HTTP: http.DefaultClient}}
	const session = "/__admin/session"
	require.JSONEq(t, `{"required":true,"ok":false}`, c.Ask(t, http.MethodGet, session, nil).Body)
	for _, body := range []string{`{}`, `{"token":""}`, `{"token":"let-me-i"}`} {
		a := c.Ask(t, http.MethodPost, session, body)
		require.Equal(t, http.StatusUnauthorized, a.Status)
		require.Empty(t, a.Header.Get("Set-Cookie"))
	}
	require.Equal(t, http.StatusUnprocessableEntity, c.Ask(t, http.MethodPost, session, `let-me-in`).Status)
	require.Equal(t, http.StatusRequestEntityTooLarge, c.Ask(t, http.MethodPost, session, strings.Repeat(" ", 5000)).Status)
	require.Equal(t, http.StatusMethodNotAllowed, c.Ask(t, http.MethodPut, session, `{}`).Status)

	a := c.Ask(t, http.MethodPost, session, `{"token":"let-me-in"}`)
	require.Equal(t, http.StatusNoContent, a.Status)
	set := a.Header.Get("Set-Cookie")
	require.Contains(t, set, "HttpOnly")
	require.Contains(t, set, "SameSite=Strict")
	require.NotContains(t, set, "let-me-in")
	cookie, _, _ := strings.Cut(set, ";")
	require.JSONEq(t, `{"required":true,"ok":true}`, c.Ask(t, http.MethodGet, session, nil, "Cookie", cookie).Body)
	require.Equal(t, http.StatusOK, c.Ask(t, http.MethodGet, "/__admin/version", nil, "Cookie", cookie).Status)
	require.Equal(t, http.StatusUnauthorized, c.Ask(t, http.MethodGet, "/__admin/version", nil, "Cookie", cookie+"0").Status)
	require.Equal(t, http.StatusForbidden, c.Ask(t, http.MethodPut, servertest.Default+"/clock", `{}`, "Cookie", cookie, "Origin", "https://evil.example").Status)

	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+servertest.Default+"/events", http.NoBody)
	require.NoError(t, err)
	r.Header.Set("Cookie", cookie)
	stream, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, stream.StatusCode)
	require.NoError(t, stream.Body.Close())
	other, _, _ := strings.Cut(c.Ask(t, http.MethodPost, session, `{"token":"let-me-in"}`).Header.Get("Set-Cookie"), ";")
	require.NotEqual(t, cookie, other)
	require.Contains(t, c.Ask(t, http.MethodDelete, session, nil).Header.Get("Set-Cookie"), "Max-Age=0")
	require.Equal(t, http.StatusOK, c.Ask(t, http.MethodGet, "/__admin/version", nil, "Cookie", cookie).Status, "it was another's that ended")
	require.Equal(t, http.StatusNoContent, c.Ask(t, http.MethodDelete, session, nil, "Cookie", cookie).Status)
	require.Equal(t, http.StatusUnauthorized, c.Ask(t, http.MethodGet, "/__admin/version", nil, "Cookie", cookie).Status, "it has ended")
	require.JSONEq(t, `{"required":true,"ok":false}`, c.Ask(t, http.MethodGet, session, nil, "Cookie", cookie).Body)
	require.Equal(t, http.StatusOK, c.Ask(t, http.MethodGet, "/__admin/version", nil, "Cookie", other).Status)
}

// A body over a call's limit is refused, also to a client that sends all of it before it looks for an answer.
func TestControl_bodyOverItsLimit(t *testing.T) {
	t.Parallel()
	c := newControlled(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.URL, "http://")) //nolint:noctx // a literal address
	require.NoError(t, err)
	defer conn.Close()
	const size = 12 << 20
	_, err = fmt.Fprintf(conn, "POST /__admin/scenarios/validate HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n", size)
	require.NoError(t, err)
	_, err = io.CopyN(conn, strings.NewReader(strings.Repeat(" ", size)), size)
	require.NoError(t, err)
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer answer.Body.Close()
	require.Equal(t, http.StatusRequestEntityTooLarge, answer.StatusCode)
}

func TestGuard_sessionWhereNoneIsWanted(t *testing.T) {
	c := newControlled(t)
	require.JSONEq(t, `{"required":false,"ok":true}`, c.Ask(t, http.MethodGet, "/__admin/session", nil).Body)
	require.Equal(t, http.StatusNoContent, c.Ask(t, http.MethodPost, "/__admin/session", `{"token":"any"}`).Status)
}

// A client that writes its head, or its body, by drops is not waited for.
func TestGuard_slowClient(t *testing.T) {
	c := newControlled(t, mock.WithQuickLimits(50*time.Millisecond, 150*time.Millisecond))
	addr := strings.TrimPrefix(c.URL, "http://")
	for name, begin := range map[string]string{
		"head": "POST /__admin/sandboxes HTTP/1.1\r\nHost: localhost\r\nX-",
		"body": "POST /__admin/sandboxes HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{",
		"form": "POST " + schemas.PathPrefix + "bindcar HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\na=",
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", addr) //nolint:noctx // a literal address
			require.NoError(t, err)
			defer conn.Close()
			_, _ = fmt.Fprint(conn, begin) // the server may have ended it by then, where this machine stands still
			require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
			_, err = io.Copy(io.Discard, conn)
			require.NotErrorIs(t, err, os.ErrDeadlineExceeded, "the server ends the connection")
		})
	}
}

// A head over its limit is refused whole.
func TestGuard_longHead(t *testing.T) {
	c := newControlled(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.URL, "http://")) //nolint:noctx // a literal address
	require.NoError(t, err)
	defer conn.Close()
	go func() {
		_, _ = fmt.Fprintf(conn, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: %s\r\n\r\n", strings.Repeat("x", 2<<20))
	}()
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer answer.Body.Close()
	require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, answer.StatusCode)
}

// A request that announces a length and comes in chunks, which a proxy may end elsewhere, is the last of its connection: what follows is not answered.
func TestGuard_smuggled(t *testing.T) {
	c := newControlled(t)
	for _, path := range []string{schemas.PathPrefix + "bindcar", "/__admin/sandboxes/default/clock/advance"} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(c.URL, "http://")) //nolint:noctx // a literal address
		require.NoError(t, err)
		require.NoError(t, conn.SetDeadline(time.Now().Add(time.Minute)))
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /__admin/version HTTP/1.1\r\nHost: localhost\r\n\r\n", path)
		from := bufio.NewReader(conn)
		answer, err := http.ReadResponse(from, nil)
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, answer.Body)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.True(t, answer.Close)
		next, err := io.ReadAll(from) // to the end of the connection
		require.Empty(t, next)
		require.NotErrorIs(t, err, os.ErrDeadlineExceeded)
		require.NoError(t, conn.Close())
	}
}

// Pushes go only where --push-allow says; one to anywhere else is a failed attempt, and nobody hears of it.
func TestPushAllow(t *testing.T) {
	heard := 0
	merchant := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		heard++
		_, _ = io.WriteString(w, `{"code":0}`)
	}))
	defer merchant.Close()
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(merchant.URL, "http://"))
	for _, row := range []struct {
		allow []string
		url   string
		goes  bool
	}{
		{nil, merchant.URL, true},
		{[]string{"127.0.0.1"}, merchant.URL, true},
		{[]string{"127.0.0.1:" + port}, merchant.URL, true},
		{[]string{"127.0.0.0/8"}, merchant.URL, true},
		{[]string{"127.0.0.0/8"}, "http://localhost:" + port, true},
		{[]string{"::1/128", "LOCALHOST"}, "http://localhost:" + port, true},
		{[]string{"merchant.test"}, merchant.URL, false},
		{[]string{"127.0.0.1:1"}, merchant.URL, false},
		{[]string{"10.0.0.0/8"}, merchant.URL, false},
		{[]string{"10.0.0.0/8"}, "http://localhost:" + port, false},
		{[]string{"*.localhost"}, "http://localhost:" + port, false},
	} {
		t.Run(strings.Join(row.allow, ",")+" "+row.url, func(t *testing.T) {
			heard = 0
			c := newControlled(t, mock.WithPushAllow(row.allow...))
			c.Do(t, http.MethodPut, "/merchants/M1", map[string]any{"key": servertest.Key, "push": map[string]any{"url": row.url}})
			p := c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": "M1", "kind": "entry"})
			c.Do(t, http.MethodPost, "/pushes/drain", nil)
			p = c.Do(t, http.MethodGet, "/pushes/"+p["id"].(string), nil)
			attempt := p["attempts"].([]any)[0].(map[string]any)
			if row.goes {
				require.Equal(t, "delivered", p["status"], attempt["error"])
				return
			}
			require.Equal(t, "pending", p["status"])
			require.Contains(t, attempt["error"], "not sent")
			require.Contains(t, attempt["error"], "--push-allow")
			require.Zero(t, heard)
		})
	}
	for _, pattern := range []string{"", "10.0.0.0/33", "host:0", "http://merchant.test", "a b"} {
		_, err := mock.New(mock.WithPushAllow(pattern))
		var wrong *mock.OptionError
		require.ErrorAs(t, err, &wrong)
		require.Equal(t, mock.OptionPushAllow, wrong.Option)
		require.Equal(t, mock.CodeInvalid, wrong.Code)
		require.ErrorContains(t, err, fmt.Sprintf("got %q", pattern))
	}
}

// A push URL is http or https, and names a host.
func TestPushURL(t *testing.T) {
	c := newControlled(t)
	for _, url := range []string{"ftp://h/x", "file:///etc/passwd", "//h/x", "h:80", "http://", "javascript:alert(1)", "http:///x", "http://h:0/x", "http://h:99999/x", "http://:80/x"} {
		a := c.Ask(t, http.MethodPut, servertest.Default+"/merchants/M1", map[string]any{"key": servertest.Key, "push": map[string]any{"url": url}})
		require.Equal(t, http.StatusUnprocessableEntity, a.Status, url)
		require.Contains(t, a.Body, `"pointer":"/push/url"`)
		a = c.Ask(t, http.MethodPut, servertest.Default+"/merchants/M1", map[string]any{"key": servertest.Key, "push": map[string]any{"urls": map[string]any{"unbind": url}}})
		require.Equal(t, http.StatusUnprocessableEntity, a.Status, url)
	}
}

// With --push-deny-private pushes, examinations and the http steps of scenarios reach neither this machine nor a private network, but for what
// --push-allow lists.
func TestPushDenyPrivate(t *testing.T) {
	var heard atomic.Int32
	merchant := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		heard.Add(1)
		_, _ = io.WriteString(w, `{"code":0}`)
	}))
	defer merchant.Close()
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(merchant.URL, "http://"))
	for _, url := range []string{merchant.URL, "http://localhost:" + port, "http://169.254.169.254/latest", "http://10.255.255.1/"} {
		c := newControlled(t, mock.WithPushDenyPrivate())
		c.Do(t, http.MethodPut, "/merchants/M1", map[string]any{"key": servertest.Key, "push": map[string]any{"url": url}})
		p := c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": "M1", "kind": "entry"})
		c.Do(t, http.MethodPost, "/pushes/drain", nil)
		p = c.Do(t, http.MethodGet, "/pushes/"+p["id"].(string), nil)
		require.Contains(t, p["attempts"].([]any)[0].(map[string]any)["error"], "--push-deny-private", url)
		report := c.Ask(t, http.MethodPost, servertest.Default+"/merchants/M1/examine", nil)
		require.Contains(t, report.Body, "--push-deny-private", url)
	}
	require.Zero(t, heard.Load())
	c := newControlled(t, mock.WithPushDenyPrivate(), mock.WithPushAllow("127.0.0.1:"+port))
	c.Do(t, http.MethodPut, "/merchants/M1", map[string]any{"key": servertest.Key, "push": map[string]any{"url": merchant.URL}})
	c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": "M1", "kind": "entry"})
	c.Do(t, http.MethodPost, "/pushes/drain", nil)
	require.Positive(t, heard.Load())
}

// An examination goes only where pushes may go, one of a merchant at a time, and takes nothing that it does not know; that of the mock itself ends.
func TestExamine_isBounded(t *testing.T) {
	begun, end := make(chan struct{}), make(chan struct{})
	var once sync.Once
	merchant := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		once.Do(func() { close(begun); <-end })
		_, _ = io.WriteString(w, `{"code":0}`)
	}))
	defer merchant.Close()
	c := newControlled(t)
	c.Do(t, http.MethodPut, "/merchants/M1", map[string]any{"key": servertest.Key, "push": map[string]any{"url": merchant.URL}})
	examine := servertest.Default + "/merchants/M1/examine"
	a := c.Ask(t, http.MethodPost, examine, map[string]any{"only": "entry"})
	require.Equal(t, http.StatusUnprocessableEntity, a.Status)
	require.Contains(t, a.Body, `"/only"`)
	first := make(chan int)
	go func() { first <- c.Ask(t, http.MethodPost, examine, nil).Status }()
	<-begun
	a = c.Ask(t, http.MethodPost, examine, nil)
	require.Equal(t, http.StatusConflict, a.Status)
	require.Contains(t, a.Body, "under way")
	close(end)
	require.Equal(t, http.StatusOK, <-first)

	c.Do(t, http.MethodPut, "/merchants/M1", map[string]any{"key": servertest.Key, "push": map[string]any{"url": c.URL + examine}})
	a = c.Ask(t, http.MethodPost, examine, nil)
	require.Equal(t, http.StatusOK, a.Status)
	c = newControlled(t, mock.WithPushAllow("merchant.test"))
	c.Do(t, http.MethodPut, "/merchants/M1", map[string]any{"key": servertest.Key, "push": map[string]any{"url": merchant.URL}})
	a = c.Ask(t, http.MethodPost, examine, nil)
	require.Contains(t, a.Body, "--push-allow")
}
