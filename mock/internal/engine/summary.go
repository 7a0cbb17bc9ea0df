package engine

import (
	"fmt"
	"strings"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

// Summary is what an input did, in a line of English, without keys.
func (r *Record) Summary() string {
	text := r.Input.summary()
	if r.Result != "" {
		text += ": " + r.Result
	}
	return text
}

// Word is the kind of an input in a listing: of a command, the command's.
func (r *Record) Word() string {
	if c, ok := r.Input.(*Command); ok {
		return platform.KindOf(c.Command)
	}
	return r.Input.Kind()
}

func (r *Request) summary() string {
	return r.Method + " " + clip(r.Endpoint) + " " + clip(r.MerchantNo)
}

func (c *Create) summary() string { return "sandbox " + c.ID + " created" }

func (c *SetClock) summary() string {
	var parts []string
	if c.Change.Now != nil {
		parts = append(parts, "to "+notation.FormatTime(*c.Change.Now))
	}
	if c.Change.Mode != nil {
		parts = append(parts, *c.Change.Mode)
	}
	if c.Change.Rate != nil {
		parts = append(parts, fmt.Sprintf("rate %g", *c.Change.Rate))
	}
	return "clock set " + strings.Join(parts, ", ")
}

func (m *MoveClock) summary() string  { return "clock moved to " + notation.FormatTime(m.To) }
func (*Wake) summary() string         { return "due pushes sent" }
func (*Resume) summary() string       { return "taken over: attempts in flight are due again" }
func (*ClearJournal) summary() string { return "journal cleared" }
func (r *Reset) summary() string {
	if r.Spec != nil {
		return "reset to another fixture"
	}
	return "reset to its fixture"
}

func (a *AddFault) summary() string  { return "fault added " + a.Fault.Name }
func (r *Redeliver) summary() string { return "push " + r.ID + " redelivered" }

func (d *DeleteFault) summary() string {
	if d.ID == "" {
		return "all faults deleted"
	}
	return "fault " + d.ID + " deleted"
}

func (o *Outcome) summary() string {
	if o.Result.Delivered {
		return "push " + o.ID + " delivered"
	}
	return "push " + o.ID + " attempt failed: " + clip(o.Result.Error)
}

func (r *Restore) summary() string {
	if r.Undo != 0 {
		return fmt.Sprintf("put back to what it was after input %d", r.Undo)
	}
	return "a state restored"
}

func (c *Command) summary() string { return c.Summary() }
