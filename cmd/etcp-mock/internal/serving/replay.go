package serving

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/input"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/scenarios/traffic"
)

type replayFlags struct {
	remote.MerchantFlags

	to, speed, encoding, signData string
	keyed                         bool // a key was given
}

// NewReplay is the command replay.
func NewReplay() *cobra.Command {
	var f replayFlags
	cmd := &cobra.Command{
		Use: "replay FILE --to URL", Short: "Send the pushes of a recording to a merchant, signed anew",
		Long: "Send the pushes of a recording, or of any scenario, to a merchant: in their order and with the time between them, signed with the\n" +
			"merchant's own key. The calls and cars of the scenario happen inside this command; only pushes leave it. A push that is refused is\n" +
			"sent again on the platform's schedule. Exits 1 where one was not delivered.",
		Example: "  etcp-mock replay checkout.yaml --to http://127.0.0.1:9000/etcp --speed 600x\n" +
			"  etcp-mock replay temporary-car-pays-online --to http://127.0.0.1:9000/etcp --speed max --merchant-no M1 --key-file key.txt",
		Args: cli.Args(cobra.ExactArgs(1)), ValidArgsFunction: scenarioNames,
		RunE: func(cmd *cobra.Command, given []string) error { return f.run(cmd, given[0]) },
	}
	cmd.Flags().StringVar(&f.to, "to", "", "`URL` of the merchant's webhook")
	cmd.Flags().StringVar(&f.speed, "speed", "1x", "how much faster than in the scenario time passes: 60x, or max")
	f.Register(cmd)
	cmd.Flags().StringVar(&f.Key, "key", "", "the same as --merchant-key")
	cmd.Flags().StringVar(&f.encoding, "encoding", "", "json, form or form-data-param (rule push.encoding)")
	cmd.Flags().StringVar(&f.signData, "sign-data", "", "json, values or query (rule push.sign_data)")
	cli.OutputFlag(cmd)
	return cmd
}

func (f *replayFlags) run(cmd *cobra.Command, name string) error {
	if f.to == "" {
		return cli.Usagef("--to is required: the URL that the pushes go to")
	}
	if _, err := cli.HTTPURL("to", f.to); err != nil {
		return err
	}
	if f.encoding != "" {
		if err := input.OneOf("encoding", f.encoding, "json", "form", "form-data-param"); err != nil {
			return err
		}
	}
	if f.signData != "" {
		if err := input.OneOf("sign-data", f.signData, "json", "values", "query"); err != nil {
			return err
		}
	}
	speed, err := traffic.ParseSpeed(f.speed)
	if err != nil {
		return cli.Usagef("--speed: %v", err)
	}
	g, err := gather([]string{name})
	if err != nil {
		return err
	}
	if len(g.chosen) != 1 {
		return cli.Usagef("a replay is of one scenario, and %s holds %d", name, len(g.chosen))
	}
	fixture, err := f.fixture(cmd, g)
	if err != nil {
		return err
	}
	server, err := NewMock(mock.WithFixture([]byte("{}"))) // without the merchant demo, which may be the one that is meant
	if err != nil {
		return err
	}
	defer func() {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(cmd.Context()), StopTimeout)
		defer cancel()
		_ = server.Close(stopping)
	}()
	if err := server.Start("127.0.0.1:0"); err != nil { // its events are followed over a socket
		return Blame(cmd, err)
	}
	token, _ := server.AdminToken()
	target := scenarios.Mock(server.URL(), token)
	target.Env = scenarios.ProcessEnv
	made, err := target.Control.CreateSandbox(cmd.Context(), control.NewSandbox{Fixture: fixture})
	if err != nil {
		return err
	}
	target.Sandbox = made.ID
	return f.send(cmd, g, target, speed)
}

// fixture is the scenario's fixture with the merchant that is to get the pushes in the place of its first.
func (f *replayFlags) fixture(cmd *cobra.Command, g *gathered) (map[string]any, error) {
	key, err := f.Given(cmd)
	if err != nil {
		return nil, err
	}
	text, err := scenarios.Fixture(g.chosen[0], g.library, nil)
	if err != nil {
		return nil, err
	}
	var fixture map[string]any
	if err := json.Unmarshal(text, &fixture); err != nil {
		return nil, err
	}
	merchants, _ := fixture["merchants"].([]any)
	if len(merchants) == 0 { // one that has none on purpose
		return nil, errNothingPushed
	}
	first, ok := merchants[0].(map[string]any)
	if !ok {
		return nil, errNothingPushed
	}
	old := first["no"]
	f.keyed = key != ""
	first["push"] = map[string]any{"url": f.to}
	if f.No != "" {
		first["no"] = f.No
	}
	if f.keyed {
		first["key"] = key
	}
	users, _ := fixture["users"].([]any)
	for _, u := range users {
		user, _ := u.(map[string]any)
		plates, _ := user["plates"].([]any)
		for _, p := range plates {
			if plate, ok := p.(map[string]any); ok && plate["merchantNo"] == old {
				plate["merchantNo"] = first["no"]
			}
		}
	}
	rules, ok := fixture["rules"].(map[string]any)
	if !ok {
		rules = map[string]any{}
		fixture["rules"] = rules
	}
	if f.encoding != "" {
		rules["push.encoding"] = f.encoding
	}
	if f.signData != "" {
		rules["push.sign_data"] = f.signData
	}
	return fixture, nil
}

