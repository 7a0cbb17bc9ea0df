package guess

import (
	"crypto/md5"
	"encoding"
	"hash"
	"io"
	"slices"

	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
)

const (
	// Effort bounds one search, in bytes hashed, twice that where the text is short: all pairs of mistakes are tried then. A text counts Overhead more.
	Effort = 1400 << 10
	// Overhead is what a text costs beside its bytes, for the work around it.
	Overhead = 128
)

// Case is what is known of the signature at hand, and what was spent on it: what a row of the table looks at.
type Case struct {
	Right  Guess
	Scope  Scope
	Rule   sign.Whitespace
	Half   bool // Want holds the 8 bytes in the middle of the hash only
	Want   [md5.Size]byte
	Also   func([md5.Size]byte) bool // says of another hash that it is printed as the signature, where that has more than one reading
	Left   int                       // of the effort, in bytes hashed
	Hashed int                       // bytes, all in all
	Others map[string]string         // the keys of other merchants

	Came Came // of a request: what arrived

	// Of a push.
	How   sign.PushData
	Sent  string // the signment in the body
	Order []string

	Buf     []byte
	Secrets []string // what Mask hides; made when it is needed
	prefix  []byte   // the state of MD5 after long data
	md5     hash.Hash
	docs    map[string]parsed
}

type parsed struct {
	doc   *jsondoc.Node
	style jsondoc.Style
}

// Fits reports whether the guess is what was signed.
func (s *Case) Fits(g *Guess) bool {
	if len(g.Data) > wire.Longest {
		return s.longFits(g)
	}
	s.Buf = g.Append(s.Buf[:0])
	s.Left -= len(s.Buf) + Overhead
	if s.Left < 0 {
		return false
	}
	if s.wants(s.hash(g, s.Buf)) {
		return true
	}
	if s.Rule == sign.Exact {
		return false
	}
	s.Left -= len(s.Buf)
	return s.wants(s.hash(g, wire.Stripped(s.Buf)))
}

// wants reports whether a hash is the one that is looked for; of a 16-digit MD5 the middle of it is known.
func (s *Case) wants(sum [md5.Size]byte) bool {
	if s.Also != nil && s.Also(sum) {
		return true
	}
	if s.Half {
		return [8]byte(sum[4:12]) == [8]byte(s.Want[4:12])
	}
	return sum == s.Want
}

// longFits is Fits for long data, which is hashed once; what differs from the right text before its end is not tried.
func (s *Case) longFits(g *Guess) bool {
	if g.Whole != nil && len(g.Mistakes) == 0 && g.Size() <= wire.Huge {
		s.Left -= g.Size()
		return s.Left >= 0 && s.hash(g, g.Append(nil)) == s.Want
	}
	s.Left -= Overhead
	upTo := slices.Index(s.Right.Form, TheData) + 1
	if s.Left < 0 || g.Whole != nil || g.Rehash != nil || g.Data != s.Right.Data || len(g.Form) < upTo || !slices.Equal(g.Form[:upTo], s.Right.Form[:upTo]) || slices.Contains(g.Form[upTo:], TheData) {
		return false
	}
	return s.Behind(g.Form[upTo:], g) == s.Want
}

// Behind is the hash of the right text up to data and of what g has behind it. Long data is hashed once.
func (s *Case) Behind(parts []string, g *Guess) [md5.Size]byte {
	if s.prefix == nil {
		s.prefix = s.StateOf(&s.Right, s.Right.Form[:slices.Index(s.Right.Form, TheData)+1])
	}
	return s.Continued(s.prefix, g, parts)
}

// resumable is what MD5's hash can do beside hashing; both never fail.
type resumable interface {
	encoding.BinaryAppender
	encoding.BinaryUnmarshaler
}

// StateOf is MD5's state after some parts of a guess.
func (s *Case) StateOf(g *Guess, parts []string) []byte {
	h := md5.New()
	state, _ := h.(resumable)
	if s.prefix != nil && len(parts) > 0 && parts[0] == TheData && s.Right.Form[0] == TheData && g.Data == s.Right.Data {
		_ = state.UnmarshalBinary(s.prefix)
		parts = parts[1:]
	}
	for _, name := range parts {
		text := g.of(name)
		s.Left -= len(text)
		s.Hashed += len(text)
		_, _ = io.WriteString(h, text)
	}
	out, _ := state.AppendBinary(nil)
	return out
}

// Continued is the hash of what a state has hashed and of more parts of a guess.
func (s *Case) Continued(state []byte, g *Guess, parts []string) (sum [md5.Size]byte) {
	if s.md5 == nil {
		s.md5 = md5.New()
	}
	resumed, _ := s.md5.(resumable)
	_ = resumed.UnmarshalBinary(state)
	for _, name := range parts {
		text := g.of(name)
		s.Hashed += len(text)
		_, _ = io.WriteString(s.md5, text)
	}
	s.md5.Sum(sum[:0])
	return sum
}

// hash is the hash of a guess's text.
func (s *Case) hash(g *Guess, text []byte) [md5.Size]byte {
	s.Hashed += len(text)
	return g.Hash(text)
}

// DocOf takes a guess's data for JSON; false where it is no object, or too long for it.
func (s *Case) DocOf(g *Guess) bool {
	if g.Doc != nil {
		return true
	}
	if len(g.Data) > wire.Longest {
		return false
	}
	known, ok := s.docs[g.Data]
	if !ok {
		s.Left -= 8 * len(g.Data)
		if n := jsondoc.Parse(g.Data); n != nil && n.Kind == '{' {
			known = parsed{n, n.StyleOf(g.Data)}
		}
		if s.docs == nil {
			s.docs = map[string]parsed{}
		}
		s.docs[g.Data] = known
	}
	g.Doc, g.Style, g.Flat = known.doc, known.style, nil
	return g.Doc != nil
}
