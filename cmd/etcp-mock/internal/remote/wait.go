package remote

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/cmd/internal/translation"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// waitStep is how often wait asks.
const waitStep = 50 * time.Millisecond

// NewWait is the command wait.
func NewWait() *cobra.Command {
	var r Flags
	var timeout time.Duration
	cmd := &cobra.Command{
		Use: "wait", Short: "Wait until the mock is ready to serve", Args: cli.NoArgs,
		Long:    "Wait until the mock is ready to serve. Exits 3 when the time is over.\n\nWithout --server it asks where the environment and the file of settings have serve listen: ETCP_MOCK_ADDR and ETCP_MOCK_TLS, or\nserve: {addr: …, tls: true}.",
		Example: "  etcp-mock serve & etcp-mock wait --timeout 10s",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if timeout == 0 {
				return cli.Usagef("--timeout: want more than 0, got %s", timeout.String())
			}
			if !cmd.Flags().Changed("server") {
				serve, err := cli.Configured(cmd, "serve")
				if err != nil {
					return err
				}
				r.Server = cmp.Or(served(serve), r.Server)
				r.Token = "" // whether it is ready is answered without one, and a file of the current folder may have named the address
			}
			return waitReady(cmd.Context(), &r, timeout)
		},
	}
	r.RegisterServer(cmd)
	cmd.Flags().DurationVar(&timeout, "timeout", 30*time.Second, "how long to wait")
	return cmd
}

// served is where the command serve, with its flags as they are set, listens; "" for a free port.
func served(serve *cobra.Command) string {
	value := func(flag string) string { return serve.Flag(flag).Value.String() }
	host, port, err := net.SplitHostPort(value("addr"))
	if err != nil || port == "0" {
		return ""
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	scheme := "http://"
	if value("tls") == "true" || value("tls-cert") != "" {
		scheme = "https://"
	}
	return scheme + net.JoinHostPort(host, port)
}

func waitReady(ctx context.Context, r *Flags, timeout time.Duration) error {
	if err := r.Check(); err != nil {
		return err // nobody will ever listen there
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	tick := time.NewTicker(waitStep)
	defer tick.Stop()
	var last error
	for {
		err := r.Client().Ready(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() == nil {
			last = err
		}
		if p, refused := errors.AsType[*control.ProblemError](err); refused && p.Status < 500 {
			return err // something else than a mock listens there
		}
		select {
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return &timeoutError{r.Address(), timeout, last}
			}
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// timeoutError is a wait that was in vain.
type timeoutError struct {
	url     string
	timeout time.Duration
	last    error
}

func (e *timeoutError) Error() string { return e.In(lang.English) }

// In is the error in a language.
func (e *timeoutError) In(language string) string {
	text := translation.Format(language, "%s was not ready within %s", e.url, e.timeout)
	if e.last == nil {
		return text
	}
	colon := ": "
	if language == lang.Chinese {
		colon = "："
	}
	lines, _ := Explained(language, &cobra.Command{}, e.last)
	return text + colon + lines[0]
}
