package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

func newTail() *cobra.Command {
	var r remote
	var asJSON bool
	var after string
	cmd := &cobra.Command{
		Use: "tail", Short: "Follow what happens, one line an event", Args: cli.NoArgs,
		Long: "Follow what happens in a sandbox, one line an event: requests, pushes, cars, the clock, faults, resets. Under a request that\n" +
			"was refused stands why. A stream that breaks off is resumed where it was. With --json one object a line: id, event, data.",
		Example: "  etcp-mock tail\n  etcp-mock tail --json | jq -c 'select(.event==\"push\") | .data.status'",
		RunE: func(cmd *cobra.Command, _ []string) error {
			p := printerOf(cmd)
			p.JSON = asJSON
			return follow(cmd, &r, p, after)
		},
	}
	r.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	cmd.Flags().StringVar(&after, "after", "", "resume behind the event with this `id`")
	return cmd
}

// resumeWait is how long tail waits before it asks again.
const (
	resumeWait = 500 * time.Millisecond
	resumeMost = 20 // attempts in a row
)

// follow prints events until the user has enough, or the server is gone for good.
func follow(cmd *cobra.Command, r *remote, p *printer, last string) error {
	ctx, connected := cmd.Context(), false
	for failures := 0; ; failures++ {
		events, err := r.world().Follow(ctx, last)
		if err == nil {
			if !connected {
				following(cmd, r)
			}
			connected = true
			for event, broken := range events {
				if broken != nil {
					err = broken
					break
				}
				failures = 0
				if event.ID != "" {
					last = event.ID
				}
				if err := p.event(event); err != nil {
					return err
				}
			}
		}
		_, refused := errors.AsType[*control.ProblemError](err)
		switch {
		case ctx.Err() != nil:
			return nil
		case refused, !connected, failures >= resumeMost:
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(resumeWait):
		}
	}
}

// following says on stderr that nothing is missed from now on.
func following(cmd *cobra.Command, r *remote) {
	fmt.Fprintf(cmd.ErrOrStderr(), "following sandbox %s of %s; end with Ctrl-C\n", r.sandbox, r.url())
}

// eventLine is an event as JSON.
type eventLine struct {
	ID    string          `json:"id"`
	Event string          `json:"event"`
	Data  json.RawMessage `json:"data"`
}

func (p *printer) event(e control.Event) error {
	if p.JSON {
		return p.Compact(eventLine{e.ID, e.Kind, e.Data})
	}
	switch e.Kind {
	case control.EventRequest:
		return printEvent(e, func(q control.Request) {
			p.Line("%s %s", p.Cyan(cli.Pad("request", 8)), p.requestLine(q))
			if why := p.why(q); why != "" && q.Code != 0 {
				p.Line("         %s", p.Yellow(why))
			}
		})
	case control.EventPush:
		return printEvent(e, func(x control.Push) {
			p.Line("%s %s  %s  %s  %s  %s  %s", p.Blue(cli.Pad("push", 8)), p.Dim(pushTime(x)), cli.Pad(x.ID, 5), cli.Pad(string(x.Kind), 18),
				cli.Pad(p.state(x.Status), 9), cli.Clean(x.PlateNumber)+" to "+cli.Clean(x.MerchantNo), p.Dim(cli.Fit(lastAttempt(x), 80)))
		})
	case control.EventCar:
		return printEvent(e, func(o control.Order) {
			at := o.EntranceTime
			verb := "enters " + cli.Clean(o.ParkingName)
			if o.State != control.Parked {
				at, verb = o.ExitTime, fmt.Sprintf("leaves %s after %s, fee %s", cli.Clean(o.ParkingName), stayed(o), o.ParkingFee)
			}
			p.Line("%s %s  %s %s", p.Green(cli.Pad("car", 8)), p.Dim(at.String()), p.Bold(cli.Clean(o.PlateNumber)), verb)
		})
	case control.EventClock:
		return printEvent(e, func(c control.Clock) {
			p.Line("%s %s  %s", p.Yellow(cli.Pad("clock", 8)), p.Dim(c.Now.String()), c.Mode)
		})
	case control.EventFault:
		return printEvent(e, func(f faultEvent) {
			hit := cli.Clean(f.Endpoint)
			if f.PushID != "" {
				hit = "push " + cli.Clean(f.PushID)
			}
			p.Line("%s %s  %s hits %s: %s", p.Red(cli.Pad("fault", 8)), p.Dim(f.At), p.Bold(f.Fault.ID), hit, cli.Clean(flat(f.Fault.Do)))
		})
	case control.EventReset:
		return printEvent(e, func(r struct {
			Cause string `json:"cause"`
			Now   string `json:"now"`
		},
		) {
			p.Line("%s %s  %s", p.Yellow(cli.Pad("reset", 8)), p.Dim(r.Now), cli.Clean(r.Cause))
		})
	case "faults":
		return printEvent(e, func(c struct {
			Action string   `json:"action"`
			IDs    []string `json:"ids"`
		},
		) {
			p.Line("%s %s %s", p.Red(cli.Pad("faults", 8)), strings.Join(c.IDs, ", "), cli.Clean(c.Action))
		})
	case control.EventLagged:
		p.Line("%s some events are lost, for this reader was too slow: %s", p.Red(cli.Pad("lagged", 8)), cli.Clean(string(e.Data)))
	default:
		p.Line("%s %s", p.Red(cli.Pad(cli.Clean(e.Kind), 8)), cli.Clean(string(e.Data)))
	}
	return nil
}

// faultEvent is what a fault has hit.
type faultEvent struct {
	Fault    control.Fault `json:"fault"`
	At       string        `json:"at"`
	Endpoint string        `json:"endpoint"`
	PushID   string        `json:"pushId"`
}

func pushTime(x control.Push) string {
	if n := len(x.Attempts); n > 0 {
		return x.Attempts[n-1].At.String()
	}
	return x.CreatedAt.String()
}

func printEvent[T any](e control.Event, show func(T)) error {
	var v T
	if err := json.Unmarshal(e.Data, &v); err != nil {
		return fmt.Errorf("event %s: %w", e.ID, err)
	}
	show(v)
	return nil
}
