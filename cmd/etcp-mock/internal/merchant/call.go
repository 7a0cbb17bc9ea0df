// Package merchant has the commands that act as a merchant: call, sign, listen, and what they are generated from.
package merchant

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/input"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// callFlags override parts of what an honest client sends.
type callFlags struct {
	remote.Flags
	merchant remote.MerchantFlags
	request  client.Request
	data, as string
	appID    string
}

// NewCall is the command call.
func NewCall() *cobra.Command {
	var f callFlags
	names := make([]string, 0, len(schemas.Endpoints()))
	rows := make([]string, 0, len(schemas.Endpoints()))
	for _, e := range schemas.Endpoints() {
		names = append(names, e.Name)
		rows = append(rows, "  "+cli.Pad(e.Name, 20)+e.Section+" "+e.Does)
	}
	cmd := &cobra.Command{
		Use: "call ENDPOINT [KEY=VALUE…]", Short: "Send a signed request, and show the answer and why it is so",
		Long: "Send a signed request, and show the answer and, where the mock refused, why. KEY=VALUE is a text of data, KEY:=VALUE a number\n" +
			"or other JSON. Exits 1 where the code is not 0.\n\nThe endpoints:\n" + strings.Join(rows, "\n"),
		Example: "  etcp-mock call uservalidatecode mobilePhone=13800000001\n" +
			"  etcp-mock call bindcar --as 13800000001 plateNumber=渝ATX061\n" +
			"  etcp-mock call surroundingparking city=重庆市 -o json\n" +
			"  etcp-mock call parkingstatus parkingId:=1 --sign 0123456789ABCDEF0123456789ABCDEF   # refused, and explained",
		Args: cli.Args(cobra.MinimumNArgs(1)), ValidArgs: names,
		RunE: func(cmd *cobra.Command, given []string) error { return call(cmd, &f, given) },
	}
	f.Register(cmd)
	f.merchant.Register(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().StringVar(&f.as, "as", "", "`phone` of a user to log in first (usersigin, which voids the user's earlier token), for the token")
	cmd.Flags().StringVar(&f.appID, "app-id", "etcp-mock", "appId of the user that --as logs in")
	cmd.Flags().StringVar(&f.data, "data", "", "the whole of data as a `text`, in place of KEY=VALUE (@file reads it from a file)")
	cli.OwnOnly(cmd, "data") // ETCP_MOCK_DATA is where serve keeps its sandboxes
	cmd.Flags().StringVar(&f.request.TimeStamp, "time-stamp", "", "time_stamp in place of now")
	cmd.Flags().StringVar(&f.request.Sign, "sign", "", "sign in place of the right one")
	cmd.Flags().StringVar(&f.request.Method, "method", "", "in place of the endpoint's own")
	cmd.Flags().StringSliceVar(&f.request.Omit, "omit", nil, "`parameters` not sent: merchant_no, time_stamp, data, sign")
	return cmd
}

// answer is what call prints as JSON.
type answer struct {
	Code        int                 `json:"code"`
	Message     string              `json:"message"`
	Data        json.RawMessage     `json:"data,omitempty"`
	HTTPStatus  int                 `json:"httpStatus"`
	RequestID   string              `json:"requestId,omitempty"`
	Sandbox     string              `json:"sandbox,omitempty"` // whose journal has the request
	Reason      string              `json:"reason,omitempty"`
	Explanation string              `json:"explanation,omitempty"`
	Fix         string              `json:"fix,omitempty"`
	Diagnosis   []control.Diagnosis `json:"diagnosis,omitempty"` // each mistake that is known, as the journal has it
	Lints       []control.Lint      `json:"lints,omitempty"`
}

func call(cmd *cobra.Command, f *callFlags, given []string) error {
	values, err := input.ParsePairs(given[1:])
	if err != nil {
		return err
	}
	if f.data != "" && (len(values) > 0 || f.as != "") {
		return cli.Usagef("--data is the whole of data: no KEY=VALUE and no --as beside it")
	}
	for _, name := range f.request.Omit {
		if err := input.OneOf("omit", name, "merchant_no", "time_stamp", "data", "sign"); err != nil {
			return err
		}
	}
	no, key, err := f.merchant.Resolve(cmd, f.Sandbox())
	if err != nil {
		return err
	}
	platform, err := f.Platform(no, key)
	if err != nil {
		return err
	}
	if f.as != "" {
		token, err := platform.UserSignin(cmd.Context(), client.Signin{MobilePhone: f.as, AppID: f.appID})
		if refused, ok := errors.AsType[*client.Error](err); ok {
			if err := f.show(cmd.Context(), show.Of(cmd), &client.Answer{
				Code: refused.Code, Message: "usersigin: " + refused.Message, HTTPStatus: http.StatusOK, Reason: refused.Reason, RequestID: refused.RequestID,
			}); err != nil {
				return err
			}
			return cli.ExitCode(cli.ExitFailed)
		}
		if err != nil {
			return brokenOff(f.Address(), err)
		}
		raw, _ := input.JSON(token)
		values = slices.Insert(values, 0, input.Pair{Key: "token", Raw: raw})
	}
	f.request.Endpoint = given[0]
	if f.request.RawData, err = input.TextOrFile(cmd, cmp.Or(f.data, values.Object())); err != nil {
		return err
	}
	got, err := platform.Send(cmd.Context(), f.request)
	if err != nil && (got == nil || !errors.Is(err, client.ErrNotEnvelope)) {
		f.noteFault(cmd, no)
		return brokenOff(f.Address(), err)
	}
	p := show.Of(cmd)
	if err != nil {
		p.Exactly(cli.Indented(got.Raw))
		f.noteFault(cmd, no)
		return err
	}
	if err := f.show(cmd.Context(), p, got); err != nil {
		return err
	}
	if got.Code != client.CodeOK {
		return cli.ExitCode(cli.ExitFailed)
	}
	return nil
}

// noteFault says which fault was injected into the newest request, where that is why it has no answer, or one that is no envelope.
func (f *callFlags) noteFault(cmd *cobra.Command, merchant string) {
	s := f.Sandbox()
	newest, err := s.Requests(cmd.Context(), control.RequestFilter{Endpoint: f.request.Endpoint, MerchantNo: merchant}, control.Page{Limit: 1, Newest: true})
	if err != nil || len(newest.Items) == 0 || len(newest.Items[0].Faults) == 0 {
		return
	}
	entry := newest.Items[0]
	cli.Note(cmd, "etcp-mock: this comes of the injected fault %s; see: etcp-mock requests show %s", cli.Clean(strings.Join(entry.Faults, ", ")), cli.Clean(entry.ID))
}

// brokenOff is an error of the platform's client as one of the network, where a connection was cut or timed out; another stays.
func brokenOff(base string, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || remote.IsType[*net.OpError](err) || errors.Is(err, os.ErrDeadlineExceeded) {
		return &url.Error{Op: "Send", URL: base, Err: errors.Unwrap(err)}
	}
	return err
}

// show prints an answer, with what the journal knows about it.
func (f *callFlags) show(ctx context.Context, p *show.Printer, got *client.Answer) error {
	out := answer{
		Code: got.Code, Message: got.Message, Data: got.Data, HTTPStatus: got.HTTPStatus, RequestID: got.RequestID, Reason: got.Reason,
	}
	request := got.RequestID
	if request != "" {
		// The journal is a help: without it (no token) the answer stands as it is.
		if entry, sandbox, ok := f.entry(ctx, got); ok {
			out.Sandbox = sandbox
			if sandbox != f.SandboxID {
				request = p.Phrase("%s, in sandbox %s", request, sandbox)
			}
			out.Explanation, out.Fix, out.Diagnosis, out.Lints = p.Why(entry), p.Fix(entry), entry.Diagnosis, entry.Lints
			if entry.Code == 0 {
				out.Explanation = ""
			}
		}
	}
	if p.JSON {
		return p.Object(out)
	}
	verdict := p.Green("0")
	if out.Code != 0 {
		verdict = p.Red(show.JSON(out.Code))
	}
	lints := make([]string, len(out.Lints))
	for i, l := range out.Lints {
		lints[i] = p.Lint(l)
	}
	data := ""
	if out.Data != nil {
		data = cli.Indented(out.Data)
	}
	p.Card(
		cli.Field{"code", verdict + "  " + cli.Clean(out.Message)}, cli.Field{"data", data}, cli.Field{"reason", p.Red(cli.Clean(out.Reason))},
		cli.Field{"kind", p.Kinds(out.Diagnosis)},
		cli.Field{"why", p.Yellow(out.Explanation)}, cli.Field{"fix", p.Green(out.Fix)}, cli.Field{"lints", strings.Join(lints, "\n")}, cli.Field{"request", p.Dim(cli.Clean(request))},
	)
	return nil
}

// entry is an answer's in the journal, and the sandbox that has it: that of the command, or default where the request named no merchant of a
// sandbox, or no endpoint.
func (f *callFlags) entry(ctx context.Context, got *client.Answer) (entry control.Request, sandbox string, found bool) {
	for _, id := range []string{f.SandboxID, control.Default} {
		entry, err := f.Client().Sandbox(id).Request(ctx, got.RequestID)
		if err == nil && entry.Code == got.Code && entry.Reason == got.Reason {
			return entry, id, true
		}
	}
	return entry, "", false
}
