package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/contract"
)

const diffHelp = `Run the same cases against two targets, and show where they answer differently, whatever the cases expect. A and B are
URLs, recordings (contract run --record FILE), or the word mock for one in this process. Tokens, ids,
times and sealed values, as the schemas annotate them, are compared by their type only.

--mock a, --mock b says that a target is a mock with its control API. What is no mock needs --merchant-no and a key; the
second one's are --b-merchant-no and --b-key-file where they differ. Only what reads is sent to it, unless --allow-writes.`

type diffFlags struct {
	cli.VariableFlags
	cli.SelectionFlags
	cli.ReportFlags

	target              targetFlags
	seed                uint64
	mocks               []string
	bMerchant, bKeyFile string
}

func newDiff() *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use:   "diff A B [FILE[:LINE]|FOLDER|NAME…]",
		Short: "Show where two targets answer differently",
		Long:  diffHelp,
		Example: "  contract diff mock http://mapi.test.etcp.cn --merchant-no M1 --key-file key.txt\n  contract diff mock http://127.0.0.1:8787 --mock b --tag payment\n" +
			"  contract run --target http://mapi.test.etcp.cn --merchant-no M1 --seed 1 --record before.json\n  contract diff before.json after.json",
		Args: cli.Args(cobra.MinimumNArgs(2)),
		PreRunE: func(*cobra.Command, []string) error {
			if slices.ContainsFunc(f.mocks, func(m string) bool { return m != "a" && m != "b" }) {
				return cli.Usagef("--mock is a, b or a,b")
			}
			return nil
		},
		RunE: f.run,
	}
	f.target.register(cmd)
	f.VariableFlags.Register(cmd)
	cmd.Flags().Uint64Var(&f.seed, "seed", 0, "seed of everything made up (of a recording: its own)")
	for _, name := range []string{"target", "admin", "listen", "public-url", "sandbox"} {
		_ = cmd.Flags().MarkHidden(name) // they are of one target
	}
	f.SelectionFlags.Register(cmd)
	f.ReportFlags.Register(cmd)
	cmd.Flags().StringSliceVar(&f.mocks, "mock", nil, "a, b: which of the two is a mock with its control API")
	cmd.Flags().StringVar(&f.bMerchant, "b-merchant-no", "", "`number` of the merchant at B, where it is another")
	cmd.Flags().StringVar(&f.bKeyFile, "b-key-file", "", "`file` that holds its key")
	return cmd
}

func (f *diffFlags) run(cmd *cobra.Command, args []string) error {
	out, err := f.Open(cmd)
	if err != nil {
		return err
	}
	given, err := f.Read()
	if err != nil {
		return err
	}
	s, err := f.Choose(args[2:], source, given.Names()...)
	if err != nil {
		return err
	}
	if err := given.Check(cmd, s.Cases); err != nil {
		return err
	}
	targets, err := f.open(cmd, args)
	if err != nil {
		return err
	}
	defer targets[0].Close()
	defer targets[1].Close()
	runner := contract.Runner{
		Library: s.Library, Seed: f.seed, Line: s.Line, AllowWrites: f.target.allowWrites, Rate: max(targets[0].Rate, targets[1].Rate), Vars: given.Plain, Secrets: given.Secret,
		Progress: out.Terminal.Case, Language: cli.Language(cmd),
	}
	r, err := runner.Diff(cmd.Context(), targets[0].Target, targets[1].Target, s.Cases...)
	if err != nil {
		return err
	}
	return out.End(cmd.Context(), r)
}

// open gives the two targets. The seed is that of a recording, where one of them is one.
func (f *diffFlags) open(cmd *cobra.Command, args []string) (targets [2]cli.Target, err error) {
	given := cmd.Flags().Changed("seed")
	for _, name := range args[:2] {
		recording, err := cli.ReadRecording(name)
		if err != nil {
			return targets, err
		}
		switch {
		case recording == nil:
		case given && f.seed != recording.Seed:
			return targets, cli.Usagef("%s was recorded with --seed %d, not %d: with another seed other data is sent", name, recording.Seed, f.seed)
		default:
			f.seed, given = recording.Seed, true
		}
	}
	sides := [2]targetFlags{f.target, f.target}
	if f.bMerchant != "" {
		sides[1].No = f.bMerchant
	}
	if f.bKeyFile != "" {
		sides[1].KeyFile, sides[1].Key = f.bKeyFile, ""
	}
	for i := range sides {
		t := &sides[i]
		t.side = string("ab"[i])
		if args[i] != "mock" {
			t.target = args[i]
		}
		if slices.Contains(f.mocks, string("ab"[i])) {
			t.admin = sameAddress
		}
		if targets[i], err = t.open(cmd, f.seed); err != nil {
			if i == 1 {
				targets[0].Close()
			}
			return targets, fmt.Errorf("%s: %w", strings.ToUpper(string("ab"[i])), err)
		}
	}
	return targets, nil
}
