package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/contract/proxy"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/atomicfile"
	"github.com/etcp-mock/etcp-mock/internal/httpserver"
)

const proxyHelp = `Forward real traffic to a platform, hold requests and answers against the schemas, and write a scenario of what went
through. Point your application at the proxy in place of the platform; interrupt it to end.

The scenario (--out) is written when the proxy is interrupted. What an answer gave (a token, an order's id, a sealed quote)
becomes a variable where a later request sends it, so that the scenario replays elsewhere. What the client does wrong with
signature, time stamp, method, parameters or path is recorded as it was; it is the client's fault, and no failure of the platform.
Cars and the time that went by are not in that traffic, and pushes are judged, not recorded: before the calls of a stay
(orderunpay, orderpaid) put enter and advance steps, or replay them where such a car is parked.

With --merchant the proxy stands between the platform and the merchant's endpoint, too: give the platform the proxy's address
for pushes. Each push is held against §10 (its signature where --merchant-no and the key are given), and forwarded.`

type proxyFlags struct {
	cli.ReportFlags
	cli.MerchantFlags
	cli.ConnectionFlags

	upstream, merchant, listen, file string
}

func newProxy() *cobra.Command {
	var f proxyFlags
	cmd := &cobra.Command{
		Use:   "proxy --upstream URL",
		Short: "Check real traffic on its way, and record it",
		Long:  proxyHelp,
		Example: "  contract proxy --upstream http://mapi.test.etcp.cn --out recorded.yaml\n" +
			"  contract proxy --upstream http://mapi.test.etcp.cn --merchant http://127.0.0.1:9000 --merchant-no M1 --key-file key.txt",
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	f.ReportFlags.Register(cmd)
	f.MerchantFlags.Register(cmd, "")
	f.ConnectionFlags.Register(cmd)
	cmd.Flags().StringVar(&f.upstream, "upstream", "", "base `URL` of the platform")
	cmd.Flags().StringVar(&f.merchant, "merchant", "", "base `URL` of the merchant's endpoint: pushes that come to the proxy are forwarded there, and judged")
	cmd.Flags().StringVar(&f.listen, "listen", "127.0.0.1:8788", "`address` to listen on; port 0 takes a free one")
	cmd.Flags().StringVar(&f.file, "out", "", "`file` the scenario goes to")
	return cmd
}

func (f *proxyFlags) run(cmd *cobra.Command) error {
	if f.upstream == "" {
		return cli.Usagef("--upstream is required: the base URL of the platform that calls go on to")
	}
	out, err := f.Open(cmd)
	if err != nil {
		return err
	}
	p := &proxy.Proxy{MerchantNo: f.No, Progress: out.Terminal.Case, Language: cli.Language(cmd)}
	if p.Upstream, err = cli.HTTPURL("upstream", f.upstream); err != nil {
		return err
	}
	if f.merchant != "" {
		if p.Merchant, err = cli.HTTPURL("merchant", f.merchant); err != nil {
			return err
		}
	}
	if p.Key, err = f.Given(cmd); err != nil {
		return err
	}
	transport, err := f.Transport()
	if err != nil {
		return err
	}
	defer transport.CloseIdleConnections()
	p.Transport = transport
	if err := f.serve(cmd, p); err != nil {
		return err
	}
	if f.file != "" && p.NeedsCars() {
		cli.Note(cmd, "contract: cars and the time that went by are not in %s: before its orderunpay and orderpaid put enter and advance steps, or replay it where such a car is parked", f.file)
	}
	r, err := p.Report()
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	report.NewMasker(p.Key).Report(r)
	return out.End(cmd.Context(), r)
}

// serve serves, and writes the scenario beside its file, which it replaces in the end; a file of before stays where nothing was recorded.
func (f *proxyFlags) serve(cmd *cobra.Command, p *proxy.Proxy) error {
	if f.file == "" {
		return serveProxy(cmd, p, f.listen)
	}
	release, err := atomicfile.Hold(f.file)
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	defer release()
	var served error
	err = atomicfile.WriteHeld(cmd.Context(), f.file, 0o644, func(w io.Writer) error {
		kept := &counted{w: w}
		p.Scenario = kept
		served = serveProxy(cmd, p, f.listen)
		if kept.n == 0 {
			return errNothingRecorded
		}
		return nil
	})
	switch {
	case errors.Is(err, errNothingRecorded):
		if served == nil {
			cli.Note(cmd, "contract: nothing was recorded: %s is as it was", f.file)
		}
	case err != nil:
		return fmt.Errorf("--out: %w", err)
	}
	return served
}

var errNothingRecorded = errors.New("nothing was recorded")

// counted counts what is written.
type counted struct {
	w io.Writer
	n int
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += n
	return n, err
}

// finishTimeout is how long what is under way may take when the proxy is interrupted.
const finishTimeout = 3 * time.Second

// serveProxy serves until the context ends; what is under way then is finished.
func serveProxy(cmd *cobra.Command, p *proxy.Proxy, address string) error {
	listener, err := (&net.ListenConfig{}).Listen(cmd.Context(), "tcp", address)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	server, done := httpserver.Start(listener, p, httpserver.Usual)
	fmt.Fprintf(cmd.ErrOrStderr(), "listening on http://%s\n", listener.Addr())
	select {
	case err := <-done:
		return err
	case <-cmd.Context().Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(cmd.Context()), finishTimeout)
	defer cancel()
	if err = server.Shutdown(ctx); errors.Is(err, context.DeadlineExceeded) { // the other side does not answer, which the report says
		err = nil
		p.Wait()
	}
	if served := <-done; err == nil && !errors.Is(served, http.ErrServerClosed) {
		err = served
	}
	return err
}
