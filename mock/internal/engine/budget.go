package engine

import (
	"strconv"

	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/rules"
)

// What things take that are counted by their number, in bytes: an order with its index entries is the largest, and a token small.
const (
	objectSize = 768
	tokenSize  = 80
)

// Bytes is about how much memory the sandbox takes: its journal with lints and names, its pushes, what its state holds (orders,
// tokens, users, bindings, car parks, vehicles), and its faults. It follows from the state alone, so that a replay decides alike.
// The log and the events have limits of their own.
func (e *Engine) Bytes() int {
	return e.journal.Bytes() + e.pushes.Bytes() + objectSize*(e.state.Objects()-e.state.Tokens()) + tokenSize*e.state.Tokens() + e.faults.Bytes()
}

// full tells whether the sandbox takes as much memory as the rule memory.max allows, or more, and says so.
func (e *Engine) full() (bytes, most int, full bool) {
	if most = e.state.Rules().MemoryMax; most == 0 {
		return 0, 0, false
	}
	bytes = e.Bytes()
	return bytes, most, bytes >= most
}

// journalLimits are what the rules say of the journal.
func journalLimits(r *rules.Rules) journal.Limits {
	return journal.Limits{Keep: r.JournalKeep, Bytes: r.JournalBytes}
}

func kibibytes(bytes int) string { return strconv.Itoa((bytes+1023)>>10) + " KiB" }

// memory refuses what is not carried out for want of memory.
func (x *exchange) memory() *reasons.Refusal {
	bytes, most, full := x.e.full()
	if !full {
		return nil
	}
	return reasons.Refuse("memory-max-reached").With("size", kibibytes(bytes)).With("most", kibibytes(most))
}

// room refuses a command by which the sandbox would grow.
func (e *Engine) room(c platform.Command) *platform.CommandError {
	switch c.(type) {
	case platform.Enter, platform.PutParking, platform.PutVehicle, platform.PutBinding, platform.PutOrder, platform.PutMerchant, platform.Trigger:
		return e.roomLeft()
	}
	return nil
}

// roomLeft refuses what makes the sandbox grow where it takes what it may.
func (e *Engine) roomLeft() *platform.CommandError {
	bytes, most, full := e.full()
	if !full {
		return nil
	}
	return &platform.CommandError{
		Kind:   platform.Conflict,
		Detail: "the sandbox takes " + kibibytes(bytes) + " of memory, and the rule memory.max allows " + kibibytes(most) + "; reset it, lower the rules that say what is kept, or raise the limit",
	}
}
