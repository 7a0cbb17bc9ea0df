package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// ends runs a command that ends with an error, and gives its exit code and what it said.
func ends(t *testing.T, with error, language string) (code int, problems string) {
	t.Helper()
	root := &cobra.Command{Use: "etcp-mock", Args: NoArgs, RunE: func(*cobra.Command, []string) error { return with }}
	SharedFlags(root)
	var out, said bytes.Buffer
	code = Execute(t.Context(), root, []string{"--lang", language}, strings.NewReader(""), &out, &said, func(_ *cobra.Command, err error) Explanation {
		return Explanation{Lines: []string{"explained: " + err.Error()}, Hint: "a hint", Code: ExitUnreachable}
	})
	require.Empty(t, out.String())
	return code, said.String()
}

// The exit codes: 0 passed, 1 broken, 2 bad usage or file, 3 unreachable, 4 nothing ran; what there is to say is said once, on stderr.
func TestExecute_exitCodes(t *testing.T) {
	require.Equal(t, []int{0, 1, 2, 3, 4}, []int{ExitOK, ExitFailed, ExitUsage, ExitUnreachable, ExitNothing})
	_, wrong := scenarios.Parse("mine.yaml", []byte("name: mine\nsteps: [{sleep: x}]\n"))
	require.Error(t, wrong)
	for _, row := range []struct {
		with error
		code int
		said string
	}{
		{nil, ExitOK, ""},
		{ExitCode(ExitNothing), ExitNothing, ""},
		{fmt.Errorf("wrapped: %w", ExitCode(7)), 7, ""},
		{Usagef("--fail is a number of pushes or all, not %q", "x"), ExitUsage, "etcp-mock: --fail is a number of pushes or all, not \"x\"\n  see: etcp-mock --help\n"},
		{wrong, ExitUsage, wrong.Error() + "\n"},
		{fmt.Errorf("--config: %w", wrong), ExitUsage, wrong.Error() + "\n"},
		{errors.New("no route"), ExitUnreachable, "etcp-mock: explained: no route\n  a hint\n"},
	} {
		code, said := ends(t, row.with, "en")
		require.Equal(t, row.code, code, row.said)
		require.Equal(t, row.said, said)
	}
}

// In Chinese the placeholder of a flag stands behind the flag alone, and the text has the word for it.
func TestHelp_placeholders(t *testing.T) {
	root := &cobra.Command{Use: "etcp-mock", Args: NoArgs, RunE: func(*cobra.Command, []string) error { return nil }}
	SharedFlags(root)
	help := func(language string) string {
		var out bytes.Buffer
		require.Zero(t, Execute(t.Context(), root, []string{"--lang", language, "--help"}, strings.NewReader(""), &out, &out, nil))
		return out.String()
	}
	require.Regexp(t, `--config file +YAML file with flags`, help("en"))
	require.Regexp(t, `--config file +存放参数的 YAML 文件：“参数名`, help("zh"))
	require.NotContains(t, help("zh"), silent)
}

// A problem is said in the language of whoever called the command, what it wraps, too; as an error it is in English, and is what it wraps.
func TestProblem_bothLanguages(t *testing.T) {
	cause := Errorf("the sandbox has no merchant")
	wrapped := Errorf("push %s: %w", "p1", cause)
	require.EqualError(t, wrapped, "push p1: the sandbox has no merchant")
	require.ErrorIs(t, wrapped, cause)
	chinese := TextOf("zh", wrapped)
	require.Regexp(t, `p1.*\p{Han}`, chinese)
	require.Equal(t, "outside："+chinese, TextOf("zh", fmt.Errorf("outside: %w", wrapped)), "what was wrapped around it is not lost")
	_, said := ends(t, Usagef("--fail is a number of pushes or all, not %q", "x"), "zh")
	require.Regexp(t, `\p{Han}`, said)
	require.Contains(t, said, `"x"`)
	_, said = ends(t, Usagef("--%s is %s, not %q", "lang", lang.AnyOf{"auto", "en", "zh"}, "fr"), "zh")
	require.Contains(t, said, `--lang 应为 auto、en 或 zh，而不是 "fr"`)
	_, said = ends(t, Usagef("--limit: %s", newProblem("want a whole number, got %q", []any{"x"})), "zh")
	require.Contains(t, said, `--limit：应为整数，实际为 "x"`)
}

