package strict

import (
	"errors"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
)

// maxInvalid is how many problems are noted, beside the last one that says that there may be more.
const maxInvalid = 100

// Invalid is what is wrong with an input, each by its pointer; of very much the first hundred. It is an error where it has a problem.
type Invalid struct{ Problems []Problem } //nolint:errname // strict.Invalid says it

func (e *Invalid) Error() string {
	texts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		texts[i] = p.text()
	}
	return strings.Join(texts, "; ")
}

// Add notes one more problem.
func (e *Invalid) Add(pointer, detail string) {
	switch n := len(e.Problems); {
	case n < maxInvalid:
		e.Problems = append(e.Problems, Problem{Pointer: pointer, Detail: detail})
	case n == maxInvalid:
		e.Problems = append(e.Problems, Problem{Detail: "there may be more problems: these are the first"})
	}
}

// Full says whether no more problems are noted: looking for more is in vain.
func (e *Invalid) Full() bool { return len(e.Problems) > maxInvalid }

// Err is the error, or nil where nothing is wrong.
func (e *Invalid) Err() error {
	if len(e.Problems) == 0 {
		return nil
	}
	return e
}

// Join adds what another check has found, under a prefix.
func (e *Invalid) Join(prefix string, err error) {
	if other, ok := errors.AsType[*Invalid](err); ok {
		for _, p := range other.Problems {
			e.Add(prefix+p.Pointer, p.Detail)
		}
	}
}

// Below moves the pointers of an [*Invalid] under a prefix; other errors stay.
func Below(err error, prefix string) error {
	if _, ok := errors.AsType[*Invalid](err); !ok {
		return err
	}
	moved := &Invalid{}
	moved.Join(prefix, err)
	return moved
}

// InvalidAt is an [*Invalid] with one problem.
func InvalidAt(pointer, detail string) error {
	e := &Invalid{}
	e.Add(pointer, detail)
	return e
}

// Pointer is an RFC 6901 pointer to a position in a document.
func Pointer(steps ...string) string {
	var pointer strings.Builder
	for _, step := range steps {
		pointer.WriteString("/" + jsonvalue.EscapePointer(step))
	}
	return pointer.String()
}
