package main

import (
	"bytes"
	"context"
	"flag"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A command line that is wrong is refused before anything is measured, with what there is instead.
func TestCommandOf(t *testing.T) {
	t.Parallel()
	of := func(args ...string) (command, error) { return commandOf(args, &bytes.Buffer{}) }
	usual, err := of()
	require.NoError(t, err)
	require.Equal(t, 15, usual.settings.rounds)
	require.Zero(t, usual.settings.endurance)
	long, err := of("-long", "-rounds", "3", "-step", "start,turns", "-only", "carnum", "-write", "-profile", t.TempDir(), "-database", "postgres://h/d")
	require.NoError(t, err)
	require.Equal(t, []any{3, "start,turns", "carnum", "postgres://h/d", true}, []any{long.settings.rounds, long.settings.step, long.settings.only, long.settings.database, long.write})
	require.Positive(t, long.settings.endurance)
	child, err := of("-serve", "mock", "-fixture", "f.json", "-data", "d", "-name", "n")
	require.NoError(t, err)
	require.Equal(t, []string{"mock", "f.json", "d", "n"}, []string{child.serve, child.fixture, child.data, child.name})
	for want, args := range map[string][]string{
		`-step: there is no "nosuch"; there are start, turns, `: {"-step", "start,nosuch"}, `-step: there is no ""`: {"-step", "start,"}, "-rounds: want 1 or more, got -1": {"-rounds", "-1"}, "want flags only, got turns": {"turns"},
		"-profile: there is no folder nowhere": {"-profile", "nowhere"}, "flag provided but not defined": {"-setp", "start"},
	} {
		_, err := of(args...)
		require.ErrorContains(t, err, want)
	}
	var help bytes.Buffer
	_, err = commandOf([]string{"-h"}, &help)
	require.ErrorIs(t, err, flag.ErrHelp)
	for _, name := range stepNames() {
		require.Contains(t, help.String(), name)
		require.NotContains(t, name, ",")
	}
}

// What is measured is written into the document beside what was not; one that cannot be read or written is an error and stays.
func TestRewrite(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "benchmarks.md")
	require.NoError(t, rewrite(file, "# B\n\nOn Monday.\n\n## Pushes\n\nold\n"), "where there is none yet")
	require.NoError(t, rewrite(file, "# B\n\nOn Tuesday.\n\n## Memory\n\nnew\n"))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "# B\n\nOn Tuesday.\n\n## Pushes\n\nold\n\n## Memory\n\nnew\n\nNot measured this time but before: Pushes.\n", string(text))
	require.Error(t, rewrite(filepath.Dir(file), "x"), "a folder")
	require.Error(t, rewrite(filepath.Join(file, "below"), "x"))
}

// Steps that cannot be measured say so with their name; replicas without a database are left out, unless they are asked for.
func TestMeasure_refused(t *testing.T) {
	t.Parallel()
	_, err := measure(t.Context(), settings{step: "replicas"})
	require.EqualError(t, err, "replicas: -step replicas wants -database postgres://…, an empty database")
	require.NoError(t, (&figures{}).measureReplicas(t.Context()))
	report, err := measure(t.Context(), settings{step: "endurance"})
	require.NoError(t, err, "of no requests there is nothing to say")
	require.NotContains(t, report, "## Memory")
	require.EqualError(t, runChild(t.Context(), "nobody", "", "", ""), "-serve is mock, replica or baseline")
	_, err = startMock("mock", "nowhere.json", "", "")
	require.ErrorIs(t, err, os.ErrNotExist)
	broken := filepath.Join(t.TempDir(), "broken.json")
	require.NoError(t, os.WriteFile(broken, []byte(`{"merchants":7}`), 0o600))
	_, err = startMock("mock", broken, "", "")
	require.Error(t, err)
	started, err := startMock("mock", "", filepath.Join(t.TempDir(), "data"), "")
	require.NoError(t, err)
	require.NoError(t, started.Close(t.Context()))
}

