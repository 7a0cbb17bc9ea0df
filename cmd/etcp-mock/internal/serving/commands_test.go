package serving

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

var city = commandtest.City("it's k1")

// What a program finds a mock by is printed as NAME=value, or as commands of a shell, which a quote in a key does not end; a sandbox without a
// merchant has the address only, and a value of two lines is for a shell only.
func TestEnv(t *testing.T) {
	t.Parallel()
	base := commandtest.Mock(t, city)
	plain := commandtest.Run(t, NewEnv(), "--server", base)
	require.Equal(t, "ETCP_MOCK_URL="+base+"\nETCP_MOCK_SERVER="+base+"\nETCP_MOCK_ADMIN="+base+"/__admin\nETCP_MOCK_SANDBOX=default\nETCP_MOCK_MERCHANT_NO=M1\nETCP_MOCK_MERCHANT_KEY=it's k1\n", plain.Out)
	onSocket, err := variablesOf(t.Context(), "unix:/tmp/s", control.New(base).Sandbox(control.Default), control.Default)
	require.NoError(t, err)
	require.Equal(t, []string{"ETCP_MOCK_URL=unix:/tmp/s", "ETCP_MOCK_SERVER=unix:/tmp/s", "ETCP_MOCK_SANDBOX=default"}, onSocket[:3], "http://localhost is somebody else's")
	require.Contains(t, commandtest.Run(t, NewEnv(), "--export", "--server", base).Out, `export ETCP_MOCK_MERCHANT_KEY='it'\''s k1'`+"\n")
	none := commandtest.Run(t, NewEnv(), "--server", commandtest.Mock(t, `{"merchants": []}`))
	require.Equal(t, cli.ExitOK, none.Code)
	require.Len(t, strings.Split(strings.TrimSpace(none.Out), "\n"), 4)
	s := commandtest.Answering(t, map[string]string{"GET /merchants": `{"items":[{"no":"M1","key":"a\nb"}]}`})
	two := commandtest.Run(t, NewEnv(), "--server", s.URL)
	require.Equal(t, cli.ExitFailed, two.Code)
	require.Contains(t, two.Err, "ETCP_MOCK_MERCHANT_KEY has more than one line: use --export")
	require.Contains(t, commandtest.Run(t, NewEnv(), "--export", "--server", s.URL).Out, "='a\nb'\n")
	require.Equal(t, cli.ExitUnreachable, commandtest.Run(t, NewEnv(), "--server", "http://127.0.0.1:1").Code)
}

// The version is the command's own, or that of the server that is asked.
func TestVersion(t *testing.T) {
	t.Parallel()
	require.Regexp(t, `^etcp-mock `+cli.Version+` .*go1`, commandtest.Run(t, NewVersion(), "--server", "http://127.0.0.1:1").Out)
	s := commandtest.Answering(t, map[string]string{"GET /__admin/version": `{"version":"9.9","commit":"","goVersion":"go9"}`})
	require.Equal(t, "etcp-mock 9.9 go9\n", commandtest.Run(t, NewVersion(), "--remote", "--server", s.URL).Out)
	require.Contains(t, commandtest.Run(t, NewVersion(), "--remote", "--server", s.URL, "-o", "json").Out, `"version": "9.9"`)
	require.Equal(t, cli.ExitUnreachable, commandtest.Run(t, NewVersion(), "--remote", "--server", "http://127.0.0.1:1").Code)
}

// Replicas are listed with what each owns; the one that answered is marked, and one that is silent says for how long, in both languages.
func TestReplicas(t *testing.T) {
	t.Parallel()
	s := commandtest.Answering(t, map[string]string{
		"GET /__admin/replicas": `{"items":[{"name":"a","addr":"10.0.0.1:9","self":true,"live":true,"sandboxes":["default","x"]},{"name":"b\u009b","addr":"10.0.0.2:9","silentMs":6543,"sandboxes":[]}]}`,
	})
	run := func(args ...string) string {
		got := commandtest.Run(t, NewReplicas(), append(args, "--server", s.URL)...)
		require.Equal(t, cli.ExitOK, got.Code, got.Err)
		return got.Out
	}
	require.Regexp(t, `(?m)^a \* +10\.0\.0\.1:9 +live +2 +default x$`, run())
	require.Regexp(t, `(?m)^b\\x9b +10\.0\.0\.2:9 +silent for 6\.5s +0`, run())
	require.Contains(t, run("--lang", "zh"), "已失联 6.5s")
	require.Len(t, strings.Split(strings.TrimSpace(run("--limit", "1")), "\n"), 2)
	require.Equal(t, run("-o", "json"), run("--json"))
	require.Contains(t, commandtest.Run(t, NewReplicas(), "--server", commandtest.Mock(t, city)).Out, "none: this mock shares its data with no other")
}

