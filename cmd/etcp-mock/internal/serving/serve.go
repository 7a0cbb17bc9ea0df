// Package serving has the commands that run a mock, or run something against one: serve, exec, scenario, record, replay, doctor.
package serving

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/lmittmann/tint"
	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/authority"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/input"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/cmd/internal/translation"
	"github.com/etcp-mock/etcp-mock/internal/collector"
	"github.com/etcp-mock/etcp-mock/mock"
)

type serveFlags struct {
	addr, fixture, logFormat string
	seed                     uint64
	hostile                  bool
	adminToken               string
	adminHosts, pushAllow    []string
	denyPrivate              bool
	deniesByDefault          bool // a server that shares a database should not reach what stands beside it for whoever may name a push URL
	adminAddr                string
	noAdmin                  bool
	tls                      authority.Flags
	scenarios                string
	watch                    bool
	stopWithStdin            bool
	data                     dataFlags
	language                 string
	shapesDefault            bool // a flag that applies only when the sandbox default is made was given
}

// tokenUse says what a token that was made is for, and how long.
const tokenUse = "the commands read it from ETCP_MOCK_ADMIN_TOKEN, and the console asks for it; the next start makes another, unless ETCP_MOCK_ADMIN_TOKEN is set for serve"

// StopTimeout is how long requests in flight may take to finish: clients that send half a body, or read no answer, are not waited for longer.
const StopTimeout = 2500 * time.Millisecond

// NewServe is the command serve.
func NewServe() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the mock",
		Long: "Run the mock. Its first line on stdout, when it is ready, is `listening on http://…`.\n" +
			"Without --fixture the sandbox default has the merchant demo with the key demo-key\nand a small city of car parks.",
		Example: "  etcp-mock serve\n  etcp-mock serve --addr 127.0.0.1:0 --fixture city.yaml --seed 7",
		Args:    cli.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	cmd.Flags().StringVar(&f.addr, "addr", "127.0.0.1:8787", "address to listen on; port 0 takes a free one")
	cmd.Flags().StringVar(&f.fixture, "fixture", "", "YAML or JSON `file` the sandbox default starts from")
	cmd.Flags().StringVar(&f.logFormat, "log-format", "text", "text or json, on stderr")
	cmd.Flags().Uint64Var(&f.seed, "seed", 0, "seed of everything random (default: another each time)")
	cmd.Flags().BoolVar(&f.hostile, "hostile", false, "tokens expire early, one answer in twenty is code 2, pages are small, pushes come twice and late")
	cmd.Flags().StringVar(&f.adminToken, "admin-token", "", "`token` that the control API wants as Authorization: Bearer (default: $ETCP_MOCK_ADMIN_TOKEN;\nwithout either, one is made and printed where --addr is no loopback address)")
	cmd.Flags().StringVar(&f.scenarios, "scenarios", "", "`folder` of scenario files to serve beside the built-in ones")
	cmd.Flags().BoolVar(&f.watch, "watch", false, "read the files of --fixture and --scenarios anew whenever they change; a fixture that is right makes the sandbox default\nanew, and one that is wrong is reported and changes nothing")
	cmd.Flags().StringVar(&f.adminAddr, "admin-addr", "", "`address` of its own for the control API, the console and the metrics: host:port, or unix:/path/of/a/socket")
	cmd.Flags().BoolVar(&f.noAdmin, "no-admin", false, "serve neither the control API, nor the console, nor the metrics")
	cmd.Flags().StringSliceVar(&f.adminHosts, "admin-host", nil, "`name` beside the loopback ones that the control API and the console may be called by")
	cmd.Flags().StringSliceVar(&f.pushAllow, "push-allow", nil, "`host`, host:port or network that pushes may go to (default: anywhere)")
	cmd.Flags().BoolVar(&f.denyPrivate, "push-deny-private", false, "send nothing to this machine and to private networks, but for what --push-allow lists (for shared servers;\nthe default where --data is a database: =false turns it off)")
	cmd.Flags().BoolVar(&f.stopWithStdin, "stop-with-stdin", false, "stop when stdin ends, so that a program that started the mock never leaves it behind")
	f.data.register(cmd)
	f.tls.Register(cmd)
	return cmd
}

func (f *serveFlags) run(cmd *cobra.Command) error {
	opts, err := f.options(cmd)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(cmd.Context())
	defer stop()
	if f.stopWithStdin {
		go func() {
			_, _ = io.Copy(io.Discard, cmd.InOrStdin()) // an error ends it as well
			stop()
		}()
	}
	f.language = cli.Language(cmd)
	return Blame(cmd, serve(ctx, *f, opts, cmd.OutOrStdout(), cmd.ErrOrStderr()))
}

