package webhook_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/contract/report"
)

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
			over, end := make(chan struct{}), make(chan struct{})
			var server *httptest.Server
			server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				select {
				case <-over:
					if c.hangs {
						<-end
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
					<-end
				}
				panic(http.ErrAbortHandler)
			}))
			defer server.Close()
			defer close(end)
			w := webhookOf(nil)
			w.URL, w.Timeout = server.URL+"/etcp", 300*time.Millisecond
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
		})
	}
}

// A process that ends while it is sent a huge body has been sent it, though no answer came and the body never went out whole: neither the check
// before it is blamed nor the next.
func TestExamine_endsInTheMiddle(t *testing.T) {
	var server *httptest.Server
	over := make(chan struct{})
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
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
	}))
	defer server.Close()
	w := webhookOf(nil)
	w.URL, w.Timeout = server.URL+"/etcp", 300*time.Millisecond
	r, err := w.Examine(t.Context())
	require.NoError(t, err)
	require.Nil(t, r.Outage)
	require.Equal(t, []string{"huge-body"}, broken(r))
	require.Equal(t, report.ExitBroken, r.ExitCode())
}
