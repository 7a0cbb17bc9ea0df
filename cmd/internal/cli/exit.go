// Package cli is what the commands etcp-mock and contract share: settings, variables, selection of scenarios, the runner, exit codes,
// terminal and tables.
package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/etcp-mock/etcp-mock/cmd/internal/translation"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/internal/wrap"
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

// sameSignal is how long after a signal another one is the same: timeout(1) sends one to the process and one to its group.
const sameSignal = 300 * time.Millisecond

// Main runs a program until it ends or is interrupted, and exits with its code.
func Main(run func(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int) {
	log.SetOutput(io.Discard) // net/http's client prints there what others sent, which may be a key; serve has it in its own log
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, func() {
		close(interrupted)
		time.AfterFunc(sameSignal, stop) // a later signal ends the process at once
	})
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
		fmt.Fprintln(problems, translation.Format(Language(root), "%s: the output could not be written: %v", root.Name(), err))
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
	setHelp(root)
	checkCompletion(root)
	checkHelp(root)
	cmd, err := root.ExecuteContextC(ctx)
	var (
		code  ExitCode
		usage *UsageError
	)
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &usage):
		say(stderr, root.Name()+": "+here(cmd, NameVariables(cmd, usage.In(Language(cmd)))))
		say(stderr, translation.Format(Language(cmd), "  see: %s --help", cmd.CommandPath()))
		return ExitUsage
	}
	if text := FileProblems(Language(cmd), err); text != "" {
		fmt.Fprintln(stderr, text)
		return ExitUsage
	}
	e := explain(cmd, err)
	for _, line := range e.Lines {
		say(stderr, root.Name()+": "+here(cmd, NameVariables(cmd, line)))
	}
	if e.Hint != "" {
		say(stderr, "  "+here(cmd, translation.In(Language(cmd), e.Hint)))
	}
	return e.Code
}

// checkCompletion has the command that cobra adds itself refuse a shell that it does not know, in place of its help and a success.
func checkCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	if cmd, _, err := root.Find([]string{"completion"}); err == nil && cmd != root {
		cmd.Args = NoArgs
		cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	}
}

// checkHelp has the help that cobra adds itself refuse what does not exist, in place of the help of something else and a success.
func checkHelp(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	if cmd, _, err := root.Find([]string{"help"}); err == nil && cmd != root {
		cmd.Args = func(_ *cobra.Command, topic []string) error {
			of, rest, err := root.Find(topic)
			switch {
			case err != nil:
				return NoArgs(root, topic)
			case len(rest) > 0:
				return NoArgs(of, rest)
			}
			return nil
		}
	}
}

// say prints a line on a stream, broken where that is a terminal.
func say(w io.Writer, line string) { fmt.Fprintln(w, wrap.Line(line, Columns(w))) }

// FileProblems is what is wrong with a file, where an error is that: each begins with its position, as editors read it.
func FileProblems(language string, err error) string {
	if problems, are := errors.AsType[scenarios.Problems](err); are {
		return problems.TextIn(language)
	}
	if problem, ok := errors.AsType[*scenarios.Problem](err); ok {
		return problem.TextIn(language)
	}
	return ""
}

// flagError names the flag and what it takes, in place of what strconv says.
func flagError(cmd *cobra.Command, err error) error {
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return Usagef("--%s: %s", invalid.GetFlag().Name, wanted(invalid.GetFlag(), invalid.GetValue()))
	}
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		if short := unknown.GetSpecifiedShortnames(); short != "" {
			return Usagef("unknown flag: %s", "-"+short)
		}
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		name := unknown.GetSpecifiedName()
		if other := alsoCalled[name]; nearest(name, names) == "" && slices.Contains(names, other) {
			return Usagef("unknown flag: --%s%s", name, meantWord("--", other, names))
		}
		return Usagef("unknown flag: --%s%s", name, meantWord("--", name, names))
	}
	if lacking, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return Usagef("--%s wants a value", lacking.GetFlag().Name)
	}
	return Usagef("%v", err)
}

// alsoCalled are names that other commands have for a flag: serve listens at --addr, and contract proxy at --listen.
var alsoCalled = map[string]string{"addr": "listen", "address": "listen", "listen": "addr"}

