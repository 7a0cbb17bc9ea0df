package mock_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// overSocket is a client that connects to a socket, whatever the URL says.
func overSocket(path string) *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}}
}

func status(t *testing.T, c *http.Client, url string) (int, string) {
	t.Helper()
	answer, err := c.Get(url) //nolint:noctx // a server of the test's
	require.NoError(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return answer.StatusCode, string(body)
}

// With an address of its own the control API is not on the platform's, and its own address decides whether it wants a token. Without an
// admin there is none.
func TestAdminAddr(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "admin.sock")
	plain := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for _, row := range []struct {
		option mock.Option
		main   string
		token  bool
	}{
		{mock.WithAdminAddr("127.0.0.1:0"), "0.0.0.0:0", false},
		{mock.WithAdminAddr("0.0.0.0:0"), "127.0.0.1:0", true},
		{mock.WithAdminAddr("unix:" + socket), "0.0.0.0:0", false},
		{mock.WithoutAdmin(), "127.0.0.1:0", false},
	} {
		s, err := mock.New(row.option)
		require.NoError(t, err)
		require.NoError(t, s.Start(row.main))
		_, port, err := net.SplitHostPort(s.Addr())
		require.NoError(t, err)
		platform := "http://127.0.0.1:" + port
		for _, path := range []string{"/__admin/sandboxes", "/__admin", "/__admin/session", "/metrics", "/console/", "/%5f_admin/sandboxes"} {
			code, body := status(t, plain, platform+path)
			require.Equal(t, http.StatusNotFound, code, path)
			require.NotContains(t, body, "sandbox")
		}
		browser, err := http.NewRequestWithContext(t.Context(), http.MethodGet, platform+"/", http.NoBody)
		require.NoError(t, err)
		browser.Header.Set("Accept", "text/html")
		answer, err := plain.Transport.RoundTrip(browser)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, http.StatusNotFound, answer.StatusCode, "there is no console to lead to")
		code, _ := status(t, plain, platform+"/healthz")
		require.Equal(t, http.StatusOK, code)
		code, body := status(t, plain, platform+schemas.PathPrefix+"carnum")
		require.Equal(t, http.StatusOK, code)
		require.Contains(t, body, `"code":`)

		admin := s.AdminURL()
		if admin != "" {
			c := plain
			if path, ok := strings.CutPrefix(admin, "unix:"); ok {
				c, admin = overSocket(path), "http://localhost"
				info, err := os.Stat(path)
				require.NoError(t, err)
				require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "its owner's alone")
			}
			admin = strings.Replace(admin, "[::]", "127.0.0.1", 1)
			code, _ = status(t, c, admin+"/__admin/sandboxes")
			require.Equal(t, map[bool]int{true: http.StatusUnauthorized, false: http.StatusOK}[row.token], code)
			code, _ = status(t, c, admin+schemas.PathPrefix+"carnum")
			require.Equal(t, http.StatusOK, code, "the platform is there, too")
		}
		require.NoError(t, s.Close(t.Context()))
	}
	require.NoFileExists(t, socket)
}

// A socket that was left behind is taken over, one that somebody listens on is not, nor is what is no socket.
func TestAdminAddr_socketThatIsThere(t *testing.T) {
	dir := t.TempDir()
	left := filepath.Join(dir, "left.sock")
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", left)
	require.NoError(t, err)
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	start := func(path string) error {
		s, err := mock.New(mock.WithAdminAddr("unix:" + path))
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, s.Close(context.Background())) })
		return s.Start("127.0.0.1:0")
	}
	require.ErrorContains(t, start(left), "another process listens on")
	require.NoError(t, l.Close())
	require.NoError(t, start(left))
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, []byte("kept"), 0o600))
	require.Error(t, start(file))
	require.FileExists(t, file)
}

// A token that no client could send is refused at the start.
func TestAdminToken_whiteSpace(t *testing.T) {
	for _, token := range []string{"k3y b", "k3y\n", " k3y", "k3y\t", "k3y\u00a0", "k3y\x00"} {
		_, err := mock.New(mock.WithAdminToken(token))
		require.ErrorContains(t, err, "white space", "%q", token)
		require.NotContains(t, err.Error(), "k3y")
	}
	_, err := mock.New(mock.WithoutAdmin(), mock.WithAdminAddr("127.0.0.1:0"))
	require.Error(t, err)
}
