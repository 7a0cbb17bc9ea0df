package push_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

func sender(tb testing.TB) *push.Sender {
	tb.Helper()
	s := push.NewSender(push.SenderOptions{})
	tb.Cleanup(s.Close)
	return s
}

func merchant(tb testing.TB, h http.HandlerFunc) string {
	tb.Helper()
	s := httptest.NewServer(h)
	tb.Cleanup(s.Close)
	return s.URL
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func send(t *testing.T, url string, timeout time.Duration) push.Result {
	t.Helper()
	p := item("p1", "M1", "渝A1")
	p.URL = url
	return sender(t).Send(t.Context(), push.Attempt{Item: p}, timeout)
}

// A merchant that is nobody takes every push, without a socket.
func TestSender_acceptHost(t *testing.T) {
	r := send(t, "http://accept.invalid/any?thing=1", time.Minute)
	require.True(t, r.Delivered)
	require.Equal(t, 200, r.HTTPStatus)
	require.JSONEq(t, `{"code":0,"message":"ok"}`, r.Response)
}

func TestSender_deliveredIsTheNumberCodeZero(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		err    string
	}{
		{200, `{"code":0,"message":"ok","data":null}`, ""},
		{202, " {\"data\":{},\n\"code\" : 0 }\n", ""},
		{200, `{"code":0.0}`, ""},
		{200, `{"code":1,"code":0}`, ""},
		{200, `{"code":"0"}`, `code is the string "0", not the number 0`},
		{200, `{"code":null}`, "code is null, not the number 0"},
		{200, `{"code":false}`, "code is false, not the number 0"},
		{200, `{"code":[]}`, "code is an array, not the number 0"},
		{200, `{"code":2,"message":"no"}`, "code is 2, not 0"},
		{200, `{"code":-1}`, "code is -1, not 0"},
		{200, `{"code":1e-999}`, "code is 1e-999, not 0"},
		{200, `{"Code":0}`, "answer has no code, want the number 0: Code is 0"},
		{200, `{"data":{"code":0}}`, "answer has no code, want the number 0: code stands inside of data"},
		{200, `cb({"code":0});`, "answer is not JSON: invalid character 'c' looking for beginning of value: something stands before the JSON object"},
		{200, `{}`, "answer has no code, want the number 0"},
		{200, `null`, "answer is null, want a JSON object with the number code 0"},
		{200, `0`, "answer is a number, want a JSON object with the number code 0"},
		{200, `[{"code":0}]`, "answer is an array, want a JSON object with the number code 0"},
		{200, ``, "answer is empty, want a JSON object with the number code 0"},
		{200, "\n", "answer is empty, want a JSON object with the number code 0"},
		{200, `SUCCESS`, "answer is not JSON: invalid character 'S' looking for beginning of value: it is the word SUCCESS, as WeChat Pay and Alipay want it, not JSON"},
		{200, `{"code":0}{}`, "answer is not JSON: invalid character '{' after top-level value"},
		{200, `{"code":0`, "answer is not JSON: unexpected end of JSON input"},
		{500, `{"code":0}`, "answered HTTP 500"},
		{404, "nothing here", "answered HTTP 404"},
	} {
		t.Run(fmt.Sprint(c.status, c.body), func(t *testing.T) {
			r := send(t, merchant(t, answer(c.status, c.body)), time.Minute)
			require.Equal(t, c.err, r.Error)
			require.Equal(t, c.err == "", r.Delivered)
			require.Equal(t, c.status, r.HTTPStatus)
			require.Equal(t, c.body, r.Response)
			require.Positive(t, r.Duration)
		})
	}
}

func TestSender_sendsTheBodyByteForByte(t *testing.T) {
	body := "{\"plateNumber\":\"渝A***1\",\"x\":\"<&>\u2028\"}\r\n"
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	var requests atomic.Int32
	url := merchant(t, func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		got, _ := io.ReadAll(r.Body)
		user, password, _ := r.BasicAuth()
		if string(got) != body || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" ||
			r.UserAgent() != "etcp-mock" || r.ContentLength != int64(len(body)) || user != "u" || password != "p" ||
			r.RequestURI != "/a?b=c" || r.Header.Get("Accept-Encoding") != "" {
			w.WriteHeader(400)
		}
		_, _ = io.WriteString(w, `{"code":0}`)
	})
	p := item("p1", "M1", "渝A1")
	p.Body, p.URL = body, strings.Replace(url, "http://", "http://u:p@", 1)+"/a?b=c#d"
	r := sender(t).Send(t.Context(), push.Attempt{Item: p}, time.Minute)
	require.Empty(t, r.Error)
	require.EqualValues(t, 1, requests.Load())
}

func TestSender_redirectsAreNotFollowed(t *testing.T) {
	var followed atomic.Bool
	goal := merchant(t, func(http.ResponseWriter, *http.Request) { followed.Store(true) })
	for _, status := range []int{301, 302, 303, 307, 308} {
		r := send(t, merchant(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, goal, status) }), time.Minute)
		require.Equal(t, fmt.Sprintf("redirect to %s (HTTP %d) not followed", goal, status), r.Error)
	}
	require.False(t, followed.Load())
}

