package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/httpserver"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// targetFlags say what is judged, and how carefully.
type targetFlags struct {
	cli.MerchantFlags

	target, admin, adminToken, sandbox, listen, listenURL string
	rate                                                  float64
	allowWrites                                           bool
	connection                                            cli.ConnectionFlags
	side                                                  string // a or b: of the two targets of diff
}

// mockFlag says that the target is a mock.
func (t *targetFlags) mockFlag() string {
	if t.side != "" {
		return "--mock " + t.side
	}
	return "--admin"
}

// sameAddress is the value of --admin without one.
const sameAddress = "same"

// register adds the flags of a command that runs cases.
func (t *targetFlags) register(cmd *cobra.Command) {
	t.registerTarget(cmd)
	cmd.Flags().StringVar(&t.sandbox, "sandbox", "", "run in this sandbox of the mock instead of one for each case (ETCP_MOCK_SANDBOX is not read)")
	cli.OwnOnly(cmd, "sandbox") // the one that exec and the CI action name is not made for cases
	cmd.Flags().StringVar(&t.listen, "listen", "", "`address` to take pushes at, where the target is no mock")
	cmd.Flags().StringVar(&t.listenURL, "public-url", "", "`URL` under which the target reaches --listen, through a tunnel or a proxy, say")
	cmd.Flags().StringVar(&t.listenURL, "listen-url", "", "the same")
	_ = cmd.Flags().MarkHidden("listen-url")
}

// registerTarget adds the flags of what is asked, and how carefully.
func (t *targetFlags) registerTarget(cmd *cobra.Command) {
	t.Register(cmd, "")
	cmd.Flags().StringVar(&t.target, "target", "", "base `URL` of what is judged, or the file of a run with --record (default: a mock in this process)")
	cmd.Flags().StringVar(&t.admin, "admin", "", "the target is a mock; `URL` of its control API, with or without /__admin, where that is another address")
	cmd.Flags().Lookup("admin").NoOptDefVal = sameAddress
	cmd.Flags().StringVar(&t.adminToken, "admin-token", "", "`token` of the control API; better in ETCP_MOCK_ADMIN_TOKEN")
	cli.SentTo(cmd, "admin-token", "admin", "target")
	cmd.Flags().Float64Var(&t.rate, "rate", 0, "requests a second, at most (default: 5 where the target is no mock)")
	cmd.Flags().BoolVar(&t.allowWrites, "allow-writes", false, "write, though the target is no mock")
	t.connection.Register(cmd)
}

// platformRate is the rate at which what is no mock is asked.
const platformRate = 5

// open gives the target.
func (t *targetFlags) open(cmd *cobra.Command, seed uint64) (cli.Target, error) {
	if cli.FromEnvironment(cmd, "admin") && !t.exported() {
		t.admin = ""
	}
	if t.target == "" {
		if t.admin != "" || t.sandbox != "" {
			return cli.Target{}, cli.Usagef("--admin and --sandbox are of a --target; without one a mock runs in this process")
		}
		return cli.InProcess(&seed)
	}
	recording, err := cli.ReadRecording(t.target)
	if err != nil {
		return cli.Target{}, err
	}
	if recording != nil {
		return cli.Target{Target: recording.Replay(), Recording: recording, Close: func() {}}, nil
	}
	address := withScheme(t.target)
	if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return cli.Target{}, cli.Usagef("--target: want a base URL, http://… or https://…, got %q", t.target)
	}
	client, err := t.connection.HTTP()
	if err != nil {
		return cli.Target{}, err
	}
	out := cli.Target{Rate: t.rate, AllowWrites: t.allowWrites}
	if t.admin != "" {
		admin := t.admin
		if admin == sameAddress {
			admin = address
		}
		out.Target = scenarios.Mock(address, t.adminToken)
		out.Control = control.New(admin, control.WithToken(t.adminToken), control.WithHTTPClient(client))
		out.Sandbox = t.sandbox
		if problem, refused := errors.AsType[*control.ProblemError](t.hasSandbox(cmd, out.Control)); refused && problem.Status == http.StatusNotFound && problem.Reason == control.ReasonUnknownSandbox {
			return cli.Target{}, cli.Usagef("--sandbox: there is no sandbox %q on the target", t.sandbox)
		}
	} else {
		key, err := t.Required(cmd)
		if err != nil {
			return cli.Target{}, cli.Usagef("%w (where the target is a mock: %s)", err, t.mockFlag())
		}
		if t.No == "" {
			return cli.Target{}, cli.Usagef("--merchant-no is required (where the target is a mock: %s)", t.mockFlag())
		}
		out.Target = scenarios.Platform(address, t.No, key)
		if t.rate == 0 {
			out.Rate = platformRate
		}
	}
	out.HTTP = client
	out.Env = scenarios.ProcessEnv
	out.Prompt = prompt(cmd)
	out.Close, err = t.receive(cmd, &out.Target)
	return out, err
}

// hasSandbox asks a mock for the sandbox of --sandbox, where there is one. What else is wrong with the mock the run says.
func (t *targetFlags) hasSandbox(cmd *cobra.Command, mock *control.Client) error {
	if t.sandbox == "" {
		return nil
	}
	_, err := mock.Sandbox(t.sandbox).Get(cmd.Context())
	return err
}

// exported reports whether the target is the mock whose ETCP_MOCK_ADMIN is in the environment: exec and the CI action export it, beside that
// mock's ETCP_MOCK_URL, to every command, also to one that judges another target or has a mock in its own process.
func (t *targetFlags) exported() bool {
	at := os.Getenv(cli.Variable("url"))
	return t.target != "" && (at == "" || sameHost(at, t.target))
}

func sameHost(a, b string) bool {
	one, err := url.Parse(withScheme(a))
	two, wrong := url.Parse(withScheme(b))
	return err == nil && wrong == nil && strings.EqualFold(one.Host, two.Host)
}

func withScheme(address string) string {
	if strings.Contains(address, "://") {
		return address
	}
	return "http://" + address
}

// receive opens the runner's own receiver of pushes.
func (t *targetFlags) receive(cmd *cobra.Command, target *scenarios.Target) (stop func(), err error) {
	if t.listen == "" {
		return func() {}, nil
	}
	listener, err := (&net.ListenConfig{}).Listen(cmd.Context(), "tcp", t.listen)
	if err != nil {
		return nil, fmt.Errorf("--listen: %w", err)
	}
	target.Receiver = &scenarios.Receiver{URL: t.listenURL}
	if target.Receiver.URL == "" {
		target.Receiver.URL = "http://" + listener.Addr().String()
	}
	server, done := httpserver.Start(listener, target.Receiver, httpserver.Usual) // it ends when it is closed
	cli.Note(cmd, "taking pushes at %s", target.Receiver.URL)
	return func() {
		_ = server.Close()
		<-done //nolint:errcheck // it was closed here
	}, nil
}

// prompt asks a person, where one sits there.
func prompt(cmd *cobra.Command) func(context.Context, string) (string, error) {
	in, ok := cmd.InOrStdin().(*os.File)
	if !ok || !cli.IsTerminal(in) {
		return nil
	}
	lines := bufio.NewReader(in)
	return func(_ context.Context, question string) (string, error) {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s ", question)
		line, err := lines.ReadString('\n')
		return strings.TrimSpace(line), err
	}
}