// wants are what flags take, by the types of their values.
var wants = map[string]string{
	"int": "want a whole number, got %q", "int64": "want a whole number, got %q", "uint": "want a whole number from 0, got %q",
	"uint64": "want a whole number from 0, got %q", "float64": "want a number, got %q", "bool": "want true or false, got %q",
	"duration":       "want a duration such as 500ms, 10s or 1m30s, got %q",
	"stringToString": "want NAME=VALUE, got %q",
}

// wanted says what a flag takes where it was given something else.
func wanted(f *pflag.Flag, given string) error {
	return newProblem(cmp.Or(wants[f.Value.Type()], "want another value, got %q"), []any{given})
}

// Args makes a check of positional arguments answer as a wrong command line. An empty one is wrong, too: it is what a shell makes of a
// variable that is not set, and would name everything or the first.
func Args(check cobra.PositionalArgs) cobra.PositionalArgs {
	maybeEmpty := ArgsMaybeEmpty(check)
	return func(cmd *cobra.Command, given []string) error {
		if err := maybeEmpty(cmd, given); err != nil {
			return err
		}
		if slices.Contains(given, "") {
			_, wanted, _ := strings.Cut(cmd.Use, " ")
			return Usagef("want %s, got an empty argument", wanted)
		}
		return nil
	}
}

// ArgsMaybeEmpty is [Args] where an empty argument means something.
func ArgsMaybeEmpty(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, given []string) error {
		err := check(cmd, given)
		if err == nil {
			return nil
		}
		hint := error(newProblem("", nil))
		if len(given) > 0 {
			var names []string
			for _, c := range cmd.Commands() {
				if c.IsAvailableCommand() {
					names = append(names, c.Name())
				}
			}
			hint = meantWord("", given[0], names)
		}
		return Usagef("%s%s", argsProblem(err, cmd, given), hint)
	}
}

// argsProblem is what cobra says of positional arguments, in both languages: what the command wants, and what it got.
func argsProblem(err error, cmd *cobra.Command, given []string) error {
	_, wanted, takesSome := strings.Cut(cmd.Use, " ")
	switch {
	case strings.HasPrefix(err.Error(), "unknown command") && len(given) > 0 && !cmd.HasSubCommands():
		if typed := asFlags(cmd, given); typed != "" {
			return newProblem("%q takes no argument, got %q; it is given as %s", []any{cmd.CommandPath(), strings.Join(given, " "), typed})
		}
		return newProblem("%q takes no argument, got %q", []any{cmd.CommandPath(), given[0]})
	case strings.HasPrefix(err.Error(), "unknown command") && len(given) > 0:
		return newProblem("unknown command %q for %q", []any{given[0], cmd.CommandPath()})
	case takesSome && len(given) == 0:
		return newProblem("want %s, got nothing", []any{wanted})
	case takesSome:
		return newProblem("want %s, got %s", []any{wanted, strings.Join(given, " ")})
	}
	return err
}

// point is one of the log of a sandbox.
var point = lazyregexp.New(`^r[0-9]+$`)

// asFlags is what was given as arguments with the flags that take it, where that shows: a plate with --plate, points of the log with --from and --to.
func asFlags(cmd *cobra.Command, given []string) string {
	has := func(flag string) bool { return cmd.Flags().Lookup(flag) != nil }
	if first, _ := utf8.DecodeRuneInString(given[0]); unicode.Is(unicode.Han, first) && has("plate") {
		return "--plate " + given[0]
	}
	var typed []string
	for _, flag := range []string{"from", "to"} {
		if n := len(typed); n < len(given) && has(flag) && point().MatchString(given[n]) {
			typed = append(typed, "--"+flag+" "+given[n])
		}
	}
	if len(typed) < len(given) {
		return ""
	}
	return strings.Join(typed, " ")
}

// NoArgs takes no positional arguments.
var NoArgs = Args(cobra.NoArgs)

// Group is a command that only holds others.
func Group(use, short string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Args: NoArgs, RunE: missing(use, commands)}
	cmd.AddCommand(commands...)
	return cmd
}

// missing asks for one of the commands that a group holds: a success would be taken for an answer.
func missing(group string, commands []*cobra.Command) func(*cobra.Command, []string) error {
	names := make([]string, len(commands))
	for i, c := range commands {
		names[i] = c.Name()
	}
	return func(*cobra.Command, []string) error { return Usagef("missing subcommand: %s %s", group, names) }
}
