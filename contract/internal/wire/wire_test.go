package wire_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/contract/internal/wire"
	"github.com/etcp-mock/etcp-mock/contract/report"
)

// The head of an answer is its beginning, whole characters only; what is no text is shown as such.
func TestHead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("a渝é𝄞"))).Draw(t, "text") + strings.Repeat("渝a", rapid.IntRange(0, 80).Draw(t, "more"))
		head := wire.Head([]byte(text))
		require.True(t, strings.HasPrefix(text, head), "%q is no beginning", head)
		require.LessOrEqual(t, len(head), wire.HeadSize)
		require.Greater(t, len(head), min(len(text), wire.HeadSize)-utf8.UTFMax)
	})
	require.Equal(t, "�a", wire.Head([]byte("\xffa")))
	require.True(t, utf8.ValidString(wire.Head([]byte(strings.Repeat("\xe6", 300)))))
}

// Each way in which no answer came has its kind, which says who has to do something.
func TestKind(t *testing.T) {
	dialed := &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	for want, err := range map[string]error{
		"": nil, "unreachable": fmt.Errorf("get: %w", dialed), "timeout": context.DeadlineExceeded, "truncated": io.ErrUnexpectedEOF,
		"tls": errors.New("http: server gave HTTP response to HTTPS client"),
	} {
		require.Equal(t, want, wire.Kind(err))
	}
	require.Equal(t, "truncated", wire.Kind(fmt.Errorf("read: %w", syscall.ECONNRESET)))
	require.Equal(t, "unreachable", wire.Kind(&net.DNSError{Name: "nowhere"}))
	require.True(t, (&wire.Reply{Err: dialed}).NeverCame())
	require.False(t, (&wire.Reply{Err: io.EOF}).NeverCame())
	require.True(t, (&wire.Reply{Err: context.DeadlineExceeded}).TimedOut())
}

// An answer that is none of an HTTP API's is named: redirects, pages, text, JSON that ends early; a JSON object is judged, whatever it says.
func TestOutage(t *testing.T) {
	for _, row := range []struct {
		status     int
		kind, body string
		want       string
	}{
		{302, "", "", "redirect"},
		{200, "text/html", "<p>hello", "html"},
		{502, "", "\n<!DOCTYPE html>", "html"},
		{200, "text/html", `{"code":0}`, ""},
		{200, "application/json", `{"code":0}`, ""},
		{500, "", `{"error":"x"}`, ""},
	} {
		o := (&wire.Reply{Status: row.status, Header: http.Header{"Content-Type": {row.kind}, "Location": {"/login"}}, Body: []byte(row.body)}).Outage("http://t")
		if row.want == "" {
			require.Nil(t, o, row)
			continue
		}
		require.Equal(t, row.want, o.Kind)
		require.NotEmpty(t, o.Fix)
		require.Contains(t, o.Detail, "http://t")
	}
	for body, want := range map[string]string{"": "truncated", `{"code":0`: "truncated", "ok": "not-json", "[1": "not-json", `{"code":0}`: "", `{"code":"x"}`: "", `{code:0}`: ""} {
		o := wire.JSONOutage("http://t", 200, []byte(body))
		if want == "" {
			require.Nil(t, o, body)
		} else {
			require.Equal(t, want, o.Kind, body)
		}
	}
	secret := &url.Error{Op: "Get", URL: "http://t/?data=token", Err: io.EOF}
	require.NotContains(t, (&wire.Reply{Err: secret}).Outage("http://t").Detail, "token", "the URL of a GET holds one")
	for body, ok := range map[string]bool{`{"code":0}`: true, `{"code":"0"}`: false, `{"code":1.5}`: false, `{}`: false, "": false, `{"code":0,"data":null}`: true} {
		require.Equal(t, ok, wire.IsEnvelope([]byte(body)), body)
	}
}

// A refusal of the control API is named by its status.
func TestControlOutage(t *testing.T) {
	require.Nil(t, wire.ControlOutage(nil))
	for status, kind := range map[int]string{302: "redirect", 401: "unauthorized", 403: "unauthorized", 404: "not-json"} {
		require.Equal(t, kind, wire.ControlOutage(&control.ProblemError{Status: status}).Kind)
	}
	require.Equal(t, "unreachable", wire.ControlOutage(&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}).Kind)
	refused := wire.ControlOutage(&control.ProblemError{Status: 401, Detail: "that is not the admin token"})
	require.Equal(t, []string{"the control API: that is not the admin token", "控制接口：管理令牌不正确"}, []string{refused.Detail, refused.DetailZh})
}

// Requests are counted and no redirect is followed; a case's watch sees what went wrong last on its own requests.
func TestClient(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/ok", http.StatusFound)
		case "/page":
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<html>")
		case "/cut":
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"code"`)
		default:
			_, _ = io.WriteString(w, `{"code":0}`)
		}
	}))
	t.Cleanup(server.Close)
	w := wire.New(nil, 0, 1)
	t.Cleanup(w.Close)
	for i, row := range [][2]string{{"/ok", ""}, {"/moved", "redirect"}, {"/page", "html"}, {"/cut", "truncated"}} {
		ctx, watch := wire.WithWatch(t.Context())
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+row[0], http.NoBody)
		require.NoError(t, err)
		if res, err := w.HTTP.Do(r); err == nil {
			_, _ = io.ReadAll(res.Body)
			require.NoError(t, res.Body.Close())
		} else {
			require.Equal(t, "redirect", wire.Kind(err))
		}
		if row[1] == "" {
			require.Nil(t, watch.Outage())
		} else {
			require.Equal(t, row[1], watch.Outage().Kind)
		}
		require.Equal(t, int64(i+1), w.Requests.Load())
	}
}

// What can be done about an outage is what its error says: trust the authority, another scheme, the proxy, no control API.
func TestOutage_fixOfTheError(t *testing.T) {
	t.Parallel()
	gone := errors.New("Get \"x\": proxyconnect tcp: dial tcp 127.0.0.1:1: connect: connection refused")
	untrusted := errors.New("tls: failed to verify certificate: x509: certificate signed by unknown authority")
	plain := errors.New("http: server gave HTTP response to HTTPS client")
	toTLS := "Client sent an HTTP request to an HTTPS server.\n"
	for want, o := range map[string]*report.Outage{
		"the proxy (--proxy,": (&wire.Reply{Err: gone}).Outage("http://x"),
		"--cacert FILE":       (&wire.Reply{Err: untrusted}).Outage("https://x"),
		"write http://":       (&wire.Reply{Err: plain}).Outage("https://x"),
		"write https://":      (&wire.Reply{Status: 400, Body: []byte(toTLS)}).Outage("http://x"),
	} {
		require.Contains(t, o.Fix, want)
		require.Regexp(t, `\p{Han}`, o.FixZh)
	}
	require.Contains(t, wire.ControlOutage(untrusted).Fix, "--cacert FILE")
	require.Contains(t, wire.ControlOutage(&control.ProblemError{Status: 404, Detail: "x"}).Fix, "--no-admin")
	require.Contains(t, wire.ControlOutage(&control.ProblemError{Status: 400, Detail: toTLS}).Fix, "write https://")
}
