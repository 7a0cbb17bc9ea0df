// Command contract holds a platform, a mock of it or a merchant's webhook to the contract of the ETCP open platform.
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

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// exitCodeError is an error that only sets the exit code: what is to be said has been.
type exitCodeError int

func (e exitCodeError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// run is the whole command; it returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var (
		code     exitCodeError
		problems scenarios.Problems
	)
	switch {
	case err == nil:
		return report.ExitPassed
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &problems): // each line begins with its place, as editors read it
		for _, p := range problems {
			fmt.Fprintln(stderr, p.Text())
		}
		return report.ExitUsage
	}
	fmt.Fprintf(stderr, "contract: %v\n", err)
	return report.ExitUsage
}

const rootHelp = `contract tells whether the ETCP open platform, a mock of it or a merchant's webhook keeps the contract of the platform's
document (2.0.2), and where it does not: what was sent, what came, which section says otherwise, and how to mend it.

A merchant checks its endpoint for pushes (§10) before it goes live:

  ETCP_MOCK_MERCHANT_KEY=… contract webhook https://shop.example/etcp --merchant-no M1

Who changes the mock, or asks whether the platform still does what the document says, runs the contract cases:

  contract run                                               against a mock in this process
  contract run --target http://127.0.0.1:8787 --admin        against a running mock
  contract run --target http://mapi.test.etcp.cn --merchant-no M1 --key-file key.txt

Reports go to several places at once with --report junit=FILE,json=FILE,tap=FILE,html=FILE,github.

Exit codes: 0 all passed · 1 a contract is broken · 2 wrong usage or case file · 3 the target could not be reached or
broke off · 4 nothing ran. A flag that is not given is taken from the environment: --merchant-no from ETCP_MOCK_MERCHANT_NO.
Merchant keys come from the environment, a file (--key-file) or a prompt, and appear in no output.`

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "contract",
		Short:         "Check a platform, a mock or a merchant against the ETCP contract",
		Long:          rootHelp,
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return fromEnvironment(cmd)
		},
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w (see %s --help)", err, cmd.CommandPath())
	})
	root.AddCommand(newRun(), newWebhook(), newFuzz(), newDiff(), newProxy(), newCoverage(), newValidate(), newList())
	return root
}

// fromEnvironment fills the flags that were not given.
func fromEnvironment(cmd *cobra.Command) error {
	var wrong error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		name := "ETCP_MOCK_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		if value := os.Getenv(name); value != "" && !f.Changed && wrong == nil && f.Name != "help" {
			if err := cmd.Flags().Set(f.Name, value); err != nil {
				wrong = fmt.Errorf("%s: %w", name, err)
			}
		}
	})
	return wrong
}

// outputFlags say where a report goes.
type outputFlags struct {
	report string
	color  string
	quiet  bool
}

func (o *outputFlags) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.report, "report", "", "also write `junit=FILE,json=FILE,tap=FILE,html=FILE,github`")
	cmd.Flags().StringVar(&o.color, "color", "auto", "auto, always or never")
	cmd.Flags().BoolVarP(&o.quiet, "quiet", "q", false, "show what failed only, and the summary")
}

// output is where a run is told.
type output struct {
	terminal report.Terminal
	files    []report.Output
	stdout   io.Writer
}

func (o *outputFlags) open(cmd *cobra.Command) (*output, error) {
	files, err := report.ParseOutputs(o.report)
	if err != nil {
		return nil, err
	}
	out := &output{files: files, stdout: cmd.OutOrStdout(), terminal: report.Terminal{Out: cmd.OutOrStdout(), Quiet: o.quiet}}
	for _, f := range files {
		if f.Format != report.GitHub && (f.File == "" || f.File == "-") {
			out.terminal.Out = cmd.ErrOrStderr() // standard output is the report's
		}
	}
	switch o.color {
	case "always":
		out.terminal.Color = true
	case "never":
	case "auto":
		f, is := out.terminal.Out.(*os.File)
		out.terminal.Color = is && isTerminal(f) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	default:
		return nil, fmt.Errorf("--color is auto, always or never, not %q", o.color)
	}
	return out, nil
}

// end prints the summary, writes the reports and gives the exit code as an error.
func (o *output) end(r *report.Report) error {
	o.terminal.Summary(r)
	if err := report.WriteAll(o.files, r, o.stdout); err != nil {
		return err
	}
	if code := r.ExitCode(); code != report.ExitPassed {
		return exitCodeError(code)
	}
	return nil
}

func isTerminal(f *os.File) bool { return isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()) }

// newTable is a table without lines.
func newTable(out io.Writer) table.Writer {
	t := table.NewWriter()
	t.SetOutputMirror(out)
	t.SetStyle(table.StyleLight)
	t.Style().Options = table.OptionsNoBordersAndSeparators
	t.Style().Format.Header = text.FormatDefault
	return t
}
