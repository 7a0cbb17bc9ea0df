package diagnose

import (
	"cmp"
	"crypto/md5"
	"encoding"
	"hash"
	"io"
	"slices"

	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

const (
	// effort bounds one search, in bytes hashed, twice that where the text is short: all pairs of mistakes are tried then. A text counts overhead more, for the work around it.
	effort   = 1400 << 10
	overhead = 128
	// short is a text of which three mistakes are looked for however many were tried before.
	short = 1 << 10
)

// search looks for the guess that gives the signature at hand.
type search struct {
	right   guess
	scope   scope
	rule    sign.Whitespace
	padded  bool   // want was filled up with zeros
	half    bool   // want holds the 8 bytes in the middle of the hash only
	wide    []byte // a hash of another size that came in Base64
	want    [md5.Size]byte
	left    int // of the effort, in bytes hashed
	hashed  int // bytes, all in all
	deep    bool
	buf     []byte
	others  map[string]string // the keys of other merchants
	secrets []string          // what mask hides; made when it is needed
	sums    map[bool][md5.Size]byte
	prefix  []byte // the state of MD5 after long data
	md5     hash.Hash
	docs    map[string]parsed

	came came // of a request: what arrived

	// Of a push.
	how   sign.PushData
	sent  string // the signment in the body
	order []string
}

type parsed struct {
	doc   *jsondoc.Node
	style jsondoc.Style
}

// diagnose finds out what is wrong with a signature that is not the right one.
func (s *search) diagnose(signature string) (found []Finding, alternatives [][]Finding) {
	found, shape := s.examine(signature)
	if shape == settled {
		return found, nil
	}
	if shape == md5Sized {
		if hits := s.hits(); len(hits) > 0 {
			if s.padded {
				found = append(found, about("leading-zero-dropped", fewDigits))
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
		s.half = true
		if hits := s.hits(); len(hits) > 0 {
			return append(append(found, about("truncated", words.Say("the signature has 16 digits", "签名有 16 位"))), s.explain(&hits[0])...), nil
		}
	}
	return append(found, s.unknown()), nil
}

// hits are the simplest guesses that fit: few mistakes before many, and in the table's order. All are of the same text, so that more than one is a tie.
func (s *search) hits() (hits []guess) {
	take := func(g guess) bool {
		if s.fits(&g) {
			hit := g.noted()
			if !slices.ContainsFunc(hits, func(h guess) bool { return slices.Equal(h.kinds(), hit.kinds()) }) {
				hits = append(hits, hit)
			}
		}
		return s.left >= 0
	}
	for depth := 1; depth <= 3 && len(hits) == 0; depth++ {
		s.deep = depth > 2 // three mistakes are those of a JSON library
		if s.deep && s.right.size() < short {
			s.left = max(s.left, effort/4)
		}
		s.expand(s.right, inRaw, depth, depth > 1, take)
		if depth == 1 && len(hits) == 0 {
			s.last(take)
		}
	}
	for _, g := range hits {
		slices.SortStableFunc(g.mistakes, func(a, b mistake) int { return cmp.Compare(s.index(a.kind), s.index(b.kind)) })
	}
	return hits
}

// expand yields the guesses that have depth mistakes more than g, each of a later stage than the one before. It reports whether yield wants more.
func (s *search) expand(g guess, from stage, depth int, few bool, yield func(guess) bool) bool {
	for i := range table {
		row := &table[i]
		if row.in&s.scope == 0 || row.at < from || row.last || few && row.alone || s.deep && (row.pair || row.at < inEmpty || row.at > inFlat) {
			continue
		}
		more := row.try(s, g, few, func(next guess) bool {
			next.last = row
			if depth == 1 {
				return yield(next)
			}
			return s.expand(next.noted(), row.at+1, depth-1, few, yield)
		})
		if !more {
			return false
		}
	}
	return true
}

// last tries the rows that say least: any other order of the members.
func (s *search) last(yield func(guess) bool) {
	for i := range table {
		row := &table[i]
		if row.in&s.scope != 0 && row.last && !row.try(s, s.right, false, func(next guess) bool {
			next.last = row
			return yield(next)
		}) {
			return
		}
	}
}

func (s *search) index(kind string) int {
	return slices.IndexFunc(table, func(h hypothesis) bool { return h.kind == kind && h.in&s.scope != 0 })
}

// fits reports whether the guess is what was signed.
func (s *search) fits(g *guess) bool {
	if len(g.data) > wire.Longest {
		return s.longFits(g)
	}
	s.buf = g.append(s.buf[:0])
	s.left -= len(s.buf) + overhead
	if s.left < 0 {
		return false
	}
	if s.wants(s.hash(g, s.buf)) {
		return true
	}
	if s.rule == sign.Exact {
		return false
	}
	s.left -= len(s.buf)
	return s.wants(s.hash(g, wire.Stripped(s.buf)))
}

// wants reports whether a hash is the one that is looked for; of a 16-digit MD5 the middle of it is known.
func (s *search) wants(sum [md5.Size]byte) bool {
	if s.half {
		return [8]byte(sum[4:12]) == [8]byte(s.want[4:12])
	}
	return sum == s.want
}

// longFits is fits for long data, which is hashed once; what differs from the right text before its end is not tried.
func (s *search) longFits(g *guess) bool {
	if g.whole != nil && len(g.mistakes) == 0 && g.size() <= wire.Huge {
		s.left -= g.size()
		return s.left >= 0 && s.hash(g, g.append(nil)) == s.want
	}
	s.left -= overhead
	upTo := slices.Index(s.right.form, theData) + 1
	if s.left < 0 || g.whole != nil || g.rehash != nil || g.data != s.right.data || len(g.form) < upTo || !slices.Equal(g.form[:upTo], s.right.form[:upTo]) {
		return false
	}
	return s.behind(g.form[upTo:], g) == s.want
}

// behind is the hash of the right text up to data and of what g has behind it. Long data is hashed once.
func (s *search) behind(parts []string, g *guess) [md5.Size]byte {
	if s.prefix == nil {
		s.prefix = s.stateOf(&s.right, s.right.form[:slices.Index(s.right.form, theData)+1])
	}
	return s.continued(s.prefix, g, parts)
}

// resumable is what MD5's hash can do beside hashing; both never fail.
type resumable interface {
	encoding.BinaryAppender
	encoding.BinaryUnmarshaler
}

// stateOf is MD5's state after some parts of a guess.
func (s *search) stateOf(g *guess, parts []string) []byte {
	h := md5.New()
	state, _ := h.(resumable)
	if s.prefix != nil && len(parts) > 0 && parts[0] == theData && s.right.form[0] == theData && g.data == s.right.data {
		_ = state.UnmarshalBinary(s.prefix)
		parts = parts[1:]
	}
	for _, name := range parts {
		text := g.of(name)
		s.left -= len(text)
		s.hashed += len(text)
		_, _ = io.WriteString(h, text)
	}
	out, _ := state.AppendBinary(nil)
	return out
}

// continued is the hash of what a state has hashed and of more parts of a guess.
func (s *search) continued(state []byte, g *guess, parts []string) (sum [md5.Size]byte) {
	if s.md5 == nil {
		s.md5 = md5.New()
	}
	resumed, _ := s.md5.(resumable)
	_ = resumed.UnmarshalBinary(state)
	for _, name := range parts {
		text := g.of(name)
		s.hashed += len(text)
		_, _ = io.WriteString(s.md5, text)
	}
	s.md5.Sum(sum[:0])
	return sum
}

// hash is the hash of a guess's text.
func (s *search) hash(g *guess, text []byte) [md5.Size]byte {
	s.hashed += len(text)
	return g.hash(text)
}

// docOf takes a guess's data for JSON; false where it is no object, or too long for it.
func (s *search) docOf(g *guess) bool {
	if g.doc != nil {
		return true
	}
	if len(g.data) > wire.Longest {
		return false
	}
	known, ok := s.docs[g.data]
	if !ok {
		s.left -= 8 * len(g.data)
		if n := jsondoc.Parse(g.data); n != nil && n.Kind == '{' {
			known = parsed{n, n.StyleOf(g.data)}
		}
		if s.docs == nil {
			s.docs = map[string]parsed{}
		}
		s.docs[g.data] = known
	}
	g.doc, g.style, g.flat = known.doc, known.style, nil
	return g.doc != nil
}

// sum is the hash of the right text, stripped or not, taken once: data may be long.
func (s *search) sum(strip bool) [md5.Size]byte {
	if sum, known := s.sums[strip]; known {
		return sum
	}
	if s.sums == nil {
		s.sums = map[bool][md5.Size]byte{}
	}
	if s.right.doc == nil && !strip && len(s.right.data) > wire.Longest {
		s.sums[strip] = s.behind(s.right.form[slices.Index(s.right.form, theData)+1:], &s.right)
		return s.sums[strip]
	}
	text := s.right.append(nil)
	if strip {
		text = wire.Stripped(text)
	}
	s.hashed += len(text)
	s.sums[strip] = md5.Sum(text)
	return s.sums[strip]
}

// isRight reports whether want is the hash that is asked for, and only its looks were wrong.
func (s *search) isRight() bool {
	return s.sum(s.rule == sign.Strip) == s.want || s.rule == sign.Either && s.sum(true) == s.want
}

// verified is what [sign.Verifier] says of a signature.
func (s *search) verified(signature string) bool {
	if s.right.data == "" || s.right.key == "" || s.right.stamp == "" {
		return false
	}
	return upperHex(s.sum(s.rule == sign.Strip)) == signature || s.rule == sign.Either && upperHex(s.sum(true)) == signature
}
