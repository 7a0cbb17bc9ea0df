//go:build unix

package serving

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/sign"
)

// A signal that asks no command to end is the command's own affair: only one that does so begins the time after which it is killed, and that time
// begins once.
func TestProcesses_wait(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		signals []os.Signal
		graces  int
		killed  bool
	}{
		{nil, 0, false},
		{[]os.Signal{syscall.SIGUSR1, syscall.SIGHUP}, 0, false},
		{[]os.Signal{syscall.SIGUSR1, syscall.SIGTERM, os.Interrupt}, 1, true},
	} {
		cmd := exec.CommandContext(t.Context(), "sh", "-c", "trap '' USR1 HUP TERM INT; echo ready; read line")
		in, err := cmd.StdinPipe()
		require.NoError(t, err)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		g := newProcesses(cmd)
		graces, over := 0, make(chan time.Time, 1)
		g.after = func(d time.Duration) <-chan time.Time {
			require.Equal(t, childGrace, d)
			graces++
			return over
		}
		require.NoError(t, cmd.Start())
		_, err = io.ReadFull(out, make([]byte, len("ready\n")))
		require.NoError(t, err, "its traps are set")
		signals, ended := make(chan os.Signal), make(chan error, 1)
		waited := make(chan error, 1)
		go func() { waited <- g.wait(signals, ended) }()
		for _, s := range row.signals {
			signals <- s
		}
		if row.killed {
			over <- time.Now()
		} else {
			require.NoError(t, in.Close())
		}
		ended <- cmd.Wait()
		err = <-waited
		require.Equal(t, row.graces, graces, row.signals)
		require.Equal(t, row.killed, err != nil && strings.Contains(err.Error(), "killed"), "%v: %v", row.signals, err)
	}
}

// A command finds the mock beside it in its environment, with the token where the address wants one; its exit code is that of exec, and what was
// refused is told afterwards.
func TestExec(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "env")
	run := func(args ...string) (commandtest.Result, map[string]string) {
		got := commandtest.Run(t, NewExec(), append(args, "--", "sh", "-c", "env >"+out+"; exit 7")...)
		text, err := os.ReadFile(out)
		require.NoError(t, err)
		env := map[string]string{}
		for line := range strings.SplitSeq(string(text), "\n") {
			if name, value, ok := strings.Cut(line, "="); ok && strings.HasPrefix(name, "ETCP_MOCK_") {
				env[name] = value
			}
		}
		return got, env
	}
	got, env := run()
	require.Equal(t, 7, got.Code, got.Err)
	require.Equal(t, []string{"demo", "demo-key", "default", ""}, []string{env["ETCP_MOCK_MERCHANT_NO"], env["ETCP_MOCK_MERCHANT_KEY"], env["ETCP_MOCK_SANDBOX"], env["ETCP_MOCK_ADMIN_TOKEN"]})
	_, env = run("--addr", "0.0.0.0:0")
	require.NotEmpty(t, env["ETCP_MOCK_ADMIN_TOKEN"], "which the control API wants there")
	_, env = run("--scenario", "temporary-car-pays-online")
	require.NotEqual(t, "default", env["ETCP_MOCK_SANDBOX"])
	refused := commandtest.Run(t, NewExec(), "--", "sh", "-c", `test "$ETCP_MOCK_URL" = "$ETCP_MOCK_SERVER"`)
	require.Equal(t, cli.ExitOK, refused.Code, refused.Err)
	require.Empty(t, refused.Err, "nothing was refused")
	for want, args := range map[string][]string{"--fixture:": {"--fixture", "nowhere.yaml"}, "nobody": {"--scenario", "nobody"}} {
		wrong := commandtest.Run(t, NewExec(), append(args, "--", "true")...)
		require.NotEqual(t, cli.ExitOK, wrong.Code)
		require.Contains(t, wrong.Err, want)
	}
}

