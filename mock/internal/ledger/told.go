package ledger

import (
	"errors"
	"strings"
	"syscall"
)

// hiddenError is the cause of a failure as the operator's log has it: with the names of files, hosts and databases.
type hiddenError struct{ err error }

func (e *hiddenError) Error() string { return e.err.Error() }
func (e *hiddenError) Unwrap() error { return e.err }

// ForTheLog marks a cause that names files, hosts or databases: [Told] leaves it out.
func ForTheLog(cause error) error { return &hiddenError{cause} }

// Told is the text of an error for whoever has asked: without what is for the log, but for the system's own word, such as that no space is left.
// What is damaged, and where, is for the log too.
func Told(err error) string {
	text := err.Error()
	for _, hidden := range hiddenIn(err, nil) {
		said := ""
		if number, ok := errors.AsType[syscall.Errno](hidden); ok {
			said = number.Error()
		} else if _, damaged := errors.AsType[*CorruptError](hidden); damaged {
			said = "what is kept of it is damaged; the server's log says where"
		}
		if said == "" {
			text = strings.ReplaceAll(text, ": "+hidden.Error(), "")
		}
		text = strings.ReplaceAll(text, hidden.Error(), said)
	}
	return text
}

// hiddenIn finds the errors inside another that are for the log, from the outside in.
func hiddenIn(err error, found []error) []error {
	switch e := err.(type) { //nolint:errorlint // walks what they wrap
	case *hiddenError, *CorruptError:
		return append(found, e)
	case interface{ Unwrap() error }:
		if inside := e.Unwrap(); inside != nil {
			return hiddenIn(inside, found)
		}
	case interface{ Unwrap() []error }:
		for _, inside := range e.Unwrap() {
			found = hiddenIn(inside, found)
		}
	}
	return found
}
