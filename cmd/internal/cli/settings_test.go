package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
)

// flags are those of the command that the tests of settings run.
type flags struct {
	server, token, addr string
	seed                uint64
	rate                float64
	tags                []string
	quiet               bool
}

// program has the commands serve and pushes list, which share some flags.
func program(got *flags) *cobra.Command {
	root := &cobra.Command{Use: "etcp-mock", PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return Prepare(cmd) }}
	SharedFlags(root)
	command := func(name string) *cobra.Command {
		cmd := &cobra.Command{Use: name, Args: NoArgs, RunE: func(*cobra.Command, []string) error { return nil }}
		cmd.Flags().StringVar(&got.server, "server", "http://default", "")
		cmd.Flags().StringVar(&got.token, "admin-token", "", "")
		cmd.Flags().StringVar(&got.addr, "addr", "free", "")
		cmd.Flags().Uint64Var(&got.seed, "seed", 0, "")
		cmd.Flags().Float64Var(&got.rate, "rate", 0, "")
		cmd.Flags().StringSliceVar(&got.tags, "tag", nil, "")
		cmd.Flags().BoolVar(&got.quiet, "quiet", false, "")
		SentTo(cmd, "admin-token", "server")
		return cmd
	}
	list := command("list")
	OwnOnly(list, "addr")
	root.AddCommand(command("serve"), Group("pushes", "", list))
	return root
}

// given runs a command in a folder of its own, with a file of settings and variables of the environment.
func given(t *testing.T, file string, environment map[string]string, args ...string) (got flags, code int, problems string) {
	t.Helper()
	t.Chdir(t.TempDir())
	if file != "" {
		require.NoError(t, os.WriteFile("etcp-mock.yaml", []byte(file), 0o600))
	}
	for name, value := range environment {
		t.Setenv(name, value)
	}
	var out, said bytes.Buffer
	code = Execute(t.Context(), program(&got), args, strings.NewReader(""), &out, &said, func(_ *cobra.Command, err error) Explanation {
		return Explanation{Lines: []string{err.Error()}, Code: ExitFailed}
	})
	return got, code, said.String()
}

// A flag goes before the environment, that before the file, of which the command's own part goes first, and that before the default (SettingsHelp).
func TestPrepare_precedence(t *testing.T) {
	const file = "server: http://file\npushes list: {server: http://own}\n"
	for _, row := range []struct {
		file, environment, flag, want string
	}{
		{"", "", "", "http://default"},
		{"server: http://file\n", "", "", "http://file"},
		{file, "", "", "http://own"},
		{file, "http://environment", "", "http://environment"},
		{file, "http://environment", "http://flag", "http://flag"},
		{"", "http://environment", "", "http://environment"},
		{"serve: {server: http://other}\n", "", "", "http://default"},
	} {
		t.Run(row.want+row.file, func(t *testing.T) {
			args := []string{"pushes", "list"}
			if row.flag != "" {
				args = append(args, "--server", row.flag)
			}
			got, code, problems := given(t, row.file, map[string]string{"ETCP_MOCK_SERVER": row.environment}, args...)
			require.Equal(t, ExitOK, code, problems)
			require.Equal(t, row.want, got.server)
		})
	}
}

// The file may be named by --config, or by a variable; one in the folder is read only where none is named.
func TestPrepare_whichFile(t *testing.T) {
	named := filepath.Join(t.TempDir(), "named.yaml")
	require.NoError(t, os.WriteFile(named, []byte("server: http://named\n"), 0o600))
	got, code, problems := given(t, "server: http://folder\n", nil, "serve", "--config", named)
	require.Equal(t, ExitOK, code, problems)
	require.Equal(t, "http://named", got.server)
	got, _, _ = given(t, "server: http://folder\n", map[string]string{"ETCP_MOCK_CONFIG": named}, "serve")
	require.Equal(t, "http://named", got.server)
	_, code, problems = given(t, "", nil, "serve", "--config", "nowhere.yaml")
	require.Equal(t, ExitUsage, code)
	require.Contains(t, problems, "--config: open nowhere.yaml")
	_, code, problems = given(t, "", map[string]string{"ETCP_MOCK_CONFIG": "nowhere.yaml"}, "serve")
	require.Equal(t, ExitUsage, code)
	require.Contains(t, problems, "etcp-mock: ETCP_MOCK_CONFIG: open nowhere.yaml")
}

// A value of the file is a text, a number, a boolean or a list where the flag takes several; a number keeps all its digits.
func TestPrepare_values(t *testing.T) {
	got, code, problems := given(t, "seed: 18446744073709551615\nrate: 0.5\ntag: [smoke, \"!slow\"]\nquiet: true\nserver: 8787\n", nil, "serve")
	require.Equal(t, ExitOK, code, problems)
	require.Equal(t, uint64(18446744073709551615), got.seed)
	require.InDelta(t, 0.5, got.rate, 0)
	require.Equal(t, []string{"smoke", "!slow"}, got.tags)
	require.True(t, got.quiet)
	require.Equal(t, "8787", got.server)
	got, _, _ = given(t, "tag: smoke\n", nil, "serve")
	require.Equal(t, []string{"smoke"}, got.tags)
}

