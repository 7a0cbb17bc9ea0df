package serving

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/input"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// What a shell gives for a command that it cannot run, and that it cannot find.
const (
	exitNotRunnable = 126
	exitNotFound    = 127
	exitSignal      = 128 // and the signal's number
)

// childGrace is how long a command may take to end after the first signal.
const childGrace = 10 * time.Second

type execFlags struct {
	addr, fixture, scenario string
	seed                    uint64
	hostile, quiet, seeded  bool

	after func(context.Context, *control.Sandbox) error // the command has ended; nil: nothing more is to be done
}

// NewExec is the command exec.
func NewExec() *cobra.Command {
	var f execFlags
	cmd := &cobra.Command{
		Use: "exec [flags] -- COMMAND [ARG…]", Short: "Run a command beside a mock of its own",
		Long: `Start a mock on a free port, run a command, stop the mock. The command finds it in its environment:

  ETCP_MOCK_URL            the platform's base URL (ETCP_MOCK_SERVER is the same, for etcp-mock itself)
  ETCP_MOCK_ADMIN          the base of the control API, …/__admin
  ETCP_MOCK_SANDBOX        the sandbox
  ETCP_MOCK_MERCHANT_NO    a merchant in it
  ETCP_MOCK_MERCHANT_KEY   its key
  ETCP_MOCK_ADMIN_TOKEN    the token that the control API wants, where --addr is no loopback address

Afterwards what the mock refused is printed on stderr, each with why, and the pushes that were not delivered.
The exit code is the command's.`,
		Example: "  etcp-mock exec -- go test ./...\n  etcp-mock exec --fixture city.yaml --seed 7 -- npm test\n" +
			"  etcp-mock exec -- sh -c 'curl -s $ETCP_MOCK_URL/healthz'",
		Args: cli.ArgsMaybeEmpty(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error { return runBeside(cmd, &f, given) },
	}
	cmd.Flags().SetInterspersed(false) // what follows COMMAND is its own
	cmd.Flags().StringVar(&f.addr, "addr", "127.0.0.1:0", "address the mock listens on; port 0 takes a free one")
	cli.OwnOnly(cmd, "addr")
	cmd.Flags().StringVar(&f.fixture, "fixture", "", "YAML or JSON `file` the sandbox starts from")
	cmd.Flags().StringVar(&f.scenario, "scenario", "", "`name` of a scenario whose fixture the sandbox starts from")
	cmd.Flags().Uint64Var(&f.seed, "seed", 0, "seed of everything random (default: another each time)")
	cmd.Flags().BoolVar(&f.hostile, "hostile", false, "unreliable mode, as of serve --hostile")
	cmd.Flags().BoolVarP(&f.quiet, "quiet", "q", false, "do not print what was refused")
	return cmd
}

func (f *execFlags) options(cmd *cobra.Command) ([]mock.Option, *scenarios.Document, error) {
	opts := []mock.Option{}
	if f.seeded = cmd.Flags().Changed("seed"); f.seeded { // 0 is one, too
		opts = append(opts, mock.WithSeed(f.seed))
	}
	if f.hostile {
		opts = append(opts, mock.WithHostile())
	}
	if f.fixture == "" {
		return opts, nil, nil
	}
	document, err := input.Fixture(f.fixture)
	if err != nil {
		return nil, nil, err
	}
	return append(opts, mock.WithFixture(document.JSON)), document, nil
}

func runBeside(cmd *cobra.Command, f *execFlags, command []string) (err error) {
	if f.fixture != "" && f.scenario != "" {
		return cli.Usagef("either --fixture or --scenario, not both")
	}
	if cli.IsSocket(f.addr) {
		return cli.Usagef("--addr: want host:port, since merchants call over TCP, got %q", f.addr)
	}
	if err := cli.CheckAddr("addr", f.addr); err != nil {
		return err
	}
	opts, document, err := f.options(cmd)
	if err != nil {
		return err
	}
	server, err := NewMock(opts...)
	if err != nil {
		return input.Located(err, document)
	}
	if err := server.Start(f.addr); err != nil {
		return Blame(cmd, err)
	}
	ctx := context.WithoutCancel(cmd.Context()) // what was refused is told even after an interrupt
	defer func() {
		stopping, cancel := context.WithTimeout(ctx, StopTimeout)
		defer cancel()
		if closing := server.Close(stopping); err == nil {
			err = closing
		}
	}()
	token, generated := server.AdminToken()
	api := control.New(server.URL(), control.WithToken(token))
	sandbox, environment, err := f.environment(ctx, server.URL(), api)
	if err != nil {
		return err
	}
	if generated { // on an address that is no loopback one the control API wants it
		environment = append(environment, cli.Variable("admin-token")+"="+token)
	}
	code, err := runChild(cmd, command, environment)
	if err != nil {
		return err
	}
	if f.after != nil {
		err := f.after(ctx, api.Sandbox(sandbox))
		if own, only := errors.AsType[cli.ExitCode](err); only && code == cli.ExitOK {
			code = int(own) // the command's own code goes before it
		} else if err != nil && !only {
			return err
		}
	}
	if !f.quiet {
		if err := printFailures(ctx, cmd, api); err != nil {
			return err
		}
	}
	if code != cli.ExitOK {
		return cli.ExitCode(code)
	}
	return nil
}

// environment is the sandbox and what the command finds the mock by.
func (f *execFlags) environment(ctx context.Context, url string, api *control.Client) (sandbox string, env []string, err error) {
	sandbox = control.Default
	if f.scenario != "" {
		in := control.NewSandbox{Scenario: f.scenario}
		if f.seeded {
			in.Seed = &f.seed
		}
		made, err := api.CreateSandbox(ctx, in)
		if err != nil {
			return "", nil, err
		}
		sandbox = made.ID
	}
	variables, err := variablesOf(ctx, url, api.Sandbox(sandbox), sandbox)
	return sandbox, append(os.Environ(), variables...), err
}

// runChild runs the command with the terminal as it is, and gives its exit code. Signals go on to it as they came, and whatever it has
// started ends with it.
func runChild(cmd *cobra.Command, command, environment []string) (int, error) {
	child := exec.Command(command[0], command[1:]...) //nolint:gosec,noctx // it is what the user wants to run; signals end it
	child.Env = environment
	child.Stdin, child.Stdout, child.Stderr = cmd.InOrStdin(), cli.Beneath(cmd.OutOrStdout()), cli.Beneath(cmd.ErrOrStderr())
	child.WaitDelay = childGrace
	g := newProcesses(child)
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, forwarded...)
	defer signal.Stop(signals)
	err := child.Start()
	if err == nil {
		ended := make(chan error, 1)
		go func() { ended <- child.Wait() }()
		err = g.wait(signals, ended)
	}
	failed, isExit := errors.AsType[*exec.ExitError](err)
	switch {
	case err == nil:
		return cli.ExitOK, nil
	case isExit:
		if status, ok := failed.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			return exitSignal + int(status.Signal()), nil
		}
		return failed.ExitCode(), nil
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		fmt.Fprintf(cmd.ErrOrStderr(), "etcp-mock: %s\n", cli.TextOf(cli.Language(cmd), err))
		return exitNotFound, nil
	case errors.Is(err, fs.ErrPermission):
		fmt.Fprintf(cmd.ErrOrStderr(), "etcp-mock: %s\n", cli.TextOf(cli.Language(cmd), err))
		return exitNotRunnable, nil
	case errors.Is(err, exec.ErrWaitDelay):
		return child.ProcessState.ExitCode(), nil
	}
	return cli.ExitFailed, err
}

