package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

func newPushes() *cobra.Command {
	cmd := newPushesList("pushes")
	cmd.Short = "List, trigger and redeliver pushes"
	cmd.AddCommand(newPushesList("list"), newPushesShow(), newPushesTrigger(), newPushesRedeliver(), newPushesDrain())
	return cmd
}

func newPushesList(use string) *cobra.Command {
	var r remote
	var f control.PushFilter
	var kind string
	var limit int
	cmd := &cobra.Command{
		Use: use, Short: "List the pushes", Args: cli.NoArgs,
		Example: "  etcp-mock pushes\n  etcp-mock pushes list --status failed\n  etcp-mock pushes list --plate 渝ATX061 --kind exit -o json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			f.Kind = client.Kind(kind)
			pushes, err := newest(limit, func(p control.Page) (control.List[control.Push], error) { return r.world().Pushes(cmd.Context(), f, p) })
			if err != nil {
				return err
			}
			return printPushes(printerOf(cmd), pushes)
		},
	}
	r.flags(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().StringVar(&kind, "kind", "", "only entry, exit, unbind or certification-invalid")
	cmd.Flags().StringVar(&f.MerchantNo, "merchant", "", "only those to a merchant")
	cmd.Flags().StringVar(&f.PlateNumber, "plate", "", "only those of a plate, the real one")
	cmd.Flags().StringVar(&f.Status, "status", "", "only pending, delivered or failed ones")
	cmd.Flags().IntVar(&limit, "limit", 50, "the newest `n`; 0 for all")
	return cmd
}

func printPushes(p *printer, pushes []control.Push) error {
	none := "no pushes; a merchant gets some when it has a push URL and a plate is bound through it (try: etcp-mock listen)"
	return cli.PrintList(p.Printer, pushes, none, []cli.Column[control.Push]{
		{Title: "ID", Cell: func(x control.Push) string { return p.Bold(x.ID) }},
		{Title: "KIND", Cell: func(x control.Push) string { return string(x.Kind) }},
		{Title: "STATUS", Cell: func(x control.Push) string { return p.state(x.Status) }},
		{Title: "PLATE", Cell: func(x control.Push) string { return cli.Clean(x.PlateNumber) }},
		{Title: "MERCHANT", Cell: func(x control.Push) string { return cli.Clean(x.MerchantNo) }},
		{Title: "CREATED", Cell: func(x control.Push) string { return x.CreatedAt.String() }},
		{Title: "TRIES", Right: true, Cell: func(x control.Push) string { return strconv.Itoa(len(x.Attempts)) }},
		{Title: "LAST", Cell: func(x control.Push) string { return cli.Fit(lastAttempt(x), 60) }},
	})
}

// lastAttempt is how the newest attempt went.
func lastAttempt(x control.Push) string {
	if len(x.Attempts) == 0 {
		return ""
	}
	text := attemptText(x.Attempts[len(x.Attempts)-1])
	if !x.NextAttemptAt.IsZero() {
		text += "; next " + x.NextAttemptAt.String()
	}
	return text
}

func attemptText(a control.Attempt) string {
	if a.Error != "" {
		return cli.Clean(a.Error)
	}
	return "HTTP " + strconv.Itoa(a.HTTPStatus)
}

func newPushesShow() *cobra.Command {
	var r remote
	cmd := &cobra.Command{
		Use: "show ID", Short: "Show a push: its body, what was signed, every attempt",
		Example: "  etcp-mock pushes show p1",
		Args:    cli.Args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			push, err := r.world().Push(cmd.Context(), given[0])
			if err != nil {
				return err
			}
			return printPush(printerOf(cmd), push)
		},
	}
	r.flags(cmd)
	cli.OutputFlag(cmd)
	return cmd
}

func printPush(p *printer, x control.Push) error {
	if p.JSON {
		return p.Object(x)
	}
	p.Card(
		cli.Field{"push", p.Bold(x.ID) + "  " + string(x.Kind) + "  " + p.state(x.Status)},
		cli.Field{"plate", cli.Clean(x.PlateNumber)}, cli.Field{"merchant", cli.Clean(x.MerchantNo)}, cli.Field{"order", x.OrderID}, cli.Field{"url", cli.Clean(x.URL)},
		cli.Field{"created", x.CreatedAt.String()}, cli.Field{"next attempt", x.NextAttemptAt.String()}, cli.Field{"content type", x.ContentType},
		cli.Field{"signed", cli.Clean(x.Signed)}, cli.Field{"body", cli.Indented([]byte(x.Body))},
	)
	for i, a := range x.Attempts {
		p.Line("")
		p.Card(
			cli.Field{"attempt " + strconv.Itoa(i+1), a.At.String() + fmt.Sprintf("  (%d ms)", a.DurationMs)},
			cli.Field{"outcome", attemptText(a)}, cli.Field{"response", cli.Fit(cli.Clean(a.Response), 500)},
		)
	}
	return nil
}

