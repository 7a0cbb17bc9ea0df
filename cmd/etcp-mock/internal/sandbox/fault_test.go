package sandbox

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// Each flag of fault add is what the control API knows by that name; what is not given is not sent.
func TestFaultAdd_flags(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		`{"name":"n","on":{"endpoint":"orderpaid","merchantNo":"M1","where":{"parkingId":"9"}},"after":2,"times":1,"probability":0.5,"do":{"code":0,"message":"m","httpStatus":503}}`: {
			"--name", "n", "--endpoint", "orderpaid", "--merchant", "M1", "--where", "parkingId=9", "--after", "2", "--times", "1", "--probability", "0.5", "--code", "0", "--message", "m", "--http-status", "503",
		},
		`{"on":{"push":"exit"},"do":{"duplicate":2,"reorder":true,"corruptSign":true,"drop":true}}`: {"--push", "exit", "--duplicate", "2", "--reorder", "--corrupt-sign", "--drop"},
		`{"on":{},"do":{"delay":{"min":"1s","max":"3s"},"cut":"after"}}`:                            {"--delay", "1s..3s", "--cut", "after"},
		`{"on":{},"do":{"delay":{"median":"500ms","sigma":0.8},"truncate":true,"dribble":"50ms"}}`:  {"--delay", "500ms~0.8", "--truncate", "--dribble", "50ms"},
		`{"on":{"where":{"a":{"b":1}}},"do":{"headers":{"X-A":"1"},"empty":true}}`:                  {"--where", "a.b:=1", "--header", "X-A=1", "--empty"},
		`{"on":{},"do":{"body":"<html>","garbage":9}}`:                                              {"--body", "<html>", "--garbage", "9"},
	} {
		s := commandtest.Answering(t, map[string]string{"POST /faults": `{"id":"f1","on":{},"do":{"code":2}}`})
		got := commandtest.Run(t, NewFault(), append([]string{"add", "--server", s.URL}, args...)...)
		require.Equal(t, cli.ExitOK, got.Code, got.Err)
		require.Len(t, s.Sent(), 1)
		require.JSONEq(t, want, s.Sent()[0][len("POST /faults "):])
		require.Contains(t, got.Out, "f1")
	}
}

// A fault that does nothing, hits nothing, or has a value of no meaning is refused before it is sent.
func TestFaultAdd_refused(t *testing.T) {
	t.Parallel()
	s := commandtest.Answering(t, nil)
	for want, args := range map[string][]string{
		"missing what goes wrong: ": {"--endpoint", "orderpaid"}, `--code "x" is no number`: {"--code", "x"}, `--delay "soon": want`: {"--delay", "soon"}, `"parkingId": want KEY=VALUE`: {"--where", "parkingId", "--code", "2"},
		"--probability 0 hits nothing": {"--probability", "0", "--code", "2"}, "--times: want 0 or more": {"--times", "-1", "--code", "2"}, "--probability: want 0 or more, got NaN": {"--probability", "NaN", "--code", "2"},
		"--header: want NAME=VALUE": {"--header", "X", "--code", "2"}, "--file: ": {"--file", "nowhere.yaml"},
	} {
		got := commandtest.Run(t, NewFault(), append([]string{"add", "--server", s.URL}, args...)...)
		require.Equal(t, cli.ExitUsage, got.Code, args)
		require.Contains(t, got.Err, want)
	}
	require.Empty(t, s.Sent())
}