// The scenarios that are built in are listed, shown and checked, and so are those of files; a new one is written, with a schema that is there,
// and nothing is written over.
func TestScenario(t *testing.T) {
	t.Parallel()
	run := func(args ...string) commandtest.Result { return commandtest.Run(t, NewScenario(), args...) }
	require.Contains(t, run("list").Out, "temporary-car-pays-online")
	var listed struct{ Items []struct{ Name, File string } }
	require.NoError(t, json.Unmarshal([]byte(run("list", "-o", "json").Out), &listed))
	require.Contains(t, run("show", listed.Items[0].Name).Out, "\nname: "+listed.Items[0].Name)
	mine := filepath.Join(t.TempDir(), "mine.yaml")
	made := run("new", mine)
	require.Equal(t, "wrote "+mine+"; run it: etcp-mock scenario run "+mine+"\n", made.Out)
	require.FileExists(t, filepath.Join(filepath.Dir(mine), schemaFile))
	require.Equal(t, "1 scenario, 1 case: all right\n", run("validate", mine).Out)
	require.Equal(t, cli.ExitOK, run("run", mine, "-q").Code)
	require.Contains(t, run("list", mine).Out, "mine")
	again := run("new", mine)
	require.Equal(t, cli.ExitUsage, again.Code)
	require.Contains(t, again.Err, "is there already")
	require.Equal(t, run("schema").Out[:1], "{")
	require.Contains(t, run("new").Out, "\nname: my-scenario\n")
	require.NotEqual(t, cli.ExitOK, run("new", filepath.Join(mine, "below")).Code)
	broken := filepath.Join(t.TempDir(), "broken.yaml")
	require.NoError(t, os.WriteFile(broken, []byte("name: broken\nsteps: [{sleep: x}]\n"), 0o600))
	for want, args := range map[string][]string{
		broken + ":2:": {"validate", broken}, "there is no scenario": {"show", "nobody"}, "name scenarios or files, or give --all": {"run"}, "either --all or names": {"run", "--all", "x"}, "missing subcommand": nil,
		"--sandbox and --keep want a --server": {"run", "temporary-car-pays-online", "--keep"},
	} {
		got := run(args...)
		require.Equal(t, cli.ExitUsage, got.Code, got.Err)
		require.Contains(t, got.Err, want)
	}
	require.Equal(t, cli.ExitUnreachable, run("run", mine, "--server", "http://127.0.0.1:1").Code)
	failing := filepath.Join(t.TempDir(), "failing.yaml")
	require.NoError(t, os.WriteFile(failing, []byte("name: failing\nmatrix: [{n: 1}, {n: 2}]\nsteps: [{set: {a: 1}, assert: n == 1}]\n"), 0o600))
	got := run("run", failing, "-o", "json")
	require.Equal(t, cli.ExitFailed, got.Code)
	var results struct {
		Items []struct {
			Status string
			Cases  []struct{ Status string }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(got.Out), &results), got.Out)
	require.Equal(t, "failed", results.Items[0].Status)
	require.Len(t, results.Items[0].Cases, 2)
}

