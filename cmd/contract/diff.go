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
URLs, or the word mock for one in this process. Tokens, ids, times and sealed values, as the schemas annotate them, are
compared by their type only.

--mock a, --mock b says that a target is a mock with its control API. What is no mock needs --merchant-no and a key; the
second one's are --b-merchant-no and --b-key-file where they differ. Only what reads is sent to it, unless --allow-writes.`

func newDiff() *cobra.Command {
	var (
		a, b                targetFlags
		f                   cli.SelectionFlags
		v                   cli.VariableFlags
		seed                uint64
		o                   cli.ReportFlags
		mocks               []string
		bMerchant, bKeyFile string
	)
	cmd := &cobra.Command{
		Use:     "diff A B [file|dir|name…]",
		Short:   "Show where two targets answer differently",
		Long:    diffHelp,
		Example: "  contract diff mock http://mapi.test.etcp.cn --merchant-no M1 --key-file key.txt\n  contract diff mock http://127.0.0.1:8787 --mock b --tag payment",
		Args:    cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			out, err := o.Open(cmd)
			if err != nil {
				return err
			}
			given, err := v.Read()
			if err != nil {
				return err
			}
			s, err := f.Choose(args[2:], source, given.Names()...)
			if err != nil {
				return err
			}
			b = a
			if bMerchant != "" {
				b.No = bMerchant
			}
			if bKeyFile != "" {
				b.KeyFile, b.Key = bKeyFile, ""
			}
			var targets [2]cli.Target
			for i, t := range []*targetFlags{&a, &b} {
				if args[i] != "mock" {
					t.target = args[i]
				}
				if slices.Contains(mocks, string("ab"[i])) {
					t.admin = sameAddress
				}
				target, err := t.open(cmd, seed)
				if err != nil {
					return fmt.Errorf("%s: %w", strings.ToUpper(string("ab"[i])), err)
				}
				defer target.Close()
				targets[i] = target
			}
			runner := contract.Runner{
				Library: s.Library, Seed: seed, Line: s.Line, AllowWrites: a.allowWrites, Rate: max(targets[0].Rate, targets[1].Rate), Vars: given.Plain, Secrets: given.Secret,
				Progress: out.Terminal.Case,
			}
			r, err := runner.Diff(cmd.Context(), targets[0].Target, targets[1].Target, s.Cases...)
			if err != nil {
				return err
			}
			return out.End(r)
		},
	}
	a.register(cmd)
	v.Register(cmd)
	cmd.Flags().Uint64Var(&seed, "seed", 0, "seed of everything made up")
	for _, name := range []string{"target", "admin", "listen", "listen-url", "sandbox"} {
		_ = cmd.Flags().MarkHidden(name) // they are of one target
	}
	f.Register(cmd)
	o.Register(cmd)
	cmd.Flags().StringSliceVar(&mocks, "mock", nil, "a, b: which of the two is a mock with its control API")
	cmd.Flags().StringVar(&bMerchant, "b-merchant-no", "", "`number` of the merchant at B, where it is another")
	cmd.Flags().StringVar(&bKeyFile, "b-key-file", "", "`file` that holds its key")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		for _, m := range mocks {
			if m != "a" && m != "b" {
				return cli.Usagef("--mock is a, b or a,b")
			}
		}
		return nil
	}
	return cmd
}
