package main

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/freeport"
)

// What fails after the command line was read is blamed on where the value comes from, too: the flag, the variable, or the file of settings with the
// key. Nothing begins with the name of a package.
func TestVariables_failLater(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("taken", nil, 0o600))
	database := "postgres://u:secret@127.0.0.1:1/d"
	for setting, args := range map[string][]string{
		"data=taken":                       {"serve", "--addr", "127.0.0.1:0"},
		"data=" + filepath.Dir(os.Args[0]): {"serve", "--addr", "127.0.0.1:0"},
		"data=mysql://h/db":                {"serve", "--addr", "127.0.0.1:0"},
		"data=" + database:                 {"serve", "--addr", "127.0.0.1:0"},
		"peer-addr=0.0.0.0:1":              {"serve", "--addr", "127.0.0.1:0", "--data", database},
		"peer-addr=nowhere":                {"serve", "--addr", "127.0.0.1:0", "--data", database},
		"addr=203.0.113.9:1":               {"serve"},
		"admin-addr=unix:/nowhere/sock":    {"serve", "--addr", "127.0.0.1:0"},
		"admin-token=a b":                  {"serve", "--addr", "127.0.0.1:0"},
		"push-allow=host:0":                {"serve", "--addr", "127.0.0.1:0"},
		"ca-dir=taken/below":               {"serve", "--addr", "127.0.0.1:0", "--tls"},
	} {
		flag, value, _ := strings.Cut(setting, "=")
		blamed := func(on string, given ...string) {
			t.Helper()
			for language, colon := range map[string]string{"en": ": ", "zh": "："} {
				var problems bytes.Buffer
				all := append(append([]string{}, args...), "--lang", language)
				require.NotZero(t, run(t.Context(), append(all, given...), strings.NewReader(""), &bytes.Buffer{}, &problems), setting)
				require.Regexp(t, "^etcp-mock: "+regexp.QuoteMeta(on)+"("+colon+"|: )", problems.String())
				require.NotRegexp(t, "etcp-mock:.* (mock|authority): |secret", problems.String())
				if language == "zh" {
					require.Regexp(t, `\p{Han}`, problems.String())
				}
			}
		}
		blamed("--"+flag, "--"+flag, value)
		t.Setenv(cli.Variable(flag), value)
		blamed(cli.Variable(flag))
		t.Setenv(cli.Variable(flag), "")
		require.NoError(t, os.WriteFile("settings.yaml", []byte(flag+": "+strconv.Quote(value)+"\n"), 0o600))
		blamed(flag+" (settings.yaml:1:"+strconv.Itoa(len(flag)+3)+")", "--config", "settings.yaml")
	}
}

// A port that is taken is said of the setting that names it, also where that is the default; whatever it was, port 0 is free.
func TestServe_portTaken(t *testing.T) {
	t.Chdir(t.TempDir())
	for language, says := range map[string]string{
		"en": ` (address already in use|bind: .*) \(stop what listens there, another mock perhaps, or name another port: 0 takes a free one\)\n$`,
		"zh": `（请停止占用端口的程序，可能是另一个模拟平台，或换一个端口：0 表示取一个空闲端口）\n$`,
	} {
		listener := listening(t)
		var problems bytes.Buffer
		require.Equal(t, 1, run(t.Context(), []string{"serve", "--addr", listener, "--lang", language}, strings.NewReader(""), &bytes.Buffer{}, &problems))
		require.Regexp(t, "^etcp-mock: --addr[:：].*"+says, problems.String())
	}
}

// Where the server cannot be reached the hint says where its address comes from: the flag, the variable, the file of settings with the key, or the default.
func TestServer_unreachable(t *testing.T) {
	t.Chdir(t.TempDir())
	closed, err := freeport.Address()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile("settings.yaml", []byte("output: json\nserver: http://"+closed+"\n"), 0o600))
	for _, row := range []struct {
		variable, from string
		args           []string
	}{
		{"", "--server", []string{"--server", closed}},
		{"http://" + closed, "ETCP_MOCK_SERVER", nil},
		{"http://" + closed, "--server", []string{"--server", "http://" + closed + "/"}},
		{"", "server (settings.yaml:2:9)", []string{"--config", "settings.yaml"}},
	} {
		t.Setenv("ETCP_MOCK_SERVER", row.variable)
		for language, says := range map[string]string{
			"en": "\n  the address comes from " + row.from + ": start the mock there (etcp-mock serve), or give the address of one that runs\n",
			"zh": "\n  地址来自 " + row.from + "：请在该地址启动模拟平台（etcp-mock serve），或给出正在运行的模拟平台的地址\n",
		} {
			var problems bytes.Buffer
			require.Equal(t, 3, run(t.Context(), append([]string{"orders", "--lang", language}, row.args...), strings.NewReader(""), &bytes.Buffer{}, &problems))
			require.Contains(t, problems.String(), says)
		}
	}
	t.Setenv("ETCP_MOCK_SERVER", "http://nowhere.invalid")
	var problems bytes.Buffer
	require.Equal(t, 3, run(t.Context(), []string{"orders"}, strings.NewReader(""), &bytes.Buffer{}, &problems))
	require.Contains(t, problems.String(), "\n  the address comes from ETCP_MOCK_SERVER: correct it there\n")
}

// listening is an address that something listens on until the test ends.
func listening(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, listener.Close()) })
	return listener.Addr().String()
}
