package serving

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// NewEnv is the command env.
func NewEnv() *cobra.Command {
	var r remote.Flags
	var export bool
	cmd := &cobra.Command{
		Use: "env", Short: "Print a running mock's address and merchant as environment variables", Args: cli.NoArgs,
		Long: "Print, a NAME=value on each line, what exec puts into the environment of its command: the address of a running mock, a sandbox,\n" +
			"and its first merchant with the key.",
		Example: "  etcp-mock env >>\"$GITHUB_ENV\"\n  eval \"$(etcp-mock env --export)\"",
		RunE: func(cmd *cobra.Command, _ []string) error {
			variables, err := variablesOf(cmd.Context(), r.Address(), r.Sandbox(), r.SandboxID)
			if err != nil {
				return err
			}
			for _, v := range variables {
				name, value, _ := strings.Cut(v, "=")
				switch {
				case export:
					v = "export " + name + "='" + strings.ReplaceAll(value, "'", `'\''`) + "'"
				case strings.ContainsAny(value, "\r\n"):
					return cli.Errorf("%s has more than one line: use --export", name)
				}
				fmt.Fprintln(cmd.OutOrStdout(), v)
			}
			return nil
		},
	}
	r.Register(cmd)
	cmd.Flags().BoolVar(&export, "export", false, "as commands of a shell")
	return cmd
}

// variablesOf are the variables a program finds a mock by: NAME=value. Those of the merchant are left out where there is none.
// A mock on a socket has no URL; its address unix:/path stands in its place.
func variablesOf(ctx context.Context, url string, s *control.Sandbox, id string) ([]string, error) {
	variables := []string{"ETCP_MOCK_URL=" + url, "ETCP_MOCK_SERVER=" + url}
	if !strings.HasPrefix(url, "unix:") {
		variables = append(variables, "ETCP_MOCK_ADMIN="+url+"/__admin")
	}
	variables = append(variables, "ETCP_MOCK_SANDBOX="+id)
	merchant, err := remote.Merchant(ctx, s, "")
	switch {
	case errors.Is(err, remote.ErrNoMerchant):
		return variables, nil
	case err != nil:
		return nil, err
	}
	return append(variables, "ETCP_MOCK_MERCHANT_NO="+merchant.No, cli.KeyVariable+"="+merchant.Key), nil
}
