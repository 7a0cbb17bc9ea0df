package show

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// Failures prints what a sandbox refused, and which of its pushes were not delivered.
func (p *Printer) Failures(sandbox string, requests []control.Request, pushes []control.Push) error {
	refused := refusedOnly(requests)
	lost := []control.Push{}
	for _, x := range pushes {
		if x.Status != control.PushDelivered {
			lost = append(lost, x)
		}
	}
	if len(refused) > 0 {
		p.Line("\netcp-mock: sandbox %s refused %d of %d requests", sandbox, len(refused), len(requests))
	}
	for _, q := range refused {
		if err := p.Followed(q); err != nil {
			return err
		}
	}
	if len(lost) == 0 {
		return nil
	}
	p.Line("\netcp-mock: sandbox %s did not deliver %d of %d pushes", sandbox, len(lost), len(pushes))
	return Pushes(p, lost, true)
}

// refusedOnly are the requests that were not answered with code 0.
func refusedOnly(all []control.Request) []control.Request {
	out := []control.Request{}
	for _, q := range all {
		if q.Code != 0 {
			out = append(out, q)
		}
	}
	return out
}

// Why is a request's explanation without the fix that it ends with, which is shown apart.
func (p *Printer) Why(q control.Request) string {
	why := p.Either(q.Explanation, q.ExplanationZh)
	if fix := p.Either(q.Fix, q.FixZh); fix != "" {
		why = strings.TrimSuffix(strings.TrimSuffix(why, "."), "。")
		why = strings.TrimSpace(strings.TrimSuffix(why, strings.TrimRight(fix, ".。")))
	}
	return cli.Clean(why)
}

// Kinds are the stable words of what was found to be wrong.
func (p *Printer) Kinds(found []control.Diagnosis) string {
	kinds := make([]string, len(found))
	for i, d := range found {
		kinds[i] = cli.Clean(d.Kind)
	}
	return p.Yellow(strings.Join(kinds, ", "))
}

// fixes are what to do about what was found to be wrong.
func (p *Printer) fixes(found []control.Diagnosis) string {
	fixes := make([]string, len(found))
	for i, d := range found {
		fixes[i] = p.Green(cli.Clean(p.Either(d.Fix, d.FixZh)))
	}
	return strings.Join(fixes, "\n")
}

// Fix is what to do about a request that was refused.
func (p *Printer) Fix(q control.Request) string { return cli.Clean(p.Either(q.Fix, q.FixZh)) }

func (p *Printer) code(code int) string {
	if code == 0 {
		return p.Green("0")
	}
	return p.Red(strconv.Itoa(code))
}

// Followed prints a request in one line, with why it was refused and its lints below.
func (p *Printer) Followed(q control.Request) error {
	if p.JSON {
		return p.Compact(q)
	}
	p.Line("%s", p.requestLine(q))
	if why := p.Why(q); why != "" && q.Code != 0 {
		p.Line("    %s", p.Yellow(why))
		if fix := p.Fix(q); fix != "" {
			p.Line("    %s", p.Green(p.Phrase("fix: %s", fix)))
		}
	}
	for _, l := range q.Lints {
		p.Line("    %s", p.Dim(p.Phrase("lint %s", p.Lint(l))))
	}
	return nil
}

// Lint is a lint of a request: its rule, and what was seen.
func (p *Printer) Lint(l control.Lint) string {
	return cli.Clean(l.Rule + p.Either(": ", "：") + p.Either(l.Detail, l.DetailZh))
}

// requestLine is a request in one line.
func (p *Printer) requestLine(q control.Request) string {
	return strings.TrimRight(fmt.Sprintf("%s  %s  %s  %s  %s  %s", p.Dim(q.At.String()), cli.Pad(cli.Clean(q.ID), 5), cli.Pad(cli.Clean(q.Endpoint), 18),
		cli.Pad(p.code(q.Code), 5), cli.Clean(q.MerchantNo), p.Red(cli.Clean(q.Reason))), " ")
}

// Requests prints requests as a table, and why those that were refused were; filtered: there may be others.
func Requests(p *Printer, requests []control.Request, filtered bool) error {
	none := "nothing was asked yet"
	if filtered {
		none = "no request is like that"
	}
	err := cli.PrintList(p.Printer, requests, none, []cli.Column[control.Request]{
		{Title: "ID", Cell: func(q control.Request) string { return p.Bold(cli.Clean(q.ID)) }},
		{Title: "AT", Cell: func(q control.Request) string { return q.At.String() }},
		{Title: "ENDPOINT", Cell: func(q control.Request) string { return cli.Clean(q.Endpoint) }},
		{Title: "MERCHANT", Cell: func(q control.Request) string { return cli.Clean(q.MerchantNo) }},
		{Title: "CODE", Right: true, Cell: func(q control.Request) string { return p.code(q.Code) }},
		{Title: "LINTS", Right: true, Cell: func(q control.Request) string { return countText(len(q.Lints)) }},
		{Title: "REASON", Cell: func(q control.Request) string { return cli.Clean(q.Reason) }},
	})
	if err != nil || p.JSON {
		return err
	}
	refused := refusedOnly(requests)
	if len(refused) > 0 {
		p.Line("")
	}
	for _, q := range refused {
		p.Line("%s  %s", p.Bold(cli.Clean(q.ID)), p.Yellow(p.Why(q)))
	}
	return nil
}

func countText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// Request prints a request whole.
func (p *Printer) Request(q control.Request) {
	data := string(q.Data)
	var text string
	if json.Unmarshal(q.Data, &text) == nil {
		data = text
	}
	lints := make([]string, len(q.Lints))
	for i, l := range q.Lints {
		lints[i] = p.Lint(l)
	}
	p.Card(
		cli.Field{"request", p.Bold(cli.Clean(q.ID)) + "  " + cli.Clean(q.Method+" "+q.Endpoint)},
		cli.Field{"at", q.At.String()}, cli.Field{"merchant", cli.Clean(q.MerchantNo)}, cli.Field{"time_stamp", cli.Clean(q.TimeStamp)}, cli.Field{"sign", cli.Clean(q.Sign)},
		cli.Field{"phone", cli.Clean(q.Phone)}, cli.Field{"plate", cli.Clean(q.PlateNumber)}, cli.Field{"order", cli.Clean(q.OrderID)},
		cli.Field{"data", cli.Indented([]byte(data))},
		cli.Field{"code", p.code(q.Code)}, cli.Field{"reason", p.Red(cli.Clean(q.Reason))}, cli.Field{"kind", p.Kinds(q.Diagnosis)}, cli.Field{"why", p.Yellow(p.Why(q))}, cli.Field{"fix", p.Green(p.Fix(q))},
		cli.Field{"lints", strings.Join(lints, "\n")},
		cli.Field{"answer", cli.Indented([]byte(q.Response))},
		cli.Field{"took", strconv.FormatInt(q.DurationMicros, 10) + " µs"},
	)
}

// Nearest prints what came nearest to what was to be verified, and where it differs.
func (p *Printer) Nearest(what string, hits []control.NearHit) {
	for _, hit := range hits {
		hit.ID = cli.Clean(hit.ID)
		p.Line("  nearest: %s  (etcp-mock %s show %s)", p.Bold(hit.ID), what, hit.ID)
		for _, differs := range hit.Differs {
			p.Line("    %s", p.Yellow(cli.Clean(p.Said(differs))))
		}
	}
}
