package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

func newRequests() *cobra.Command {
	cmd := newRequestsList("requests")
	cmd.Short = "Read the journal: what was asked, what was answered, and why"
	cmd.AddCommand(newRequestsList("list"), newRequestsShow(), newRequestsClear())
	return cmd
}

type requestsFlags struct {
	filter  control.RequestFilter
	code    string
	limit   int
	follow  bool
	refused bool
}

func newRequestsList(use string) *cobra.Command {
	var r remote
	var f requestsFlags
	cmd := &cobra.Command{
		Use: use, Short: "List the journal", Args: cli.NoArgs,
		Long:    "List the journal, the newest last. Under each request that was refused stands why.",
		Example: "  etcp-mock requests\n  etcp-mock requests --refused --follow\n  etcp-mock requests list --endpoint orderpaid --code 20206 -o json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.code != "" {
				code, err := strconv.Atoi(f.code)
				if err != nil {
					return cli.Usagef("--code %q is no number", f.code)
				}
				f.filter.Code = &code
			}
			return listRequests(cmd, &r, f)
		},
	}
	r.flags(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().StringVar(&f.filter.Endpoint, "endpoint", "", "only those to an endpoint")
	cmd.Flags().StringVar(&f.filter.MerchantNo, "merchant", "", "only those of a merchant")
	cmd.Flags().StringVar(&f.code, "code", "", "only those answered with a `code`")
	cmd.Flags().StringVar(&f.filter.Lint, "lint", "", "only those with a `lint`, by its rule; any for whichever")
	cmd.Flags().BoolVar(&f.refused, "refused", false, "only those that were refused")
	cmd.Flags().IntVar(&f.limit, "limit", 50, "the newest `n`; 0 for all")
	cmd.Flags().BoolVarP(&f.follow, "follow", "f", false, "then wait for more, until interrupted; with --output json one object a line")
	return cmd
}

func listRequests(cmd *cobra.Command, r *remote, f requestsFlags) error {
	p := printerOf(cmd)
	var events iter.Seq2[control.Event, error]
	if f.follow { // joined first, so that nothing is lost between the list and the stream
		var err error
		if events, err = r.world().Follow(cmd.Context(), ""); err != nil {
			return err
		}
		following(cmd, r)
	}
	requests, err := newest(f.limit, func(page control.Page) (control.List[control.Request], error) {
		return r.world().Requests(cmd.Context(), f.filter, page)
	})
	if err != nil {
		return err
	}
	if f.refused {
		requests = refusedOnly(requests)
	}
	if !f.follow {
		return printRequests(p, requests)
	}
	seen := map[string]bool{}
	for _, q := range requests {
		seen[q.ID] = true
		if err := p.followed(q); err != nil {
			return err
		}
	}
	for event, err := range events {
		if err != nil {
			return streamEnd(cmd.Context(), err)
		}
		if event.Kind == control.EventReset {
			clear(seen)
		}
		var q control.Request
		if event.Kind != control.EventRequest || json.Unmarshal(event.Data, &q) != nil || seen[q.ID] || !f.wants(q) {
			continue
		}
		if err := p.followed(q); err != nil {
			return err
		}
	}
	return nil
}

// streamEnd is nothing where the user has ended the stream.
func streamEnd(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	if _, refused := errors.AsType[*control.ProblemError](err); refused {
		return err
	}
	return fmt.Errorf("the stream of events broke off: %w", err)
}

func (f requestsFlags) wants(q control.Request) bool {
	lint := f.filter.Lint == ""
	for _, l := range q.Lints {
		lint = lint || l.Rule == f.filter.Lint || f.filter.Lint == "any" || f.filter.Lint == "true"
	}
	return lint && (f.filter.Endpoint == "" || f.filter.Endpoint == q.Endpoint) &&
		(f.filter.MerchantNo == "" || f.filter.MerchantNo == q.MerchantNo) &&
		(f.filter.Code == nil || *f.filter.Code == q.Code) && (!f.refused || q.Code != 0)
}

func refusedOnly(all []control.Request) []control.Request {
	out := []control.Request{}
	for _, q := range all {
		if q.Code != 0 {
			out = append(out, q)
		}
	}
	return out
}

// why is a request's explanation without the fix that it ends with, which is shown apart.
func (p *printer) why(q control.Request) string {
	why := p.either(q.Explanation, q.ExplanationZh)
	if fix := p.either(q.Fix, q.FixZh); fix != "" {
		why = strings.TrimSuffix(strings.TrimSuffix(why, "."), "。")
		why = strings.TrimSpace(strings.TrimSuffix(why, strings.TrimRight(fix, ".。")))
	}
	return cli.Clean(why)
}

// fix is what to do about a request that was refused.
func (p *printer) fix(q control.Request) string { return cli.Clean(p.either(q.Fix, q.FixZh)) }