// A flag that another command has by another name leads to the one that this command has.
func TestFlagError_nameOfAnotherCommand(t *testing.T) {
	for given, has := range map[string]string{"addr": "listen", "listen": "addr"} {
		root := &cobra.Command{Use: "contract", RunE: func(*cobra.Command, []string) error { return nil }}
		SharedFlags(root)
		root.Flags().String(has, "", "where to listen")
		var said bytes.Buffer
		require.Equal(t, ExitUsage, Execute(t.Context(), root, []string{"--" + given + "=127.0.0.1:0"}, strings.NewReader(""), &said, &said, nil))
		require.Contains(t, said.String(), "unknown flag: --"+given+"; did you mean --"+has+"?")
	}
}

// Positional arguments that are wrong are said with what the command wants; an empty one is what a shell makes of a variable that is not set.
func TestArgs(t *testing.T) {
	run := func(args ...string) (int, string) {
		root := &cobra.Command{Use: "etcp-mock"}
		SharedFlags(root)
		show := &cobra.Command{Use: "show ID", Args: Args(cobra.ExactArgs(1)), RunE: func(*cobra.Command, []string) error { return nil }}
		run := &cobra.Command{Use: "run [NAME]", Args: ArgsMaybeEmpty(cobra.MaximumNArgs(1)), RunE: func(*cobra.Command, []string) error { return nil }}
		list := &cobra.Command{Use: "list", Args: NoArgs, RunE: func(*cobra.Command, []string) error { return nil }}
		list.Flags().String("plate", "", "only those of a plate")
		root.AddCommand(Group("pushes", "", show, list, run))
		root.Args = NoArgs
		root.RunE = func(*cobra.Command, []string) error { return nil }
		var said bytes.Buffer
		code := Execute(t.Context(), root, args, strings.NewReader(""), &said, &said, nil)
		first, _, _ := strings.Cut(said.String(), "\n")
		return code, first
	}
	for _, row := range []struct{ args, want string }{
		{"pushes show", "etcp-mock: want ID, got nothing"},
		{"pushes show p1 p2", "etcp-mock: want ID, got p1 p2"},
		{"pushes show ''", "etcp-mock: want ID, got an empty argument"},
		{"pushes list x", `etcp-mock: "etcp-mock pushes list" takes no argument, got "x"`},
		{"pushes list 渝ATX061", `etcp-mock: "etcp-mock pushes list" takes no argument, got "渝ATX061"; it is given as --plate 渝ATX061`},
		{"help pushs", `etcp-mock: unknown command "pushs" for "etcp-mock"; did you mean pushes?`},
		{"help pushes lost", `etcp-mock: unknown command "lost" for "etcp-mock pushes"; did you mean list?`},
		{"completion nothing", `etcp-mock: unknown command "nothing" for "etcp-mock completion"`},
		{"pushes rux", `etcp-mock: unknown command "rux" for "etcp-mock pushes"; did you mean run?`},
		{"pushes foo", `etcp-mock: unknown command "foo" for "etcp-mock pushes"`},
		{"pushes", "etcp-mock: missing subcommand: pushes show, list, run"},
		{"pushes lost", `etcp-mock: unknown command "lost" for "etcp-mock pushes"; did you mean list?`},
		{"pushs", `etcp-mock: unknown command "pushs" for "etcp-mock"; did you mean pushes?`},
	} {
		args := strings.Fields(row.args)
		for i := range args {
			args[i] = strings.Trim(args[i], "'")
		}
		code, said := run(args...)
		require.Equal(t, ExitUsage, code, row.args)
		require.Equal(t, row.want, said)
	}
	for _, args := range [][]string{{"pushes", "show", "p1"}, {"pushes", "run", ""}, {"pushes", "run"}, {"help"}, {"help", "pushes"}, {"help", "pushes", "list"}, {"completion", "bash"}, {"completion"}} {
		code, said := run(args...)
		require.Equal(t, ExitOK, code, said)
	}
}