// A file holds one fault or a list; what is wrong in it is said at its line, and how many before it were added.
func TestFaultAdd_file(t *testing.T) {
	t.Parallel()
	base := commandtest.Mock(t, city)
	file := func(text string) string {
		name := filepath.Join(t.TempDir(), "faults.yaml")
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		return name
	}
	one := commandtest.Run(t, NewFault(), "add", "--server", base, "--file", file("on: {endpoint: carnum}\nprobability: 0.25\ndo: {code: 2}\n"))
	require.Equal(t, cli.ExitOK, one.Code, one.Err)
	require.Contains(t, one.Out, "25 %")
	s := commandtest.Answering(t, map[string]string{"POST /faults": `{"id":"f7","on":{},"do":{"code":2}}`})
	never := commandtest.Run(t, NewFault(), "add", "--server", s.URL, "--file", file("{id: f3, on: {}, probability: 0, do: {code: 2}, stats: {matched: 1}}\n"))
	require.Equal(t, cli.ExitOK, never.Code, never.Err)
	require.Equal(t, []string{`POST /faults {"do":{"code":2},"on":{},"probability":0}`}, s.Sent(), "as it stands there, but for what the server gives a fault")
	for _, row := range []struct {
		text, want string
		added      int
	}{
		{"- {on: {}, do: {code: 2}}\n- {on: {}, do: {httpStatus: 99}}\n", "faults.yaml:2:29: ", 1},
		{"- {on: {}, do: {code: 2}}\n- {on: {endpoint: 3}, do: {code: 2}}\n", "faults.yaml:2:19: [1].on.endpoint: ", 1},
		{"on: {}\ntimes: x\ndo: {code: 2}\n", "faults.yaml:2:8: times: ", 0},
		{"on: {}\ndoes: {code: 2}\n", "faults.yaml:2:1: does: unknown field", 0},
		{"7\n", "faults.yaml:1:1: ", 0},
		{"on: {\n", "faults.yaml:1:", 0},
	} {
		before := len(lines(commandtest.Run(t, NewFault(), "--server", base).Out))
		got := commandtest.Run(t, NewFault(), "add", "--server", base, "--file", file(row.text))
		require.Equal(t, cli.ExitUsage, got.Code, row.text+got.Err)
		require.Contains(t, got.Err, row.want)
		require.Equal(t, row.added > 0, got.Err[:len("etcp-mock: fault 2 of 2")] == "etcp-mock: fault 2 of 2", got.Err)
		require.Len(t, lines(commandtest.Run(t, NewFault(), "list", "--server", base).Out), before+row.added)
	}
}

// Faults are taken away one by one or all at once; one that is not there is said to be none.
func TestFaultClear(t *testing.T) {
	t.Parallel()
	base := commandtest.Mock(t, city)
	for range 3 {
		require.Equal(t, cli.ExitOK, commandtest.Run(t, NewFault(), "add", "--server", base, "--code", "2").Code)
	}
	require.Equal(t, "faults f1, f3 are cleared\n", commandtest.Run(t, NewFault(), "clear", "f1", "f3", "--server", base).Out)
	require.Regexp(t, `^ID .*\nf2 .*\n$`, commandtest.Run(t, NewFault(), "--server", base).Out)
	none := commandtest.Run(t, NewFault(), "clear", "f9", "--server", base)
	require.Equal(t, cli.ExitFailed, none.Code)
	require.Contains(t, none.Err, "f9")
	require.Equal(t, "fault f2 is cleared\n", commandtest.Run(t, NewFault(), "clear", "--server", base).Out)
	require.Equal(t, "no faults\n", commandtest.Run(t, NewFault(), "clear", "--server", base).Out)
	require.Equal(t, cli.ExitOK, commandtest.Run(t, NewFault(), "add", "--server", base, "--code", "2").Code)
	some := commandtest.Run(t, NewFault(), "clear", "f4", "f9", "--server", base, "--lang", "zh")
	require.Equal(t, cli.ExitFailed, some.Code)
	require.Equal(t, "已取消故障 f4\n", some.Out, "what was done before it failed")
	require.JSONEq(t, `{"cleared":[]}`, commandtest.Run(t, NewFault(), "clear", "--server", base, "-o", "json").Out)
	require.Equal(t, "no faults\n", commandtest.Run(t, NewFault(), "--server", base).Out)
	require.Equal(t, "没有故障\n", commandtest.Run(t, NewFault(), "--server", base, "--lang", "zh").Out)
}

// What a merchant or another user has put into a fault moves no cursor; how often it has hit stands beside it.
func TestPrintFaults(t *testing.T) {
	t.Parallel()
	s := commandtest.Answering(t, map[string]string{
		"GET /faults": `{"items":[{"id":"f1","on":{"endpoint":"a\u001b[2J"},"after":1,"do":{"body":"\u009b31m"},"stats":{"matched":4,"applied":3}}]}`,
	})
	got := commandtest.Run(t, NewFault(), "--server", s.URL)
	require.Contains(t, got.Out, "3 of 4")
	require.NotContains(t, got.Out, "\x1b")
	require.NotContains(t, got.Out, "\u009b")
}