// What is wrong with the file is said with its position; the command does not run.
func TestPrepare_wrongFile(t *testing.T) {
	for file, want := range map[string]string{
		"sever: http://x\n":                 "etcp-mock.yaml:1:1: no command has a flag --sever",
		"serve: {sever: http://x}\n":        "etcp-mock.yaml:1:9: etcp-mock serve has no flag --sever",
		"pushes show: {server: x}\n":        "etcp-mock.yaml:1:1: no such command: pushes show",
		"server: [a, b]\n":                  "etcp-mock.yaml:1:9: --server takes one value, not a list",
		"quiet: maybe\n":                    `etcp-mock.yaml:1:8: want true or false, got "maybe"`,
		"\nseed: -1\n":                      `etcp-mock.yaml:2:7: want a whole number from 0, got "-1"`,
		"server: null\n":                    "etcp-mock.yaml:1:9: a flag is a text, a number, true or false, or a list of them",
		"[server]\n":                        "settings are an object: flags, and commands with flags",
		"server: {\n":                       "etcp-mock.yaml:1:9: { is never closed",
		"serve: {server: http://x, addr: 1": "etcp-mock.yaml:1:8: { is never closed",
	} {
		t.Run(want, func(t *testing.T) {
			_, code, problems := given(t, file, nil, "serve")
			require.Equal(t, ExitUsage, code)
			require.Contains(t, problems, want)
		})
	}
}

// A flag that means something else for this command is read from the command line and the command's own part of the file only.
func TestOwnOnly(t *testing.T) {
	got, code, problems := given(t, "addr: file\n", map[string]string{"ETCP_MOCK_ADDR": "environment"}, "pushes", "list")
	require.Equal(t, ExitOK, code, problems)
	require.Equal(t, "free", got.addr)
	got, _, _ = given(t, "addr: file\npushes list: {addr: own}\n", nil, "pushes", "list")
	require.Equal(t, "own", got.addr)
	got, _, _ = given(t, "addr: file\n", map[string]string{"ETCP_MOCK_ADDR": "environment"}, "serve")
	require.Equal(t, "environment", got.addr)
}

// A secret of the environment goes to no server that only the folder's file names; whoever named the server may have it sent there.
func TestSentTo(t *testing.T) {
	token := map[string]string{"ETCP_MOCK_ADMIN_TOKEN": "t0p-secret"}
	got, code, problems := given(t, "server: http://elsewhere\n", token, "serve")
	require.Equal(t, ExitOK, code)
	require.Empty(t, got.token)
	require.Contains(t, problems, "ETCP_MOCK_ADMIN_TOKEN is not sent to http://elsewhere, which only the file etcp-mock.yaml of this folder names")
	require.NotContains(t, problems, "t0p-secret")
	for name, args := range map[string][]string{"flag": {"serve", "--server", "http://mine"}, "default": {"serve"}, "named": {"serve", "--config", "etcp-mock.yaml"}} {
		file := "server: http://elsewhere\n"
		if name == "default" {
			file = ""
		}
		got, _, problems = given(t, file, token, args...)
		require.Equal(t, "t0p-secret", got.token, name)
		require.Empty(t, problems)
	}
	got, _, _ = given(t, "server: http://elsewhere\nadmin-token: written\n", map[string]string{"ETCP_MOCK_ADMIN_TOKEN": ""}, "serve")
	require.Equal(t, "written", got.token, "the file's own token is for its server")
}

// Another command's flags are as they would be if it were run here.
func TestConfigured(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("etcp-mock.yaml", []byte("serve: {addr: file}\n"), 0o600))
	root := program(&flags{})
	list, _, err := root.Find([]string{"pushes", "list"})
	require.NoError(t, err)
	serve, err := Configured(list, "serve")
	require.NoError(t, err)
	require.Equal(t, "file", serve.Flag("addr").Value.String())
}

// Numbers below 0 and those that are none are refused wherever they come from, but where a flag may be negative; values of few are named.
func TestPrepare_bounds(t *testing.T) {
	for _, row := range []struct{ args, environment, want string }{
		{"--rate=-1", "", "--rate: want 0 or more, got -1"},
		{"--rate=NaN", "", "--rate: want 0 or more, got NaN"},
		{"--rate=+Inf", "", "--rate: want a finite number, got +Inf"},
		{"--rate=x", "", `--rate: want a number, got "x"`},
		{"--seed=-1", "", `--seed: want a whole number from 0, got "-1"`},
		{"--quiet=maybe", "", `--quiet: want true or false, got "maybe"`},
		{"--color=blue", "", `--color is auto, always or never, not "blue"`},
		{"--lang=fr", "", `--lang is auto, en or zh, not "fr"`},
		{"--server", "", "--server wants a value"},
		{"--sever=x", "", `unknown flag: --sever; did you mean --server?`},
		{"-x", "", "unknown flag: -x"},
		{"--quiet", "much", `ETCP_MOCK_RATE: want a number, got "much"`},
		{"--quiet", "-3", "ETCP_MOCK_RATE: want 0 or more, got -3"},
	} {
		_, code, problems := given(t, "", map[string]string{"ETCP_MOCK_RATE": row.environment}, "serve", row.args)
		require.Equal(t, ExitUsage, code, row)
		require.Contains(t, problems, "etcp-mock: "+row.want+"\n  see: etcp-mock serve --help\n", row)
	}
	cmd := &cobra.Command{Use: "x"}
	SharedFlags(cmd)
	cmd.Flags().Int("code", 0, "")
	MayBeNegative(cmd, "code")
	require.NoError(t, cmd.ParseFlags([]string{"--code", "-1"}))
	require.NoError(t, checkNumbers(cmd))
}

// What the help says of settings is so: it names the variables that are read.
func TestSettingsHelp(t *testing.T) {
	help := SettingsHelp("etcp-mock", Variable("log-format"))
	for _, name := range []string{"ETCP_MOCK_LOG_FORMAT", "ETCP_MOCK_CONFIG", "etcp-mock.yaml", "--config"} {
		require.Contains(t, help, name)
	}
	require.Equal(t, "CONTRACT_CONFIG", configVariable(&cobra.Command{Use: "contract"}))
	require.Contains(t, SettingsHelp("contract", ""), "CONTRACT_CONFIG")
}
