package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// plateColors are the names people use for the colours of §9.4.
var plateColors = map[string]string{
	"blue": "1", "black": "2", "yellow": "3", "white": "4", "蓝": "1", "黑": "2", "黄": "3", "白": "4",
}

// userTypes are the names people use for the kinds of car of §10.1.
var userTypes = map[string]string{"long-term": client.LongTerm, "temporary": client.Temporary}

// named takes a name for its number; what is no name stays, for the server to judge.
func named(names map[string]string, text string) string {
	if number, ok := names[text]; ok {
		return number
	}
	return text
}

// parseAt reads a time of the sandbox's clock.
func parseAt(flag, value string) (client.Time, error) {
	if value == "" {
		return client.Time{}, nil
	}
	at, err := client.ParseTime(value)
	if err != nil {
		return at, cli.Usagef(`--%s %q is no time: want "2017-08-20 12:00:00", in Asia/Shanghai`, flag, value)
	}
	return at, nil
}

func newEnter() *cobra.Command {
	var r remote
	var in control.Entry
	var at string
	cmd := &cobra.Command{
		Use:   "enter PLATE",
		Short: "Drive a car into a car park",
		Long: "Drive a car into a car park: the sandbox's first one, if none is named. Merchants through whom the plate is bound, and that\n" +
			"have a push URL, get the push of §10.1.",
		Example: "  etcp-mock enter 渝ATX061\n  etcp-mock enter 渝ATX061 --parking 2 --plate-color yellow\n" +
			"  etcp-mock enter 渝ATX061 --user-type long-term --fix-parking-id U7 --remaining-days 11",
		Args: cli.Args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) (err error) {
			if in.At, err = parseAt("at", at); err != nil {
				return err
			}
			in.PlateNumber, in.PlateColor, in.UserType = given[0], named(plateColors, in.PlateColor), named(userTypes, in.UserType)
			if in.ParkingID == "" {
				if in.ParkingID, err = firstParking(cmd.Context(), r.world()); err != nil {
					return err
				}
			}
			order, err := r.world().Enter(cmd.Context(), in)
			if err != nil {
				return err
			}
			return printOrder(printerOf(cmd), "entered", order)
		},
	}
	r.flags(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().StringVar(&in.ParkingID, "parking", "", "`id` of the car park (default: the first)")
	cmd.Flags().StringVar(&in.PlateColor, "plate-color", "", "blue (the default), black, yellow or white")
	cmd.Flags().StringVar(&at, "at", "", "`time` of the entry, \"2017-08-20 12:00:00\" (default: the sandbox's now)")
	cmd.Flags().StringVar(&in.UserType, "user-type", "", "temporary or long-term (default: what the registry says)")
	cmd.Flags().StringVar(&in.FixParkingID, "fix-parking-id", "", "a long-term tenant's space")
	cmd.Flags().StringVar(&in.RemainingDays, "remaining-days", "", "a long-term tenant's remaining days")
	return cmd
}

func firstParking(ctx context.Context, s *control.Sandbox) (string, error) {
	parkings, err := s.Parkings(ctx, control.Page{Limit: 1})
	switch {
	case err != nil:
		return "", err
	case len(parkings.Items) == 0:
		return "", errors.New("the sandbox has no car parks; give it some in its fixture")
	}
	return parkings.Items[0].ID, nil
}

func newExit() *cobra.Command {
	var r remote
	var in control.Exit
	var at string
	cmd := &cobra.Command{
		Use:   "exit PLATE",
		Short: "Drive a car out of its car park",
		Long: "Drive a car out. What it still owes is paid in cash, debited electronically (--payment withhold) or left owing\n" +
			"(--payment none). Merchants through whom the plate is bound, and that have a push URL, get the push of §10.2.",
		Example: "  etcp-mock exit 渝ATX061\n  etcp-mock exit 渝ATX061 --payment none",
		Args:    cli.Args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) (err error) {
			if in.At, err = parseAt("at", at); err != nil {
				return err
			}
			in.PlateNumber, in.PlateColor = given[0], named(plateColors, in.PlateColor)
			order, err := r.world().Exit(cmd.Context(), in)
			if err != nil {
				return err
			}
			return printOrder(printerOf(cmd), "left", order)
		},
	}
	r.flags(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().StringVar(&in.PlateColor, "plate-color", "", "blue (the default), black, yellow or white")
	cmd.Flags().StringVar(&at, "at", "", "`time` of the exit, \"2017-08-20 12:00:00\" (default: the sandbox's now)")
	cmd.Flags().StringVar(&in.Payment, "payment", "", "cash (the default), withhold or none")
	return cmd
}

func printOrder(p *printer, verb string, o control.Order) error {
	if p.JSON {
		return p.Object(o)
	}
	p.Line("%s %s %s (car park %s)", p.Bold(o.PlateNumber), verb, cli.Clean(o.ParkingName), o.ParkingID)
	stay := o.EntranceTime.String()
	if !o.ExitTime.IsZero() {
		stay += " to " + o.ExitTime.String() + ", " + stayed(o)
	}
	p.Card(cli.Field{"order", o.OrderID}, cli.Field{"stay", stay}, cli.Field{"fee", o.ParkingFee.String()},
		cli.Field{"paid", paid(o)}, cli.Field{"state", p.state(o.State)})
	return nil
}

