package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/contract/proxy"
)

const proxyHelp = `Forward real traffic to a platform, hold requests and answers against the schemas, and write a scenario of what went
through. Point your application at the proxy in place of the platform; interrupt it to end.

The scenario (--out) grows with the traffic. What an answer gave (a token, an order's id, a sealed quote) becomes a variable
where a later request sends it, so that the scenario replays anywhere.`

func newProxy() *cobra.Command {
	var (
		o                      cli.ReportFlags
		upstream, listen, file string
	)
	cmd := &cobra.Command{
		Use:     "proxy --upstream URL",
		Short:   "Check real traffic on its way, and record it",
		Long:    proxyHelp,
		Example: "  contract proxy --upstream http://mapi.test.etcp.cn --out recorded.yaml",
		Args:    cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			out, err := o.Open(cmd)
			if err != nil {
				return err
			}
			to, err := url.Parse(upstream)
			if err != nil || to.Host == "" || to.Scheme != "http" && to.Scheme != "https" {
				return cli.Usagef("--upstream is an http or https URL, not %q", upstream)
			}
			p := &proxy.Proxy{Upstream: to, Progress: out.Terminal.Case}
			if file != "" {
				f, err := os.Create(file)
				if err != nil {
					return fmt.Errorf("--out: %w", err)
				}
				defer func() { _ = f.Close() }()
				p.Scenario = f
			}
			if err := serveProxy(cmd, p, listen); err != nil {
				return err
			}
			r, err := p.Report()
			if err != nil {
				return fmt.Errorf("--out: %w", err)
			}
			return out.End(r)
		},
	}
	o.Register(cmd)
	cmd.Flags().StringVar(&upstream, "upstream", "", "base `URL` of the platform")
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8788", "`address` to listen on; port 0 takes a free one")
	cmd.Flags().StringVar(&file, "out", "", "`file` the scenario goes to")
	_ = cmd.MarkFlagRequired("upstream")
	return cmd
}

// serveProxy serves until the context ends; what is under way then is finished.
func serveProxy(cmd *cobra.Command, p http.Handler, address string) error {
	listener, err := (&net.ListenConfig{}).Listen(cmd.Context(), "tcp", address)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	server := &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	fmt.Fprintf(cmd.ErrOrStderr(), "listening on http://%s\n", listener.Addr())
	select {
	case err := <-done:
		return err
	case <-cmd.Context().Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(cmd.Context()), 10*time.Second)
	defer cancel()
	err = server.Shutdown(ctx)
	if served := <-done; err == nil && !errors.Is(served, http.ErrServerClosed) {
		err = served
	}
	return err
}
