// Command etcp-mock runs the mock and drives it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// The exit codes, as the help of the command tells them.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitUnreachable = 3
)

// run is the whole command: it gives the exit code, one of those above.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	cmd, err := root.ExecuteContextC(ctx)
	return report(cmd, err, stderr)
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "etcp-mock",
		Short: "A local stand-in for the ETCP Open Platform",
		Long: `etcp-mock is a local stand-in for the ETCP Open Platform: stateful, with a clock of its own, signed pushes, and an
explanation for everything it refuses.

See it at work:      etcp-mock demo
Run it:              etcp-mock serve
Drive it:            etcp-mock enter 渝ATX061; etcp-mock clock advance 90m; etcp-mock exit 渝ATX061
Ask it why:          etcp-mock requests

A flag that is not given is taken from the environment (--server from ETCP_MOCK_SERVER, --log-format from
ETCP_MOCK_LOG_FORMAT, and so on), then from the file --config or ETCP_MOCK_CONFIG names (else etcp-mock.yaml in the current
folder, where there is one), then its default.

Exit codes: 0 done; 1 refused, failed, or what was to be verified does not hold; 2 a wrong command line; 3 no server there.`,
		Example:           "  etcp-mock demo\n  etcp-mock serve --addr 127.0.0.1:0\n  etcp-mock call carnum --as 13800000001",
		SilenceUsage:      true,
		SilenceErrors:     true,
		Args:              noArgs,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return prepare(cmd) },
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err.Error()} })
	root.PersistentFlags().String("color", "auto", "auto (on a terminal), always or never; NO_COLOR turns auto off")
	root.PersistentFlags().String("lang", "auto", "`language` of explanations: en, zh, or auto (the terminal's)")
	root.PersistentFlags().String("config", "", "YAML `file` with flags: server: http://…, or serve: {addr: …} for one command")
	root.AddCommand(
		newDemo(), newServe(), newVersion(),
		newEnter(), newExit(), newClock(), newSMS(), newOrders(), newPushes(), newRequests(),
		newSandbox(), newRules(), newSign(), newCall(), newVerify(), newFault(), newTail(), newWait(), newListen(), newScenario(), newTraffic(),
		newOpenAPI(), newPostman(), newMan(), newRecord(), newReplay(),
		newExec(), newEnv(), newDoctor(), newCA(),
	)
	return root
}

// exitCodeError is an error that only sets the exit code: what is to be said has been.
type exitCodeError int

func (e exitCodeError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// usageError is a wrong command line.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func usagef(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

// args makes a check of positional arguments answer as a wrong command line.
func args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, given []string) error {
		err := check(cmd, given)
		if err == nil {
			return nil
		}
		text := err.Error()
		if len(given) > 0 {
			cmd.SuggestionsMinimumDistance = 2
			if near := cmd.SuggestionsFor(given[0]); len(near) > 0 {
				text += "; did you mean " + strings.Join(near, " or ") + "?"
			}
		}
		return &usageError{text}
	}
}

var noArgs = args(cobra.NoArgs)

// group is a command that only holds others.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	names := make([]string, len(commands))
	for i, c := range commands {
		names[i] = c.Name()
	}
	cmd := &cobra.Command{Use: use, Short: short, Args: noArgs, RunE: func(*cobra.Command, []string) error {
		return usagef("%s what? %s", use, strings.Join(names, ", ")) // a success would be taken for an answer
	}}
	cmd.AddCommand(commands...)
	return cmd
}

// report says on stderr what went wrong, with a hint where there is one, and gives the exit code.
func report(cmd *cobra.Command, err error, stderr io.Writer) int {
	var code exitCodeError
	var usage *usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "etcp-mock: %s\n  see: %s --help\n", usage.text, cmd.CommandPath())
		return exitUsage
	}
	text, hint, exit := explain(err)
	for _, line := range text {
		fmt.Fprintf(stderr, "etcp-mock: %s\n", line)
	}
	if hint != "" {
		fmt.Fprintf(stderr, "  %s\n", hint)
	}
	return exit
}
