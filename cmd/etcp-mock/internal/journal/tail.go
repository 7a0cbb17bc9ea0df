package journal

import (
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// NewTail is the command tail.
func NewTail() *cobra.Command { return newTail(resumeWait) }

func newTail(wait time.Duration) *cobra.Command {
	var r remote.Flags
	var asJSON bool
	var after string
	cmd := &cobra.Command{
		Use: "tail", Short: "Follow what happens, one line an event", Args: cli.NoArgs,
		Long: "Follow what happens in a sandbox, one line an event: requests, pushes, cars, the clock, faults, resets. Under a request that\n" +
			"was refused stands why. A stream that breaks off is resumed where it was. With --json one object a line: id, event, data.",
		Example: "  etcp-mock tail\n  etcp-mock tail --json | jq -c 'select(.event==\"push\") | .data.status'",
		RunE: func(cmd *cobra.Command, _ []string) error {
			p := show.Of(cmd)
			p.JSON = asJSON
			return follow(cmd, &r, p, after, wait)
		},
	}
	r.Register(cmd)
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
func follow(cmd *cobra.Command, r *remote.Flags, p *show.Printer, last string, wait time.Duration) error {
	ctx, connected := cmd.Context(), false
	for failures := 0; ; failures++ {
		events, err := r.Sandbox().Follow(ctx, last)
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
				if err := p.Event(event); err != nil {
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
		case <-time.After(wait):
		}
	}
}

// following says on stderr that nothing is missed from now on.
func following(cmd *cobra.Command, r *remote.Flags) {
	cli.Note(cmd, "following sandbox %s of %s; end with Ctrl-C", r.SandboxID, r.Address())
}
