package journal

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// NewStay is etcp-mock stay.
func NewStay() *cobra.Command {
	var r remote.Flags
	cmd := &cobra.Command{
		Use: "stay ORDER|PLATE", Short: "Show one stay from the SMS code to the last push",
		Long: "Show what happened in the course of a stay, in order: how the user signed in and bound the plate, the car, quotes, payments that\n" +
			"were refused and accepted, each attempt to deliver a push, and the attempts to come. A plate means its newest stay.",
		Example: "  etcp-mock stay 渝ATX061\n  etcp-mock stay 渝ATX061 --lang zh\n  etcp-mock stay 渝ATX061 -o json",
		Args:    cli.Args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			s, id := r.Sandbox(), given[0]
			order, err := newestStay(cmd.Context(), s, id)
			if err != nil {
				return err
			}
			if order != nil {
				id = order.OrderID
			}
			items, err := remote.All(func(page control.Page) (control.List[control.StayItem], error) {
				return s.Stay(cmd.Context(), id, page)
			})
			if control.IsNotFound(err) && order == nil {
				return cli.Errorf("no stay of %s, and no order of that id", cli.Clean(given[0]))
			}
			if err != nil {
				return err
			}
			return show.Stay(show.Of(cmd), order, items)
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	return cmd
}

// newestStay is the newest stay of a plate; nil where the text is none, or the plate never parked.
func newestStay(ctx context.Context, s *control.Sandbox, plate string) (*control.Order, error) {
	found, err := s.Orders(ctx, control.OrderFilter{PlateNumber: plate}, control.Page{Newest: true, Limit: 1})
	if refused, ok := errors.AsType[*control.ProblemError](err); ok && refused.Parameter == "plateNumber" {
		return nil, nil //nolint:nilnil // no plate: the id of an order
	}
	if err != nil || len(found.Items) == 0 {
		return nil, err
	}
	return &found.Items[0], nil
}
