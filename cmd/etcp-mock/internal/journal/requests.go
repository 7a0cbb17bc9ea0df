// Package journal has the commands that read and check what happened: requests, pushes, tail, verify.
package journal

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/curl"
)

// NewRequests is the command requests.
func NewRequests() *cobra.Command {
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
	var r remote.Flags
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
	r.Register(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().StringVar(&f.filter.Endpoint, "endpoint", "", "only those to an endpoint")
	cmd.Flags().StringVar(&f.filter.MerchantNo, "merchant", "", "only those of a merchant")
	cmd.Flags().StringVar(&f.code, "code", "", "only those answered with a `code`")
	cmd.Flags().StringVar(&f.filter.Phone, "phone", "", "only those of a `phone`, also where they carry only its token")
	cmd.Flags().StringVar(&f.filter.PlateNumber, "plate", "", "only those about a `plate`, also where they carry only an order")
	cmd.Flags().StringVar(&f.filter.OrderID, "order", "", "only those about an `order`")
	cmd.Flags().StringVar(&f.filter.Lint, "lint", "", "only those with a `lint`, by its rule; any for whichever")
	cmd.Flags().BoolVar(&f.refused, "refused", false, "only those that were refused")
	cmd.Flags().IntVar(&f.limit, "limit", 50, "the newest `n`; 0 for all")
	cmd.Flags().BoolVarP(&f.follow, "follow", "f", false, "then wait for more, until interrupted; with --output json one object a line")
	return cmd
}

func listRequests(cmd *cobra.Command, r *remote.Flags, f requestsFlags) error {
	p := show.Of(cmd)
	var events iter.Seq2[control.Event, error]
	if f.follow { // joined first, so that nothing is lost between the list and the stream
		var err error
		if events, err = r.Sandbox().Follow(cmd.Context(), ""); err != nil {
			return err
		}
		following(cmd, r)
	}
	requests, err := remote.NewestOf(f.limit, func(page control.Page) (control.List[control.Request], error) {
		return r.Sandbox().Requests(cmd.Context(), f.filter, page)
	}, func(q control.Request) bool { return !f.refused || q.Code != 0 })
	if err != nil {
		return err
	}
	if !f.follow {
		return show.Requests(p, requests, f.refused || f.filter != control.RequestFilter{})
	}
	seen := map[string]bool{}
	for _, q := range requests {
		seen[q.ID] = true
		if err := p.Followed(q); err != nil {
			return err
		}
	}
	for event, err := range events {
		if err != nil {
			return streamEnd(cmd.Context(), err)
		}
		switch event.Kind {
		case control.EventReset:
			clear(seen)
		case control.EventLagged:
			cli.Note(cmd, "etcp-mock: some requests are not shown, for this reader was too slow")
		}
		var q control.Request
		if event.Kind != control.EventRequest || json.Unmarshal(event.Data, &q) != nil || seen[q.ID] || !f.wants(q) {
			continue
		}
		if err := p.Followed(q); err != nil {
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
	return cli.Errorf("the stream of events broke off: %w", err)
}

func (f requestsFlags) wants(q control.Request) bool {
	lint := f.filter.Lint == ""
	for _, l := range q.Lints {
		lint = lint || l.Rule == f.filter.Lint || f.filter.Lint == "any" || f.filter.Lint == "true"
	}
	return lint && (f.filter.Endpoint == "" || f.filter.Endpoint == q.Endpoint) &&
		(f.filter.MerchantNo == "" || f.filter.MerchantNo == q.MerchantNo) &&
		(f.filter.Phone == "" || f.filter.Phone == q.Phone) && (f.filter.OrderID == "" || f.filter.OrderID == q.OrderID) &&
		(f.filter.PlateNumber == "" || strings.EqualFold(strings.ReplaceAll(f.filter.PlateNumber, " ", ""), q.PlateNumber)) &&
		(f.filter.Code == nil || *f.filter.Code == q.Code) && (!f.refused || q.Code != 0)
}

// entryID is the id of a request (r) or a push (p), whose letter may be left out.
func entryID(letter, given string) string {
	if _, err := strconv.Atoi(given); err == nil {
		return letter + given
	}
	return given
}

func newRequestsShow() *cobra.Command {
	var r remote.Flags
	var asCurl, asRaw bool
	cmd := &cobra.Command{
		Use: "show ID", Short: "Show a request and the whole explanation",
		Long:    "Show a request of the journal. Its id is in the answer's header X-Mock-Request-Id.",
		Example: "  etcp-mock requests show r7\n  etcp-mock requests show r7 --curl",
		Args:    cli.Args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			q, err := r.Sandbox().Request(cmd.Context(), entryID("r", given[0]))
			if err != nil {
				return err
			}
			p := show.Of(cmd)
			switch {
			case asCurl && asRaw:
				return cli.Usagef("either --curl or --raw, not both")
			case asCurl, asRaw:
				if q.Trimmed {
					return cli.Errorf("the journal has not kept the whole of request %s", q.ID)
				}
				text := raw(sent(r.URL(), q), q.Headers)
				if asCurl {
					again := sent(r.URL(), q)
					if socket, ok := strings.CutPrefix(r.Address(), "unix:"); ok {
						again.Socket = socket
					}
					text = curl.Command(again)
				}
				p.Exactly(text)
				return nil
			case p.JSON:
				return p.Object(q)
			}
			p.Request(q)
			return nil
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().BoolVar(&asCurl, "curl", false, "print a command of curl that sends it again")
	cmd.Flags().BoolVar(&asRaw, "raw", false, "print the request as it was sent")
	return cmd
}

func newRequestsClear() *cobra.Command {
	var r remote.Flags
	cmd := &cobra.Command{
		Use: "clear", Short: "Empty the journal", Args: cli.NoArgs, Example: "  etcp-mock requests clear",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := r.Sandbox().ClearRequests(cmd.Context()); err != nil {
				return err
			}
			p := show.Of(cmd)
			if p.JSON {
				return p.Object(map[string]any{"cleared": r.SandboxID})
			}
			p.Line("the journal of sandbox %s is empty", cli.Clean(r.SandboxID))
			return nil
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	return cmd
}
