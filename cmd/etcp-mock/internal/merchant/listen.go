package merchant

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/input"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/handlertransport"
	"github.com/etcp-mock/etcp-mock/internal/httpserver"
	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose"
)

type listenFlags struct {
	remote.Flags
	merchant             remote.MerchantFlags
	addr, signData, fail string
	code, status         int
	delay                time.Duration
	register, insists    bool // insists: it was asked for, not the default
	failures             int  // left; -1 for always
	no, key              string
	forwardTo            string
	forward              *forwarder // nil: this is the merchant
	printer              *show.Printer
	mu                   sync.Mutex
	received, refused    int
}

// NewListen is the command listen.
func NewListen() *cobra.Command {
	var f listenFlags
	cmd := &cobra.Command{
		Use: "listen", Short: "Be a sample merchant: receive pushes, verify them, print them", Args: cli.NoArgs,
		Long: "Be a sample merchant: receive pushes in whichever encoding they come, check their signatures, print them, and answer. The mock\n" +
			"is set to push here (and, at the end, to push where it did before), unless --register=false. When a push was received is real\n" +
			"time; the sandbox's is in its pushTime.",
		Example: "  etcp-mock listen\n  etcp-mock listen --forward-to http://127.0.0.1:9000/etcp   # the merchant answers; both are shown\n  etcp-mock listen --fail 2              # refuse the first two, to see them come again\n" +
			"  etcp-mock listen --fail all --http-status 500\n  etcp-mock listen --addr 127.0.0.1:9000 --merchant-no M1 --key-file key.txt --register=false",
		RunE: func(cmd *cobra.Command, _ []string) error { return listen(cmd, &f) },
	}
	f.Register(cmd)
	f.merchant.Register(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().StringVar(&f.addr, "addr", "127.0.0.1:0", "address to listen on; port 0 takes a free one")
	cli.OwnOnly(cmd, "addr")
	cmd.Flags().StringVar(&f.signData, "sign-data", "", "the rule push.sign_data: json, values or query (default: as the sandbox has it)")
	cmd.Flags().StringVar(&f.fail, "fail", "", "refuse the first `n` pushes, or all")
	cmd.Flags().IntVar(&f.code, "code", client.CodeFailed, "the code of a refusal")
	cli.MayBeNegative(cmd, "code")
	cmd.Flags().IntVar(&f.status, "http-status", http.StatusOK, "the HTTP status of a refusal")
	cmd.Flags().DurationVar(&f.delay, "delay", 0, "wait before each answer; over push.timeout (5s) the mock gives up")
	cmd.Flags().StringVar(&f.forwardTo, "forward-to", "", "`URL` of a merchant to send each push on to, byte for byte; its answer is the answer")
	cmd.Flags().BoolVar(&f.register, "register", true, "have the mock push here")
	return cmd
}

func (f *listenFlags) check(cmd *cobra.Command) error {
	if cli.IsSocket(f.addr) {
		return cli.Usagef("--addr: want host:port, since pushes come over TCP, got %q", f.addr)
	}
	if err := cli.CheckAddr("addr", f.addr); err != nil {
		return err
	}
	if f.signData != "" {
		if err := input.OneOf("sign-data", f.signData, "json", "values", "query"); err != nil {
			return err
		}
	}
	switch n, err := strconv.Atoi(f.fail); {
	case f.fail == "all" || f.fail == "" && (cmd.Flags().Changed("code") || cmd.Flags().Changed("http-status")):
		f.failures = -1
	case f.fail == "":
	case err != nil || n < 0:
		return cli.Usagef("--fail is a number of pushes or all, not %q", f.fail)
	default:
		f.failures = n
	}
	if f.forwardTo != "" {
		var err error
		if f.forward, err = newForwarder(f.forwardTo); err != nil {
			return err
		}
	}
	f.insists = cmd.Flags().Changed("register")
	if f.status < http.StatusOK || f.status > 599 { // net/http sends 200 behind a status below
		return cli.Usagef("--http-status %d: want 200 to 599", f.status)
	}
	return nil
}

func listen(cmd *cobra.Command, f *listenFlags) error {
	if err := f.check(cmd); err != nil {
		return err
	}
	ctx := cmd.Context()
	var err error
	if f.no, f.key, err = f.merchant.Resolve(cmd, f.Sandbox()); err != nil {
		return err
	}
	if f.signData == "" {
		f.signData = "json"
		if rules, err := f.Sandbox().Rules(ctx); err == nil { // without a mock the default has to do
			f.signData, _ = rules["push.sign_data"].Value.(string)
		}
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", f.addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return cli.Errorf("%w (--addr 127.0.0.1:0 takes a free port)", err)
	}
	if err != nil {
		return err
	}
	base := "http://" + reachable(listener.Addr())
	f.printer = show.Of(cmd)
	server, done := httpserver.Start(listener, f.handler(), httpserver.Usual)
	fmt.Fprintf(cmd.OutOrStdout(), "listening on %s\n", base)
	restore, err := f.registered(ctx, base, cmd.ErrOrStderr())
	if err == nil {
		if f.register && !f.printer.JSON {
			f.printer.Line("merchant %s of sandbox %s is pushed here; end with Ctrl-C", f.printer.Bold(f.no), f.SandboxID)
		}
		select {
		case <-ctx.Done():
		case err = <-done:
		}
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	restore(stopping)
	_ = server.Shutdown(stopping) // what hangs on ends with the process
	f.mu.Lock()                   // of a handler that hangs on
	defer f.mu.Unlock()
	if !f.printer.JSON {
		f.printer.Line("%s received, %d refused", f.printer.Counted(f.received, "1 push", "%d pushes"), f.refused)
	}
	return err
}

// reachable is an address that this machine can be called by.
func reachable(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if ok && tcp.IP.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", strconv.Itoa(tcp.Port))
	}
	return addr.String()
}

// registered has the mock push to base, and gives what puts the former URL back.
func (f *listenFlags) registered(ctx context.Context, base string, stderr io.Writer) (restore func(context.Context), err error) {
	nothing := func(context.Context) {}
	if !f.register {
		return nothing, nil
	}
	before, err := remote.Merchant(ctx, f.Sandbox(), f.no)
	if remote.IsType[*url.Error](err) && !f.insists {
		f.register = false
		fmt.Fprintln(stderr, f.printer.Phrase("etcp-mock: no mock at %s is set to push here; its merchant %s has to have the push URL %s/", f.Address(), f.no, base))
		return nothing, nil
	}
	if err != nil {
		return nothing, err
	}
	now := before
	now.Push = &control.PushHook{URL: base + "/", URLs: map[client.Kind]string{
		client.KindUnbind: base + "/unbind", client.KindCertificationInvalid: base + "/certification-invalid",
	}}
	if before.Push != nil {
		now.Push.Kinds = before.Push.Kinds
	}
	if err := f.Sandbox().PutMerchant(ctx, now); err != nil {
		return nothing, err
	}
	return func(ctx context.Context) {
		after, err := remote.Merchant(ctx, f.Sandbox(), f.no)
		if err == nil && after.Push != nil && after.Push.URL == now.Push.URL { // nobody has changed it since
			after.Push = before.Push
			_ = f.Sandbox().PutMerchant(ctx, after) // a mock that has gone pushes nowhere
		}
	}, nil
}

// receipt is one push as it was received, as --output json prints it.
type receipt struct {
	At       string          `json:"at"` // real time, Asia/Shanghai: that of the sandbox is the body's pushTime
	Kind     client.Kind     `json:"kind"`
	Verified bool            `json:"verified"`
	Answer   int             `json:"answer"` // the code
	Error    string          `json:"error,omitempty"`
	Body     json.RawMessage `json:"body"`
	// Forwarded is the answer of the merchant that the push was sent on to, nil where there is none.
	Forwarded *forwarded `json:"forwarded,omitempty"`
	text      string
	why       []diagnose.Finding
}

// handler receives pushes with the merchant's own handler and prints what came of each.
func (f *listenFlags) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", f.receive(""))
	mux.Handle("/unbind", f.receive(client.KindUnbind))
	mux.Handle("/certification-invalid", f.receive(client.KindCertificationInvalid))
	return mux
}

