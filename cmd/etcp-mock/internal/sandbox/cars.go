package sandbox

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/input"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// carFlags are what a car's entry and its exit both take.
type carFlags struct{ color, at string }

func (f *carFlags) register(cmd *cobra.Command, when string) {
	cmd.Flags().StringVar(&f.color, "plate-color", "", "blue (the default), black, yellow or white")
	cmd.Flags().StringVar(&f.at, "at", "", when)
}

// read gives the colour of the plate, and when the car comes or leaves.
func (f *carFlags) read() (color string, at client.Time, err error) {
	if at, err = input.Time("at", f.at); err != nil {
		return "", at, err
	}
	color, err = input.PlateColor(f.color)
	return color, at, err
}

// NewEnter is the command enter.
func NewEnter() *cobra.Command {
	var r remote.Flags
	var in control.Entry
	var car carFlags
	cmd := &cobra.Command{
		Use:   "enter PLATE",
		Short: "Drive a car into a car park",
		Long: "Drive a car into a car park: the sandbox's first one, if none is named. Merchants through whom the plate is bound, and that\n" +
			"have a push URL, get the push of §10.1.",
		Example: "  etcp-mock enter 渝ATX061\n  etcp-mock enter 渝ATX061 --parking 2 --plate-color yellow\n" +
			"  etcp-mock enter 渝ATX061 --user-type long-term --fix-parking-id U7 --remaining-days 11",
		Args: cli.Args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) (err error) {
			in.PlateNumber = given[0]
			if in.PlateColor, in.At, err = car.read(); err != nil {
				return err
			}
			if in.UserType, err = input.UserType(in.UserType); err != nil {
				return err
			}
			if in.ParkingID == "" {
				if in.ParkingID, err = firstParking(cmd.Context(), r.Sandbox()); err != nil {
					return err
				}
			}
			order, err := r.Sandbox().Enter(cmd.Context(), in)
			if err != nil {
				return err
			}
			saySilence(cmd, r.Sandbox(), order)
			return show.Order(show.Of(cmd), lang.T("entered", "驶入"), order)
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().StringVar(&in.ParkingID, "parking", "", "`id` of the car park (default: the first)")
	car.register(cmd, "`time` of the entry, \"2017-08-20 12:00:00\" (default: the sandbox's now)")
	cmd.Flags().StringVar(&in.UserType, "user-type", "", "temporary or long-term (default: what the registry says)")
	cmd.Flags().StringVar(&in.FixParkingID, "fix-parking-id", "", "a long-term tenant's space")
	cmd.Flags().StringVar(&in.RemainingDays, "remaining-days", "", "a long-term tenant's remaining days")
	return cmd
}

// saySilence says that a car came or went without a push, where a merchant waits for one: nobody has bound it.
func saySilence(cmd *cobra.Command, s *control.Sandbox, order control.Order) {
	card, err := s.Vehicle(cmd.Context(), order.PlateNumber, order.PlateColor)
	if err != nil || card.Owner != nil {
		return
	}
	merchants, err := s.Merchants(cmd.Context(), control.Page{})
	if err != nil {
		return
	}
	for _, m := range merchants.Items {
		if m.Push != nil && (m.Push.URL != "" || len(m.Push.URLs) > 0) {
			cli.Note(cmd, "no push: nobody has bound %s; bind it: etcp-mock call bindcar --as 13800000001 plateNumber=%s", cli.Clean(order.PlateNumber), cli.Clean(order.PlateNumber))
			return
		}
	}
}

func firstParking(ctx context.Context, s *control.Sandbox) (string, error) {
	parkings, err := s.Parkings(ctx, control.Page{Limit: 1})
	switch {
	case err != nil:
		return "", err
	case len(parkings.Items) == 0:
		return "", cli.Errorf("the sandbox has no car parks; give it some in its fixture")
	}
	return parkings.Items[0].ID, nil
}

// NewExit is the command exit.
func NewExit() *cobra.Command {
	var r remote.Flags
	var in control.Exit
	var car carFlags
	cmd := &cobra.Command{
		Use:   "exit PLATE",
		Short: "Drive a car out of its car park",
		Long: "Drive a car out. What it still owes is paid in cash, debited electronically (--payment withhold) or left owing\n" +
			"(--payment none). Merchants through whom the plate is bound, and that have a push URL, get the push of §10.2.",
		Example: "  etcp-mock exit 渝ATX061\n  etcp-mock exit 渝ATX061 --payment none",
		Args:    cli.Args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) (err error) {
			in.PlateNumber = given[0]
			if in.PlateColor, in.At, err = car.read(); err != nil {
				return err
			}
			order, err := r.Sandbox().Exit(cmd.Context(), in)
			if err != nil {
				return err
			}
			saySilence(cmd, r.Sandbox(), order)
			return show.Order(show.Of(cmd), lang.T("left", "驶离"), order)
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	car.register(cmd, "`time` of the exit, \"2017-08-20 12:00:00\" (default: the sandbox's now)")
	cmd.Flags().StringVar(&in.Payment, "payment", "", "cash (the default), withhold or none")
	return cmd
}

// NewOrders is the command orders.
func NewOrders() *cobra.Command {
	var r remote.Flags
	var f control.OrderFilter
	var limit int
	cmd := &cobra.Command{
		Use:     "orders",
		Short:   "List the stays, parked and past",
		Example: "  etcp-mock orders\n  etcp-mock orders --plate 渝ATX061 --state owing\n  etcp-mock orders -o json | jq '.items[].orderId'",
		Args:    cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			orders, err := remote.Newest(limit, func(p control.Page) (control.List[control.Order], error) {
				return r.Sandbox().Orders(cmd.Context(), f, p)
			})
			if err != nil {
				return err
			}
			p := show.Of(cmd)
			none := "no stays yet; drive a car in: etcp-mock enter 渝ATX061"
			if (f != control.OrderFilter{}) {
				none = "no stay is like that"
			}
			return cli.PrintList(p.Printer, orders, none, []cli.Column[control.Order]{
				{Title: "PLATE", Cell: func(o control.Order) string { return p.Bold(cli.Clean(o.PlateNumber)) }},
				{Title: "STATE", Cell: func(o control.Order) string { return p.State(o.State) }},
				{Title: "CAR PARK", Cell: func(o control.Order) string { return cli.Clean(o.ParkingName) }},
				{Title: "ENTERED", Cell: func(o control.Order) string { return o.EntranceTime.String() }},
				{Title: "LEFT", Cell: func(o control.Order) string { return o.ExitTime.String() }},
				{Title: "FEE", Right: true, Cell: func(o control.Order) string { return o.ParkingFee.String() }},
				{Title: "REMAINING", Right: true, Cell: func(o control.Order) string { return o.RemainingFee.String() }},
				{Title: "ORDER", Cell: func(o control.Order) string { return cli.Clean(o.OrderID) }},
			})
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().StringVar(&f.PlateNumber, "plate", "", "only those of a plate")
	cmd.Flags().IntVar(&limit, "limit", 0, "the newest `n`; 0 for all")
	cmd.Flags().StringVar(&f.State, "state", "", "only parked, left or owing ones")
	return cmd
}

// NewSMS is the command sms.
func NewSMS() *cobra.Command {
	var r remote.Flags
	var quiet bool
	cmd := &cobra.Command{
		Use:     "sms PHONE",
		Short:   "Show the newest SMS code of a phone",
		Long:    "Show the newest code that was sent to a phone (§9.1), which a real user would read off the screen.",
		Example: "  etcp-mock sms 13800000001\n  code=$(etcp-mock sms 13800000001 --quiet)",
		Args:    cli.Args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			sms, err := r.Sandbox().SMS(cmd.Context(), given[0])
			if control.IsNotFound(err) && strings.HasPrefix(err.Error(), "no code was sent") {
				return cli.Errorf("%w (ask for one: etcp-mock call uservalidatecode mobilePhone=%s)", err, given[0])
			}
			if err != nil {
				return err
			}
			p := show.Of(cmd)
			if p.JSON {
				return p.Object(sms)
			}
			if quiet {
				p.Exactly(cli.Clean(sms.Code))
				return nil
			}
			used := p.In("no")
			if sms.Used {
				used = p.In("yes")
			}
			p.Card(cli.Field{"code", p.Bold(cli.Clean(sms.Code))}, cli.Field{"sent", sms.SentAt.String()}, cli.Field{"expires", sms.ExpiresAt.String()}, cli.Field{"used", used})
			return nil
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().BoolVarP(&quiet, "quiet", "q", false, "print the code and nothing else")
	return cmd
}
