// Package words is what explanations are made of: findings, their texts in English and Chinese, and what of a stranger's text may be shown.
package words

import "strconv"

// Finding is one thing that is wrong. Texts are sentences without a full stop, on one line.
type Finding struct {
	Kind       string `json:"kind"`       // a stable word in kebab-case, such as json-spaced
	Detail     string `json:"detail"`     // what happened, and the text that was signed, with the key as •••
	DetailZh   string `json:"detailZh"`   // the same in Chinese
	Evidence   string `json:"evidence"`   // where it shows: the first byte, character and field that differ
	EvidenceZh string `json:"evidenceZh"` // the same in Chinese
	Fix        string `json:"fix"`        // what to do
	FixZh      string `json:"fixZh"`      // the same in Chinese
}

// Phrase is a text in both languages. It is written as a literal, which needs no code: tables of many are made before the program starts.
type Phrase struct{ En, Zh string }

// Plus is the phrase with more behind it.
func (p Phrase) Plus(en, zh string) Phrase { return Phrase{p.En + en, p.Zh + zh} }

// Note is a finding of its own words.
func Note(kind string, what, evidence, fix Phrase) Finding {
	return Finding{kind, what.En, what.Zh, evidence.En, evidence.Zh, fix.En, fix.Zh}
}

// Characters is how many there are, in English.
func Characters(n int) string {
	if n == 1 {
		return "1 character"
	}
	return strconv.Itoa(n) + " characters"
}
