package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/authority"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/demo"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/merchant"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/sandbox"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/serving"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

func main() { cli.Main(run) }

// run is the whole command: it gives the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return cli.Execute(ctx, newRoot(), args, stdin, stdout, stderr, remote.Explain)
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
		demo.NewCommand(), serving.NewServe(), serving.NewVersion(),
		sandbox.NewEnter(), sandbox.NewExit(), sandbox.NewClock(), sandbox.NewSMS(), sandbox.NewOrders(), sandbox.NewParkings(), sandbox.NewMerchants(), sandbox.NewUsers(), sandbox.NewVehicles(), journal.NewStay(), journal.NewPushes(), journal.NewRequests(),
		sandbox.NewSandbox(), serving.NewReplicas(), sandbox.NewRules(), merchant.NewSign(), merchant.NewCall(), journal.NewVerify(), sandbox.NewFault(), journal.NewTail(), remote.NewWait(), merchant.NewListen(), serving.NewScenario(), sandbox.NewTraffic(),
		merchant.NewOpenAPI(), merchant.NewPostman(), serving.NewMan(), serving.NewRecord(), serving.NewReplay(),
		serving.NewExec(), serving.NewEnv(), serving.NewDoctor(), authority.NewCommand(),
	)
	return root
}