// either is the text in the language of the terminal.
func (p *printer) either(en, zh string) string {
	if p.Chinese && zh != "" {
		return zh
	}
	return en
}

func (p *printer) code(code int) string {
	if code == 0 {
		return p.Green("0")
	}
	return p.Red(strconv.Itoa(code))
}

func (p *printer) followed(q control.Request) error {
	if p.JSON {
		return p.Compact(q)
	}
	p.Line("%s", p.requestLine(q))
	if why := p.why(q); why != "" && q.Code != 0 {
		p.Line("    %s", p.Yellow(why))
		if fix := p.fix(q); fix != "" {
			p.Line("    %s", p.Green("fix: "+fix))
		}
	}
	for _, l := range q.Lints {
		p.Line("    %s", p.Dim("lint "+cli.Clean(l.Rule+": "+l.Detail)))
	}
	return nil
}

// requestLine is a request in one line.
func (p *printer) requestLine(q control.Request) string {
	return strings.TrimRight(fmt.Sprintf("%s  %s  %s  %s  %s  %s", p.Dim(q.At.String()), cli.Pad(q.ID, 5), cli.Pad(cli.Clean(q.Endpoint), 18),
		cli.Pad(p.code(q.Code), 5), cli.Clean(q.MerchantNo), p.Red(cli.Clean(q.Reason))), " ")
}

func printRequests(p *printer, requests []control.Request) error {
	err := cli.PrintList(p.Printer, requests, "nothing was asked yet", []cli.Column[control.Request]{
		{Title: "ID", Cell: func(q control.Request) string { return p.Bold(q.ID) }},
		{Title: "AT", Cell: func(q control.Request) string { return q.At.String() }},
		{Title: "ENDPOINT", Cell: func(q control.Request) string { return cli.Clean(q.Endpoint) }},
		{Title: "MERCHANT", Cell: func(q control.Request) string { return cli.Fit(cli.Clean(q.MerchantNo), 20) }},
		{Title: "CODE", Right: true, Cell: func(q control.Request) string { return p.code(q.Code) }},
		{Title: "LINTS", Right: true, Cell: func(q control.Request) string { return countText(len(q.Lints)) }},
		{Title: "REASON", Cell: func(q control.Request) string { return cli.Fit(cli.Clean(q.Reason), 60) }},
	})
	if err != nil || p.JSON {
		return err
	}
	refused := refusedOnly(requests)
	if len(refused) > 0 {
		p.Line("")
	}
	for _, q := range refused {
		p.Line("%s  %s", p.Bold(q.ID), p.Yellow(p.why(q)))
	}
	return nil
}

func countText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func newRequestsShow() *cobra.Command {
	var r remote
	cmd := &cobra.Command{
		Use: "show ID", Short: "Show a request and the whole explanation",
		Long:    "Show a request of the journal. Its id is in the answer's header X-Mock-Request-Id.",
		Example: "  etcp-mock requests show r7",
		Args:    cli.Args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			q, err := r.world().Request(cmd.Context(), given[0])
			if err != nil {
				return err
			}
			p := printerOf(cmd)
			if p.JSON {
				return p.Object(q)
			}
			p.request(q)
			return nil
		},
	}
	r.flags(cmd)
	cli.OutputFlag(cmd)
	return cmd
}

func (p *printer) request(q control.Request) {
	data := string(q.Data)
	var text string
	if json.Unmarshal(q.Data, &text) == nil {
		data = text
	}
	lints := make([]string, len(q.Lints))
	for i, l := range q.Lints {
		lints[i] = cli.Clean(l.Rule + ": " + l.Detail)
	}
	p.Card(
		cli.Field{"request", p.Bold(q.ID) + "  " + cli.Clean(q.Method+" "+q.Endpoint)},
		cli.Field{"at", q.At.String()}, cli.Field{"merchant", cli.Clean(q.MerchantNo)}, cli.Field{"time_stamp", cli.Clean(q.TimeStamp)}, cli.Field{"sign", cli.Clean(q.Sign)},
		cli.Field{"data", cli.Indented([]byte(data))},
		cli.Field{"code", p.code(q.Code)}, cli.Field{"reason", p.Red(cli.Clean(q.Reason))}, cli.Field{"why", p.Yellow(p.why(q))}, cli.Field{"fix", p.Green(p.fix(q))},
		cli.Field{"lints", strings.Join(lints, "\n")},
		cli.Field{"answer", cli.Indented([]byte(q.Response))},
		cli.Field{"took", strconv.FormatInt(q.DurationMicros, 10) + " µs"},
	)
}

func newRequestsClear() *cobra.Command {
	var r remote
	cmd := &cobra.Command{
		Use: "clear", Short: "Empty the journal", Args: cli.NoArgs, Example: "  etcp-mock requests clear",
		RunE: func(cmd *cobra.Command, _ []string) error { return r.world().ClearRequests(cmd.Context()) },
	}
	r.flags(cmd)
	return cmd
}
