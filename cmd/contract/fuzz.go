package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/contract/fuzz"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/atomicfile"
)

const fuzzHelp = `Make up requests from the forms of the document, good and bad, single and in sequences that feed answers into later
requests, and hold each answer to the contract: no 5xx and no cut connection, no code outside the endpoint's table, no
violation of its schema, no message but that of §11, no accepted garbage, no refused good request. On a mock the sequences
have sandboxes of their own, so that state is judged too: who has bound what, what is owed, which token is good.

What is found is shrunk, and printed as a scenario that shows it and a curl line. The same --seed makes the same sequences.
Without --target it fuzzes the mock in this process.`

func newFuzz() *cobra.Command {
	var (
		t        targetFlags
		o        cli.ReportFlags
		maxTime  time.Duration
		maxCalls int64
		findings int
		workers  int
		saveTo   string
		seed     uint64
	)
	cmd := &cobra.Command{
		Use:   "fuzz",
		Short: "Make up requests, and find answers that break the contract",
		Long:  fuzzHelp,
		Example: "  contract fuzz --max-time 30s\n  contract fuzz --target http://127.0.0.1:8787 --admin --seed 7 --max-calls 100000\n" +
			"  contract fuzz --save found/",
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if maxTime == 0 && maxCalls == 0 {
				return cli.Usagef("--max-time and --max-calls are both 0: one of them has to end the run")
			}
			out, err := o.Open(cmd)
			if err != nil {
				return err
			}
			if !cmd.Flags().Changed("seed") {
				seed = uint64(time.Now().UnixNano()) % 1_000_000
			}
			target, err := t.open(cmd, seed)
			if err != nil {
				return err
			}
			defer target.Close()
			if target.Recording != nil {
				return cli.Usagef("--target: %s is a recording, which answers only what was asked; fuzz wants a URL, or no --target", t.target)
			}
			f := fuzz.Fuzzer{
				Target: target.Target, Seed: seed, MaxTime: maxTime, MaxCalls: maxCalls, MaxFindings: findings, Workers: workers,
				Rate: target.Rate, AllowWrites: target.AllowWrites, Language: cli.Language(cmd),
			}
			live := cli.NewLiveLine(cmd, out.Terminal.Color)
			if out.Terminal.Color {
				f.Progress = func(calls int64, found int) { live.Show("%d calls, %d findings", calls, found) }
			}
			r, found := f.Run(cmd.Context())
			live.Clear()
			for i := range r.Cases {
				out.Terminal.Case(&r.Cases[i])
			}
			if err := save(cmd.Context(), saveTo, r, found); err != nil {
				return err
			}
			return out.End(cmd.Context(), r)
		},
	}
	t.registerTarget(cmd)
	cmd.Flags().Uint64Var(&seed, "seed", 0, "seed of everything made up (default: another each time)")
	o.Register(cmd)
	cmd.Flags().DurationVar(&maxTime, "max-time", 10*time.Second, "how long; 0: until --max-calls")
	cmd.Flags().Int64Var(&maxCalls, "max-calls", 0, "how many calls; 0: until --max-time")
	cmd.Flags().IntVar(&findings, "max-findings", 10, "end after so many different findings")
	cmd.Flags().IntVar(&workers, "workers", 0, "sequences at once (default: three a processor; one repeats a seed exactly)")
	cmd.Flags().StringVar(&saveTo, "save", "", "write a scenario for each finding into this `folder`")
	return cmd
}

func save(ctx context.Context, dir string, r *report.Report, found []fuzz.Finding) error {
	if dir == "" || len(found) == 0 {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // for everybody to read
		return fmt.Errorf("--save: %w", err)
	}
	for i, f := range found {
		name := filepath.Join(dir, fmt.Sprintf("fuzz-%d-%d.yaml", r.Seed, i+1))
		if err := atomicfile.WriteBytes(ctx, name, 0o644, []byte(f.Scenario)); err != nil {
			return fmt.Errorf("--save: %w", err)
		}
	}
	return nil
}