// What was done to a sandbox is recorded under the name of its file; on stdout it is as the server has it.
func TestRecord(t *testing.T) {
	t.Parallel()
	base, file := commandtest.Mock(t, city), filepath.Join(t.TempDir(), "today.yaml")
	nothing := commandtest.Run(t, NewRecord(), "-o", file, "--server", base)
	require.Equal(t, cli.ExitNothing, nothing.Code, "no success")
	require.Contains(t, nothing.Err, "nothing was recorded, and "+file+" is not written")
	require.NoFileExists(t, file)
	_, err := control.New(base).Sandbox(control.Default).Enter(t.Context(), control.Entry{PlateNumber: "渝ATX061", ParkingID: "1"})
	require.NoError(t, err)
	got := commandtest.Run(t, NewRecord(), "-o", file, "--server", base)
	require.Equal(t, cli.ExitOK, got.Code, got.Err)
	require.Contains(t, got.Err, "etcp-mock: recorded into "+file+" (1 step)")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(text), "\nname: today\n")
	require.Contains(t, string(text), "渝ATX061")
	require.NotContains(t, string(text), "it's k1")
	require.Contains(t, commandtest.Run(t, NewRecord(), "--server", base).Out, "enter: ")
	for want, args := range map[string][]string{"nowhere": {"-o", filepath.Join(t.TempDir(), "nowhere", "x.yaml")}, "r99": {"--from", "r99"}} {
		wrong := commandtest.Run(t, NewRecord(), append(args, "--server", base)...)
		require.NotEqual(t, cli.ExitOK, wrong.Code)
		require.Contains(t, wrong.Err, want)
	}
}

// The doctor says who is at the address: a mock, of another version, one that lets nobody in, something else, or nobody.
func TestDoctor_server(t *testing.T) {
	t.Parallel()
	answering := func(status int, ahead time.Duration, body string) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
			if strings.HasSuffix(r.URL.Path, "/version") || status != http.StatusOK {
				w.WriteHeader(status)
			}
			switch {
			case strings.HasSuffix(r.URL.Path, "/version"):
				_, _ = w.Write([]byte(body))
			case strings.HasSuffix(r.URL.Path, "/clock"):
				_, _ = w.Write([]byte(`{"now":"2017-08-20 12:00:00","mode":"frozen"}`))
			default:
				_, _ = w.Write([]byte(`{"items":[]}`))
			}
		}))
		t.Cleanup(server.Close)
		return server.URL
	}
	for _, row := range []struct {
		server string
		code   int
		want   []string
	}{
		{answering(200, 0, `{"version":"0.1"}`), cli.ExitOK, []string{"✓ server    a mock answers at ", "! server    this command is version", "✓ clock     the sandbox's clock says 2017-08-20 12:00:00 and is frozen", "✓ clock     the server's clock differs"}},
		{answering(200, -time.Hour, `{"version":"0.1"}`), cli.ExitFailed, []string{"✗ clock     the server's clock differs from this machine's by -1h", "widen the rule timestamp.window"}},
		{answering(200, 2*time.Minute, `{"version":"0.1"}`), cli.ExitOK, []string{"! clock     the server's clock differs"}},
		{answering(401, 0, `no`), cli.ExitFailed, []string{"✗ server    the mock at", "does not let us in", "ETCP_MOCK_ADMIN_TOKEN"}},
		{answering(404, 0, `<html>`), cli.ExitFailed, []string{"✗ server    the port is taken: something that is no mock answers"}},
		{answering(404, 0, `{"code":1,"message":"失败"}`), cli.ExitFailed, []string{"✗ server    the platform answers at http://127.0.0.1:", "--admin-addr"}},
		{"http://127.0.0.1:1", cli.ExitUnreachable, []string{"✗ server    cannot reach http://127.0.0.1:1: connection refused", "etcp-mock serve"}},
		{"unix:/nix.sock", cli.ExitUnreachable, []string{"✗ server    cannot reach unix:/nix.sock: connect: no such file or directory"}},
	} {
		got := commandtest.Run(t, NewDoctor(), "--server", row.server)
		require.Equal(t, row.code, got.Code, got.Out+got.Err)
		for _, want := range row.want {
			require.Contains(t, got.Out, want)
		}
		var found struct{ Items []check }
		require.NoError(t, json.Unmarshal([]byte(commandtest.Run(t, NewDoctor(), "--server", row.server, "-o", "json", "--lang", "zh").Out), &found))
		require.NotEmpty(t, found.Items)
		require.NotRegexp(t, `\p{Han}`, found.Items[0].Detail, "programs read English")
	}
	require.Regexp(t, `\p{Han}`, commandtest.Run(t, NewDoctor(), "--server", "http://127.0.0.1:1", "--lang", "zh").Out)
	for _, d := range []*doctor{{cmd: NewDoctor(), Flags: remote.Flags{Server: "http://127.0.0.1:1", SandboxID: "default"}, language: "en"}} {
		d.webhooks(t.Context())
		d.clock(t.Context())
		require.Equal(t, []string{checkBad, checkBad}, []string{d.checks[0].Status, d.checks[1].Status}, "who breaks off in between is bad, too")
	}
}

