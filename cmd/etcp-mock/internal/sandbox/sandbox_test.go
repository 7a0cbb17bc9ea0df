package sandbox

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// A sandbox is made from a fixture, saved, put into another, reset and ended; the file of its state holds keys, so that only its owner reads it.
func TestSandbox_life(t *testing.T) {
	t.Parallel()
	base, dir := commandtest.Mock(t, city), t.TempDir()
	fixture, saved := filepath.Join(dir, "city.yaml"), filepath.Join(dir, "saved.json")
	require.NoError(t, os.WriteFile(fixture, []byte("clock: 2017-08-20 12:00:00\nmerchants: [{no: M2, key: k2}]\n"), 0o600))
	run := func(args ...string) commandtest.Result {
		return commandtest.Run(t, NewSandbox(), append(args, "--server", base)...)
	}
	made := run("create", "a", "--fixture", fixture, "--seed", "9")
	require.Equal(t, cli.ExitOK, made.Code, made.Err)
	require.Regexp(t, `(?s)sandbox +a\nseed +9\n.*merchant +M2\nkey +k2\n`, made.Out)
	require.Regexp(t, `(?m)^a +M2 +2017-08-20 12:00:00 +0 +0$`, run("list").Out)
	require.Len(t, lines(run("--limit", "1").Out), 2)
	require.Equal(t, "wrote the state of sandbox a to "+saved+"; put it back: etcp-mock sandbox load "+saved+"\n", run("save", saved, "--sandbox", "a").Out)
	info, err := os.Stat(saved)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	state, err := os.ReadFile(saved)
	require.NoError(t, err)
	require.Equal(t, string(state), run("save", "-", "--sandbox", "a").Out)
	require.Equal(t, cli.ExitOK, commandtest.Run(t, NewClock(), "advance", "1h", "--server", base, "--sandbox", "a").Code)
	require.Equal(t, "sandbox a is as the state in "+saved+" has it, at 2017-08-20 12:00:00\n", run("load", saved, "--sandbox", "a").Out)
	require.Contains(t, commandtest.Run(t, NewClock(), "--server", base, "--sandbox", "a").Out, "2017-08-20 12:00:00")
	require.Equal(t, cli.ExitOK, commandtest.Run(t, NewClock(), "advance", "1h", "--server", base, "--sandbox", "a").Code)
	require.Equal(t, "沙箱 a 已恢复到初始数据，时间为 2017-08-20 12:00:00\n", run("reset", "a", "--lang", "zh").Out)
	require.Contains(t, run("reset", "a", "-o", "json").Out, `"now": "2017-08-20 12:00:00"`)
	require.Contains(t, commandtest.Run(t, NewClock(), "--server", base, "--sandbox", "a").Out, "2017-08-20 12:00:00")
	require.Contains(t, commandtest.RunIn(t.Context(), NewSandbox(), string(state), "load", "-", "--sandbox", "a", "--server", base).Out, "the state in stdin has it")
	require.Contains(t, run("load", saved, "--sandbox", "a", "-o", "json").Out, `"id": "a"`)
	require.Equal(t, "sandbox a is deleted\n", run("delete", "a").Out)
	require.Equal(t, cli.ExitOK, run("create", "b").Code)
	require.Equal(t, cli.ExitOK, run("create", "c").Code)
	require.Equal(t, "sandboxes b, c are deleted\n", run("delete", "b", "c").Out)
	require.JSONEq(t, `{"deleted":[]}`, run("delete", "b", "-o", "json").Out)
	for _, gone := range []commandtest.Result{run("delete", "a"), run("reset", "a"), run("save", saved, "--sandbox", "a")} {
		require.Equal(t, cli.ExitFailed, gone.Code)
		require.Contains(t, gone.Err, "no sandbox")
		require.Contains(t, gone.Err, "etcp-mock sandbox list")
	}
}

