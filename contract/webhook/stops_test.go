package webhook_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/contract/webhook"
	"github.com/etcp-mock/etcp-mock/internal/freeport"
)

// stopping is a server whose address nobody takes when it stops listening. Only what never comes takes as long as its examination waits.
func stopping(t *testing.T, h func(server *httptest.Server) http.HandlerFunc) webhook.Endpoint {
	t.Helper()
	address, err := freeport.Address()
	require.NoError(t, err)
	server := httptest.NewUnstartedServer(nil)
	require.NoError(t, server.Listener.Close())
	server.Listener, err = net.Listen("tcp", address)
	require.NoError(t, err)
	server.Config.Handler = h(server)
	server.Start()
	t.Cleanup(server.Close)
	w := webhookOf(nil)
	w.URL, w.Timeout = server.URL+"/etcp", time.Minute
	return w
}

// A process that ends on what it was sent, or never answers again, has a fault in the check that sent it; it is not "unreachable", and no other
// check is blamed.
func TestExamine_endsOnWhatWasSent(t *testing.T) {
	huge := func(r *http.Request) bool { return r.ContentLength > 1<<20 }
	null := func(r *http.Request) bool { return r.ContentLength == int64(len("null")) }
	garbage := func(r *http.Request) bool { return r.ContentLength == int64(len("this is no push")) }
	for name, c := range map[string]struct {
		on       func(*http.Request) bool
		answers  bool // before it ends
		hangs    bool // instead of ending
		check    string
		contains string
	}{
		"garbage ends it":                   {garbage, false, false, "control-garbage", "this is no push"},
		"garbage is answered and ends it":   {garbage, true, false, "control-garbage", "this is no push"},
		"garbage makes it hang":             {garbage, false, true, "control-garbage", "this is no push"},
		"null ends it":                      {null, false, false, "json-null", "null"},
		"a huge body ends it":               {huge, false, false, "huge-body", "8 MiB"},
		"a huge body is answered, then not": {huge, true, true, "huge-body", "8 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := func(server *httptest.Server) http.HandlerFunc {
				over := make(chan struct{})
				return func(w http.ResponseWriter, r *http.Request) {
					select {
					case <-over:
						if c.hangs {
							<-r.Context().Done()
						}
						panic(http.ErrAbortHandler)
					default:
					}
					if !c.on(r) {
						merchant{}.ServeHTTP(w, r)
						return
					}
					_, _ = io.Copy(io.Discard, r.Body)
					close(over)
					if !c.hangs {
						_ = server.Listener.Close()
					}
					if c.answers {
						w.WriteHeader(http.StatusBadRequest)
						return
					}
					if c.hangs {
						<-r.Context().Done()
					}
					panic(http.ErrAbortHandler)
				}
			}
			examined := func(t *testing.T, w webhook.Endpoint) {
				t.Helper()
				r, err := w.Examine(t.Context())
				require.NoError(t, err)
				require.Nil(t, r.Outage)
				require.Equal(t, report.ExitBroken, r.ExitCode())
				require.Equal(t, []string{c.check}, broken(r))
				for i, row := range r.Cases {
					if row.ID == c.check {
						require.Equal(t, report.Failed, row.Status)
						require.Contains(t, row.Failures[0].Message, c.contains)
						require.NotEmpty(t, row.Failures[0].Fix)
						require.Len(t, r.Cases[i+1:], r.Count(report.Skipped), "nothing after it is judged")
					}
				}
			}
			if c.hangs { // which is waited for
				synctest.Test(t, func(t *testing.T) { examined(t, webhookOf(h(nil))) })
			} else {
				examined(t, stopping(t, h))
			}
		})
	}
}

// A process that ends while it is sent a huge body has been sent it, though no answer came and the body never went out whole: neither the check
// before it is blamed nor the next.
func TestExamine_endsInTheMiddle(t *testing.T) {
	over := make(chan struct{})
	w := stopping(t, func(server *httptest.Server) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-over:
				panic(http.ErrAbortHandler)
			default:
			}
			if r.ContentLength <= 1<<20 {
				merchant{}.ServeHTTP(w, r)
				return
			}
			close(over)
			_ = server.Listener.Close()
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_ = conn.(*net.TCPConn).SetLinger(0)
				_ = conn.Close()
			}
		}
	})
	r, err := w.Examine(t.Context())
	require.NoError(t, err)
	require.Nil(t, r.Outage)
	require.Equal(t, []string{"huge-body"}, broken(r))
	require.Equal(t, report.ExitBroken, r.ExitCode())
}
