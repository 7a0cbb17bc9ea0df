// Package ledger keeps sandboxes: for each of them the ordered log of its inputs and, from time to time, a snapshot of
// its state that stands for the inputs before it. What an input or a snapshot says is its caller's business; here they
// are bytes.
//
// The caller that changes a sandbox takes it first and is given a [Log]. Under its own lock it appends each input, in
// order, which costs a copy; and before an answer, a push or an event leaves, it waits, without its lock, until the
// input's sequence number is durable:
//
//	log, err := l.Take(ctx, "default", restore) // the newest snapshot and the inputs after it, then an epoch of one's own
//	seq, err := log.Append(input)               // under the sandbox's lock, right after it was applied
//	err = log.Wait(ctx, seq)                    // before anybody learns of it
//
// # Fencing
//
// Each Take gives a new epoch, and from then on whatever an earlier epoch writes is refused with [ErrFenced]. It needs
// no clock: two that both believe to own a sandbox cannot both append.
//
// # Failure
//
// A log that failed stays failed: Append, Wait and Ready report it. Inputs that were not durable are gone, so its
// caller drops the state that it has in memory, takes the sandbox again and reads what is kept. ErrUnavailable says
// that those inputs did not happen; ErrUncertain that they may have, which the next Take shows.
//
// # Merchant numbers
//
// A merchant number belongs to one sandbox at most. It is claimed before the input that adds a merchant is applied, and
// released after the one that removes it is durable; where a process dies in between, the sandbox has claimed a number
// that it does not use, and whoever takes it next releases that.
package ledger

import (
	"context"
	"io"
	"time"
)

// MaxRecord is the most bytes that one input may have: 64 MiB. A longer one is a [*TooLargeError].
const MaxRecord = 64 << 20

// Place is what is known of a sandbox without reading it.
type Place struct {
	Sandbox   string
	Merchants []string // the numbers it has claimed, sorted
	Owner     string   // the replica that took it last; "" where none has it, and in a store of one process
	Epoch     uint64   // of the newest Take; in a directory it counts from 0 in each process, since the lock on the directory fences processes
}

// Replica is one of the processes that share a store.
type Replica struct {
	Name   string
	Addr   string        // where its peers reach it
	Peers  string        // a digest of what it and its peers show each other
	Live   bool          // it was heard of within the lifetime, on the store's clock
	Silent time.Duration // since it was last heard of
}

// Restore receives what is kept of a sandbox: first the snapshot, where there is one, then the inputs after it in
// order, without a gap. What it returns ends the reading and is returned by Take.
type Restore struct {
	// Snapshot is the state right after the input seq, whose bytes the callee may keep. It comes at most once.
	Snapshot func(seq uint64, state []byte) error
	// Record is one input, whose bytes are valid until it returns.
	Record func(seq uint64, input []byte) error
}

// Ledger is a store of sandboxes. Its methods may be called at once. Every one of them may fail with ErrUnavailable,
// and those that write with ErrUncertain.
type Ledger interface {
	// Places are the sandboxes, by id.
	Places(ctx context.Context) ([]Place, error)
	// Create makes a sandbox, its claims and its first inputs (from 1) at once or not at all, and takes it.
	// Errors: ErrExists, [*TakenError], [*TooLargeError].
	Create(ctx context.Context, sandbox string, merchants []string, inputs ...[]byte) (Log, error)
	// Take makes the caller the one that may append to a sandbox, and reads what is kept of it.
	// Errors: ErrUnknown, [*CorruptError], and whatever restore returns.
	Take(ctx context.Context, sandbox string, restore Restore) (Log, error)
	// Close ends the store, after what was appended was written. Logs that are still open fail with ErrClosed.
	Close() error
}

// Log is a sandbox that was taken. Append is called by one at a time, the others by any number at once.
type Log interface {
	// Epoch is what this Take was given.
	Epoch() uint64
	// Next is the sequence number that the next input gets. The first of a sandbox is 1.
	Next() uint64
	// Ready is nil where Append would accept an input: neither failed, nor behind by more than a store lets gather.
	// Ask before an input is applied; after that, Append does not refuse for what has gathered since.
	// Errors: ErrUnavailable, ErrUncertain, ErrFenced, ErrClosed.
	Ready() error
	// Append hands over the next input, of which it keeps a copy. It does not wait for a disk or a network. It
	// fails only where the log has failed, and then nothing that is not durable will be.
	Append(input []byte) (seq uint64, err error)
	// Durable is the newest input that is durable.
	Durable() uint64
	// Wait returns when the input seq is durable, or says why it will not be. A context that ends leaves it open
	// (ErrUncertain): the input may become durable yet.
	Wait(ctx context.Context, seq uint64) error
	// Keep stores the state right after the durable input seq and drops what it stands for: the inputs up to it
	// and older snapshots. Appends go on meanwhile. Where it fails nothing is dropped, and the log has not failed.
	Keep(ctx context.Context, seq uint64, state io.WriterTo) error
	// Claim makes merchant numbers this sandbox's, all or none; those that are its already stay.
	// Errors: [*TakenError], ErrFenced.
	Claim(ctx context.Context, merchants ...string) error
	// Release gives claimed numbers up; those that are not the sandbox's are left alone. Error: ErrFenced.
	Release(ctx context.Context, merchants ...string) error
	// Delete removes the sandbox, its claims and all that is kept of it. The log has ended then. Error: ErrFenced.
	Delete(ctx context.Context) error
	// Close waits until what was appended is durable and gives the sandbox up, for another to take.
	Close(ctx context.Context) error
}