// raw is a merchant that speaks bytes.
func raw(t *testing.T, talk func(net.Conn)) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close() }()
				_, _ = http.ReadRequest(bufio.NewReader(c))
				talk(c)
			}()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-stopped })
	return "http://" + l.Addr().String()
}

// say sends text, then the same piece again and again until the other side has enough of it.
func say(text, piece string, pause time.Duration) func(net.Conn) {
	return func(c net.Conn) {
		_, err := io.WriteString(c, text)
		for err == nil && piece != "" {
			time.Sleep(pause)
			_, err = io.WriteString(c, piece)
		}
	}
}

func hang(c net.Conn) { _, _ = c.Read(make([]byte, 1)) }

func TestSender_hostileMerchantsCostOneAttempt(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	mib := strings.Repeat(" ", 1<<20)
	for _, c := range []struct {
		name string
		talk func(net.Conn)
		err  string
	}{
		{"hangs", hang, "no answer within 300ms"},
		{"closes", func(net.Conn) {}, "connection closed before the answer was complete"},
		{"resets", func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) }, "connection reset before the answer was complete"},
		{"speaks no HTTP", say("SSH-2.0-OpenSSH\r\n\r\n", "", 0), `malformed HTTP`},
		{"trickles the head", say("HTTP/1.1 200 OK\r\nX: ", "a", 10*time.Millisecond), "no answer within 300ms"},
		{"endless head", say(ok, "X: "+strings.Repeat("a", 1000)+"\r\n", 0), "server response headers exceeded 65536 bytes"},
		{"trickles the body", say(ok+"\r\n", " ", 10*time.Millisecond), "answered HTTP 200, but then: no answer within 3s"},
		{"stops in the body", func(c net.Conn) { say(ok+"Content-Length: 10\r\n\r\n{", "", 0)(c); hang(c) }, "answered HTTP 200, but then: no answer within 3s"},
		{"closes in the body", say(ok+"Content-Length: 10\r\n\r\n{", "", 0), "answered HTTP 200, but then: connection closed before the answer was complete"},
		{"answers 10 MB", say(ok+"Content-Length: 10485760\r\n\r\n", mib, 0), "answer is longer than 1 MiB"},
		{"answers without end", say(ok+"\r\n", mib, 0), "answer is longer than 1 MiB"},
		{"switches protocols", func(c net.Conn) {
			say("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", "", 0)(c)
			hang(c)
		}, "answered HTTP 101"},
		{"informs for ever", say("", "HTTP/1.1 103 Early Hints\r\n\r\n", time.Millisecond), "too many 1xx informational responses|no answer within 300ms"},
		{"hangs after an error", func(c net.Conn) { say("HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\nx", "", 0)(c); hang(c) }, "answered HTTP 500"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			timeout := time.Minute // ends by itself: how fast a mebibyte goes is not what this is about
			switch {
			case strings.Contains(c.err, "within 300ms"):
				timeout = 300 * time.Millisecond
			case strings.Contains(c.err, "within 3s") || strings.HasSuffix(c.name, "an error"): // the head has to come before, on a machine that is slow
				timeout = 3 * time.Second
			}
			r := send(t, raw(t, c.talk), timeout)
			require.Regexp(t, c.err, r.Error)
			require.False(t, r.Delivered)
			require.Less(t, time.Since(start), timeout+time.Minute, "it ends by its timeout, however slow this machine is")
		})
	}
}

func TestSender_nobodyThere(t *testing.T) {
	require.Equal(t, "connection refused", send(t, "http://127.0.0.1:1", time.Minute).Error)
}

func TestSender_urls(t *testing.T) {
	for url, want := range map[string]string{
		"":                 `push URL "": want an absolute http or https URL`,
		"/push":            `push URL "/push": want an absolute http or https URL`,
		"ftp://m/":         `push URL "ftp://m/": want an absolute http or https URL`,
		"file:///etc/motd": `push URL "file:///etc/motd": want an absolute http or https URL`,
		"http:///x":        `push URL "http:///x": has no host`,
		"http://:80/x":     `push URL "http://:80/x": has no host`,
		"http://m:x/":      `push URL "http://m:x/": invalid port ":x" after host`,
	} {
		require.Equal(t, want, send(t, url, time.Minute).Error)
	}
}

func TestSender_stopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	url := raw(t, func(c net.Conn) { cancel(); hang(c) })
	p := item("p1", "M1", "渝A1")
	p.URL = url
	r := sender(t).Send(ctx, push.Attempt{Item: p}, time.Minute)
	require.Equal(t, "given up before the answer: the mock is stopping", r.Error)
}

func TestSender_keepsTheBeginningOfAnAnswerAsText(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"long":                  {strings.Repeat("a", 5000), strings.Repeat("a", 4093) + "…"},
		"cut within a plate":    {"ab" + strings.Repeat("渝", 2000), "ab" + strings.Repeat("渝", 1363) + "…"},
		"not UTF-8":             {"a\xff\xfeb", "a?b"},
		"cut within what's not": {strings.Repeat("\xf0", 5000), "?…"},
	} {
		t.Run(name, func(t *testing.T) {
			r := send(t, merchant(t, answer(200, c.body)), time.Minute)
			require.Equal(t, c.want, r.Response)
			require.True(t, utf8.ValidString(r.Error))
		})
	}
}
