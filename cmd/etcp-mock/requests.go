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
		Use: use, Short: "List the journal", Args: noArgs,
		Long:    "List the journal, the newest last. Under each request that was refused stands why.",
		Example: "  etcp-mock requests\n  etcp-mock requests --refused --follow\n  etcp-mock requests list --endpoint orderpaid --code 20206 -o json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.code != "" {
				code, err := strconv.Atoi(f.code)
				if err != nil {
					return usagef("--code %q is no number", f.code)
				}
				f.filter.Code = &code
			}
			return listRequests(cmd, &r, f)
		},
	}
	r.flags(cmd)
	outputFlag(cmd)
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

func (p *printer) why(q control.Request) string {
	if p.zh && q.ExplanationZh != "" {
		return clean(q.ExplanationZh)
	}
	return clean(q.Explanation)
}

func (p *printer) code(code int) string {
	if code == 0 {
		return p.green("0")
	}
	return p.red(strconv.Itoa(code))
}

func (p *printer) followed(q control.Request) error {
	if p.json {
		return p.compact(q)
	}
	p.line("%s", p.requestLine(q))
	if why := p.why(q); why != "" && q.Code != 0 {
		p.line("    %s", p.yellow(why))
	}
	for _, l := range q.Lints {
		p.line("    %s", p.dim("lint "+clean(l.Rule+": "+l.Detail)))
	}
	return nil
}

// requestLine is a request in one line.
func (p *printer) requestLine(q control.Request) string {
	return strings.TrimRight(fmt.Sprintf("%s  %s  %s  %s  %s  %s", p.dim(q.At.String()), pad(q.ID, 5), pad(clean(q.Endpoint), 18),
		pad(p.code(q.Code), 5), clean(q.MerchantNo), p.red(clean(q.Reason))), " ")
}

func printRequests(p *printer, requests []control.Request) error {
	err := printList(p, requests, "nothing was asked yet", []column[control.Request]{
		{title: "ID", cell: func(q control.Request) string { return p.bold(q.ID) }},
		{title: "AT", cell: func(q control.Request) string { return q.At.String() }},
		{title: "ENDPOINT", cell: func(q control.Request) string { return clean(q.Endpoint) }},
		{title: "MERCHANT", cell: func(q control.Request) string { return fit(clean(q.MerchantNo), 20) }},
		{title: "CODE", right: true, cell: func(q control.Request) string { return p.code(q.Code) }},
		{title: "LINTS", right: true, cell: func(q control.Request) string { return countText(len(q.Lints)) }},
		{title: "REASON", cell: func(q control.Request) string { return fit(clean(q.Reason), 60) }},
	})
	if err != nil || p.json {
		return err
	}
	refused := refusedOnly(requests)
	if len(refused) > 0 {
		p.line("")
	}
	for _, q := range refused {
		p.line("%s  %s", p.bold(q.ID), p.yellow(p.why(q)))
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
		Args:    args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			q, err := r.world().Request(cmd.Context(), given[0])
			if err != nil {
				return err
			}
			p := printerOf(cmd)
			if p.json {
				return p.object(q)
			}
			p.request(q)
			return nil
		},
	}
	r.flags(cmd)
	outputFlag(cmd)
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
		lints[i] = clean(l.Rule + ": " + l.Detail)
	}
	p.card(
		field{"request", p.bold(q.ID) + "  " + clean(q.Method+" "+q.Endpoint)},
		field{"at", q.At.String()}, field{"merchant", clean(q.MerchantNo)}, field{"time_stamp", clean(q.TimeStamp)}, field{"sign", clean(q.Sign)},
		field{"data", indented([]byte(data))},
		field{"code", p.code(q.Code)}, field{"reason", p.red(clean(q.Reason))}, field{"why", p.yellow(p.why(q))},
		field{"lints", strings.Join(lints, "\n")},
		field{"answer", indented([]byte(q.Response))},
		field{"took", strconv.FormatInt(q.DurationMicros, 10) + " µs"},
	)
}

func newRequestsClear() *cobra.Command {
	var r remote
	cmd := &cobra.Command{
		Use: "clear", Short: "Empty the journal", Args: noArgs, Example: "  etcp-mock requests clear",
		RunE: func(cmd *cobra.Command, _ []string) error { return r.world().ClearRequests(cmd.Context()) },
	}
	r.flags(cmd)
	return cmd
}