// A key comes from a file before the flag; a line end at its end is not part of it, and an empty one is none.
func TestMerchantFlags(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		name = filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		return name
	}
	key := func(m MerchantFlags, stdin string) (string, error) {
		cmd := &cobra.Command{Use: "x"}
		cmd.SetIn(strings.NewReader(stdin))
		return m.Given(cmd)
	}
	for _, row := range []struct {
		flags       MerchantFlags
		stdin, want string
	}{
		{MerchantFlags{Key: "flag"}, "", "flag"},
		{MerchantFlags{Key: "flag", KeyFile: file("unix", "k e y\n")}, "", "k e y"},
		{MerchantFlags{KeyFile: file("windows", "key\r\n")}, "", "key"},
		{MerchantFlags{KeyFile: file("spaces", " key ")}, "", " key "},
		{MerchantFlags{KeyFile: "-"}, "piped\n", "piped"},
		{MerchantFlags{}, "not read", ""},
	} {
		got, err := key(row.flags, row.stdin)
		require.NoError(t, err)
		require.Equal(t, row.want, got)
	}
	_, err := key(MerchantFlags{KeyFile: file("empty", "\n\n")}, "")
	require.ErrorContains(t, err, "is empty")
	_, err = key(MerchantFlags{KeyFile: filepath.Join(dir, "nowhere")}, "")
	require.ErrorContains(t, err, "--key-file: ")
	cmd := &cobra.Command{Use: "x"}
	cmd.SetIn(strings.NewReader(""))
	_, err = (&MerchantFlags{}).Required(cmd)
	require.ErrorContains(t, err, "the merchant's key is missing: set ETCP_MOCK_MERCHANT_KEY, or give --key-file FILE")
}

// An address to listen on has a port, or is a socket's path; a server's has a scheme and a host.
func TestAddresses(t *testing.T) {
	for _, right := range []string{"127.0.0.1:0", ":8787", "[::1]:65535", "localhost:1"} {
		require.NoError(t, CheckAddr("addr", right), right)
		require.NoError(t, CheckAddrOrSocket("addr", right), right)
	}
	for wrong, want := range map[string]string{"127.0.0.1": "want host:port", "8787": "want host:port", "host:65536": "want a port from 0 to 65535", "host:-1": "want a port", "host:http": "want a port", "::1:80": "want host:port", "unix:/tmp/x": "want "} {
		require.ErrorContains(t, CheckAddr("addr", wrong), "--addr: "+want, wrong)
	}
	require.NoError(t, CheckAddrOrSocket("admin-addr", "unix:/tmp/x"))
	require.ErrorContains(t, CheckAddrOrSocket("admin-addr", "unix:"), "--admin-addr: want host:port or unix:/path/of/a/socket")
	require.ErrorContains(t, CheckAddrOrSocket("admin-addr", "127.0.0.1"), "--admin-addr: want host:port")
	for _, right := range []string{"http://h", "https://h:1/path"} {
		_, err := HTTPURL("to", right)
		require.NoError(t, err)
	}
	for _, wrong := range []string{"", "h:80", "ftp://h", "http://", "http:/h", "http://h h"} {
		_, err := HTTPURL("to", wrong)
		require.ErrorContains(t, err, "--to: want an http or https URL", wrong)
	}
}

// A connection trusts whom --cacert names, and goes through --proxy; what is none of these is said.
func TestConnectionFlags(t *testing.T) {
	text := filepath.Join(t.TempDir(), "no.pem")
	require.NoError(t, os.WriteFile(text, []byte("no certificate"), 0o600))
	for want, flags := range map[string]ConnectionFlags{
		"--cacert: open nowhere.pem": {cacert: "nowhere.pem"}, "holds no PEM certificate": {cacert: text}, "--proxy: want a URL": {proxy: "127.0.0.1"},
	} {
		_, err := flags.Transport()
		require.ErrorContains(t, err, want)
	}
	through, err := (&ConnectionFlags{proxy: "http://127.0.0.1:3128", insecure: true}).Transport()
	require.NoError(t, err)
	proxy, err := through.Proxy(nil)
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:3128", proxy.Host)
	require.True(t, through.TLSClientConfig.InsecureSkipVerify)
	plain, err := (&ConnectionFlags{}).Transport()
	require.NoError(t, err)
	require.False(t, plain.TLSClientConfig.InsecureSkipVerify)
}