// The figures of a unit are read from what go test prints, and none of another unit or of a name.
func TestFiguresIn(t *testing.T) {
	t.Parallel()
	const out = "goos: linux\nBenchmarkLockHeld/read/carnum-2  \t 1000\t 1234 ns/op\t  95.50 held-ns/median\nBenchmarkLockHeld/read/carnum-2  \t 1000\t 1.5e+03 ns/op\t 2.5e-01 held-ns/median\nBenchmarkX 7 9 ns/operation\nPASS\n"
	require.Equal(t, []float64{1234, 1500}, figuresIn(out, "ns/op"))
	require.Equal(t, []float64{95.5, 0.25}, figuresIn(out, "held-ns/median"))
	require.Empty(t, figuresIn(out, "inputs/s"))
	require.Empty(t, figuresIn("- ns/op\n . ns/op", "ns/op"), "no numbers")
	for _, row := range insideRows {
		require.NotEmpty(t, row.name+row.bench+row.figure)
		require.Contains(t, row.format, "%.0f")
		require.DirExists(t, filepath.Join("..", row.pkg))
	}
}

// A server that never answers ends a load some time after its end, with an error.
func TestLoadRoutes_hangs(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = listener.Close() }()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		_, _ = conn.Read(make([]byte, 1)) // it was asked, and answers nothing
		stop()
		_, _ = io.Copy(io.Discard, conn) // until the load gives up: a connection that nobody holds is closed by the garbage collector
	}()
	o, err := loadRoutes(ctx, []route{{listener.Addr().String(), [][]byte{wire("carnum", "{}")}, 20 * time.Millisecond}}, time.Minute, 0)
	require.Error(t, err)
	var failed net.Error
	require.ErrorAs(t, err, &failed)
	require.True(t, failed.Timeout())
	require.Zero(t, o.requests)
}

// Which replica owns each sandbox is read once all have theirs; what cannot be asked is an error.
func TestOwnersAt(t *testing.T) {
	t.Parallel()
	var ids [2][]string
	for i := range replicaSandboxes {
		ids[i%2] = append(ids[i%2], `"`+sandboxOf(2, i)+`"`)
	}
	c := served(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"items":[{"name":"dead","live":false,"sandboxes":["bench-2-0"]},{"name":"a","live":true,"sandboxes":[` + strings.Join(ids[0], ",") + `]},{"name":"b","live":true,"sandboxes":[` + strings.Join(ids[1], ",") + `]}]}`))
	}))
	c.name = "a"
	owners, err := ownersAt(t.Context(), []*child{c, {name: "b"}}, 2)
	require.NoError(t, err)
	for i, owner := range owners {
		require.Equal(t, i%2, owner)
	}
	gone := served(t, http.NotFoundHandler())
	_, err = ownersAt(t.Context(), []*child{gone}, 1)
	require.ErrorContains(t, err, "404")
	ended, stop := context.WithCancel(t.Context())
	stop()
	_, err = ownersAt(ended, []*child{c}, 1)
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, gone.cpu(t.Context()), "a figure that is missing")
	_, err = gone.profile(t.Context(), 1)
	require.Error(t, err)
}

// Requests are turned so that each connection begins with another, and none is lost.
func TestRotated(t *testing.T) {
	t.Parallel()
	all := [][]byte{[]byte("a"), []byte("b"), []byte("c")}
	require.Equal(t, "bca", string(bytes.Join(rotated(all, 4), nil)))
	require.Equal(t, "abc", string(bytes.Join(rotated(all, 0), nil)))
	require.Equal(t, "abc", string(bytes.Join(all, nil)))
	w := watched{alone: []float64{0.5, 0.25}, with: []float64{0.6, 0.25}}
	require.InDeltaSlice(t, []float64{20, 0}, w.more(), 1e-9)
	require.NotEmpty(t, busy()+processor())
}
