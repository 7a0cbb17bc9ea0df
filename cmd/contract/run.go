package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/scenarios/suite"
)

const runHelp = `Run contract cases: scenario files whose expectations hold a target to the platform's document.

Without arguments the built-in suite runs; without --target it runs against a mock in this process. Arguments are files,
folders or names of cases (contract list shows them).

Each case has a sandbox of its own on a mock, so that cases run at once (--workers) and the report is the same. Against what
is no mock (give --merchant-no and a key) only cases that read run, unless --allow-writes; a case that needs the control API
of a mock is skipped, and says so.

What failed is kept in --last-run; --rerun-failed runs that again. --watch runs again what a changed file touches.

etcp-mock scenario run is the same runner with other defaults: it runs what is named (or --all that is built in as examples), not
the contract suite, and it takes a mock by --server, never another platform. Files, variables, reports and exit codes are alike.`

// source is the built-in suite, which runs where nothing is named.
var source = cli.Source{
	Library:   suite.Library,
	Otherwise: func(l *scenarios.Library) []*scenarios.Scenario { return l.Own() },
	List:      "contract list",
}

func newRun() *cobra.Command {
	var (
		f cli.RunFlags
		t targetFlags
	)
	cmd := &cobra.Command{
		Use:   "run [FILE[:LINE]|FOLDER|NAME…]",
		Short: "Run contract cases against a mock or the platform",
		Long:  runHelp,
		Example: "  contract run\n  contract run --tag payment --target http://127.0.0.1:8787 --admin\n" +
			"  contract run cases/ --watch\n  contract run cases/pays.yaml:12\n" +
			"  contract run --target http://mapi.test.etcp.cn --merchant-no M1 --key-file key.txt --report junit=junit.xml",
		RunE: func(cmd *cobra.Command, args []string) error {
			if t.admin == sameAddress { // --admin URL, without =
				if i := slices.IndexFunc(args, func(a string) bool { return strings.HasPrefix(a, "http://") || strings.HasPrefix(a, "https://") }); i >= 0 {
					t.admin, args = args[i], slices.Delete(slices.Clone(args), i, i+1)
				}
			}
			runner := cli.Runner{RunFlags: &f, Source: source, Open: func(cmd *cobra.Command) (cli.Target, error) {
				if f.Keep() && t.target == "" {
					return cli.Target{}, cli.Usagef("--keep is of a --target: the mock in this process ends with it")
				}
				return t.open(cmd, f.Seed(cmd))
			}}
			return runner.Run(cmd, args)
		},
	}
	t.register(cmd)
	f.Register(cmd)
	return cmd
}
