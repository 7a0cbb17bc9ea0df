// Package cli is what the commands etcp-mock and contract share: settings, variables, selection of scenarios, the runner, exit codes,
// terminal and tables.
package cli

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
	"github.com/spf13/pflag"

	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// The exit codes of both programs.
const (
	ExitOK          = report.ExitPassed
	ExitFailed      = report.ExitBroken
	ExitUsage       = report.ExitUsage
	ExitUnreachable = report.ExitUnreachable
	ExitNothing     = report.ExitNothing
)

// ExitCode is an error that only sets the exit code: what there is to say has been said.
type ExitCode int //nolint:errname // that is what it is

func (e ExitCode) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// UsageError is a wrong command line.
type UsageError struct{ Text string }

func (e *UsageError) Error() string { return e.Text }

// Usagef is a [UsageError].
func Usagef(format string, args ...any) error { return &UsageError{fmt.Sprintf(format, args...)} }

// Main runs a program until it ends or is interrupted, and exits with its code.
func Main(run func(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// Explanation is an error in the words of a command line.
type Explanation struct {
	Lines []string
	Hint  string
	Code  int
}

// Execute runs a command and gives its exit code. What went wrong is said on stderr, output that could not be written included; explain puts
// an error that is neither usage nor a wrong file into words.
func Execute(ctx context.Context, root *cobra.Command, args []string, stdin io.Reader, stdout, stderr io.Writer, explain func(*cobra.Command, error) Explanation) int {
	out, problems := newStream(stdout), newStream(stderr)
	code := execute(ctx, root, args, stdin, out, problems, explain)
	if err := out.end(); err != nil && code == ExitOK {
		fmt.Fprintf(problems, "%s: the output could not be written: %v\n", root.Name(), err)
		code = ExitFailed
	}
	_ = problems.end()
	return code
}

func execute(ctx context.Context, root *cobra.Command, args []string, stdin io.Reader, stdout, stderr io.Writer, explain func(*cobra.Command, error) Explanation) int {
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SilenceUsage, root.SilenceErrors = true, true
	root.SetFlagErrorFunc(flagError)
	cmd, err := root.ExecuteContextC(ctx)
	var (
		code     ExitCode
		usage    *UsageError
		problems scenarios.Problems
		problem  *scenarios.Problem
	)
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "%s: %s\n  see: %s --help\n", root.Name(), usage.Text, cmd.CommandPath())
		return ExitUsage
	case errors.As(err, &problems): // each line begins with its position, as editors read it
		for _, p := range problems {
			fmt.Fprintln(stderr, p.Text())
		}
		return ExitUsage
	}
	if errors.As(err, &problem) {
		fmt.Fprintln(stderr, problem.Text())
		return ExitUsage
	}
	e := explain(cmd, err)
	for _, line := range e.Lines {
		fmt.Fprintf(stderr, "%s: %s\n", root.Name(), line)
	}
	if e.Hint != "" {
		fmt.Fprintf(stderr, "  %s\n", e.Hint)
	}
	return e.Code
}

// flagError names the flag and what it takes, in place of what strconv says.
func flagError(cmd *cobra.Command, err error) error {
	if invalid, is := errors.AsType[*pflag.InvalidValueError](err); is {
		return Usagef("--%s: %s", invalid.GetFlag().Name, wanted(invalid.GetFlag(), invalid.GetValue()))
	}
	if unknown, is := errors.AsType[*pflag.NotExistError](err); is {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		return Usagef("%v%s", err, meant(unknown.GetSpecifiedName(), names))
	}
	return Usagef("%v", err)
}

// wanted says what a flag takes where it was given something else.
func wanted(f *pflag.Flag, given string) string {
	want := map[string]string{
		"int": "a whole number", "int64": "a whole number", "uint": "a whole number from 0", "uint64": "a whole number from 0",
		"float64": "a number", "bool": "true or false", "duration": "a duration such as 500ms, 10s or 1m30s",
	}[f.Value.Type()]
	if want == "" {
		want = "another value"
	}
	return fmt.Sprintf("want %s, got %q", want, given)
}

// Args makes a check of positional arguments answer as a wrong command line.
func Args(check cobra.PositionalArgs) cobra.PositionalArgs {
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
		return &UsageError{text}
	}
}

// NoArgs takes no positional arguments.
var NoArgs = Args(cobra.NoArgs)

// Group is a command that only holds others.
func Group(use, short string, commands ...*cobra.Command) *cobra.Command {
	names := make([]string, len(commands))
	for i, c := range commands {
		names[i] = c.Name()
	}
	cmd := &cobra.Command{Use: use, Short: short, Args: NoArgs, RunE: func(*cobra.Command, []string) error {
		return Usagef("missing subcommand: %s %s", use, strings.Join(names, ", ")) // a success would be taken for an answer
	}}
	cmd.AddCommand(commands...)
	return cmd
}
