package ledger

import (
	"errors"
	"fmt"
)

// What a store answers, besides the errors with values below. They come wrapped: compare with errors.Is.
var (
	ErrFenced      = errors.New("the sandbox was taken by another")                                              // by a later Take
	ErrUnknown     = errors.New("there is no such sandbox")                                                      // or it was deleted
	ErrExists      = errors.New("there is such a sandbox already")                                               //
	ErrUnavailable = errors.New("the store cannot be written or read")                                           // what was asked has not happened
	ErrUncertain   = errors.New("the store did not say whether it was written")                                  // what was asked may have happened
	ErrClosed      = errors.New("the store or the log is closed")                                                //
	ErrBehind      = errors.New("too much waits to be written")                                                  // Ready; it is an ErrUnavailable that passes
	ErrRemoved     = errors.New("the data directory or a file in it was removed or replaced while it is in use") // always with ErrUnavailable
	ErrNotDurable  = errors.New("a snapshot stands for inputs that are not durable")                             // Keep, with a sequence number too new
)

// failure is a cause, and what became of what was asked.
type failure struct{ what, cause error }

func (e *failure) Error() string   { return e.what.Error() + ": " + e.cause.Error() }
func (e *failure) Unwrap() []error { return []error{e.what, e.cause} }

// Failed says of a cause what became of what was asked: [ErrUnavailable] or [ErrUncertain]. The error says it once, and nothing else that was said of
// the cause before.
func Failed(what, cause error) error {
	if before, ok := cause.(*failure); ok { //nolint:errorlint // one that was wrapped again says more
		cause = before.cause
	}
	switch {
	case errors.Is(cause, what):
		return cause
	case errors.Is(cause, ErrUnavailable), errors.Is(cause, ErrUncertain):
		cause = ForTheLog(errors.New(cause.Error()))
	}
	return &failure{what, cause}
}

// TakenError is a merchant number that another sandbox has claimed.
type TakenError struct {
	Merchant string
	Sandbox  string // whose it is; "" where that is not known any more
}

func (e *TakenError) Error() string {
	return fmt.Sprintf("merchant number %s belongs to sandbox %q", e.Merchant, e.Sandbox)
}

// CorruptError is a file whose bytes are not those that were written: a disk's mistake, or somebody's hand. Nothing is
// served from it.
type CorruptError struct {
	File   string
	Offset int64 // of the first record that is wrong, in bytes from the start of the file; Somewhere where only the whole file is known to be
	Detail string
}

// Somewhere is the offset of a damage that a checksum of the whole file shows.
const Somewhere = -1

func (e *CorruptError) Error() string {
	if e.Offset == Somewhere {
		return fmt.Sprintf("%s: damaged: %s", e.File, e.Detail)
	}
	return fmt.Sprintf("%s: damaged at byte %d: %s", e.File, e.Offset, e.Detail)
}

// LockedError is a directory that another process has open.
type LockedError struct {
	Dir string
	PID int // 0 where it is not known
}

func (e *LockedError) Error() string {
	if e.PID == 0 {
		return e.Dir + " is in use by another process"
	}
	return fmt.Sprintf("%s is in use by process %d", e.Dir, e.PID)
}

// CheckSize is a [*TooLargeError] for an input over MaxRecord.
func CheckSize(input []byte) error {
	if len(input) > MaxRecord {
		return &TooLargeError{Size: len(input)}
	}
	return nil
}

// TooLargeError is an input over MaxRecord.
type TooLargeError struct {
	Size int // in bytes
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("an input of %d bytes is over the limit of %d", e.Size, MaxRecord)
}
