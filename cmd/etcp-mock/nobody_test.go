package main

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// Where no server answers, every command that asks one exits 3.
func TestExitCodes_noServer(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("state.json", []byte("{}"), 0o600))
	arguments := map[string]string{ // of those that want some
		"call": "carnum token=t", "clock advance": "1m", "enter": "渝ATX061", "exit": "渝ATX061",
		"fault add": "--code 2", "merchants set": "M1 --key k1", "merchants set-url": "http://127.0.0.1:9/etcp --merchant-no M1",
		"parkings set": "1 --name P --city C --lat 1 --lon 1", "parkings show": "1", "pushes redeliver": "p1", "pushes show": "p1", "pushes trigger": "entry",
		"requests show": "r1", "rules set": "strict=true", "sandbox delete": "s1", "sandbox diff": "--from r1", "sandbox load": "state.json",
		"sandbox save": "saved.json", "sandbox undo": "--to r1", "scenario run": "temporary-car-pays-online", "sign compute": "{}", "sign explain": "{} --time-stamp 20170820120000 --sign 0",
		"sign verify": "{} --time-stamp 20170820120000 --sign 0", "sms": "13800000001", "stay": "渝ATX061", "users show": "13800000001",
		"vehicles set": "渝ATX061", "vehicles show": "渝ATX061", "verify sequence": "carnum", "version": "--remote", "wait": "--timeout 1ms",
	}
	asked := 0
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		for _, child := range cmd.Commands() {
			walk(child)
		}
		if !cmd.Runnable() || cmd.HasSubCommands() || cmd.Flags().Lookup("server") == nil {
			return
		}
		asked++
		path := strings.TrimPrefix(cmd.CommandPath(), "etcp-mock ")
		given := strings.Fields(arguments[path])
		if path == "clock set" {
			given = []string{"2017-08-20 12:00:00"}
		}
		args := slices.Concat(strings.Fields(path), []string{"--server", "http://127.0.0.1:1"}, given)
		var out, problems bytes.Buffer
		code := run(t.Context(), args, strings.NewReader(""), &out, &problems)
		if code != cli.ExitUnreachable {
			t.Errorf("%q exits %d: %s%s", args, code, problems.String(), out.String())
		}
	}
	walk(newRoot())
	require.Greater(t, asked, 40)
}
