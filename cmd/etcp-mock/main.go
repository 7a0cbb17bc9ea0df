// Command etcp-mock runs the mock and drives it.
package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

func main() { cli.Main(run) }

// run is the whole command: it gives the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return cli.Execute(ctx, newRoot(), args, stdin, stdout, stderr, explain)
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "etcp-mock",
		Short: "A local stand-in for the ETCP Open Platform",
		Long: `etcp-mock is a local stand-in for the ETCP Open Platform: stateful, with a clock of its own, signed pushes, and an
explanation for everything it refuses.

See it at work:      etcp-mock demo
Run it:              etcp-mock serve
Drive it:            etcp-mock enter 渝ATX061; etcp-mock clock advance 90m; etcp-mock exit 渝ATX061
Ask it why:          etcp-mock requests

` + cli.SettingsHelp("etcp-mock", "--server from ETCP_MOCK_SERVER") + `

Exit codes: 0 done; 1 refused, failed, or what was to be verified does not hold; 2 a wrong command line or file; 3 no server there;
4 nothing ran.`,
		Example:           "  etcp-mock demo\n  etcp-mock serve --addr 127.0.0.1:0\n  etcp-mock call carnum --as 13800000001",
		Args:              cli.NoArgs,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return cli.Prepare(cmd) },
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cli.SharedFlags(root)
	cli.AddVersion(root)
	root.AddCommand(
		newDemo(), newServe(), newVersion(),
		newEnter(), newExit(), newClock(), newSMS(), newOrders(), newPushes(), newRequests(),
		newSandbox(), newRules(), newSign(), newCall(), newVerify(), newFault(), newTail(), newWait(), newListen(), newScenario(), newTraffic(),
		newOpenAPI(), newPostman(), newMan(), newRecord(), newReplay(),
		newExec(), newEnv(), newDoctor(), newCA(),
	)
	return root
}
