package ledger

import (
	"errors"
	"slices"
	"strings"
	"syscall"
)

// hiddenError is the cause of a failure as the operator's log has it: with the names of files, hosts and databases.
type hiddenError struct{ err error }

func (e *hiddenError) Error() string { return e.err.Error() }
func (e *hiddenError) Unwrap() error { return e.err }

// publicText is the system's own word, such as that no space is left, or "".
func (e *hiddenError) publicText() string {
	if number, ok := errors.AsType[syscall.Errno](e.err); ok {
		return number.Error()
	}
	if damaged, ok := errors.AsType[*CorruptError](e.err); ok {
		return damaged.publicText()
	}
	return ""
}

// publicText leaves out what is damaged, and where: names of files.
func (e *CorruptError) publicText() string {
	return "what is kept of it is damaged; the server's log says where"
}

// ForTheLog marks a cause that names files, hosts or databases: [PublicText] leaves it out.
func ForTheLog(cause error) error { return &hiddenError{cause} }

// PublicText is the text of an error for whoever has asked: without what is for the log, but for the system's own word. Where something in it is for the
// log, it is put together anew from the errors inside: of one that wraps others it has the words before theirs, and theirs as they may be shown. Of one
// that has other words around theirs than [fmt.Errorf] with %w at the end and [errors.Join] have, it has theirs alone.
func PublicText(err error) string {
	if !isHiding(err) {
		return err.Error()
	}
	switch e := err.(type) { //nolint:errorlint // each of the tree is looked at by itself
	case hiding:
		return e.publicText()
	case interface{ Unwrap() error }:
		return publicAround(err.Error(), ": ", e.Unwrap())
	case interface{ Unwrap() []error }:
		between := ": "
		if inside := joined(e.Unwrap(), "\n", error.Error); err.Error() == inside {
			between = "\n"
		}
		return publicAround(err.Error(), between, e.Unwrap()...)
	}
	return ""
}

// hiding is an error whose text is for the log.
type hiding interface{ publicText() string }

func isHiding(err error) bool {
	switch e := err.(type) { //nolint:errorlint // each of the tree is looked at by itself
	case hiding:
		return true
	case interface{ Unwrap() error }:
		return e.Unwrap() != nil && isHiding(e.Unwrap())
	case interface{ Unwrap() []error }:
		return slices.ContainsFunc(e.Unwrap(), isHiding)
	}
	return false
}

func publicAround(text, between string, inside ...error) string {
	before, atTheEnd := strings.CutSuffix(text, joined(inside, between, error.Error))
	public := joined(inside, between, PublicText)
	if !atTheEnd {
		return public
	}
	if public == "" {
		return strings.TrimSuffix(before, ": ")
	}
	return before + public
}

func joined(all []error, between string, text func(error) string) string {
	texts := make([]string, 0, len(all))
	for _, err := range all {
		if t := text(err); t != "" {
			texts = append(texts, t)
		}
	}
	return strings.Join(texts, between)
}
