package sandbox

import (
	"strconv"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// wantPoint is the help of a flag that names a point of the log.
const wantPoint = "`point` of the log: a request or push such as r17 or p4, a sequence number, or \"2017-08-20 12:00:00\""

func newSandboxFork() *cobra.Command {
	var r remote.Flags
	var in control.NewFork
	cmd := &cobra.Command{
		Use: "fork [ID]", Short: "Copy a sandbox as it is or was, under new merchant numbers",
		Long: "Make a sandbox as this one is, or was right after a point of its log. Its merchants have other numbers and keys, and no push\n" +
			"URLs, so that nothing is pushed twice.",
		Example: "  etcp-mock sandbox fork\n  etcp-mock sandbox fork retry --at r17 --merchant demo=demo2",
		Args:    cli.Args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			if len(given) > 0 {
				in.ID = given[0]
			}
			made, err := r.Sandbox().Fork(cmd.Context(), in)
			if err != nil {
				return err
			}
			return show.Sandbox(show.Of(cmd), made)
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().StringVar(&in.At, "at", "", wantPoint+" (default: now)")
	cmd.Flags().StringToStringVar(&in.Merchants, "merchant", nil, "`OLD=NEW` number of a merchant (default: a random one)")
	return cmd
}

func newSandboxUndo() *cobra.Command {
	var r remote.Flags
	var to string
	cmd := &cobra.Command{
		Use: "undo --to POINT", Short: "Put a sandbox back to what it was",
		Long:    "Put a sandbox back to what it was right after a point of its log. What came later stays in the log, as undone.",
		Example: "  etcp-mock sandbox undo --to r17\n  etcp-mock sandbox undo --to \"2017-08-20 12:00:00\"",
		Args:    cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if to == "" {
				return cli.Usagef("--to is required: a point of the log, which etcp-mock sandbox log lists")
			}
			now, err := r.Sandbox().Undo(cmd.Context(), to)
			if err != nil {
				return err
			}
			p := show.Of(cmd)
			if p.JSON {
				return p.Object(now)
			}
			p.Line("sandbox %s is as it was at %s", p.Bold(cli.Clean(now.ID)), now.Now)
			return nil
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().StringVar(&to, "to", "", wantPoint)
	return cmd
}

func newSandboxDiff() *cobra.Command {
	var r remote.Flags
	var from, to string
	cmd := &cobra.Command{
		Use: "diff --from POINT", Short: "Show what changed between two points of the log",
		Example: "  etcp-mock sandbox diff --from r17\n  etcp-mock sandbox diff --from r17 --to r18 -o json",
		Args:    cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if from == "" {
				return cli.Usagef("--from is required: a point of the log, which etcp-mock sandbox log lists")
			}
			found, err := remote.All(func(page control.Page) (control.List[control.Difference], error) {
				return r.Sandbox().Diff(cmd.Context(), from, to, page)
			})
			if err != nil {
				return err
			}
			p := show.Of(cmd)
			if p.JSON || len(found) == 0 {
				return cli.PrintList(p.Printer, found, "nothing changed", nil)
			}
			for _, d := range found {
				p.Difference(d)
			}
			return nil
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().StringVar(&from, "from", "", wantPoint)
	cmd.Flags().StringVar(&to, "to", "", wantPoint+" (default: now)")
	return cmd
}

func newSandboxLog() *cobra.Command {
	var r remote.Flags
	var limit int
	cmd := &cobra.Command{
		Use: "log", Short: "List what was done to a sandbox, in the order it was applied",
		Long:    "List the inputs of a sandbox in the order they were applied, the newest last: requests, cars, clock, settings, outcomes of pushes.",
		Example: "  etcp-mock sandbox log\n  etcp-mock sandbox log --limit 0 -o json",
		Args:    cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			found, err := remote.Newest(limit, func(page control.Page) (control.List[control.Input], error) {
				return r.Sandbox().Log(cmd.Context(), page)
			})
			if err != nil {
				return err
			}
			p := show.Of(cmd)
			return cli.PrintList(p.Printer, found, "nothing yet", []cli.Column[control.Input]{
				{Title: "SEQ", Right: true, Cell: func(i control.Input) string { return strconv.FormatUint(i.Seq, 10) }},
				{Title: "TIME", Cell: func(i control.Input) string { return i.At.String() }},
				{Title: "KIND", Cell: func(i control.Input) string { return p.InputKind(i.Kind) }},
				{Title: "REQUEST", Cell: func(i control.Input) string { return p.Bold(cli.Clean(i.RequestID)) }},
				{Title: "SUMMARY", Cell: func(i control.Input) string {
					if p.Chinese {
						return cli.Clean(i.SummaryZh)
					}
					return cli.Clean(i.Summary)
				}},
				{Title: "UNDONE", Cell: func(i control.Input) string {
					if i.Undone {
						return p.Yellow(p.In("undone"))
					}
					return ""
				}},
			})
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().IntVar(&limit, "limit", 50, "the newest `n`; 0 for all")
	return cmd
}