// wait forwards signals until the command has ended. One that does not end within childGrace of a signal that asks it to is killed, and so is one
// that is asked a second time.
func (g *processes) wait(signals <-chan os.Signal, ended <-chan error) error {
	defer g.kill() // what it has left running
	var late <-chan time.Time
	var asked time.Time
	for {
		select {
		case s := <-signals:
			switch {
			case !asks(s): // it is the command's own affair what it does at it
			case asked.IsZero():
				asked, late = time.Now(), g.after(childGrace)
			case time.Since(asked) > onceMore:
				g.kill()
				continue
			}
			g.forward(s)
		case <-late:
			g.kill()
		case err := <-ended:
			return err
		}
	}
}

// onceMore is how long after the first signal another is a second one: timeout(1) sends each twice.
const onceMore = 200 * time.Millisecond

// asks tells whether a signal asks a command to end.
func asks(s os.Signal) bool { return s == os.Interrupt || s == syscall.SIGTERM }

// printFailures tells on stderr what was refused, and which pushes did not arrive, in every sandbox.
func printFailures(ctx context.Context, cmd *cobra.Command, api *control.Client) error {
	sandboxes, err := remote.All(func(p control.Page) (control.List[control.SandboxSummary], error) { return api.Sandboxes(ctx, p) })
	if err != nil {
		return err
	}
	p := show.Of(cmd)
	p.Out, p.On = cmd.ErrOrStderr(), cli.WantsColor(cmd, cmd.ErrOrStderr())
	for _, s := range sandboxes {
		listed := api.Sandbox(s.ID)
		requests, err := remote.All(func(page control.Page) (control.List[control.Request], error) {
			return listed.Requests(ctx, control.RequestFilter{}, page)
		})
		if err != nil {
			return err
		}
		pushes, err := remote.All(func(page control.Page) (control.List[control.Push], error) {
			return listed.Pushes(ctx, control.PushFilter{}, page)
		})
		if err != nil {
			return err
		}
		if err := p.Failures(s.ID, requests, pushes); err != nil {
			return err
		}
	}
	return nil
}