func (f *listenFlags) receive(path client.Kind) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(http.MaxBytesReader(w, r.Body, client.MaxPush+1)) // what is missing the handler finds
		r.Body = io.NopCloser(bytes.NewReader(body))
		got := receipt{At: time.Now().In(client.Zone).Format(client.TimeLayout), Kind: path, Verified: true, text: string(body)}
		h := client.NewPushHandler(f.no, f.key, sign.PushData(f.signData))
		h.Notice = client.KindUnbind
		h.OnEntry = func(context.Context, client.EntryPush) error { got.Kind = client.KindEntry; return nil }
		h.OnExit = func(context.Context, client.ExitPush) error { got.Kind = client.KindExit; return nil }
		h.OnUnbind = func(context.Context, client.UnbindPush) error { got.Kind = client.KindUnbind; return nil }
		h.OnRefuse = func(_ *http.Request, err error) { f.refusal(&got, body, err) }
		answer := handlertransport.NewAnswer()
		if path == "" {
			h.ServeHTTP(answer, r)
		} else {
			h.ForKind(path).ServeHTTP(answer, r)
		}
		if f.delay > 0 {
			select {
			case <-time.After(f.delay):
			case <-r.Context().Done():
			}
		}
		if f.forward != nil {
			got.Forwarded = f.forward.send(r, body)
		}
		f.answer(w, answer, &got)
	})
}

