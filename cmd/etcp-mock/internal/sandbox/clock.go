package sandbox

import (
	"errors"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/input"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// NewClock is the command clock.
func NewClock() *cobra.Command {
	get := newClockGet("get")
	cmd := newClockGet("clock")
	cmd.Short = "Read and move a sandbox's clock"
	cmd.Example = "  etcp-mock clock\n  etcp-mock clock advance 90m\n  etcp-mock clock freeze"
	cmd.AddCommand(get, newClockSet(), newClockAdvance(), newClockFreeze(), newClockRun())
	return cmd
}

func printClock(cmd *cobra.Command, c control.Clock, err error) error {
	if err != nil {
		return err
	}
	p := show.Of(cmd)
	if p.JSON {
		return p.Object(c)
	}
	how := p.Green(p.In(cli.Clean(c.Mode)))
	if c.Mode == control.ClockFrozen {
		how = p.Blue(p.In(c.Mode))
	}
	if c.Mode == control.ClockRunning && c.Rate != 1 {
		how = p.Phrase("%s, %s seconds a second", how, strconv.FormatFloat(c.Rate, 'g', -1, 64))
	}
	p.Line("%s  %s", p.Bold(c.Now.String()), how)
	return nil
}

func newClockGet(use string) *cobra.Command {
	var r remote.Flags
	cmd := &cobra.Command{
		Use: use, Short: "Read the clock", Args: cli.NoArgs,
		Example: "  etcp-mock clock get",
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := r.Sandbox().Clock(cmd.Context())
			return printClock(cmd, c, err)
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	return cmd
}

func newClockSet() *cobra.Command {
	var r remote.Flags
	cmd := &cobra.Command{
		Use: `set TIME`, Short: "Set the clock",
		Long: "Set the clock, in Asia/Shanghai or in RFC 3339. Forward is the same as an advance: everything that falls due on the way happens.\n" +
			"Back is possible only while the sandbox has no orders and no pushes.",
		Example: "  etcp-mock clock set \"2017-08-20 12:00:00\"\n  etcp-mock clock set 2017-08-20T12:00:00+08:00",
		Args:    cli.Args(cobra.RangeArgs(1, 2)),
		RunE: func(cmd *cobra.Command, given []string) error {
			now, err := parseClock(given)
			if err != nil {
				return err
			}
			c, err := r.Sandbox().SetClock(cmd.Context(), now)
			return printClock(cmd, c, err)
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	return cmd
}

// parseClock reads a time, whose two halves may be two arguments.
func parseClock(given []string) (control.ClockChange, error) {
	var change control.ClockChange
	if len(given) == 0 {
		return change, nil
	}
	text := strings.Join(given, " ")
	at, err := input.Time("", text)
	if err != nil {
		return change, cli.Usagef(`%q is no time: want one such as "2017-08-20 12:00:00", in Asia/Shanghai, or RFC 3339`, text)
	}
	change.Now = at
	return change, nil
}

func newClockAdvance() *cobra.Command {
	var r remote.Flags
	cmd := &cobra.Command{
		Use: "advance DURATION", Short: "Move the clock forward",
		Long: "Move the clock forward. Everything that falls due on the way happens in its order, and each push attempt's outcome is\n" +
			"awaited: an advance over a whole retry schedule runs all of it.",
		Example: "  etcp-mock clock advance 90m\n  etcp-mock clock advance 8d",
		Args:    cli.Args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			by, err := control.ParseDuration(given[0])
			if err == nil && by < 0 {
				return goesBack(given[0])
			}
			if err != nil {
				return cli.Usagef("%q is no duration to go forward: want one such as 45m, 26h30m or 8d", given[0])
			}
			c, err := r.Sandbox().AdvanceBy(cmd.Context(), given[0])
			return printClock(cmd, c, err)
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		unknown, ok := errors.AsType[*pflag.NotExistError](err)
		if short := "-"; ok && unknown.GetSpecifiedShortnames() != "" { // -5m is a duration, and no flags
			short += unknown.GetSpecifiedShortnames()
			if _, err := control.ParseDuration(short); err == nil {
				return goesBack(short)
			}
		}
		return cmd.Parent().FlagErrorFunc()(cmd, err)
	})
	return cmd
}

func goesBack(by string) error {
	return cli.Usagef("%q goes back: a clock goes forward only, by 45m, 26h30m or 8d", by)
}

func newClockFreeze() *cobra.Command {
	var r remote.Flags
	cmd := &cobra.Command{
		Use: "freeze [TIME]", Short: "Stop the clock, where it is or at a time",
		Example: "  etcp-mock clock freeze\n  etcp-mock clock freeze \"2017-08-20 12:00:00\"",
		Args:    cli.Args(cobra.RangeArgs(0, 2)),
		RunE: func(cmd *cobra.Command, given []string) error {
			change, err := parseClock(given)
			if err != nil {
				return err
			}
			change.Mode = control.ClockFrozen
			c, err := r.Sandbox().SetClock(cmd.Context(), change)
			return printClock(cmd, c, err)
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	return cmd
}

func newClockRun() *cobra.Command {
	var r remote.Flags
	change := control.ClockChange{Mode: control.ClockRunning}
	rate := rate(1)
	cmd := &cobra.Command{
		Use: "run", Short: "Let the clock run, at some speed",
		Example: "  etcp-mock clock run\n  etcp-mock clock run --speed 60x   # a minute a second",
		Args:    cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			given := "rate"
			if cmd.Flags().Changed("speed") {
				given = "speed"
				if cmd.Flags().Changed("rate") {
					return cli.Usagef("either --rate or --speed, not both")
				}
			}
			if change.Rate = float64(rate); change.Rate <= 0 {
				return cli.Usagef("--%s: want a number above 0, got %s", given, &rate)
			}
			c, err := r.Sandbox().SetClock(cmd.Context(), change)
			return printClock(cmd, c, err)
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().Var(&rate, "rate", "seconds of the sandbox in a real second: 60, or 60x")
	cmd.Flags().Var(&rate, "speed", "the same as --rate, by the name that traffic and scenario run have for it")
	return cmd
}

// rate is how much faster than real time a clock runs: a number, or one with an x behind it, as the speeds of other commands are written.
type rate float64

// Set implements pflag.Value.
func (r *rate) Set(text string) error {
	n, err := strconv.ParseFloat(strings.TrimSuffix(text, "x"), 64)
	*r = rate(n)
	return err
}

// Type implements pflag.Value; float64 is what is said of a wrong one.
func (r *rate) Type() string { return "float64" }

func (r *rate) String() string { return strconv.FormatFloat(float64(*r), 'g', -1, 64) }
