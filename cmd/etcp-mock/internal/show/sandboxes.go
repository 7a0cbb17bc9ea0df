package show

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// Difference prints what changed of a thing, a field on each line; of one that came (+) or went (-), all that it has.
func (p *Printer) Difference(d control.Difference) {
	title := p.Bold(cli.Clean(d.Kind))
	if d.Key != d.Kind {
		title += " " + cli.Clean(d.Key)
	}
	p.Line("%s", title)
	before, after := fieldsOf(d.Before), fieldsOf(d.After)
	if before == nil && after == nil { // one value
		p.Line("  %s → %s", p.Red(valueOf(d.Before)), p.Green(valueOf(d.After)))
		return
	}
	var changed []string
	width := 0
	for _, name := range slices.Compact(slices.Sorted(slices.Values(append(orderedNames(d.Before), orderedNames(d.After)...)))) {
		if valueOf(before[name]) != valueOf(after[name]) {
			changed, width = append(changed, name), max(width, len(name))
		}
	}
	for _, name := range changed {
		label, was, current := cli.Pad(cli.Clean(name), width), p.Red(valueOf(before[name])), p.Green(valueOf(after[name]))
		switch {
		case after == nil:
			p.Line("  - %s  %s", label, was)
		case before == nil:
			p.Line("  + %s  %s", label, current)
		default:
			p.Line("  %s  %s → %s", label, was, current)
		}
	}
}

// fieldsOf are those of an object; nil where it is none.
func fieldsOf(raw json.RawMessage) (fields map[string]json.RawMessage) {
	if json.Unmarshal(raw, &fields) != nil {
		return nil
	}
	return fields
}

// valueOf is the value of a field as it is read in a line: "-" for none, a text without its quotes.
func valueOf(raw json.RawMessage) string {
	var text string
	if len(raw) == 0 || string(raw) == "null" || string(raw) == `""` {
		return "-"
	}
	if json.Unmarshal(raw, &text) == nil {
		return cli.Clean(text)
	}
	return cli.Clean(string(raw))
}

// Sandbox prints a sandbox with its merchants and their keys.
func Sandbox(p *Printer, s control.SandboxDetail) error {
	if p.JSON {
		return p.Object(s)
	}
	card := []cli.Field{{"sandbox", p.Bold(cli.Clean(s.ID))}, {"seed", strconv.FormatUint(s.Seed, 10)}, {"now", s.Now.String()}}
	for _, m := range s.Merchants {
		card = append(card, cli.Field{"merchant", p.Bold(cli.Clean(m.MerchantNo))}, cli.Field{"key", cli.Clean(m.MerchantKey)}, cli.Field{"push URL", cli.Clean(m.PushURL)})
	}
	p.Card(card...)
	return nil
}
