package guess

import (
	"crypto/md5"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// The values in a guess's form; anything else in a form stands for itself.
const (
	TheData  = "\x00data"
	TheKey   = "\x00key"
	TheStamp = "\x00stamp"
	TheNo    = "\x00no"
)

// Guess is one text somebody may have signed: the values put together in the order of Form.
type Guess struct {
	Mistakes             []Mistake   // what is wrong with it, but for the one made last
	Last                 *Hypothesis // that one
	Form                 []string
	Data, Key, Stamp, No string

	// Where Doc is set, Data is its text: in a style of JSON, or flattened.
	Doc   *jsondoc.Node
	Style jsondoc.Style
	Flat  *jsondoc.Flattening

	Whole  func([]byte) []byte                 // what is done to the whole text before it is hashed
	Rehash func([md5.Size]byte) [md5.Size]byte // what is done to the hash

	// Of the mistake made last, where the row's own words do not fit; evidence where it is not the first difference.
	What, Evidence, Fix words.Phrase
}

// Mistake is what a row of the table stands for, in a guess.
type Mistake struct {
	Kind                string
	Row                 *Hypothesis
	What, Evidence, Fix words.Phrase // where the row's do not fit; evidence where it is not the first difference
}

// Kinds are those of the mistakes, in the order they were made.
func (g *Guess) Kinds() []string {
	all := make([]string, len(g.Mistakes))
	for i, m := range g.Mistakes {
		all[i] = m.Kind
	}
	return all
}

func (g *Guess) of(name string) string {
	switch name {
	case TheData:
		return g.Data
	case TheKey:
		return g.Key
	case TheStamp:
		return g.Stamp
	case TheNo:
		return g.No
	}
	return name
}

// Settle writes data out, where it is still a document.
func (g *Guess) Settle() {
	if g.Doc == nil {
		return
	}
	if g.Flat != nil {
		g.Data = string(g.Flat.Append(nil, g.Doc))
	} else {
		g.Data = string(g.Doc.Append(nil, g.Style, 0))
	}
	g.Doc = nil
}

// Size is how many bytes are hashed, before Whole.
func (g *Guess) Size() (n int) {
	for _, name := range g.Form {
		n += len(g.of(name))
	}
	return n
}

// Append appends the text that is hashed.
func (g *Guess) Append(dst []byte) []byte {
	for _, name := range g.Form {
		switch {
		case name != TheData || g.Doc == nil:
			dst = append(dst, g.of(name)...)
		case g.Flat != nil:
			dst = g.Flat.Append(dst, g.Doc)
		default:
			dst = g.Doc.Append(dst, g.Style, 0)
		}
	}
	if g.Whole != nil {
		return g.Whole(dst)
	}
	return dst
}

// Hash is the MD5 of the text, and what Rehash makes of it.
func (g *Guess) Hash(text []byte) [md5.Size]byte {
	sum := md5.Sum(text)
	if g.Rehash != nil {
		sum = g.Rehash(sum)
	}
	return sum
}

// Noted is the guess with the mistake made last among the others. Most guesses are wrong and never get there.
func (g *Guess) Noted() Guess {
	more := *g
	more.Mistakes = append(slices.Clip(g.Mistakes), Mistake{g.Last.Kind, g.Last, g.What, g.Evidence, g.Fix})
	more.Last, more.What, more.Evidence, more.Fix = nil, words.Phrase{}, words.Phrase{}, words.Phrase{}
	return more
}

const hexDigits = "0123456789ABCDEF"

// UpperHex writes a hash as a signature has to be (§6).
func UpperHex(hash [md5.Size]byte) string {
	var d [2 * md5.Size]byte
	for i, b := range hash {
		d[2*i], d[2*i+1] = hexDigits[b>>4], hexDigits[b&0xf]
	}
	return string(d[:])
}

// isDigest says of a part of a form that it is a hash, which is shown as such.
func isDigest(part string) bool {
	return len(part) == 2*md5.Size && strings.IndexFunc(part, NotHex) < 0
}

// NotHex says of a character that it is no hex digit.
func NotHex(r rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF", r) }