// A seed that is given is that of the sandbox, 0 too; without one the sandbox has its own.
func TestExecFlags_seed(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{`{"scenario":"x"}`: nil, `{"seed":0,"scenario":"x"}`: {"--seed", "0"}, `{"seed":9,"scenario":"x"}`: {"--seed", "9"}} {
		cmd, f := NewExec(), execFlags{scenario: "x"}
		require.NoError(t, cmd.ParseFlags(args))
		if len(args) > 0 {
			f.seed, _ = cmd.Flags().GetUint64("seed")
		}
		_, _, err := f.options(cmd)
		require.NoError(t, err)
		s := commandtest.Answering(t, map[string]string{"POST /__admin/sandboxes": `{"id":"default"}`, "GET /merchants": `{"items":[]}`})
		_, _, err = f.environment(t.Context(), s.URL, control.New(s.URL))
		require.NoError(t, err)
		require.Equal(t, "POST /__admin/sandboxes "+want, s.Sent()[0])
	}
}

// What the mock beside a command refused is told on stderr, with why; --quiet tells nothing.
func TestPrintFailures(t *testing.T) {
	t.Parallel()
	base := commandtest.Mock(t, city)
	res, err := http.Get(base + "/merchant/open/1.0.0/openapi/carnum?merchant_no=M1") //nolint:noctx // a loopback address
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	cmd := NewEnv()
	cli.SharedFlags(cmd)
	var said strings.Builder
	cmd.SetErr(&said)
	require.NoError(t, printFailures(t.Context(), cmd, control.New(base)))
	require.Contains(t, said.String(), "sandbox default refused 1 of 1 requests")
	require.Contains(t, said.String(), "missing-parameter: time_stamp")
	require.Error(t, printFailures(t.Context(), cmd, control.New("http://127.0.0.1:1")))
}

// The pushes of a scenario are sent to a merchant, signed with its key; why the scenario failed is on stderr, so that stdout stays JSON.
func TestReplay(t *testing.T) {
	t.Parallel()
	var right, wrong atomic.Int64
	merchant := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		fields, signment, err := sign.PushFields(text)
		if err == nil && signment == sign.Push("M9", sign.PushText(fields, sign.JSON), "own") {
			right.Add(1)
		} else {
			wrong.Add(1)
		}
		_, _ = io.WriteString(w, `{"code":0,"message":"ok"}`)
	}))
	t.Cleanup(merchant.Close)
	run := func(args ...string) commandtest.Result {
		return commandtest.Run(t, NewReplay(), append(args, "--to", merchant.URL, "--speed", "max", "--merchant-no", "M9", "--key", "own")...)
	}
	got := run("temporary-car-pays-online")
	require.Equal(t, cli.ExitOK, got.Code, got.Err+got.Out)
	require.Positive(t, right.Load())
	require.Zero(t, wrong.Load())
	require.Contains(t, got.Out, string(client.KindExit))
	other := filepath.Join(t.TempDir(), "other.yaml")
	require.NoError(t, os.WriteFile(other, []byte(`name: other
sandbox: {merchants: [{no: M1, key: k1}], users: [{phone: "13800000001", plates: [{plateNumber: 渝ATX061, merchantNo: M1, since: 2017-08-01 00:00:00}]}], clock: 2017-08-20 12:00:00, parkings: [{id: "1", name: P, city: 重庆市, lat: "29.563", lon: "106.551"}]}
steps: [{enter: {plateNumber: 渝ATX061, parkingId: "1"}}, {set: {a: 1}, assert: a == 2}]
`), 0o600))
	otherwise := run(other, "-o", "json")
	require.Equal(t, cli.ExitOK, otherwise.Code, otherwise.Err)
	require.True(t, json.Valid([]byte(otherwise.Out)), otherwise.Out)
	require.Contains(t, otherwise.Err, "the scenario failed at "+other+":3: ")
	for name, text := range map[string]string{"silent": "name: silent\nsteps: [{advance: 1m}]\n", "nobody": "name: nobody\nsandbox: {merchants: []}\nsteps: [{advance: 1m}]\n"} {
		file := filepath.Join(t.TempDir(), name+".yaml")
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		none := run(file)
		require.Equal(t, cli.ExitFailed, none.Code)
		require.Contains(t, none.Err, "no push goes to the merchant in this scenario", name)
	}
}