// refusal notes why a push is refused, and what its signature was made of where that is it.
func (f *listenFlags) refusal(got *receipt, body []byte, err error) {
	got.Verified, got.Error, got.Answer = false, err.Error(), client.CodeFailed
	refused, ok := errors.AsType[*client.PushError](err)
	if !ok {
		return
	}
	got.Answer = refused.Code
	if refused.Code == client.CodeBadSignature {
		found, err := diagnose.Push{MerchantNo: f.no, Key: f.key, Body: body, SignData: sign.PushData(f.signData)}.Examine()
		if got.why = found.Findings; err != nil {
			got.why = []diagnose.Finding{diagnose.Malformed(err)}
		}
	}
}

func (f *listenFlags) answer(w http.ResponseWriter, answer *handlertransport.Answer, got *receipt) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.received++
	fails := f.failures != 0 && got.Verified
	if fails {
		if f.failures > 0 {
			f.failures--
		}
		got.Answer = f.code
	}
	if got.Forwarded != nil && !fails && !got.Forwarded.accepted() || got.Forwarded == nil && got.Answer != 0 || fails {
		f.refused++
	}
	f.show(got, fails)
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	if fails {
		w.WriteHeader(f.status)
		fmt.Fprintf(w, `{"code":%d,"message":"refused by --fail"}`, f.code)
		return
	}
	if got.Forwarded != nil {
		got.Forwarded.give(w)
		return
	}
	answer.Give(w)
}

func (f *listenFlags) show(got *receipt, fails bool) {
	p := f.printer
	if p.JSON {
		got.Body, _ = input.JSON(got.text)
		if json.Valid([]byte(got.text)) {
			got.Body = json.RawMessage(got.text)
		}
		_ = p.Compact(got)
		return
	}
	verdict := p.Green(p.In("signature right"))
	if !got.Verified {
		verdict = p.Red(cli.Clean(p.Said(got.Error)))
	}
	answered := p.Green(p.In("answered 0"))
	if got.Answer != 0 || fails {
		answered = p.Red(p.Phrase("answered %d", got.Answer))
		if fails && f.status != http.StatusOK {
			answered = p.Red(p.Phrase("answered HTTP %d, code %d", f.status, got.Answer))
		}
	}
	p.Line("%s  %s  %s%s%s", p.Dim(p.Phrase("%s real time", got.At)), p.Bold(cli.Pad(string(got.Kind), 8)), verdict, p.Either(", ", "，"), answered)
	p.Line("  %s", cli.Clean(got.text))
	if got.Forwarded != nil {
		paint := p.Green
		if !got.Forwarded.accepted() {
			paint = p.Red
		}
		p.Line("  %s %s", p.Either("merchant:", "商户："), paint(got.Forwarded.text(p)))
	}
	for _, finding := range got.why {
		p.Line("  %s", p.Yellow(cli.Clean(finding.Kind+p.Either(": ", "：")+p.Either(finding.Detail, finding.DetailZh))))
		if finding.Evidence != "" {
			p.Line("  %s", cli.Clean(p.Either(finding.Evidence, finding.EvidenceZh)))
		}
		p.Line("  %s", p.Green(p.Phrase("fix: %s", cli.Clean(p.Either(finding.Fix, finding.FixZh)))))
	}
}
