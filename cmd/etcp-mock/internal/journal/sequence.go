package journal

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

func newVerifySequence() *cobra.Command {
	var r remote.Flags
	var want control.Sequence
	var within time.Duration
	cmd := &cobra.Command{
		Use: "sequence STEP…", Short: "Check in which order things happened",
		Long: "Check that requests, pushes and cars came in this order; others may come between, unless --strict. A step is an endpoint\n" +
			"(bindcar), push:KIND (push:exit), or car:enter or car:exit.",
		Example: "  etcp-mock verify sequence bindcar car:enter orderunpay orderpaid push:exit --within 5s",
		Args:    cli.Args(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			want.Within = control.Duration(within)
			for _, text := range given {
				want.Steps = append(want.Steps, stepOf(text))
			}
			result, err := r.Sandbox().VerifySequence(cmd.Context(), want)
			if err != nil {
				return byStep(show.Of(cmd), err, given)
			}
			return printSequence(show.Of(cmd), given, result)
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().BoolVar(&want.Strict, "strict", false, "nothing else between the steps")
	cmd.Flags().DurationVar(&within, "within", 0, "wait for it on the server, in real time")
	return cmd
}

// stepOf reads one step of a command line; the server says what names there are.
func stepOf(text string) control.SequenceStep {
	if kind, ok := strings.CutPrefix(text, "push:"); ok {
		return control.SequenceStep{Push: kind}
	}
	if move, ok := strings.CutPrefix(text, "car:"); ok {
		return control.SequenceStep{Car: move}
	}
	return control.SequenceStep{Endpoint: text}
}

// byStep says what is wrong with a step by the text it was given as, in the language of the printer.
func byStep(p *show.Printer, err error, given []string) error {
	problem, refused := errors.AsType[*control.ProblemError](err)
	if !refused {
		return err
	}
	for i := range problem.Errors {
		e := &problem.Errors[i]
		rest, ok := strings.CutPrefix(e.Pointer, "/steps/")
		number, _, _ := strings.Cut(rest, "/")
		if n, err := strconv.Atoi(number); ok && err == nil && n >= 0 && n < len(given) {
			e.Pointer, e.Detail = "", p.Phrase("step %d, %s: %s", n+1, given[n], p.Said(e.Detail))
		}
	}
	return err
}

// printSequence shows each step with what matched it.
func printSequence(p *show.Printer, steps []string, v control.SequenceResult) error {
	if p.JSON {
		if err := p.Object(v); err != nil {
			return err
		}
	} else {
		verdict := verdictOf(p, v.OK)
		p.Line("%s: %d of %d steps came in this order", verdict, len(v.Matched), len(steps))
		var rows []cli.Field
		for i, step := range steps {
			if i < len(v.Matched) {
				rows = append(rows, cli.Field{cli.Clean(step), cli.Clean(v.Matched[i])})
				continue
			}
			came := p.In("did not come")
			if v.Got != "" {
				came = p.Phrase("did not come; in its place: %s", v.Got)
			}
			rows = append(rows, cli.Field{cli.Clean(step), p.Yellow(cli.Clean(came))})
			break
		}
		p.Card(rows...)
	}
	if !v.OK {
		return cli.ExitCode(cli.ExitFailed)
	}
	return nil
}