func paid(o control.Order) string {
	ways := []string{}
	if o.PaidElectronic > 0 {
		ways = append(ways, o.PaidElectronic.String()+" electronically")
	}
	if o.PaidCash > 0 {
		ways = append(ways, o.PaidCash.String()+" in cash")
	}
	return strings.Join(ways, ", ")
}

func stayed(o control.Order) string { return short(o.ExitTime.Sub(o.EntranceTime.Time)) }

func newOrders() *cobra.Command {
	var r remote
	var f control.OrderFilter
	cmd := &cobra.Command{
		Use:     "orders",
		Short:   "List the stays, parked and past",
		Example: "  etcp-mock orders\n  etcp-mock orders --plate 渝ATX061 --state owing\n  etcp-mock orders -o json | jq '.items[].orderId'",
		Args:    cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			orders, err := all(func(p control.Page) (control.List[control.Order], error) {
				return r.world().Orders(cmd.Context(), f, p)
			})
			if err != nil {
				return err
			}
			p := printerOf(cmd)
			return cli.PrintList(p.Printer, orders, "no stays yet; drive a car in: etcp-mock enter 渝ATX061", []cli.Column[control.Order]{
				{Title: "PLATE", Cell: func(o control.Order) string { return p.Bold(cli.Clean(o.PlateNumber)) }},
				{Title: "STATE", Cell: func(o control.Order) string { return p.state(o.State) }},
				{Title: "CAR PARK", Cell: func(o control.Order) string { return cli.Clean(o.ParkingName) }},
				{Title: "ENTERED", Cell: func(o control.Order) string { return o.EntranceTime.String() }},
				{Title: "LEFT", Cell: func(o control.Order) string { return o.ExitTime.String() }},
				{Title: "FEE", Right: true, Cell: func(o control.Order) string { return o.ParkingFee.String() }},
				{Title: "REMAINING", Right: true, Cell: func(o control.Order) string { return o.RemainingFee.String() }},
				{Title: "ORDER", Cell: func(o control.Order) string { return o.OrderID }},
			})
		},
	}
	r.flags(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().StringVar(&f.PlateNumber, "plate", "", "only those of a plate")
	cmd.Flags().StringVar(&f.State, "state", "", "only parked, left or owing ones")
	return cmd
}

// state colours the states of stays and pushes: what is over, what goes on, what went wrong.
func (p *printer) state(state string) string {
	switch state {
	case control.Left, control.PushDelivered, control.Passed:
		return p.Green(state)
	case control.Parked, control.PushPending, control.Running:
		return p.Blue(state)
	}
	return p.Red(state)
}

// all gathers every page of a listing.
func all[T any](list func(control.Page) (control.List[T], error)) ([]T, error) {
	items := []T{}
	for item, err := range control.All(list) {
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// newest gathers the n newest of a listing, or all of it for 0, and gives them oldest first.
func newest[T any](n int, list func(control.Page) (control.List[T], error)) ([]T, error) {
	if n == 0 {
		return all(list)
	}
	const most = 1000
	items := []T{}
	for page := (control.Page{Newest: true}); len(items) < n; {
		page.Limit = min(n-len(items), most)
		got, err := list(page)
		if err != nil {
			return nil, err
		}
		items = append(items, got.Items...)
		if got.Next == "" {
			break
		}
		page.After = got.Next
	}
	reversed := make([]T, 0, len(items))
	for _, item := range slices.Backward(items) {
		reversed = append(reversed, item)
	}
	return reversed, nil
}

func newSMS() *cobra.Command {
	var r remote
	cmd := &cobra.Command{
		Use:     "sms PHONE",
		Short:   "Show the newest SMS code of a phone",
		Long:    "Show the newest code that was sent to a phone (§9.1), which a real user would read off the screen.",
		Example: "  etcp-mock sms 13800000001\n  code=$(etcp-mock sms 13800000001 -o json | jq -r .code)",
		Args:    cli.Args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			sms, err := r.world().SMS(cmd.Context(), given[0])
			if control.IsNotFound(err) && strings.Contains(err.Error(), "SMS") {
				return fmt.Errorf("%w (ask for one: etcp-mock call uservalidatecode mobilePhone=%s)", err, given[0])
			}
			if err != nil {
				return err
			}
			p := printerOf(cmd)
			if p.JSON {
				return p.Object(sms)
			}
			used := "no"
			if sms.Used {
				used = "yes"
			}
			p.Card(cli.Field{"code", p.Bold(sms.Code)}, cli.Field{"sent", sms.SentAt.String()}, cli.Field{"expires", sms.ExpiresAt.String()}, cli.Field{"used", used})
			return nil
		},
	}
	r.flags(cmd)
	cli.OutputFlag(cmd)
	return cmd
}