// errNothingPushed is a scenario in which no push goes to the merchant.
var errNothingPushed = cli.Errorf("no push goes to the merchant in this scenario: a plate must be bound through it, and a car come or go")

// send runs the scenario and prints each push as it is delivered or given up.
func (f *replayFlags) send(cmd *cobra.Command, g *gathered, target scenarios.Target, speed float64) error {
	p := show.Of(cmd)
	sandbox := target.Control.Sandbox(target.Sandbox)
	ctx, stop := context.WithCancel(cmd.Context())
	defer stop()
	events, err := sandbox.Follow(ctx, "")
	if err != nil {
		return err
	}
	var telling sync.WaitGroup
	telling.Go(func() {
		for event, err := range events {
			if err != nil || event.Kind == control.EventReset {
				return // the scenario is over
			}
			var push control.Push
			if event.Kind != control.EventPush || p.JSON || json.Unmarshal(event.Data, &push) != nil || push.Status == control.PushPending {
				continue
			}
			_ = p.Event(event) // what cannot be written has no better place to go
		}
	})
	result, err := scenarios.Run(cmd.Context(), target, g.chosen[0], scenarios.Options{Library: g.library, Speed: speed})
	if err == nil {
		err = wholeSchedule(cmd.Context(), sandbox, speed)
	}
	var pushes []control.Push
	if err == nil {
		pushes, err = remote.All(func(page control.Page) (control.List[control.Push], error) {
			return sandbox.Pushes(cmd.Context(), control.PushFilter{}, page)
		})
	}
	if failed := sandbox.Reset(ctx); failed != nil { // the reset is the last event that is reported
		stop()
	}
	telling.Wait()
	if err != nil {
		return err
	}
	return f.sumUp(cmd, p, pushes, result)
}

// wholeSchedule lets time pass until no push is to be sent again, be it the last of the scenario: with the speed of the scenario, or at once.
func wholeSchedule(ctx context.Context, sandbox *control.Sandbox, speed float64) error {
	for {
		if err := sandbox.DrainPushes(ctx, time.Minute); err != nil {
			return err
		}
		pending, err := remote.All(func(page control.Page) (control.List[control.Push], error) {
			return sandbox.Pushes(ctx, control.PushFilter{Status: control.PushPending}, page)
		})
		if err != nil {
			return err
		}
		clock, err := sandbox.Clock(ctx)
		if err != nil {
			return err
		}
		gap := time.Duration(-1)
		for _, x := range pending {
			if after := x.NextAttemptAt.Sub(clock.Now.Time); !x.NextAttemptAt.IsZero() && (gap < 0 || after < gap) {
				gap = max(after, 0)
			}
		}
		if gap < 0 {
			return nil
		}
		if speed > 0 {
			select {
			case <-time.After(time.Duration(float64(gap) / speed)):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if _, err := sandbox.Advance(ctx, gap+time.Millisecond); err != nil {
			return err
		}
	}
}

// sayRefusedKey says which key the pushes were signed with, where the merchant refused a signature.
func (f *replayFlags) sayRefusedKey(cmd *cobra.Command, pushes []control.Push) {
	refused := slices.ContainsFunc(pushes, func(x control.Push) bool {
		return slices.ContainsFunc(x.Attempts, func(a control.Attempt) bool {
			var answer struct {
				Code int `json:"code"`
			}
			return json.Unmarshal([]byte(a.Response), &answer) == nil && answer.Code == client.CodeBadSignature
		})
	})
	switch {
	case !refused:
	case !f.keyed:
		cli.Note(cmd, "etcp-mock: the merchant refused the signature (code 4): no key was given, so the scenario's own signed; give the merchant's: ETCP_MOCK_MERCHANT_KEY")
	default:
		cli.Note(cmd, "etcp-mock: the merchant refused the signature (code 4): compare its number and key with --merchant-no and ETCP_MOCK_MERCHANT_KEY")
	}
}

// sumUp prints what became of every push, and why the scenario failed where it did.
func (f *replayFlags) sumUp(cmd *cobra.Command, p *show.Printer, pushes []control.Push, result *scenarios.Result) error {
	if err := show.Pushes(p, pushes, false); err != nil {
		return err
	}
	for _, c := range result.Cases {
		for _, s := range c.Steps {
			if s.Failure != nil {
				cli.Note(cmd, "the scenario failed at %s:%d: %s", s.File, s.Line, cli.Clean(s.Failure.Detail)) // stdout is of the pushes, be it as JSON
			}
		}
	}
	if len(pushes) == 0 {
		return errNothingPushed
	}
	f.sayRefusedKey(cmd, pushes)
	for _, x := range pushes {
		if x.Status != control.PushDelivered {
			return cli.ExitCode(cli.ExitFailed)
		}
	}
	return nil
}