// What a sandbox is not made or loaded of is said at its place: the line of the fixture, the flag, the file.
func TestSandbox_refused(t *testing.T) {
	t.Parallel()
	base := commandtest.Mock(t, city)
	fixture := filepath.Join(t.TempDir(), "city.yaml")
	require.NoError(t, os.WriteFile(fixture, []byte("clock: 2017-08-20 12:00:00\nmerchants: [{no: M2, kee: k2}]\n"), 0o600))
	for _, row := range []struct {
		code int
		want string
		args []string
	}{
		{cli.ExitUsage, "city.yaml:2:22: ", []string{"create", "--fixture", fixture}},
		{cli.ExitUsage, "--fixture: ", []string{"create", "--fixture", "nowhere.yaml"}},
		{cli.ExitUsage, "--seed: want a whole number from 0", []string{"create", "--seed", "-1"}},
		{cli.ExitFailed, "default", []string{"create", "default"}},
		{cli.ExitFailed, "nobody", []string{"create", "--scenario", "nobody"}},
		{cli.ExitFailed, "default", []string{"delete", "default"}},
		{cli.ExitUsage, "want ID…, got nothing", []string{"delete"}},
		{cli.ExitUsage, "the file of the state: ", []string{"load", "nowhere.json"}},
		{cli.ExitUsage, "--to is required", []string{"undo"}},
		{cli.ExitUsage, `got "r5"; it is given as --to r5`, []string{"undo", "r5"}},
		{cli.ExitUsage, `got "r1 r2"; it is given as --from r1 --to r2`, []string{"diff", "r1", "r2"}},
		{cli.ExitUsage, `got "r1"; it is given as --from r1`, []string{"diff", "r1"}},
		{cli.ExitUsage, `takes no argument, got "x"`, []string{"undo", "x"}},
		{cli.ExitUsage, "--from is required", []string{"diff"}},
		{cli.ExitFailed, "r99", []string{"undo", "--to", "r99"}},
		{cli.ExitFailed, "r99", []string{"fork", "--at", "r99"}},
	} {
		got := commandtest.Run(t, NewSandbox(), append(row.args, "--server", base)...)
		require.Contains(t, got.Err, row.want, row.args)
		if row.code == cli.ExitUsage {
			require.Equal(t, row.code, got.Code, row.args)
		}
		require.NotEqual(t, cli.ExitOK, got.Code)
		require.Empty(t, got.Out)
	}
	broken := commandtest.RunIn(t.Context(), NewSandbox(), "{", "load", "-", "--server", base)
	require.NotEqual(t, cli.ExitOK, broken.Code)
	require.Contains(t, commandtest.Run(t, NewMerchants(), "--server", base).Out, "M1", "it is as it was")
}

// The log is listed with what was undone; a point of it can be gone back to, forked from, and compared with another.
func TestSandbox_history(t *testing.T) {
	t.Parallel()
	base := parked(t)
	run := func(args ...string) commandtest.Result {
		return commandtest.Run(t, NewSandbox(), append(args, "--server", base)...)
	}
	require.Equal(t, cli.ExitOK, commandtest.Run(t, NewRules(), "set", "bind.max=2", "--server", base).Code)
	var log struct{ Items []control.Input }
	require.NoError(t, json.Unmarshal([]byte(run("log", "-o", "json").Out), &log))
	require.GreaterOrEqual(t, len(log.Items), 2)
	last := log.Items[len(log.Items)-1]
	table := lines(run("log").Out)
	require.Contains(t, table[len(table)-1], last.Summary, "the newest last")
	require.Contains(t, run("log", "--lang", "zh").Out, last.SummaryZh)
	require.Len(t, lines(run("log", "--limit", "1").Out), 2)
	before := jsonNumber(log.Items[len(log.Items)-2].Seq)
	require.Contains(t, run("diff", "--from", before).Out, "bind.max")
	require.Equal(t, "nothing changed\n", run("diff", "--from", before, "--to", before).Out)
	require.JSONEq(t, `{"items":[]}`, run("diff", "--from", before, "--to", before, "-o", "json").Out)
	forked := run("fork", "b", "--at", before, "--merchant", "M1=M9")
	require.Equal(t, cli.ExitOK, forked.Code, forked.Err)
	require.Contains(t, forked.Out, "M9")
	undone := run("undo", "--to", before)
	require.Equal(t, "sandbox default is as it was at 2017-08-20 12:00:00\n", undone.Out)
	require.Contains(t, run("undo", "--to", before, "--lang", "zh").Out, "2017-08-20 12:00:00")
	require.Regexp(t, `(?m)undone$`, run("log").Out)
	require.Contains(t, run("undo", "--to", before, "-o", "json").Out, `"id": "default"`)
}

func jsonNumber(n uint64) string { return strconv.FormatUint(n, 10) }