func newPushesTrigger() *cobra.Command {
	var r remote
	var merchant string
	cmd := &cobra.Command{
		Use: "trigger KIND [FIELD=VALUE…]", Short: "Push to a merchant without anything having happened",
		Long: "Push to a merchant without anything having happened. KIND is entry, exit, unbind or certification-invalid; fields that are\n" +
			"not given are made up, plausibly and from the seed. FIELD=VALUE is a text, FIELD:=VALUE a number.",
		Example: "  etcp-mock pushes trigger entry --merchant-no demo\n  etcp-mock pushes trigger exit plateNumber=渝ATX061 receivableFee:=8",
		Args:    cli.Args(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			fields, err := parsePairs(given[1:])
			if err != nil {
				return err
			}
			if merchant, err = merchantOr(cmd.Context(), r.world(), merchant); err != nil {
				return err
			}
			push, err := r.world().TriggerPush(cmd.Context(), control.Trigger{MerchantNo: merchant, Kind: client.Kind(given[0]), Fields: fields.values()})
			if err != nil {
				return err
			}
			return printPush(printerOf(cmd), push)
		},
		ValidArgs: []string{"entry", "exit", "unbind", "certification-invalid"},
	}
	r.flags(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().StringVar(&merchant, "merchant-no", "", "`number` of the merchant (default: the sandbox's first)")
	return cmd
}

func newPushesRedeliver() *cobra.Command {
	var r remote
	cmd := &cobra.Command{
		Use: "redeliver ID…", Short: "Send pushes once more, byte for byte",
		Example: "  etcp-mock pushes redeliver p1",
		Args:    cli.Args(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			for _, id := range given {
				if err := r.world().Redeliver(cmd.Context(), id); err != nil {
					return fmt.Errorf("push %s: %w", id, err)
				}
			}
			p := printerOf(cmd)
			p.Line("%s on the way again; see: etcp-mock pushes show %s", strings.Join(given, ", "), given[0])
			return nil
		},
	}
	r.flags(cmd)
	return cmd
}

func newPushesDrain() *cobra.Command {
	var r remote
	var timeout time.Duration
	cmd := &cobra.Command{
		Use: "drain", Short: "Wait until no push is due or on its way",
		Long: "Wait, in real time, until no attempt is due or in flight. Retries that fall due later on the sandbox's clock do not count:\n" +
			"an advance of the clock brings those. Exits 1 when the time is over.",
		Example: "  etcp-mock pushes drain --timeout 5s",
		Args:    cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := r.world().DrainPushes(cmd.Context(), timeout)
			if err != nil {
				return err
			}
			printerOf(cmd).Line("nothing is due")
			return nil
		},
	}
	r.flags(cmd)
	cmd.Flags().DurationVar(&timeout, "timeout", 5*time.Second, "how long to wait")
	return cmd
}

// pairs are KEY=VALUE arguments in their order.
type pairs []pair

type pair struct {
	key string
	raw json.RawMessage
}

// parsePairs reads KEY=TEXT and KEY:=JSON arguments.
func parsePairs(given []string) (pairs, error) {
	out := pairs{}
	for _, arg := range given {
		key, value, found := strings.Cut(arg, "=")
		if !found || key == "" || key == ":" {
			return nil, cli.Usagef("%q: want KEY=VALUE for a text, or KEY:=VALUE for a number or other JSON", arg)
		}
		if name, is := strings.CutSuffix(key, ":"); is {
			if !json.Valid([]byte(value)) {
				return nil, cli.Usagef("%q: what stands behind := is JSON; a text is written %s=%s", arg, name, value)
			}
			out = append(out, pair{name, json.RawMessage(value)})
			continue
		}
		raw, err := marshal(value)
		if err != nil {
			return nil, err
		}
		out = append(out, pair{key, raw})
	}
	return out, nil
}

// values are the pairs without their order. A dot in a key makes an object in an object.
func (ps pairs) values() map[string]any {
	if len(ps) == 0 {
		return nil
	}
	out := map[string]any{}
	for _, p := range ps {
		inner, key := out, p.key
		for {
			head, rest, nested := strings.Cut(key, ".")
			if !nested || head == "" || rest == "" {
				break
			}
			next, ok := inner[head].(map[string]any)
			if !ok {
				next = map[string]any{}
				inner[head] = next
			}
			inner, key = next, rest
		}
		inner[key] = p.raw
	}
	return out
}

// object is the pairs as a compact JSON object in their order.
func (ps pairs) object() string {
	var b strings.Builder
	b.WriteByte('{')
	for i, p := range ps {
		if i > 0 {
			b.WriteByte(',')
		}
		name, _ := marshal(p.key)
		b.Write(name)
		b.WriteByte(':')
		b.Write(p.raw)
	}
	b.WriteByte('}')
	return b.String()
}

// marshal is a value as JSON without escapes for HTML.
func marshal(v any) (json.RawMessage, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return json.RawMessage(strings.TrimSuffix(b.String(), "\n")), nil
}
