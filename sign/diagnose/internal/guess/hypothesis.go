package guess

import "github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"

// Scope says whose signatures a hypothesis is about.
type Scope uint8

// The scopes.
const (
	OfRequests Scope = 1 << iota
	OfPushes
	OfBoth = OfRequests | OfPushes
)

// Stage is where in the making of a signature a mistake is made. Mistakes of different stages come together; what is of a later stage works on what
// an earlier one has left.
type Stage int

// The stages, in the order in which a signature is made.
const (
	InRaw     Stage = iota // what arrived is not what was sent: the parameter
	InRepair               // its text
	InEmpty                // values without content: null, "", none
	InValues               // the values of the object
	InOrder                // their order
	InSpacing              // their layout
	InUnicode
	InSlash
	InHTML
	InFlat // a text that is no JSON
	InText // the encoding of the text
	InKey
	InStamp
	InForm // how the parts are put together
	InWhole
	InHash
)

// Hypothesis is one row of the table: a mistake that merchants make.
type Hypothesis struct {
	Kind string
	In   Scope
	At   Stage
	// Try yields the guess with this mistake, in each of its variants; few asks for the likely ones only, since another mistake comes with it. It reports whether
	// yield wants more.
	Try     func(s *Case, g Guess, few bool, yield func(Guess) bool) bool
	Pair    bool         // comes with one other mistake at most
	Alone   bool         // does not come with another mistake
	Rare    bool         // is tried after all pairs of mistakes: it has many variants, and few make it
	Last    bool         // says so little that it is tried after all single mistakes
	What    words.Phrase // what happened
	Fix     words.Phrase // what to do
	PushFix words.Phrase // of a push, where that is another
}