// An address that no server can have is a wrong command line, blamed on the flag or the variable that it was given in.
func TestDoctor_noAddress(t *testing.T) {
	for server, want := range map[string]string{
		"ftp://x": `unsupported protocol scheme "ftp"`, "http://": "no Host in request URL", "http://127.0.0.1:65536": "address 65536: invalid port",
	} {
		for _, args := range [][]string{{"--server", server}, nil} {
			blamed := "--server: "
			if args == nil {
				t.Setenv("ETCP_MOCK_SERVER", server)
				blamed = "ETCP_MOCK_SERVER: "
			}
			got := commandtest.Run(t, NewDoctor(), args...)
			require.Equal(t, cli.ExitUsage, got.Code, server)
			require.Empty(t, got.Out)
			require.Contains(t, got.Err, blamed)
			require.Contains(t, got.Err, want)
			require.Contains(t, got.Err, "doctor")
			require.Contains(t, got.Err, "--help")
		}
	}
	require.Equal(t, cli.ExitUsage, commandtest.Run(t, NewDoctor(), "--server", "").Code)
}

// A path behind the address of a mock is what is wrong, and no other program that has taken the port, whether the mock wants a token or not.
func TestDoctor_pathOfMock(t *testing.T) {
	t.Parallel()
	base := commandtest.Mock(t, `{}`)
	got := commandtest.Run(t, NewDoctor(), "--server", base+"/path")
	require.Equal(t, cli.ExitFailed, got.Code)
	require.Contains(t, got.Out, "the path in "+base+"/path is wrong: a mock answers at "+base+"\n            leave out the path in --server")
	require.NotContains(t, got.Out, "taken")
	require.Contains(t, commandtest.Run(t, NewDoctor(), "--server", base+"/path", "--lang", "zh").Out, base+"/path 中的路径有误：模拟平台在 "+base+" 上应答")
}

// What a mock that wants a token is said to want is in the language of the command.
func TestDoctor_token(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }))
	t.Cleanup(closed.Close)
	got := commandtest.Run(t, NewDoctor(), "--server", closed.URL, "--lang", "zh")
	require.Contains(t, got.Out, "上的模拟平台不允许访问：服务器要求控制 API 的令牌")
	got = commandtest.Run(t, NewDoctor(), "--server", closed.URL, "--admin-token", "wrong")
	require.Contains(t, got.Out, "does not let us in: --admin-token: that is not the token of the server's control API")
}

// A merchant without a push URL is a warning; the URL of a kind is tried beside the others.
func TestDoctor_webhooks(t *testing.T) {
	t.Parallel()
	good := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"code":4}`)) }))
	t.Cleanup(good.Close)
	base := commandtest.Mock(t, `{"merchants": [{"no": "M1", "key": "k"}, {"no": "M2", "key": "k", "push": {"url": "`+good.URL+`", "urls": {"unbind": "http://127.0.0.1:1/u"}}}]}`)
	got := commandtest.Run(t, NewDoctor(), "--server", base)
	require.Equal(t, cli.ExitFailed, got.Code)
	for _, want := range []string{
		"! webhook   merchant M1 has no push URL", "etcp-mock merchants set-url URL --merchant-no NO;", "✓ webhook   merchant M2, " + good.URL + ": reachable, and refuses a wrong signature with code 4", "✗ webhook   merchant M2, http://127.0.0.1:1/u: not reachable from here: connection refused",
	} {
		require.Contains(t, got.Out, want)
	}
}
