package sandbox

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// Car parks, merchants, users, vehicles and faults are listed, shown and set by commands of one shape.

// listing is a command that lists things of a sandbox.
func listing[T any](use, short, example string, list func(*control.Sandbox, context.Context, control.Page) (control.List[T], error), table func(*show.Printer, []T) error) *cobra.Command {
	var r remote.Flags
	var limit int
	cmd := &cobra.Command{
		Use: use, Short: short, Example: example, Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			found, err := remote.First(limit, func(p control.Page) (control.List[T], error) { return list(r.Sandbox(), cmd.Context(), p) })
			if err != nil {
				return err
			}
			return table(show.Of(cmd), found)
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().IntVar(&limit, "limit", 0, "the first `n`; 0 for all")
	return cmd
}

// printing makes a command that finds one thing of a sandbox, or changes it, and prints it as it is then.
func printing[T any](cmd *cobra.Command, thing func(cmd *cobra.Command, s *control.Sandbox, given []string) (T, error), card func(*show.Printer, T) error) *cobra.Command {
	var r remote.Flags
	cmd.RunE = func(cmd *cobra.Command, given []string) error {
		found, err := thing(cmd, r.Sandbox(), given)
		if err != nil {
			return err
		}
		return card(show.Of(cmd), found)
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	return cmd
}
