package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/contract/report"
)

// ReportFlags say where a report goes: --report and --quiet.
type ReportFlags struct {
	report string
	quiet  bool
}

// Register adds the flags.
func (o *ReportFlags) Register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.report, "report", "", "also write `FORMAT=FILE`, several with commas between: junit, json, tap and html; github needs no file")
	cmd.Flags().BoolVarP(&o.quiet, "quiet", "q", false, "show what failed only, and the summary")
}

// Output is where a run is reported.
type Output struct {
	Terminal report.Terminal
	files    []report.Output
	stdout   io.Writer
}

// Open reads the flags.
func (o *ReportFlags) Open(cmd *cobra.Command) (*Output, error) {
	files, err := report.ParseOutputs(o.report)
	if err != nil {
		return nil, Usagef("%v", err)
	}
	out := &Output{files: files, stdout: cmd.OutOrStdout(), Terminal: report.Terminal{Out: cmd.OutOrStdout(), Quiet: o.quiet, Language: Language(cmd)}}
	for _, f := range files {
		if f.Format != report.GitHub && (f.File == "" || f.File == "-") {
			out.Terminal.Out = cmd.ErrOrStderr() // standard output is the report's
		}
	}
	out.Terminal.Color, out.Terminal.Width = WantsColor(cmd, out.Terminal.Out), Columns(out.Terminal.Out)
	return out, nil
}

// End prints the summary, writes the reports and gives the exit code as an error.
func (o *Output) End(ctx context.Context, r *report.Report) error {
	r.Language = o.Terminal.Language
	o.Terminal.Summary(r)
	if err := report.WriteAll(ctx, o.files, r, o.stdout); err != nil {
		return err
	}
	if code := r.ExitCode(); code != report.ExitPassed {
		return ExitCode(code)
	}
	return nil
}
