package mistakes

import (
	"slices"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
)

// Table is all that is known of what was signed. The order of the rows decides between explanations that are equally good.
var Table = slices.Concat(sentOtherwise, frameRows, wholeRows, pushRows, rawRows, languageRows, printedRows, repairRows, quoteRows, unsetSent, textRows, []guess.Hypothesis{escapedSigned}, keyRows, stampRows, styleRows, valueRows, renamedRows, flatRows, []guess.Hypothesis{printedSigned}, orderRows, schemeRows, formRows, hashRows, keyTextRows, []guess.Hypothesis{mistypedRow}, unsetRows, []guess.Hypothesis{keptRow})

// texts makes a row's try of a function that gives other texts of data.
func texts(of func(s *guess.Case, data string, few bool) []string) func(*guess.Case, guess.Guess, bool, func(guess.Guess) bool) bool {
	return func(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
		if g.Size() > wire.Longest {
			return true
		}
		g.Settle()
		data := g.Data
		if len(data) > wire.Longest {
			return true
		}
		for _, text := range of(s, data, few) {
			if text != data && text != "" {
				g.Data = text
				if !yield(g) {
					return false
				}
			}
		}
		return true
	}
}