// The line that repeats a failed case names it up to the step that failed, with the seed, and with the flags that matter, quoted for a shell.
func TestRepeatLine(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("mine.yaml", nil, 0o600))
	var f RunFlags
	cmd := &cobra.Command{Use: "run"}
	(&cobra.Command{Use: "contract"}).AddCommand(cmd)
	f.Register(cmd)
	cmd.Flags().String("admin-token", "", "")
	require.NoError(t, cmd.ParseFlags([]string{"--seed", "7", "--var", "plate=渝A 1", "--var", "n:=1", "--speed", "10x", "--quiet", "--admin-token", "t0p", "--tag", "smoke"}))
	line := f.repeatLine(cmd)
	require.Equal(t, `contract run mine.yaml:12 --seed 7 --speed=10x --var='plate=渝A 1' --var=n:=1`, line(&report.Case{ID: "mine[2]#3", File: "mine.yaml"}, 12))
	require.Contains(t, line(&report.Case{ID: "pays [twice] #1[2]#3"}, 0), `contract run 'pays [twice] #1' --seed 7`, "a name is any text")
	require.Equal(t, `contract run 'The owner pays' --seed 7 --speed=10x --var='plate=渝A 1' --var=n:=1`, line(&report.Case{ID: "The owner pays", File: "built in"}, 12))
}

// --rerun-failed runs what failed in the last run and nothing else, from the files it stands in.
func TestLastFailed(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("mine.yaml", nil, 0o600))
	cmd := &cobra.Command{Use: "run"}
	f := &RunFlags{lastRun: "last.json"}
	require.NoError(t, f.keepLast(cmd, &report.Report{Command: "run"}))
	_, _, err := f.lastFailed(cmd)
	require.ErrorContains(t, err, "--rerun-failed: there is no last run (last.json)", "a run of nothing is not kept")
	require.NoError(t, f.keepLast(cmd, &report.Report{Command: "run", Cases: []report.Case{
		{ID: "mine[2]#2", File: "mine.yaml", Status: report.Failed},
		{ID: "mine[1]#1", File: "mine.yaml", Status: report.Passed},
		{ID: "The owner pays [#1]", File: "owner.yaml", Status: report.Failed},
		{ID: "skips", Status: report.Skipped},
	}}))
	failed, files, err := f.lastFailed(cmd)
	require.NoError(t, err)
	require.Equal(t, map[string]bool{"mine[2]": true, "The owner pays [#1]": true}, failed)
	require.Equal(t, []string{"The owner pays [#1]", "mine.yaml"}, files)
	require.NoError(t, os.WriteFile("last.json", []byte("{"), 0o600))
	_, _, err = f.lastFailed(cmd)
	require.ErrorContains(t, err, "--rerun-failed: last.json: ")
}

// A changed file touches the scenarios in it, and those that use them by setup or use, however far away.
func TestTouches(t *testing.T) {
	l := scenarios.NewLibrary(nil)
	for name, text := range map[string]string{"c.yaml": "name: c\nsteps: [{sleep: 0s}]\n", "b.yaml": "name: b\nsteps: [{repeat: {times: 1, steps: [{use: c}]}}]\n", "a.yaml": "name: a\nsetup: b\nsteps: [{sleep: 0s}]\n", "d.yaml": "name: d\nsteps: [{sleep: 0s}]\n"} {
		s, err := scenarios.Parse(name, []byte(text))
		require.NoError(t, err)
		require.NoError(t, l.Add(s))
	}
	changed := map[string]bool{"c.yaml": true}
	for name, want := range map[string]bool{"a": true, "b": true, "c": true, "d": false} {
		require.Equal(t, want, touches(l, l.Get(name), changed), name)
	}
	require.False(t, isCaseFile("notes.txt"))
	require.True(t, isCaseFile("a/b.yml"))
}

// A description is written for 80 columns and broken anew where the terminal is narrower; lists, examples and flags keep their shape.
func TestHelp_width(t *testing.T) {
	long := "Wait until the mock is ready to serve, which a script that starts it wants, or so.\nIt ends then.\n\n  an example   stays\n"
	require.Equal(t, long, proseWithin(long, 0))
	require.Equal(t, "Wait until the mock is ready to serve, which a\nscript that starts it wants, or so. It ends\nthen.\n\n  an example   stays\n", proseWithin(long, 46))
	usage := "Flags:\n      --addr string   address to listen on; port 0 takes a free one\n\nExamples:\n  etcp-mock serve --addr 127.0.0.1:0 --fixture city.yaml\n"
	require.Equal(t, "Flags:\n      --addr string   address to listen on; port 0\n                      takes a free one\n\nExamples:\n  etcp-mock serve --addr 127.0.0.1:0 --fixture city.yaml\n", usageWithin(usage, 50))
	require.Equal(t, "  --x（默认 7）", defaultOf().ReplaceAllString("  --x (default 7)", "（默认 $1）"))
}
