package remote

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// --server takes an address without a scheme, one with a slash at its end, and a socket.
func TestFlags_URL(t *testing.T) {
	for server, want := range map[string]string{
		"http://10.0.0.5:8787/": "http://10.0.0.5:8787", "127.0.0.1:8787": "http://127.0.0.1:8787", "127.0.0.1:8787/": "http://127.0.0.1:8787", "https://mock.test": "https://mock.test", "unix:/tmp/mock.sock": "http://localhost",
	} {
		require.Equal(t, want, (&Flags{Server: server}).URL(), server)
	}
}

// An address that no server can have is a wrong command line, whoever is to speak to it.
func TestFlags_Check(t *testing.T) {
	for server, want := range map[string]string{
		"ftp://x": `unsupported protocol scheme "ftp"`, "http://": "no Host in request URL", "": "no Host in request URL", "127.0.0.1:65536": "address 65536: invalid port",
		"foo:bar": `invalid port ":bar" after host`, "http://a b": `invalid character " " in host name`, "://x": "missing protocol scheme",
	} {
		f := &Flags{Server: server}
		_, platform := f.Platform("M", "k")
		_, mock := f.Mock()
		for _, err := range []error{f.Check(), platform, mock, f.Client().Ready(t.Context())} {
			require.True(t, IsType[*cli.UsageError](err), "%s: %v", server, err)
			require.ErrorContains(t, err, "--server: "+want)
		}
	}
	for _, server := range []string{"127.0.0.1:8787", "https://mock.test", "HTTP://:80/path", "unix:/tmp/mock.sock", "http://[::1]:65535"} {
		require.NoError(t, (&Flags{Server: server}).Check(), server)
	}
}

// What a refusal or a failure means on a command line: its exit code, its lines, and what to do.
func TestExplain(t *testing.T) {
	cmd := &cobra.Command{Use: "show PHONE"}
	cli.SharedFlags(cmd)
	cmd.Flags().String("parking", "", "")
	refused := &url.Error{Op: "Get", URL: "http://127.0.0.1:1/x?token=secret", Err: &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}}
	for _, row := range []struct {
		err        error
		code       int
		line, hint string
	}{
		{refused, cli.ExitUnreachable, "cannot reach http://127.0.0.1:1: connection refused", "start the mock with: etcp-mock serve"},
		{&url.Error{Op: "Get", URL: "https://h/", Err: &tls.CertificateVerificationError{Err: errors.New("unknown authority")}}, cli.ExitUnreachable, "cannot reach https://h", "--cacert"},
		{&url.Error{Op: "Get", URL: "https://h/", Err: errors.New("http: server gave HTTP response to HTTPS client")}, cli.ExitUnreachable, "cannot reach https://h", "the server speaks plain HTTP: --server http://…"},
		{&control.ProblemError{Status: 404, Detail: `HTTP 404: {"code":1,"message":"失败"}`}, cli.ExitFailed, "HTTP 404", "--admin-addr"},
		{context.Canceled, cli.ExitFailed, "interrupted", ""},
		{&control.ProblemError{Status: 401, Detail: "a token is wanted"}, cli.ExitFailed, "the server wants the token of its control API", "ETCP_MOCK_ADMIN_TOKEN"},
		{&control.ProblemError{Status: 404, Reason: control.ReasonUnknownSandbox, Detail: "x is gone"}, cli.ExitFailed, "x is gone", "etcp-mock sandbox list"},
		{&control.ProblemError{Status: 404, Detail: "404 page not found"}, cli.ExitFailed, "404 page not found", "etcp-mock version --remote"},
		{cli.Errorf("push %s: %w", "p9", &control.ProblemError{Status: 404, Reason: control.ReasonUnknownPush, Detail: "no push p9"}), cli.ExitFailed, "push p9: no push p9", "etcp-mock pushes"},
		{&control.ProblemError{Status: 422, Reason: control.ReasonUnknownScenario, Errors: []control.FieldError{{Pointer: "/scenario", Detail: "none"}}}, cli.ExitUsage, "scenario: none", "etcp-mock scenario list"},
		{&control.ProblemError{Status: 405, Detail: "PUT"}, cli.ExitFailed, "PUT", "etcp-mock version --remote"},
		{&control.ProblemError{Status: 422, Errors: []control.FieldError{{Pointer: "/parkingId", Detail: "is unknown"}}}, cli.ExitUsage, "--parking: is unknown", "--help"},
		{&control.ProblemError{Status: 422, Parameter: "phone", Detail: "phone in the path: is no phone"}, cli.ExitUsage, "PHONE: is no phone", ""},
		{&control.ProblemError{Status: 422, Errors: []control.FieldError{{Pointer: "/do/code", Detail: "want a number"}}}, cli.ExitUsage, "do.code: want a number", ""},
		{&timeoutError{"http://h", time.Second, refused}, cli.ExitUnreachable, "http://h was not ready within 1s: cannot reach http://127.0.0.1:1", ""},
	} {
		e := explain("en", cmd, row.err)
		require.Equal(t, row.code, e.Code, row.line)
		require.Contains(t, e.Lines[0], row.line)
		require.Contains(t, e.Hint, row.hint)
		require.NotContains(t, e.Lines[0], "secret")
	}
	require.Regexp(t, `\p{Han}`, explain("zh", cmd, refused).Lines[0])
	new(Flags).RegisterServer(cmd)
	require.Contains(t, explain("en", cmd, refused).Hint, "start the mock with: etcp-mock serve", "of another address than the server's")
	refused.URL = defaultServer + "/__admin/clock"
	require.Contains(t, explain("en", cmd, refused).Hint, "that is the default address; start the mock with")
	require.Contains(t, explain("zh", cmd, refused).Hint, "使用的是默认地址")
}

