package diagnose

import (
	"cmp"
	"crypto/md5"
	"fmt"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/mistakes"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// short is a text of which three mistakes are looked for however many were tried before.
const short = 1 << 10

// search looks for the guess that gives the signature at hand.
type search struct {
	guess.Case
	padded bool   // want was filled up with zeros
	wide   []byte // a hash of another size that came in Base64
	also   string // the kind of a hash that Also knows
	deep   bool
	rare   bool // rare rows are tried with the others
	sums   map[bool][md5.Size]byte
}

// diagnose finds out what is wrong with a signature that is not the right one.
func (s *search) diagnose(signature string) (found []Finding, alternatives [][]Finding) {
	if f, ok := s.otherSign(signature); ok {
		return []Finding{f}, nil
	}
	found, shape := s.examine(signature)
	if shape == settled {
		return found, nil
	}
	if shape == md5Sized {
		if hits := s.hits(); len(hits) > 0 {
			if s.padded {
				found = append(found, about("leading-zero-dropped", fewDigits))
			}
			if s.Also != nil && hits[0].Hash(hits[0].Append(nil)) != s.Want {
				found = slices.DeleteFunc(found, func(f Finding) bool {
					return f.Kind == "sign-separated" || f.Kind == "lower-case" || f.Kind == "sign-number"
				})
				found = append(found, about(s.also, words.Phrase{En: "it is `" + words.Visible(words.Cut(signature, 45)) + "`", Zh: "它是 `" + words.Visible(words.Cut(signature, 45)) + "`"}))
			}
			for _, g := range hits[1:] {
				alternatives = append(alternatives, s.explain(&g))
			}
			return append(found, s.explain(&hits[0])...), alternatives
		}
	}
	if g, ok := s.partOrOtherHash(signature); ok {
		return append(found, s.explain(&g)...), nil
	}
	if shape == half {
		s.Half = true
		if hits := s.hits(); len(hits) > 0 {
			return append(append(found, about("truncated", words.Phrase{En: "the signature has 16 digits", Zh: "签名有 16 位"})), s.explain(&hits[0])...), nil
		}
	}
	return append(found, s.unknown(signature)), nil
}

// otherSign knows a parameter sign that came twice, of which the right one stands behind.
func (s *search) otherSign(signature string) (Finding, bool) {
	for i, p := range s.Came.Pairs {
		value := wire.Unescape(p.Raw, true)
		if p.Name == "sign" && value != signature && s.verified(value) {
			row := s.row("parameter-twice")
			return words.Note(row.Kind, row.What, words.Phrase{En: fmt.Sprintf("parameter %d is a second sign", i+1), Zh: fmt.Sprintf("第 %d 个参数是第二个 sign", i+1)}, row.Fix), true
		}
	}
	return Finding{}, false
}

// hits are the simplest guesses that fit: few mistakes before many, and in the table's order. All are of the same text, so that more than one is a tie.
func (s *search) hits() (hits []guess.Guess) {
	take := func(g guess.Guess) bool {
		if s.Fits(&g) {
			hit := g.Noted()
			if !slices.ContainsFunc(hits, func(h guess.Guess) bool { return slices.Equal(h.Kinds(), hit.Kinds()) }) {
				hits = append(hits, hit)
			}
		}
		return s.Left >= 0
	}
	for depth := 1; depth <= 3 && len(hits) == 0; depth++ {
		s.deep = depth > 2 // three mistakes are those of a JSON library
		if s.deep && s.Right.Size() < short {
			s.Left = max(s.Left, guess.Effort/4)
			if s.Scope == guess.OfPushes { // which have up to twelve fields
				s.Left = max(s.Left, guess.Effort)
			}
		}
		s.expand(s.Right, guess.InRaw, depth, depth > 1, take)
		if depth == 1 && len(hits) == 0 {
			s.alone(func(row *guess.Hypothesis) bool { return row.Last }, take)
		}
		if depth == 2 && len(hits) == 0 {
			s.Left = max(s.Left, guess.Effort*2/5)
			s.alone(func(row *guess.Hypothesis) bool { return row.Rare }, take)
		}
	}
	if len(hits) == 0 {
		s.repaired(take)
	}
	if len(hits) == 0 && s.Right.Size() < short {
		s.Left = max(s.Left, guess.Effort/4)
		s.misread(take)
	}
	for _, g := range hits {
		slices.SortStableFunc(g.Mistakes, func(a, b guess.Mistake) int { return cmp.Compare(s.place(a), s.place(b)) })
	}
	return hits
}

// repaired looks for two more mistakes behind damage that shows by itself: data becomes a JSON object, or loses white space around it, by one repair.
func (s *search) repaired(take func(guess.Guess) bool) {
	data := s.Right.Data
	if s.Scope != guess.OfRequests || s.Right.Size() >= short || wire.IsObject(data) && strings.TrimSpace(data) == data {
		return
	}
	const most = 3
	var bases []guess.Guess
	for i := range mistakes.Table {
		row := &mistakes.Table[i]
		if row.In&s.Scope == 0 || row.At > guess.InRepair || row.Alone || row.Rare || row.Last || len(bases) == most {
			continue
		}
		row.Try(&s.Case, s.Right, true, func(next guess.Guess) bool {
			if wire.IsObject(next.Data) {
				next.Last = row
				bases = append(bases, next.Noted())
			}
			return len(bases) < most
		})
	}
	s.deep = false
	for _, base := range bases {
		s.Left = max(s.Left, guess.Effort/4)
		if !s.expand(base, guess.InRepair+1, 2, true, take) {
			return
		}
	}
}

// ofParsers are what a library makes of a push that it reads into a map.
var ofParsers = []string{"number-as-double", "hashmap-order", "field-order"}

// misread looks for two mistakes of a JSON library in a push whose body was read in a charset that it is not in. It reports whether take wants more.
func (s *search) misread(take func(guess.Guess) bool) bool {
	if s.Scope != guess.OfPushes {
		return true
	}
	s.deep = true
	return s.expand(s.Right, guess.InRaw, 2, true, func(g guess.Guess) bool {
		if g = g.Noted(); slices.ContainsFunc(g.Kinds(), func(kind string) bool { return !slices.Contains(ofParsers, kind) }) {
			return true
		}
		for _, kind := range []string{"utf8-twice", "ascii-question-marks"} {
			row := s.row(kind)
			if !row.Try(&s.Case, g, true, func(next guess.Guess) bool {
				next.Last = row
				return take(next)
			}) {
				return false
			}
		}
		return true
	})
}

// expand yields the guesses that have depth mistakes more than g, each of a later stage than the one before. It reports whether yield wants more.
func (s *search) expand(g guess.Guess, from guess.Stage, depth int, few bool, yield func(guess.Guess) bool) bool {
	for i := range mistakes.Table {
		row := &mistakes.Table[i]
		if row.In&s.Scope == 0 || row.At < from || row.Last || row.Rare && !s.rare || few && row.Alone || s.deep && (row.Pair || row.At < guess.InEmpty || row.At > guess.InFlat) {
			continue
		}
		more := row.Try(&s.Case, g, few, func(next guess.Guess) bool {
			next.Last = row
			if depth == 1 {
				return yield(next)
			}
			return s.expand(next.Noted(), row.At+1, depth-1, few, yield)
		})
		if !more {
			return false
		}
	}
	return true
}

// alone tries single mistakes of some rows: those that say least, and the rare ones.
func (s *search) alone(these func(*guess.Hypothesis) bool, yield func(guess.Guess) bool) {
	for i := range mistakes.Table {
		row := &mistakes.Table[i]
		if row.In&s.Scope != 0 && these(row) && !row.Try(&s.Case, s.Right, false, func(next guess.Guess) bool {
			next.Last = row
			return yield(next)
		}) {
			return
		}
	}
}

func (s *search) index(kind string) int {
	return slices.IndexFunc(mistakes.Table, func(h guess.Hypothesis) bool { return h.Kind == kind && h.In&s.Scope != 0 })
}

// place is where in the table the row of a mistake stands: a kind may have several.
func (s *search) place(m guess.Mistake) int {
	for i := range mistakes.Table {
		if &mistakes.Table[i] == m.Row {
			return i
		}
	}
	return s.index(m.Kind)
}

// sum is the hash of the right text, stripped or not, taken once: data may be long.
func (s *search) sum(strip bool) [md5.Size]byte {
	if sum, known := s.sums[strip]; known {
		return sum
	}
	if s.sums == nil {
		s.sums = map[bool][md5.Size]byte{}
	}
	if s.Right.Doc == nil && !strip && len(s.Right.Data) > wire.Longest {
		s.sums[strip] = s.Behind(s.Right.Form[slices.Index(s.Right.Form, guess.TheData)+1:], &s.Right)
		return s.sums[strip]
	}
	text := s.Right.Append(nil)
	if strip {
		text = wire.Stripped(text)
	}
	s.Hashed += len(text)
	s.sums[strip] = md5.Sum(text)
	return s.sums[strip]
}

// isRight reports whether want is the hash that is asked for, and only its looks were wrong.
func (s *search) isRight() bool {
	return s.sum(s.Rule == sign.Strip) == s.Want || s.Rule == sign.Either && s.sum(true) == s.Want
}

// verified is what [sign.Verifier] says of a signature.
func (s *search) verified(signature string) bool {
	if s.Right.Data == "" || s.Right.Key == "" || s.Right.Stamp == "" {
		return false
	}
	return guess.UpperHex(s.sum(s.Rule == sign.Strip)) == signature || s.Rule == sign.Either && guess.UpperHex(s.sum(true)) == signature
}
