package merchant

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

const (
	merchantNo  = "M1"
	merchantKey = "key-of-m1"

	waits, step = time.Minute, 2 * time.Millisecond // of what happens at once
)

// listening is a merchant that listens without a server, its output and what it prints.
func listening(t *testing.T, change func(f *listenFlags)) (http.Handler, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	f := &listenFlags{no: merchantNo, key: merchantKey, signData: "json", code: 1, status: 200, printer: &show.Printer{Printer: &cli.Printer{Out: &out}}}
	if change != nil {
		change(f)
	}
	return f.handler(), &out
}

// unbind is the body of a push of §10.3, signed with a key.
func unbind(key string) string {
	data := `{"plateNumber":"渝ATX061","time":"2017-08-19 12:07:19"}`
	return strings.TrimSuffix(data, "}") + `,"signment":"` + sign.Push(merchantNo, data, key) + `"}`
}

func pushTo(h http.Handler, path, body string) (status int, answer string) {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json;charset=UTF-8")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// A right push is answered with code 0; of a wrong one is said what its signature was made of, and how to fix it.
func TestListen_verifies(t *testing.T) {
	h, out := listening(t, nil)
	status, answer := pushTo(h, "/unbind", unbind(merchantKey))
	require.Equal(t, 200, status)
	require.JSONEq(t, `{"code":0,"message":"ok"}`, answer)
	require.Regexp(t, `(?m)^[-0-9]{10} [:0-9]{8} real time  unbind    signature right, answered 0$`, out.String())
	out.Reset()
	_, answer = pushTo(h, "/unbind", unbind(merchantKey+"\n"))
	require.Contains(t, answer, `"code":4`)
	require.Contains(t, out.String(), "key-trailing-newline: a line end stands behind the key")
	require.Contains(t, out.String(), "fix: ")
	require.NotContains(t, out.String(), merchantKey)
}

// --fail refuses the first so many right pushes, or all, with the code and status that are wanted; a wrong one is refused anyhow and is not counted.
func TestListen_fails(t *testing.T) {
	h, _ := listening(t, func(f *listenFlags) { f.failures, f.code, f.status = 2, 7, 503 })
	for i, want := range []int{200, 503, 503, 200} {
		key := merchantKey
		if i == 0 {
			key = "wrong"
		}
		status, answer := pushTo(h, "/unbind", unbind(key))
		require.Equal(t, want, status, "push %d", i)
		if want == 503 {
			require.JSONEq(t, `{"code":7,"message":"refused by --fail"}`, answer)
		}
	}
	for fail, want := range map[string]int{"": 0, "3": 3, "all": -1} {
		f := &listenFlags{addr: "127.0.0.1:0", status: 200, fail: fail}
		require.NoError(t, f.check(&cobra.Command{}))
		require.Equal(t, want, f.failures)
	}
	for want, f := range map[string]*listenFlags{
		"--fail is a number of pushes or all": {addr: ":0", status: 200, fail: "-1"}, "--http-status 99: want 200 to 599": {addr: ":0", status: 99}, "--http-status 150: want 200 to 599": {addr: ":0", status: 150}, "--http-status 600: want": {addr: ":0", status: 600},
		"--sign-data is json, values or query": {addr: ":0", status: 200, signData: "xml"}, "--forward-to: want an http or https URL": {addr: ":0", status: 200, forwardTo: "x"}, "--addr: want host:port": {addr: "x"},
		"--addr: want host:port, since pushes come over TCP": {addr: "unix:/tmp/x", status: 200},
	} {
		require.ErrorContains(t, f.check(&cobra.Command{}), want)
	}
}

// --forward-to sends each push on byte for byte; the merchant's answer is the answer, and 502 where it gave none.
func TestListen_forwards(t *testing.T) {
	var got string
	answer := `{"code":0}`
	merchant := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		got = string(text)
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, answer)
	}))
	forward, err := newForwarder(merchant.URL)
	require.NoError(t, err)
	h, out := listening(t, func(f *listenFlags) { f.forward = forward })
	body := unbind("wrong") // it is the merchant's to refuse
	status, came := pushTo(h, "/unbind", body)
	require.Equal(t, body, got)
	require.Equal(t, http.StatusAccepted, status)
	require.Equal(t, answer, came)
	require.Contains(t, out.String(), `merchant: HTTP 202  {"code":0}`)
	merchant.Close()
	forward, err = newForwarder("http://127.0.0.1:1")
	require.NoError(t, err)
	h, _ = listening(t, func(f *listenFlags) { f.forward = forward })
	status, _ = pushTo(h, "/unbind", body)
	require.Equal(t, http.StatusBadGateway, status)
	zero, text := 0, "0"
	for _, a := range []struct {
		forwarded
		accepted bool
	}{
		{forwarded{HTTPStatus: 200, Code: &zero}, true},
		{forwarded{HTTPStatus: 299, Code: &zero}, true},
		{forwarded{HTTPStatus: 200, Body: text}, false},
		{forwarded{HTTPStatus: 500, Code: &zero}, false},
		{forwarded{HTTPStatus: 200, Code: &zero, Error: "EOF"}, false},
	} {
		require.Equal(t, a.accepted, a.forwarded.accepted(), a)
	}
}

// As JSON each push is an object on a line, its body as it came.
func TestListen_json(t *testing.T) {
	h, out := listening(t, func(f *listenFlags) { f.printer.JSON = true })
	pushTo(h, "/unbind", unbind(merchantKey))
	pushTo(h, "/", "no JSON")
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 2)
	var right, wrong receipt
	require.NoError(t, json.Unmarshal([]byte(lines[0]), &right))
	require.True(t, right.Verified)
	require.JSONEq(t, unbind(merchantKey), string(right.Body))
	require.NoError(t, json.Unmarshal([]byte(lines[1]), &wrong))
	require.False(t, wrong.Verified)
	require.JSONEq(t, `"no JSON"`, string(wrong.Body))
}

// The address that is printed can be called: of all addresses the loopback one.
func TestReachable(t *testing.T) {
	for want, ip := range map[string]string{"127.0.0.1:80": "0.0.0.0", "127.0.0.1:81": "::", "10.0.0.5:82": "10.0.0.5", "[fe80::1]:83": "fe80::1"} {
		_, port, err := net.SplitHostPort(want)
		require.NoError(t, err)
		number, err := net.LookupPort("tcp", port)
		require.NoError(t, err)
		require.Equal(t, want, reachable(&net.TCPAddr{IP: net.ParseIP(ip), Port: number}))
	}
}

// The collection has a request for every endpoint, whose data is valid, with the token of the last login.
func TestPostman_data(t *testing.T) {
	for _, e := range schemas.Endpoints() {
		item := postmanItemOf(e)
		require.True(t, strings.HasPrefix(item.Request.URL.Raw, "{{baseUrl}}/merchant/open/"), e.Name)
		require.Equal(t, e.Method == http.MethodGet, item.Request.Body == nil)
		data := postmanData(e)
		require.Equal(t, e.Token, strings.Contains(data, `"token":"{{token}}"`), e.Name)
		require.NoError(t, schemas.ValidateRequest(e.Name, []byte(data)), "%s: %s", e.Name, data)
	}
}
