package helptest

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// Program is a whole command: it gives the exit code.
type Program func(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int

// wrongVariables are wrong values of variables, by program, each with the command line that reads it.
var wrongVariables = map[string]map[string]string{
	"contract": {
		`ETCP_MOCK_TARGET=ftp://nowhere`: "run",
		`ETCP_MOCK_KIND=x`:               "webhook http://127.0.0.1:1 --merchant-no M",
		`ETCP_MOCK_REQUIRE=101`:          "coverage",
		`ETCP_MOCK_VAR=x`:                "run",
		`ETCP_MOCK_TAG=nope`:             "list",
		`ETCP_MOCK_REPEAT=0`:             "run",
		`ETCP_MOCK_SPEED=x`:              "run",
		`ETCP_MOCK_CACERT=nowhere.pem`:   "run --target http://127.0.0.1:1",
		`ETCP_MOCK_PROXY=x`:              "run --target http://127.0.0.1:1",
		`ETCP_MOCK_KEY_FILE=nowhere`:     "webhook http://127.0.0.1:1 --merchant-no M",
		`ETCP_MOCK_MOCK=c`:               "diff http://127.0.0.1:1 http://127.0.0.1:2",
	},
	"etcp-mock": { //nolint:gosec // names of variables, no credentials
		`ETCP_MOCK_SERVER=http://a b`:  "orders",
		`ETCP_MOCK_ADDR=nowhere`:       "serve",
		`ETCP_MOCK_ADMIN_ADDR=nowhere`: "serve --addr 127.0.0.1:0",
		`ETCP_MOCK_LOG_FORMAT=xml`:     "serve --addr 127.0.0.1:0",
		`ETCP_MOCK_SYNC=often`:         "serve --addr 127.0.0.1:0 --data d",
		`ETCP_MOCK_PUSH_ALLOW=a b`:     "serve --addr 127.0.0.1:0",
		`ETCP_MOCK_ADMIN_TOKEN=a b`:    "serve --addr 127.0.0.1:0",
		`ETCP_MOCK_FIXTURE=nowhere`:    "serve --addr 127.0.0.1:0",
		`ETCP_MOCK_SCENARIOS=nowhere`:  "serve --addr 127.0.0.1:0",
		`ETCP_MOCK_ADMIN_HOST=http://`: "serve --addr 127.0.0.1:0",
		`ETCP_MOCK_TLS_CERT=a.pem`:     "serve --addr 127.0.0.1:0",
		`ETCP_MOCK_FAIL=some`:          "listen --merchant-no M --merchant-key k",
		`ETCP_MOCK_DELAY=soon`:         "fault add",
		`ETCP_MOCK_CODE=x`:             "requests",
		`ETCP_MOCK_PROBABILITY=0`:      "fault add --code 2",
		`ETCP_MOCK_MIX=x`:              "traffic",
		`ETCP_MOCK_SPEED=x`:            "traffic",
		`ETCP_MOCK_FOR=x`:              "traffic",
		`ETCP_MOCK_VAR=x`:              "scenario run temporary-car-pays-online",
		`ETCP_MOCK_TAG=nope`:           "scenario run --all",
		`ETCP_MOCK_HTTP_STATUS=7`:      "listen --merchant-no M --merchant-key k",
	},
}

// WrongVariables holds that a wrong value of a variable of the environment is blamed on the variable, and one of a file of settings on the file and
// the key, in both languages: those of every flag of every command that is more than a text, and those of the table. Nobody has typed the flag.
func WrongVariables(t *testing.T, newRoot func() *cobra.Command, program Program) {
	t.Helper()
	t.Chdir(t.TempDir())
	t.Setenv("ETCP_MOCK_MERCHANT_KEY", "k")
	tried := 0
	for setting, args := range wrongVariables[newRoot().Name()] {
		name, value, _ := strings.Cut(setting, "=")
		blamed(t, program, name, value, strings.Fields(args))
		tried++
	}
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		for _, child := range cmd.Commands() {
			walk(child)
		}
		if !cmd.Runnable() || cmd.HasSubCommands() || cmd.Name() == "help" || cmd.HasParent() && cmd.Parent().Name() == "completion" {
			return
		}
		cmd.InitDefaultHelpFlag()
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			wrong := map[string]string{
				"int": "x", "int64": "x", "uint": "-1", "uint64": "-1", "float64": "x", "bool": "x", "duration": "x", "stringToString": "x",
			}[f.Value.Type()]
			if f.Name == "output" || f.Name == "color" || f.Name == "lang" {
				wrong = "x"
			}
			if wrong == "" || f.Name == "help" || f.Name == "version" || cli.IsOwnOnly(f) {
				return
			}
			values := []string{wrong}
			if _, ok := f.Value.(pflag.SliceValue); !ok && (f.Value.Type() == "duration") {
				values = append(values, "-1s")
			}
			for _, value := range values {
				blamed(t, program, cli.Variable(f.Name), value, append(strings.Fields(cmd.CommandPath())[1:], arguments(cmd)...))
			}
			tried++
		})
	}
	walk(newRoot())
	if tried < 50 {
		t.Errorf("only %d variables were tried", tried)
	}
}

// arguments are as many as a command wants, one where it takes any: flags are looked at behind them.
func arguments(cmd *cobra.Command) []string {
	for _, given := range [][]string{nil, {"x"}, {"x", "y"}, {"x", "y", "z"}} {
		if cmd.Args == nil || cmd.Args(cmd, given) == nil {
			return given
		}
	}
	return nil
}

func blamed(t *testing.T, program Program, name, value string, args []string) {
	t.Helper()
	t.Setenv(name, "")
	flag := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(name, "ETCP_MOCK_"), "_", "-"))
	file := filepath.Join(t.TempDir(), "settings.yaml")
	if err := os.WriteFile(file, []byte(flag+": "+strconv.Quote(value)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused := func(args []string, blames string) {
		t.Helper()
		for _, language := range []string{"en", "zh"} {
			in := args
			if flag != "lang" {
				in = append([]string{"--lang", language}, args...)
			}
			var out, problems bytes.Buffer
			code := program(t.Context(), in, strings.NewReader(""), &out, &problems)
			first, _, _ := strings.Cut(problems.String(), "\n")
			if code != cli.ExitUsage || !strings.Contains(first, blames) || strings.Contains(first, "--"+flag) {
				t.Errorf("%s=%s %v exits %d: %s", name, value, in, code, problems.String())
			}
		}
	}
	refused(append([]string{"--config", file}, args...), file+":1:")
	t.Setenv(name, value)
	refused(args, name)
	t.Setenv(name, "")
}
