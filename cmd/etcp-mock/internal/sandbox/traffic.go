package sandbox

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/scenarios/traffic"
)

// trafficFlags are what traffic is told.
type trafficFlags struct {
	remote.Flags
	rate, length, speed string
	mix                 []string
	seed                uint64
}

// NewTraffic is the command traffic.
func NewTraffic() *cobra.Command {
	var f trafficFlags
	cmd := &cobra.Command{
		Use: "traffic", Short: "Have a city live its day on the sandbox: cars, owners, payments", Args: cli.NoArgs,
		Long: "Have a city live its day on the sandbox's clock, which moves with it: cars come in the morning and go in the evening, their owners\n" +
			"log in, bind, ask, pay online, pay in cash, are debited, or forget to pay; a few requests are wrong. It fills the console, and\n" +
			"loads a merchant's webhook with pushes. The same seed in the same sandbox makes the same events.\n\n" +
			"Kinds of events, for --mix:\n" + trafficKindsHelp(),
		Example: "  etcp-mock traffic\n  etcp-mock traffic --rate 5/s --for 10m --speed 1x\n" +
			"  etcp-mock traffic --rate 100/h --for 24h --speed max --seed 7 -o json\n  etcp-mock traffic --mix enter=2,payOnline=1,leave=1",
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	f.Register(cmd)
	cmd.Flags().StringVar(&f.rate, "rate", "2/m", "events a second, minute or hour of the sandbox's clock, on average")
	cmd.Flags().StringVar(&f.length, "for", "24h", "how `long`, on the sandbox's clock; at most 31d")
	cmd.Flags().StringVar(&f.speed, "speed", "600x", "max, or how much faster than real time: 60x")
	cmd.Flags().StringSliceVar(&f.mix, "mix", nil, "`kind=weight` of events; those left out do not happen (default: a usual day's)")
	cmd.Flags().Uint64Var(&f.seed, "seed", 0, "seed of everything that is left to chance (default: another each time, printed at the end)")
	cli.OutputFlag(cmd)
	return cmd
}

func trafficKindsHelp() string {
	var out strings.Builder
	for _, k := range traffic.Kinds() {
		fmt.Fprintf(&out, "  %-10s %3d  %s\n", k.Name, k.Weight, k.Doc)
	}
	return strings.TrimRight(out.String(), "\n")
}

func (f *trafficFlags) run(cmd *cobra.Command) error {
	if !cmd.Flags().Changed("seed") { // a second day in the same city is another people's
		f.seed = rand.Uint64() >> 11 //nolint:gosec // no secret; it fits a JSON number exactly
	}
	t, err := f.traffic()
	if err != nil {
		return err
	}
	p := show.Of(cmd)
	live := cli.NewLiveLine(cmd, !p.JSON)
	t.Progress = func(e traffic.Event) { showTraffic(live, e, p) }
	target, err := f.Mock()
	if err != nil {
		return err
	}
	merchants, err := target.Merchants(cmd.Context(), f.SandboxID)
	if err != nil {
		return err
	}
	report, err := t.Run(cmd.Context(), target.Control.Sandbox(f.SandboxID), merchants)
	live.Clear()
	if report.Events == 0 && err != nil {
		return err
	}
	var printed error
	if p.JSON {
		printed = p.Object(report)
	} else {
		p.TrafficReport(report)
	}
	switch {
	case err != nil:
		return err
	case report.Unexpected > 0 && printed == nil:
		return cli.ExitCode(cli.ExitFailed)
	}
	return printed
}

func (f *trafficFlags) traffic() (traffic.Plan, error) {
	t := traffic.Plan{Seed: f.seed}
	var err error
	if t.Rate, err = traffic.ParseRate(f.rate); err != nil {
		return t, cli.Usagef("--rate: %v", err)
	}
	if t.For, err = control.ParseDuration(f.length); err != nil {
		return t, cli.Usagef("--for: %v", err)
	}
	if t.Speed, err = traffic.ParseSpeed(f.speed); err != nil {
		return t, cli.Usagef("--speed: %v", err)
	}
	for _, each := range f.mix {
		name, text, _ := strings.Cut(each, "=")
		weight, err := strconv.Atoi(text)
		if err != nil || weight < 0 {
			return t, cli.Usagef("--mix %s: want kind=weight, such as payOnline=3", each)
		}
		if t.Mix == nil {
			t.Mix = map[string]int{}
		}
		t.Mix[name] = weight
	}
	if err := t.Check(); err != nil {
		return t, cli.Usagef("%v", err)
	}
	return t, nil
}

// showTraffic shows what happens now.
func showTraffic(l *cli.LiveLine, e traffic.Event, p *show.Printer) {
	l.Show("%d/%d %s", e.Index+1, e.Total, p.TrafficEvent(e))
}
