package journal

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/input"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// NewPushes is the command pushes.
func NewPushes() *cobra.Command {
	cmd := newPushesList("pushes")
	cmd.Short = "List, trigger and redeliver pushes"
	cmd.AddCommand(newPushesList("list"), newPushesShow(), newPushesTrigger(), newPushesRedeliver(), newPushesDrain())
	return cmd
}

func newPushesList(use string) *cobra.Command {
	var r remote.Flags
	var f control.PushFilter
	var kind string
	var limit int
	cmd := &cobra.Command{
		Use: use, Short: "List the pushes", Args: cli.NoArgs,
		Example: "  etcp-mock pushes\n  etcp-mock pushes list --status failed\n  etcp-mock pushes list --plate 渝ATX061 --kind exit -o json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			f.Kind = client.Kind(kind)
			pushes, err := remote.Newest(limit, func(p control.Page) (control.List[control.Push], error) {
				return r.Sandbox().Pushes(cmd.Context(), f, p)
			})
			if err != nil {
				return err
			}
			return show.Pushes(show.Of(cmd), pushes, f != control.PushFilter{})
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().StringVar(&kind, "kind", "", "only entry, exit, unbind or certification-invalid")
	cmd.Flags().StringVar(&f.MerchantNo, "merchant", "", "only those to a merchant")
	cmd.Flags().StringVar(&f.PlateNumber, "plate", "", "only those of a plate, the real one")
	cmd.Flags().StringVar(&f.Status, "status", "", "only pending, delivered or failed ones")
	cmd.Flags().IntVar(&limit, "limit", 50, "the newest `n`; 0 for all")
	return cmd
}

func newPushesShow() *cobra.Command {
	var r remote.Flags
	cmd := &cobra.Command{
		Use: "show ID", Short: "Show a push: its body, what was signed, every attempt",
		Example: "  etcp-mock pushes show p1",
		Args:    cli.Args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			push, err := r.Sandbox().Push(cmd.Context(), entryID("p", given[0]))
			if err != nil {
				return err
			}
			p := show.Of(cmd)
			if err := show.Push(p, push); err != nil || p.JSON || push.Status != control.PushPending || push.WaitsFor != "" {
				return err
			}
			clock, err := r.Sandbox().Clock(cmd.Context())
			if err == nil {
				p.FrozenClock(clock, []control.Push{push})
			}
			return err
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	return cmd
}

func newPushesTrigger() *cobra.Command {
	var r remote.Flags
	var merchant string
	cmd := &cobra.Command{
		Use: "trigger KIND [FIELD=VALUE…]", Short: "Push to a merchant without anything having happened",
		Long: "Push to a merchant without anything having happened. KIND is entry, exit, unbind or certification-invalid; fields that are\n" +
			"not given are made up, plausibly and from the seed. FIELD=VALUE is a text, FIELD:=VALUE a number.",
		Example: "  etcp-mock pushes trigger entry --merchant-no demo\n  etcp-mock pushes trigger exit plateNumber=渝ATX061 receivableFee:=8",
		Args:    cli.Args(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			fields, err := input.ParsePairs(given[1:])
			if err != nil {
				return err
			}
			if merchant, err = remote.MerchantNoOr(cmd.Context(), r.Sandbox(), merchant); err != nil {
				return err
			}
			push, err := r.Sandbox().TriggerPush(cmd.Context(), control.Trigger{MerchantNo: merchant, Kind: client.Kind(given[0]), Fields: fields.Values()})
			if err != nil {
				return err
			}
			return show.Push(show.Of(cmd), push)
		},
		ValidArgs: []string{"entry", "exit", "unbind", "certification-invalid"},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().StringVar(&merchant, "merchant-no", "", "`number` of the merchant (default: the sandbox's first)")
	return cmd
}

func newPushesRedeliver() *cobra.Command {
	var r remote.Flags
	cmd := &cobra.Command{
		Use: "redeliver ID…", Short: "Send pushes once more, byte for byte",
		Example: "  etcp-mock pushes redeliver p1",
		Args:    cli.Args(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			for _, id := range given {
				if err := r.Sandbox().Redeliver(cmd.Context(), id); err != nil && strings.HasSuffix(err.Error(), strconv.Quote(id)) {
					return err // it names the push
				} else if err != nil {
					return cli.Errorf("push %s: %w", id, err)
				}
			}
			p := show.Of(cmd)
			p.Line("%s on the way again; see: etcp-mock pushes show %s", given, given[0])
			return nil
		},
	}
	r.Register(cmd)
	return cmd
}

// waitingNote says what pushes wait for: others of their vehicle, or a clock that stands.
func waitingNote(ctx context.Context, p *show.Printer, s *control.Sandbox) error {
	clock, err := s.Clock(ctx)
	if err != nil {
		return err
	}
	pending, err := remote.All(func(page control.Page) (control.List[control.Push], error) {
		return s.Pushes(ctx, control.PushFilter{Status: control.PushPending}, page)
	})
	if err != nil {
		return err
	}
	p.Held(pending)
	p.FrozenClock(clock, pending)
	return nil
}

func newPushesDrain() *cobra.Command {
	var r remote.Flags
	var timeout time.Duration
	cmd := &cobra.Command{
		Use: "drain", Short: "Wait until no push is due or on its way",
		Long: "Wait, in real time, until no attempt is due or in flight. Retries that fall due later on the sandbox's clock do not count:\n" +
			"an advance of the clock brings those. Exits 1 when the time is over.",
		Example: "  etcp-mock pushes drain --timeout 5s",
		Args:    cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := r.Sandbox().DrainPushes(cmd.Context(), timeout)
			if err != nil {
				return err
			}
			p := show.Of(cmd)
			p.Line("%s", p.Either("nothing is due", "没有到期的推送"))
			return waitingNote(cmd.Context(), p, r.Sandbox())
		},
	}
	r.Register(cmd)
	cmd.Flags().DurationVar(&timeout, "timeout", 5*time.Second, "how long to wait")
	return cmd
}
