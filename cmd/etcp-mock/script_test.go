package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/mock"
)

// update rewrites the golden outputs in testdata; read the difference before it is committed.
var update = flag.Bool("update", false, "rewrite the golden outputs in testdata")

func TestMain(m *testing.M) {
	testscript.Main(commandtest.Tight{Tests: m}, map[string]func(){"etcp-mock": main})
}

// Each command, as its user types it. A script has a mock of its own, whose seed and clock are fixed; start runs a command that
// goes on (serve, listen, tail), end ends it and takes its output for what stdout and stderr compare.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		UpdateScripts:       *update,
		RequireExplicitExec: false,
		Setup:               setUp,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "start": start, "end": end, "awaits": awaits,
		},
	})
}

const scriptFixture = `{"clock": "2017-08-20 12:00:00",
	"merchants": [{"no": "demo", "key": "demo-key", "name": "演示商户"}],
	"parkings": [
		{"id": "1", "name": "ETCP 智慧停车场", "city": "重庆市", "lat": "29.563", "lon": "106.551"},
		{"id": "2", "name": "解放碑地下停车场", "city": "重庆市", "lat": "29.559", "lon": "106.577", "parkingType": "7"}]}`

type runningKey struct{}

func setUp(env *testscript.Env) error {
	server, err := mock.New(mock.WithSeed(7), mock.WithFixture([]byte(scriptFixture)))
	if err != nil {
		return err
	}
	if err := server.Start("127.0.0.1:0"); err != nil {
		return err
	}
	all := &running{}
	env.Values[runningKey{}] = all
	env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, "cache"))
	env.Setenv("GORACE", "atexit_sleep_ms=0") // else each command under the race detector ends with a second of sleep
	env.Setenv("ETCP_MOCK_SERVER", server.URL())
	env.Setenv("MOCK", server.URL())
	env.Setenv("NOBODY", "http://127.0.0.1:1")
	env.Defer(func() {
		all.end()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := server.Close(ctx); err != nil {
			panic(err)
		}
	})
	return nil
}

// exits runs a command that has to end with an exit code: exits 2 etcp-mock nonsense.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		got = failed.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// running are the commands of a script that go on.
type running struct{ stack []*runningCommand }

func (r *running) end() {
	for _, c := range r.stack {
		c.cancel()
		<-c.done
	}
	r.stack = nil
}

type runningCommand struct {
	cancel         func()
	done           chan struct{}
	code           int
	stdout, stderr safeBuffer
}

// safeBuffer is written by a command and read by the script.
type safeBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// start runs a command in this process until end, and sets $URL to where it says that it listens.
func start(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: start SUBCOMMAND…")
	}
	ctx, cancel := context.WithCancel(context.Background())
	c := &runningCommand{cancel: cancel, done: make(chan struct{})}
	all := ts.Value(runningKey{}).(*running)
	all.stack = append(all.stack, c)
	listens := args[0] == "serve" || args[0] == "listen"
	if args[0] != "serve" {
		args = append(args, "--server", ts.Getenv("ETCP_MOCK_SERVER"))
	}
	go func() {
		defer close(c.done)
		c.code = run(ctx, args, strings.NewReader(""), &c.stdout, &c.stderr)
	}()
	if !listens {
		return
	}
	line := await(ts, c, "\n", 1)
	url, ok := strings.CutPrefix(strings.SplitN(line, "\n", 2)[0], "listening on ")
	if !ok {
		ts.Fatalf("its first line is %q", line)
	}
	ts.Setenv("URL", url)
}

// await polls what a command has printed until a text is in it n times.
func await(ts *testscript.TestScript, c *runningCommand, text string, n int) string {
	deadline := time.Now().Add(time.Minute)
	for {
		out := c.stdout.String() + c.stderr.String()
		if strings.Count(out, text) >= n {
			return out
		}
		select {
		case <-c.done:
			if out = c.stdout.String() + c.stderr.String(); strings.Count(out, text) >= n {
				return out
			}
			ts.Fatalf("it ended with code %d: %s%s", c.code, out, c.stderr.String())
		case <-time.After(5 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			ts.Fatalf("no %q in %q", text, out)
		}
	}
}

// awaits waits until the newest command that goes on has printed a text, n times: awaits TEXT [N].
func awaits(ts *testscript.TestScript, _ bool, args []string) {
	all := ts.Value(runningKey{}).(*running)
	n := 1
	if len(args) > 1 {
		var err error
		n, err = strconv.Atoi(args[1])
		ts.Check(err)
	}
	await(ts, all.stack[len(all.stack)-1], args[0], n)
}

// end ends the newest command that goes on, whose exit code has to be 0 (or that given).
func end(ts *testscript.TestScript, _ bool, args []string) {
	all := ts.Value(runningKey{}).(*running)
	c := all.stack[len(all.stack)-1]
	all.stack = all.stack[:len(all.stack)-1]
	c.cancel()
	<-c.done
	_, _ = io.WriteString(ts.Stdout(), c.stdout.String())
	_, _ = io.WriteString(ts.Stderr(), c.stderr.String())
	want := 0
	if len(args) > 0 {
		var err error
		want, err = strconv.Atoi(args[0])
		ts.Check(err)
	}
	if c.code != want {
		ts.Fatalf("exit code %d, want %d: %s", c.code, want, c.stderr.String())
	}
}

// Every command has an example, and the help of each works.
func TestHelp_hasExamplesEverywhere(t *testing.T) {
	root := newRoot()
	var visit func(path []string)
	visit = func(path []string) {
		cmd, _, err := root.Find(path)
		require.NoError(t, err)
		require.NotEmpty(t, cmd.Short, "%v", path)
		if cmd.Name() != "help" && cmd.Name() != "completion" && !cmd.HasSubCommands() {
			require.NotEmpty(t, cmd.Example, "%v has no example", path)
		}
		var out bytes.Buffer
		require.Equal(t, cli.ExitOK, run(t.Context(), append(path, "--help"), nil, &out, io.Discard), "%v", path)
		require.Contains(t, out.String(), "Usage:", "%v", path)
		for _, sub := range cmd.Commands() {
			visit(append(append([]string{}, path...), sub.Name()))
		}
	}
	visit(nil)
}
