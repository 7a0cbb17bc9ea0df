package syntax

import (
	"fmt"
	"slices"

	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

func (s *mistakes) neverClosed() { s.fail(s.unclosed()) }

// unclosed is what is wrong where the brackets that are open are never closed.
func (s *mistakes) unclosed() (at problem.Position, detail, hint string) {
	missing := make([]rune, 0, len(s.open))
	for _, b := range slices.Backward(s.open) {
		missing = append(missing, closing[b.bracket])
	}
	hint = fmt.Sprintf("a %c is missing", missing[0])
	if len(missing) > 1 {
		hint = string(missing) + " are missing"
	}
	outer := s.open[0]
	return outer.at, fmt.Sprintf("%c is never closed", outer.bracket), hint
}
