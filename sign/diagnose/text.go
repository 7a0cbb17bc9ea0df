package diagnose

import (
	"cmp"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/mistakes"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// explain says what the guess signed.
func (s *search) explain(g *guess.Guess) []Finding {
	flat := *g
	if flat.Doc != nil {
		flat.Settle()
	}
	if slices.Contains(g.Kinds(), "whitespace-stripped") {
		flat.Data = wire.Strip(flat.Data)
	}
	at := -1
	if flat.Data != s.Right.Data {
		at = words.FirstDifference(flat.Data, s.Right.Data)
	}
	text := s.FormText(&flat, at)
	findings := make([]Finding, len(g.Mistakes))
	for i, m := range g.Mistakes {
		what, fix := s.words(m)
		evidence := cmp.Or(m.Evidence, g.Evidence)
		switch {
		case evidence != (words.Phrase{}):
		case i > 0 && m.Kind == "json-escaped-slash" && strings.Contains(flat.Data, `\/`):
			evidence = words.AtByte(flat.Data, strings.Index(flat.Data, `\/`))
			evidence = words.Phrase{En: "in the text that was signed, " + evidence.En, Zh: "签名的文本中，" + evidence.Zh}
		case i > 0 && m.Row != nil && m.Row.At >= guess.InKey: // the first difference is another mistake's
			evidence = s.RightText()
		default:
			evidence = s.Difference(&flat, at)
		}
		evidence = words.Phrase{En: words.Visible(s.Mask(evidence.En)), Zh: words.Visible(s.Mask(evidence.Zh))}
		findings[i] = words.Note(m.Kind, what.Plus("; signed "+text, "；实际签名的文本是 "+text), evidence, fix)
	}
	return findings
}

// words are what a mistake is and what to do.
func (s *search) words(m guess.Mistake) (what, fix words.Phrase) {
	row := m.Row
	if row == nil || row.What == (words.Phrase{}) {
		row = s.row(m.Kind)
	}
	what, fix = row.What, row.Fix
	if s.Scope == guess.OfPushes && row.PushFix != (words.Phrase{}) {
		fix = row.PushFix
	}
	if m.What != (words.Phrase{}) {
		what = m.What
	}
	if m.Fix != (words.Phrase{}) {
		fix = m.Fix
	}
	return what, fix
}

func (s *search) row(kind string) *guess.Hypothesis {
	if at := s.index(kind); at >= 0 {
		return &mistakes.Table[at]
	}
	for i := range mistakes.Looks {
		if mistakes.Looks[i].Kind == kind {
			return &mistakes.Looks[i]
		}
	}
	return &guess.Hypothesis{Kind: kind}
}

// about is a finding on the looks of a signature.
func about(kind string, evidence words.Phrase) Finding {
	for _, l := range mistakes.Looks {
		if l.Kind == kind {
			return words.Note(kind, l.What, evidence, l.Fix)
		}
	}
	return words.Note(kind, evidence, words.Phrase{}, words.Phrase{})
}

// plain is the right text as it is, but for the keys.
func (s *search) plain(strip bool) string {
	const many = 64 << 10 // of a longer text only the merchant's own key is hidden
	if s.Right.Size() > many {
		s.Secrets = guess.Dresses([]string{}, s.Right.Key)
		defer func() { s.Secrets = nil }()
	}
	g := s.Right
	g.Doc = nil
	g.Data, g.Stamp, g.No, g.Key = s.Mask(g.Data), s.Mask(g.Stamp), s.Mask(g.No), guess.Hidden
	text := g.Append(nil)
	if strip {
		text = wire.Stripped(text)
	}
	return string(text)
}
