// Command contract holds a platform, a mock of it or a merchant's webhook to the contract of the ETCP open platform.
package main

import (
	"context"
	"errors"
	"io"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/cmd/internal/translation"
	"github.com/etcp-mock/etcp-mock/internal/collector"
)

func main() {
	collector.TuneRun()
	cli.Main(run)
}

// run is the whole command; it returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return cli.Execute(ctx, newRoot(), args, stdin, stdout, stderr, explain)
}

// explain is an error that is neither usage nor a wrong case file: a report that cannot be written, a port that is taken.
func explain(cmd *cobra.Command, err error) cli.Explanation {
	if errors.Is(err, context.Canceled) {
		return cli.Explanation{Lines: []string{translation.In(cli.Language(cmd), "interrupted")}, Code: cli.ExitFailed}
	}
	code := cli.ExitUsage
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EIO) { // the output could not be written
		code = cli.ExitFailed
	}
	return cli.Explanation{Lines: []string{cli.TextOf(cli.Language(cmd), err)}, Code: code}
}

var rootHelp = `contract checks whether the ETCP open platform, a mock of it or a merchant's webhook keeps the contract of the platform's
document (2.0.2), and where it does not: what was sent, what came, which section says otherwise, and how to fix it.

A merchant checks its endpoint for pushes (§10) before it goes live:

  ETCP_MOCK_MERCHANT_KEY=… contract webhook https://shop.example/etcp --merchant-no M1

Who changes the mock, or asks whether the platform still does what the document says, runs the contract cases:

  contract run                                               against a mock in this process
  contract run --target http://127.0.0.1:8787 --admin        against a running mock
  contract run --target http://mapi.test.etcp.cn --merchant-no M1 --key-file key.txt

Reports go to several places at once with --report junit=FILE,json=FILE,tap=FILE,html=FILE,github.

Exit codes: 0 all passed · 1 a contract is broken · 2 wrong usage or case file · 3 the target could not be reached or
broke off · 4 nothing ran.

` + cli.SettingsHelp("contract", "--merchant-no from ETCP_MOCK_MERCHANT_NO") + "\n\nMerchant keys come from the environment, a file (--key-file) or a prompt, and appear in no output."

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:               "contract",
		Short:             "Check a platform, a mock or a merchant against the ETCP contract",
		Long:              rootHelp,
		Args:              cli.NoArgs,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return cli.Prepare(cmd) },
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cli.SharedFlags(root)
	cli.AddVersion(root)
	root.AddCommand(newRun(), newWebhook(), newFuzz(), newDiff(), newProxy(), newCoverage(), newValidate(), newList(), cli.NewVersion())
	return root
}
