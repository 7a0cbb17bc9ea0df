package mock_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
)

// Closing: a request in flight finishes, here an advance that awaits a merchant; what was not delivered is pending.
func TestControlServer_close(t *testing.T) {
	server, err := mock.New(mock.WithFixture([]byte(servertest.Fixture)))
	require.NoError(t, err)
	require.NoError(t, server.Start("127.0.0.1:0"))
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	c := &controlled{&servertest.Server{URL: server.URL(), Mock: server, HTTP: &http.Client{Transport: transport}}}
	release := make(chan struct{})
	var calls atomic.Int64
	r := servertest.NewReceiver(t, func(w http.ResponseWriter, q *http.Request) {
		if calls.Add(1) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		select {
		case <-release:
			servertest.AnswerOK(w, q)
		case <-q.Context().Done():
		}
	})
	c.PutMerchant(t, "M1", map[string]any{"url": r.URL})
	c.PutMerchant(t, "M2", map[string]any{"url": "http://127.0.0.1:1/"})
	for _, no := range []string{"M1", "M2"} {
		c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": no, "kind": "entry"})
	}
	c.Drain(t)
	<-r.News

	advanced := make(chan int, 1)
	go func() {
		status := 0
		defer func() { advanced <- status }()
		status = c.Ask(t, http.MethodPost, servertest.Default+"/clock/advance", `{"by":"10s"}`).Status
	}()
	<-r.News // the advance awaits this one
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	closed := make(chan error, 1)
	go func() { closed <- server.Close(ctx) }()
	for ctx.Err() == nil { // until nobody is let in any more
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", server.Addr())
		if err != nil {
			break
		}
		_ = conn.Close()
	}
	close(release)
	require.Equal(t, http.StatusOK, <-advanced)
	require.NoError(t, <-closed)
	require.NoError(t, server.Close(ctx), "twice")
	require.Equal(t, map[string]int{"default": 1}, server.Pending())
	require.Error(t, server.Start("127.0.0.1:0"), "it does not start again")
}

// Servers in one process know nothing of each other.
func TestControlServer_several(t *testing.T) {
	a, b := newControlled(t), newControlled(t)
	require.NotEqual(t, a.URL, b.URL)
	a.Enter(t, "渝ATX061")
	a.Call(t, "carnum", map[string]any{"token": "x"})
	require.Empty(t, b.Do(t, http.MethodGet, "/orders", nil)["items"])
	require.Empty(t, b.Do(t, http.MethodGet, "/requests", nil)["items"])
	b.Enter(t, "渝ATX061")
	require.Error(t, a.Mock.Start("127.0.0.1:0"), "it is started already")
}

// HTTP itself is bounded too: headers, and a body that does not come.
func TestControlServer_bounds(t *testing.T) {
	c := newControlled(t)
	a := c.Ask(t, http.MethodGet, servertest.Default+"/clock", nil, "X-Long", strings.Repeat("x", 2<<20))
	require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, a.Status)
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(c.URL, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	_, err = conn.Write([]byte("POST " + servertest.Default + "/clock/advance HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{\"by\":"))
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	require.Contains(t, c.Ask(t, http.MethodGet, servertest.Default+"/clock", nil).Body, "12:00:00", "a body that broke off changes nothing")
	require.Equal(t, http.StatusOK, c.Ask(t, http.MethodHead, "/healthz", nil).Status)
	for _, method := range []string{http.MethodHead, http.MethodOptions, http.MethodTrace, "BREW"} {
		require.Contains(t, []int{http.StatusMethodNotAllowed, http.StatusForbidden}, c.Ask(t, method, servertest.Default+"/clock", nil).Status, method)
	}
}

// What is there is not said to be unknown where the method is wrong, also of paths that are no calls of the control API; a HEAD of a document
// or of the figures has the head of a GET.
func TestServer_otherMethods(t *testing.T) {
	c := newControlled(t)
	for _, path := range []string{"/metrics", "/__admin/openapi.json", "/__admin/docs"} {
		require.Equal(t, http.StatusOK, c.Ask(t, http.MethodHead, path, nil).Status, path)
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
			a := c.Ask(t, method, path, nil)
			require.Equal(t, http.StatusMethodNotAllowed, a.Status, "%s %s", method, path)
			require.Equal(t, "GET, HEAD", a.Header.Get("Allow"), path)
			require.Equal(t, "application/problem+json", a.Header.Get("Content-Type"), path)
		}
	}
	require.Equal(t, http.StatusNotFound, c.Ask(t, http.MethodPost, "/__admin/doc", nil).Status)
}

// A quiet stream shows that it lives, by a comment.
func TestControlEvents_heartbeat(t *testing.T) {
	c := newControlled(t)
	mock.QuickHeartbeat(c.Mock, 10*time.Millisecond)
	s := c.Follow(t, "")
	beats := 0
	for beats < 3 {
		line, more := s.Line()
		require.True(t, more)
		if line == ": heartbeat" {
			beats++
		}
	}
	c.Call(t, "carnum", map[string]any{"token": "none"})
	require.Equal(t, "carnum", s.Until("request").Data["endpoint"])
}

// A stop answers a move of the clock that hangs at a merchant: how far it came. It breaks off while there is time for the answer.
func TestControlServer_closeAnswersMoves(t *testing.T) {
	t.Parallel()
	begun, end := make(chan struct{}, 9), make(chan struct{})
	var calls atomic.Int64
	merchant := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if begun <- struct{}{}; calls.Add(1) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable) // it is due again when the clock moves
			return
		}
		select {
		case <-end:
		case <-r.Context().Done():
		}
	}))
	defer merchant.Close()
	defer close(end)
	s, err := mock.New()
	require.NoError(t, err)
	require.NoError(t, s.Start("127.0.0.1:0"))
	ask := func(method, path, body string) (int, string) {
		r, err := http.NewRequestWithContext(context.Background(), method, s.URL()+"/__admin/sandboxes/default"+path, strings.NewReader(body))
		require.NoError(t, err)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return 0, err.Error()
		}
		defer answer.Body.Close()
		text, _ := io.ReadAll(answer.Body)
		return answer.StatusCode, string(text)
	}
	status, text := ask(http.MethodPut, "/merchants/demo", `{"key":"demo-key","push":{"url":"`+merchant.URL+`"}}`)
	require.Less(t, status, 300, text)
	status, text = ask(http.MethodPut, "/clock", `{"mode":"frozen"}`)
	require.Equal(t, http.StatusOK, status, text)
	status, text = ask(http.MethodPost, "/pushes", `{"merchantNo":"demo","kind":"entry"}`)
	require.Less(t, status, 300, text)
	<-begun
	type answer struct {
		status int
		text   string
	}
	answers := make(chan answer, 1)
	go func() {
		status, text := ask(http.MethodPost, "/clock/advance", `{"by":"10h"}`)
		answers <- answer{status, text}
	}()
	<-begun
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	require.NoError(t, s.Close(ctx))
	got := <-answers
	require.Equal(t, http.StatusServiceUnavailable, got.status, got.text)
	require.Contains(t, got.text, `"clock":{`)
}

// A program that does not import mock/postgres is told to, before anything is opened; the password of the database is not shown.
func TestNew_databaseThatIsNotLinked(t *testing.T) {
	for _, url := range []string{"postgres://u:secret@h/d", "postgresql://h/d"} {
		_, err := mock.New(mock.WithData(url, 0))
		require.ErrorContains(t, err, "github.com/etcp-mock/etcp-mock/mock/postgres")
		require.ErrorContains(t, err, "mock.WithReplica(postgres.Replica{})")
		require.NotContains(t, err.Error(), "secret")
	}
}