// Where the command serve listens with its flags as they are set, wait asks; a free port is not known.
func TestServed(t *testing.T) {
	for _, row := range [][3]string{
		{"127.0.0.1:8787", "false", "http://127.0.0.1:8787"},
		{"0.0.0.0:80", "false", "http://127.0.0.1:80"},
		{":80", "true", "https://127.0.0.1:80"},
		{"[::]:80", "false", "http://127.0.0.1:80"},
		{"mock.test:80", "false", "http://mock.test:80"},
		{"[fe80::1]:80", "false", "http://[fe80::1]:80"},
		{"127.0.0.1:0", "false", ""},
		{"no address", "false", ""},
	} {
		serve := &cobra.Command{}
		serve.Flags().String("addr", row[0], "")
		serve.Flags().String("tls", row[1], "")
		serve.Flags().String("tls-cert", "", "")
		require.Equal(t, row[2], served(serve), row[0])
	}
}

// Waiting ends when the mock is ready, at once where something else answers, and when the time is over.
func TestWaitReady(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch asked++; {
		case r.URL.Path == "/other/readyz":
			w.WriteHeader(http.StatusNotFound)
		case asked < 3:
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			_, _ = io.WriteString(w, `{"status":"ok"}`)
		}
	}))
	t.Cleanup(server.Close)
	require.NoError(t, waitReady(t.Context(), &Flags{Server: server.URL}, time.Minute))
	require.Equal(t, 3, asked)
	require.True(t, IsType[*control.ProblemError](waitReady(t.Context(), &Flags{Server: server.URL + "/other"}, time.Minute)))
	require.True(t, IsType[*timeoutError](waitReady(t.Context(), &Flags{Server: "127.0.0.1:1"}, time.Millisecond)))
}

// A listing is gathered page by page: all of it, the first, or the newest, oldest first.
func TestListing(t *testing.T) {
	list := func(p control.Page) (control.List[int], error) {
		at := 0
		if p.After != "" {
			at, _ = strconv.Atoi(p.After)
		}
		var out control.List[int]
		for ; at < 2500 && len(out.Items) < max(min(p.Limit, 1000), 100); at++ {
			item := at
			if p.Newest {
				item = 2499 - at
			}
			out.Items = append(out.Items, item)
		}
		if at < 2500 {
			out.Next = strconv.Itoa(at)
		}
		return out, nil
	}
	all, err := All(list)
	require.NoError(t, err)
	require.Len(t, all, 2500)
	for _, n := range []int{1, 5, 1000, 1001, 2500, 9999} {
		newest, err := Newest(n, list)
		require.NoError(t, err)
		require.Equal(t, 2499, newest[len(newest)-1])
		require.IsIncreasing(t, append([]int{-1}, newest...))
		first, err := First(n, list)
		require.NoError(t, err)
		require.Len(t, first, min(n, 2500))
		require.Equal(t, 0, first[0])
	}
	even, err := NewestOf(3, list, func(i int) bool { return i%1000 == 0 })
	require.NoError(t, err)
	require.Equal(t, []int{0, 1000, 2000}, even, "as far back as it takes")
	none, err := Newest(7, func(p control.Page) (control.List[int], error) { return control.List[int]{Next: "again"}, nil })
	require.NoError(t, err, "a server that says the same again and again ends it")
	require.Empty(t, none)
	everything, err := First(0, list)
	require.NoError(t, err)
	require.Equal(t, all, everything)
	_, err = All(func(control.Page) (control.List[int], error) { return control.List[int]{}, errors.New("gone") })
	require.EqualError(t, err, "gone")
}

// The merchant is the one that is named, or the sandbox's first; a key that is given is not asked for.
func TestMerchantFlags_Resolve(t *testing.T) {
	items := `[{"no":"M1","key":"k1"},{"no":"M2","key":"k2"}]`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"items":`+items+`}`)
	}))
	t.Cleanup(server.Close)
	s := control.New(server.URL).Sandbox("default")
	cmd := &cobra.Command{}
	cmd.SetContext(t.Context())
	for _, row := range [][4]string{{"", "", "M1", "k1"}, {"M2", "", "M2", "k2"}, {"", "own", "M1", "own"}, {"M9", "own", "M9", "own"}} {
		m := MerchantFlags{cli.MerchantFlags{No: row[0], Key: row[1]}}
		no, key, err := m.Resolve(cmd, s)
		require.NoError(t, err)
		require.Equal(t, [2]string{row[2], row[3]}, [2]string{no, key})
	}
	_, err := Merchant(t.Context(), s, "M9")
	require.ErrorContains(t, err, "the sandbox default has no merchant M9")
	items = "[]"
	_, err = MerchantNoOr(t.Context(), s, "")
	require.ErrorIs(t, err, ErrNoMerchant)
}
