package curl_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/curl"
)

// The command, run by a shell, sends the same request again.
func TestCommand(t *testing.T) {
	type request struct{ method, uri, contentType, body string }
	came := make(chan request, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		came <- request{r.Method, r.URL.RequestURI(), r.Header.Get("Content-Type"), string(body)}
	}))
	defer server.Close()
	_, err := exec.LookPath("curl")
	require.NoError(t, err)
	const form = "application/x-www-form-urlencoded"
	for _, tt := range []request{
		{"GET", "/", "", ""},
		{"GET", "/p?merchant_no=M1&data=%7B%22a%22%3A%22it%27s+100%25%22%7D", "", ""},
		{"POST", "/p", form, "merchant_no=M1&time_stamp=20170721132452&data=%7B%22a%22%3A%22%E6%B8%9D%22%7D&sign=AB"},
		{"POST", "/p?x=1", "application/json;charset=UTF-8", "{\"a\": \"it's\"}\n"},
		{"POST", "/p", form, "not a form at all"},
		{"POST", "/p", form, "a=1&a=2"},
		{"DELETE", "/p?x=1", "", ""},
		{"PUT", "/p", form, "a=1"},
		{"GET", "/p", "text/plain", "a body"},
		{"POST", "/p", "application/json", "{\"a\": \"it's \\ 50%25 \xd3\xe5\xff\"}\n"},
	} {
		command := curl.Command(curl.Request{Method: tt.method, URL: server.URL + tt.uri, ContentType: tt.contentType, Body: []byte(tt.body)})
		out, err := exec.CommandContext(t.Context(), "sh", "-c", command).CombinedOutput()
		require.NoError(t, err, "%s\n%s", command, out)
		got := <-came
		for _, text := range []*string{&tt.uri, &got.uri, &tt.body, &got.body} { // %7b and %7B are one
			decoded, err := url.QueryUnescape(*text)
			require.NoError(t, err)
			*text = decoded
		}
		require.Equal(t, tt, got, command)
	}
	require.Empty(t, curl.Command(curl.Request{Method: "POST"}))
	require.Empty(t, curl.Command(curl.Request{Method: "POST", URL: server.URL, Body: []byte("a\x00b")}))
	require.Empty(t, curl.Command(curl.Request{Method: "POST", URL: server.URL, Body: make([]byte, 5000)}))
}

// A request that goes to a Unix socket names it.
func TestCommand_socket(t *testing.T) {
	t.Parallel()
	require.Equal(t, `curl -sS --unix-socket '/tmp/mock.sock' 'http://localhost/p'`, curl.Command(curl.Request{Method: http.MethodGet, URL: "http://localhost/p", Socket: "/tmp/mock.sock"}))
}
