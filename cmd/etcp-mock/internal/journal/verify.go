package journal

import (
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/input"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// NewVerify is the command verify.
func NewVerify() *cobra.Command {
	cmd := cli.Group("verify", "Check what was asked and what was pushed; exits 1 where it does not hold", newVerifyRequests(), newVerifyPushes(), newVerifySequence())
	cmd.Long = "Check that your system asked for what it should, or that pushes went out. Exits 0 where it holds and 1 where it does not, and\n" +
		"then names what came nearest and where it differs: a shell test needs nothing else.\n\n" +
		"KEY=VALUE is a text that data (or a push's body) must hold, KEY:=VALUE a number or other JSON; a.b=c looks inside of a."
	return cmd
}

// countFlags say how many are wanted.
type countFlags struct {
	exactly, least, most int
	within               time.Duration
}

func (f *countFlags) flags(cmd *cobra.Command) {
	cmd.Flags().IntVar(&f.exactly, "count", -1, "exactly `n`")
	cmd.Flags().IntVar(&f.least, "min", -1, "at least `n` (default 1, or 0 with --max)")
	cmd.Flags().IntVar(&f.most, "max", -1, "at most `n`; 0 for never")
	cmd.Flags().DurationVar(&f.within, "within", 0, "wait for it on the server, in real time")
}

func (f *countFlags) count() (*control.Count, error) {
	if f.exactly >= 0 {
		if f.least >= 0 || f.most >= 0 {
			return nil, cli.Usagef("either --count, or --min and --max")
		}
		return &control.Count{Min: &f.exactly, Max: &f.exactly}, nil
	}
	if f.least < 0 && f.most < 0 {
		return nil, nil //nolint:nilnil // no wish is the server's default
	}
	count := &control.Count{}
	if f.least >= 0 {
		count.Min = &f.least
	}
	if f.most >= 0 {
		count.Max = &f.most
	}
	return count, nil
}

func newVerifyRequests() *cobra.Command {
	var r remote.Flags
	var want control.RequestWant
	var counts countFlags
	var code string
	cmd := &cobra.Command{
		Use: "requests [KEY=VALUE…]", Short: "Check what was asked",
		Example: "  etcp-mock verify requests --endpoint orderpaid --code 0 payment=8 --within 5s\n" +
			"  etcp-mock verify requests --endpoint unbindcar --max 0",
		RunE: func(cmd *cobra.Command, given []string) error {
			data, err := input.ParsePairs(given)
			if err != nil {
				return err
			}
			if want.Count, err = counts.count(); err != nil {
				return err
			}
			if code != "" {
				n, err := strconv.Atoi(code)
				if err != nil {
					return cli.Usagef("--code %q is no number", code)
				}
				want.Code = &n
			}
			want.ByValue = true // payment=10 is the 10.0 that was sent
			want.Data, want.Within = data.Values(), control.Duration(counts.within)
			result, err := r.Sandbox().VerifyRequests(cmd.Context(), want)
			return printVerification(cmd, "request", "requests", result, err)
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	counts.flags(cmd)
	cmd.Flags().StringVar(&want.Endpoint, "endpoint", "", "asked of this endpoint")
	cmd.Flags().StringVar(&want.MerchantNo, "merchant", "", "by this merchant")
	cmd.Flags().StringVar(&code, "code", "", "answered with this `code`")
	return cmd
}

func newVerifyPushes() *cobra.Command {
	var r remote.Flags
	var want control.PushWant
	var counts countFlags
	var kind string
	cmd := &cobra.Command{
		Use: "pushes [KEY=VALUE…]", Short: "Check what was pushed",
		Example: "  etcp-mock verify pushes --kind exit --status delivered receivableFee:=8 --within 5s",
		RunE: func(cmd *cobra.Command, given []string) error {
			body, err := input.ParsePairs(given)
			if err != nil {
				return err
			}
			if want.Count, err = counts.count(); err != nil {
				return err
			}
			want.ByValue = true
			want.Kind, want.Body, want.Within = client.Kind(kind), body.Values(), control.Duration(counts.within)
			result, err := r.Sandbox().VerifyPushes(cmd.Context(), want)
			return printVerification(cmd, "push", "pushes", result, err)
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	counts.flags(cmd)
	cmd.Flags().StringVar(&kind, "kind", "", "entry, exit, unbind or certification-invalid")
	cmd.Flags().StringVar(&want.MerchantNo, "merchant", "", "to this merchant")
	cmd.Flags().StringVar(&want.PlateNumber, "plate", "", "of this plate, the real one")
	cmd.Flags().StringVar(&want.Status, "status", "", "pending, delivered or failed")
	return cmd
}

func verdictOf(p *show.Printer, holds bool) string {
	if holds {
		return p.Green(p.In("holds"))
	}
	return p.Red(p.In("does not hold"))
}

// printVerification says whether it holds; where it does not, what came near.
func printVerification(cmd *cobra.Command, one, what string, v control.Verification, err error) error {
	if err != nil {
		return err
	}
	p := show.Of(cmd)
	if p.JSON {
		if err := p.Object(v); err != nil {
			return err
		}
	} else {
		verdict := verdictOf(p, v.OK)
		if detail := p.Either(v.Detail, v.DetailZh); detail != "" {
			p.Line("%s%s%s", verdict, p.Either(": ", "："), cli.Clean(detail))
		} else if v.Matched == 1 {
			p.Line("%s: 1 %s matches", verdict, p.In(one))
		} else {
			p.Line("%s: %d %s match", verdict, v.Matched, p.In(what))
		}
		if !v.OK {
			if hint := p.Either(v.Hint, v.HintZh); hint != "" {
				p.Line("  hint: %s", cli.Clean(hint))
			}
			p.Nearest(what, v.Nearest)
		}
	}
	if !v.OK {
		return cli.ExitCode(cli.ExitFailed)
	}
	return nil
}
