package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// targetFlags say what is judged, and how carefully.
type targetFlags struct {
	merchantFlags
	variableFlags

	target, admin, adminToken, sandbox, listen, listenURL string
	seed                                                  uint64
	rate                                                  float64
	allowWrites                                           bool
}

// sameAddress is the value of --admin without one.
const sameAddress = "same"

func (t *targetFlags) flags(cmd *cobra.Command) {
	t.merchantFlags.flags(cmd)
	cmd.Flags().StringVar(&t.target, "target", "", "base `URL` of what is judged (default: a mock in this process)")
	cmd.Flags().StringVar(&t.admin, "admin", "", "the target is a mock; `URL` of its control API where that is another address")
	cmd.Flags().Lookup("admin").NoOptDefVal = sameAddress
	cmd.Flags().StringVar(&t.adminToken, "admin-token", "", "`token` of the control API; better in ETCP_MOCK_ADMIN_TOKEN")
	cmd.Flags().StringVar(&t.sandbox, "sandbox", "", "run in this sandbox of the mock instead of one for each case")
	cmd.Flags().StringVar(&t.listen, "listen", "", "`address` to take pushes at, where the target is no mock")
	cmd.Flags().StringVar(&t.listenURL, "listen-url", "", "`URL` under which the target reaches --listen")
	cmd.Flags().Uint64Var(&t.seed, "seed", 0, "seed of what is made up (default: another each time)")
	cmd.Flags().Float64Var(&t.rate, "rate", 0, "requests a second, at most (default: 5 where the target is no mock)")
	cmd.Flags().BoolVar(&t.allowWrites, "allow-writes", false, "write, though the target is no mock")
	t.variableFlags.flags(cmd)
}

// platformRate is the rate at which what is no mock is asked.
const platformRate = 5

func (t *targetFlags) seedOf(cmd *cobra.Command) uint64 {
	if t.seed == 0 && !cmd.Flags().Changed("seed") {
		t.seed = uint64(time.Now().UnixNano()) % 1_000_000
	}
	return t.seed
}

// open gives the target, and what ends it.
func (t *targetFlags) open(cmd *cobra.Command, _ []string) (scenarios.Target, func(), error) {
	none := scenarios.Target{}
	if t.target == "" {
		if t.admin != "" || t.sandbox != "" {
			return none, nil, errors.New("--admin and --sandbox are of a --target; without one a mock runs in this process")
		}
		server, err := mock.New(mock.WithSeed(t.seedOf(cmd)))
		if err != nil {
			return none, nil, err
		}
		target := scenarios.InProcess(server.Handler())
		target.Env = scenarios.ProcessEnv
		return target, func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(cmd.Context()), 5*time.Second)
			defer cancel()
			_ = server.Close(ctx) // it goes with the process
		}, nil
	}
	address := t.target
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return none, nil, fmt.Errorf("want the base URL of a target, http://… or https://…, not %q", t.target)
	}
	var target scenarios.Target
	if t.admin != "" {
		admin := t.admin
		if admin == sameAddress {
			admin = address
		}
		target = scenarios.Mock(address, t.adminToken)
		target.Control = control.New(admin, control.WithToken(t.adminToken))
		target.Sandbox = t.sandbox
	} else {
		key, err := t.resolve(cmd)
		if err != nil {
			return none, nil, fmt.Errorf("%w (where the target is a mock: --admin)", err)
		}
		if t.no == "" {
			return none, nil, errors.New("who asks? --merchant-no NUMBER (where the target is a mock: --admin)")
		}
		target = scenarios.Platform(address, t.no, key)
		if t.rate == 0 {
			t.rate = platformRate
		}
	}
	target.Env = scenarios.ProcessEnv
	target.Prompt = prompt(cmd)
	stop, err := t.receive(cmd, &target)
	return target, stop, err
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
	server := &http.Server{Handler: target.Receiver, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // it ends when it is closed
	}()
	fmt.Fprintf(cmd.ErrOrStderr(), "taking pushes at %s\n", target.Receiver.URL)
	return func() {
		_ = server.Close()
		<-done
	}, nil
}

// prompt asks a person, where one sits there.
func prompt(cmd *cobra.Command) func(context.Context, string) (string, error) {
	in, is := cmd.InOrStdin().(*os.File)
	if !is || !isTerminal(in) {
		return nil
	}
	lines := bufio.NewReader(in)
	return func(_ context.Context, question string) (string, error) {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s ", question)
		line, err := lines.ReadString('\n')
		return strings.TrimSpace(line), err
	}
}

// variableFlags give variables their values from outside.
type variableFlags struct {
	given   []string
	varFile string
}

func (v *variableFlags) flags(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&v.given, "var", nil, "`name=value` of a variable, of the type it has in the file; name:=json for any other")
	cmd.Flags().StringVar(&v.varFile, "var-file", "", "`file` (YAML or JSON) of variables that are secret")
}

// variables are values from outside, by name.
type variables struct{ vars, secrets map[string]any }

func (v variables) names() []string {
	return slices.Concat(slices.Collect(maps.Keys(v.vars)), slices.Collect(maps.Keys(v.secrets)))
}

// read reads --var and --var-file.
func (v *variableFlags) read() (out variables, err error) {
	out.vars = map[string]any{}
	for _, each := range v.given {
		name, value, err := scenarios.ParseVar(each)
		if err != nil {
			return out, fmt.Errorf("--var: %w", err)
		}
		out.vars[name] = value
	}
	if v.varFile == "" {
		return out, nil
	}
	text, err := os.ReadFile(v.varFile)
	if err != nil {
		return out, fmt.Errorf("--var-file: %w", err)
	}
	document, err := scenarios.ReadDocument(v.varFile, text)
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal(document.JSON, &out.secrets); err != nil {
		return out, fmt.Errorf("--var-file: %s is no mapping of variables", v.varFile)
	}
	return out, nil
}