// options are those of the mock that the flags ask for.
func (f *serveFlags) options(cmd *cobra.Command) ([]mock.Option, error) {
	var opts []mock.Option
	f.shapesDefault = f.fixture != "" || f.hostile || cmd.Flags().Changed("seed")
	if cmd.Flags().Changed("seed") {
		opts = append(opts, mock.WithSeed(f.seed))
	}
	if f.hostile {
		opts = append(opts, mock.WithHostile())
	}
	data, err := f.data.options()
	if err != nil {
		return nil, err
	}
	opts = append(opts, data...)
	if cli.IsSocket(f.addr) {
		return nil, cli.Usagef("--addr: want host:port, since merchants call over TCP, got %q; a socket beside it, for the control API and the platform alike, is --admin-addr unix:/path/of/a/socket", f.addr)
	}
	if err := cli.CheckAddr("addr", f.addr); err != nil {
		return nil, err
	}
	if f.adminAddr != "" {
		if err := cli.CheckAddrOrSocket("admin-addr", f.adminAddr); err != nil {
			return nil, err
		}
	}
	for _, host := range f.adminHosts {
		if _, err := netip.ParseAddr(host); err != nil && (host == "" || strings.ContainsAny(host, " :/@?#[]")) {
			return nil, cli.Usagef("--admin-host: want a name such as mock.test, without a scheme and a port, got %q", host)
		}
	}
	if err := checkScenarios(f.scenarios); err != nil {
		return nil, err
	}
	if f.watch && f.scenarios == "" && f.fixture == "" {
		return nil, cli.Usagef("--watch wants --fixture or --scenarios")
	}
	opts = append(opts, mock.WithScenarios(f.scenarios), mock.WithAdminToken(f.adminToken), mock.WithAdminHost(f.adminHosts...), mock.WithPushAllow(f.pushAllow...))
	f.deniesByDefault = f.data.isShared() && !cmd.Flags().Changed("push-deny-private")
	if f.denyPrivate || f.deniesByDefault {
		opts = append(opts, mock.WithPushDenyPrivate())
	}
	switch {
	case f.noAdmin && f.adminAddr != "":
		return nil, cli.Usagef("--no-admin and --admin-addr exclude each other")
	case f.noAdmin:
		opts = append(opts, mock.WithoutAdmin())
	case f.adminAddr != "":
		opts = append(opts, mock.WithAdminAddr(f.adminAddr))
	}
	f.tls.Names = append([]string{hostIn(f.addr), hostIn(f.adminAddr)}, f.adminHosts...)
	config, err := f.tls.Config()
	if err != nil {
		return nil, err
	}
	if config != nil {
		opts = append(opts, mock.WithTLS(config))
	}
	return opts, nil
}

// hostIn is the host of an address to listen on.
func hostIn(addr string) string {
	host, _, err := net.SplitHostPort(addr)
	if err != nil || strings.HasPrefix(addr, "unix:") {
		return ""
	}
	return host
}

func serve(ctx context.Context, f serveFlags, opts []mock.Option, stdout, stderr io.Writer) error {
	log, err := newLogger(f.logFormat, stderr)
	if err != nil {
		return err
	}
	redirectLibraries(log)
	opts = append(opts, mock.WithLogger(log))
	var text []byte
	if f.fixture != "" {
		if text, err = input.FixtureText(f.fixture); err != nil {
			return err
		}
	}
	collector.Tune()
	server, fixture, err := newServer(f.fixture, text, opts)
	if err != nil {
		return err
	}
	if err := server.Start(f.addr); err != nil {
		return err
	}
	if f.watch {
		stop, err := f.watchFiles(ctx, server, fixture, log, stderr)
		if err != nil {
			return errors.Join(err, server.Close(context.WithoutCancel(ctx)))
		}
		defer stop()
	}
	fmt.Fprintf(stdout, "listening on %s\n", server.URL())
	if f.adminAddr != "" {
		fmt.Fprintf(stdout, "admin on %s\n", server.AdminURL())
	}
	f.report(stdout, server)
	if token, generated := server.AdminToken(); generated {
		fmt.Fprintf(stdout, "admin token: %s\n", token)
		fmt.Fprintln(stdout, translation.In(f.language, tokenUse))
	}
	if cli.IsTerminal(stdout) {
		welcome(ctx, server, f.language, stdout)
	}
	<-ctx.Done()
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), StopTimeout)
	defer cancel()
	err = server.Close(stopping)
	for sandbox, n := range server.Pending() {
		log.Warn("a sandbox stops with pushes pending", "sandbox", sandbox, "pushes", n)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		log.Warn("requests were broken off that had not finished", "after", StopTimeout.String())
		return nil
	}
	return err
}

// watchFiles watches the fixture and the scenarios, as far as there are any.
func (f *serveFlags) watchFiles(ctx context.Context, server *mock.Server, fixture []byte, log *slog.Logger, stderr io.Writer) (stop func(), err error) {
	stopFixture, stopScenarios := func() {}, func() {}
	if fixture != nil {
		file := &fixtureFile{name: f.fixture, have: fixture, server: server, language: f.language, out: stderr}
		if stopFixture, err = file.watch(ctx, log); err != nil {
			return nil, err
		}
	}
	if f.scenarios != "" {
		if stopScenarios, err = watchScenarios(ctx, f.scenarios, server, log); err != nil {
			stopFixture()
			return nil, err
		}
	}
	return func() { stopFixture(); stopScenarios() }, nil
}

// NewMock makes a mock of this version that is quiet about its routes.
func NewMock(opts ...mock.Option) (*mock.Server, error) {
	gin.SetMode(gin.ReleaseMode)
	return mock.New(append([]mock.Option{mock.WithVersion(cli.Version, cli.Commit)}, opts...)...)
}

func newLogger(format string, stderr io.Writer) (*slog.Logger, error) {
	switch format {
	case "text":
		if cli.IsTerminal(stderr) {
			return slog.New(tint.NewTextHandler(stderr, &tint.Options{TimeFormat: time.TimeOnly, NoColor: os.Getenv("NO_COLOR") != ""})), nil
		}
		return slog.New(slog.NewTextHandler(stderr, nil)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(stderr, nil)), nil
	default:
		return nil, cli.Usagef("--log-format is text or json, not %q", format)
	}
}
