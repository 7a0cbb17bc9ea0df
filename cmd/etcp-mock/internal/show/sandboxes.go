package show

import (
	"encoding/json"
	"strconv"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// Difference prints what a thing was and is, each on a line of its own.
func (p *Printer) Difference(d control.Difference) {
	p.Line("%s %s", p.Bold(d.Kind), cli.Clean(d.Key))
	side := func(sign string, paint func(string) string, value json.RawMessage) {
		if text := string(value); text != "" && text != "null" {
			p.Line("  %s", paint(sign+" "+cli.Clean(text)))
		}
	}
	side("-", p.Red, d.Before)
	side("+", p.Green, d.After)
}

// Sandbox prints a sandbox with its merchants and their keys.
func Sandbox(p *Printer, s control.SandboxDetail) error {
	if p.JSON {
		return p.Object(s)
	}
	card := []cli.Field{{"sandbox", p.Bold(s.ID)}, {"seed", strconv.FormatUint(s.Seed, 10)}, {"now", s.Now.String()}}
	for _, m := range s.Merchants {
		card = append(card, cli.Field{"merchant", p.Bold(cli.Clean(m.MerchantNo))}, cli.Field{"key", cli.Clean(m.MerchantKey)}, cli.Field{"push URL", cli.Clean(m.PushURL)})
	}
	p.Card(card...)
	return nil
}
