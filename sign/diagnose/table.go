package diagnose

import (
	"slices"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// scope says whose signatures a hypothesis is about.
type scope uint8

const (
	ofRequests scope = 1 << iota
	ofPushes
	ofBoth = ofRequests | ofPushes
)

// stage is where in the making of a signature a mistake is made. Mistakes of different stages come together; what is of a later stage works on what
// an earlier one has left.
type stage int

const (
	inRaw     stage = iota // what arrived is not what was sent: the parameter
	inRepair               // its text
	inEmpty                // values without content: null, "", none
	inValues               // the values of the object
	inOrder                // their order
	inSpacing              // their layout
	inUnicode
	inSlash
	inHTML
	inFlat // a text that is no JSON
	inText // the encoding of the text
	inKey
	inStamp
	inForm // how the parts are put together
	inWhole
	inHash
)

// hypothesis is one row of the table: a mistake that merchants make.
type hypothesis struct {
	kind string
	in   scope
	at   stage
	// try yields the guess with this mistake, in each of its variants; few asks for the likely ones only, since another mistake comes with it. It reports whether
	// yield wants more.
	try     func(s *search, g guess, few bool, yield func(guess) bool) bool
	pair    bool         // comes with one other mistake at most
	alone   bool         // does not come with another mistake
	last    bool         // says so little that it is tried after all single mistakes
	what    words.Phrase // what happened
	fix     words.Phrase // what to do
	pushFix words.Phrase // of a push, where that is another
}

// table is all that is known. The order of the rows decides between explanations that are equally good.
var table []hypothesis

func init() { // the rows' functions use the table
	table = slices.Concat(frameRows, wholeRows, rawRows, printedRows, repairRows, textRows, keyRows, stampRows, styleRows, valueRows, flatRows, orderRows, schemeRows, formRows, hashRows, keyTextRows)
}

// Hypothesis is a row of the table as others see it.
type Hypothesis struct {
	Kind          string
	Request, Push bool // whose signatures it is about
	What, WhatZh  string
	Fix, FixZh    string
}

// Hypotheses are all mistakes that can be proven of a signature, each kind once.
func Hypotheses() []Hypothesis {
	var all []Hypothesis
	for _, h := range slices.Concat(table, looks) {
		if h.in == 0 {
			h.in = ofBoth
		}
		if at := slices.IndexFunc(all, func(a Hypothesis) bool { return a.Kind == h.kind }); at >= 0 {
			all[at].Request, all[at].Push = all[at].Request || h.in&ofRequests != 0, all[at].Push || h.in&ofPushes != 0
			continue
		}
		all = append(all, Hypothesis{h.kind, h.in&ofRequests != 0, h.in&ofPushes != 0, h.what.En, h.what.Zh, h.fix.En, h.fix.Zh})
	}
	return all
}

// texts makes a row's try of a function that gives other texts of data.
func texts(of func(s *search, data string, few bool) []string) func(*search, guess, bool, func(guess) bool) bool {
	return func(s *search, g guess, few bool, yield func(guess) bool) bool {
		if g.size() > wire.Longest {
			return true
		}
		g.settle()
		data := g.data
		if len(data) > wire.Longest {
			return true
		}
		for _, text := range of(s, data, few) {
			if text != data && text != "" {
				g.data = text
				if !yield(g) {
					return false
				}
			}
		}
		return true
	}
}
