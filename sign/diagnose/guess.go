package diagnose

import (
	"crypto/md5"
	"slices"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/jsondoc"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// The values in a guess's form; anything else in a form stands for itself.
const (
	theData  = "\x00data"
	theKey   = "\x00key"
	theStamp = "\x00stamp"
	theNo    = "\x00no"
)

// guess is one text somebody may have signed: the values put together in the order of form.
type guess struct {
	mistakes             []mistake   // what is wrong with it, but for the one made last
	last                 *hypothesis // that one
	form                 []string
	data, key, stamp, no string

	// Where doc is set, data is its text: in a style of JSON, or flattened.
	doc   *jsondoc.Node
	style jsondoc.Style
	flat  *jsondoc.Flattening

	whole  func([]byte) []byte                 // what is done to the whole text before it is hashed
	rehash func([md5.Size]byte) [md5.Size]byte // what is done to the hash

	// Of the mistake made last, where the row's own words do not fit; evidence where it is not the first difference.
	what, evidence, fix words.Phrase
}

// mistake is what a row of the table stands for, in a guess.
type mistake struct {
	kind                string
	row                 *hypothesis
	what, evidence, fix words.Phrase // where the row's do not fit; evidence where it is not the first difference
}

func (g *guess) kinds() []string {
	all := make([]string, len(g.mistakes))
	for i, m := range g.mistakes {
		all[i] = m.kind
	}
	return all
}

func (g *guess) of(name string) string {
	switch name {
	case theData:
		return g.data
	case theKey:
		return g.key
	case theStamp:
		return g.stamp
	case theNo:
		return g.no
	}
	return name
}

// settle writes data out, where it is still a document.
func (g *guess) settle() {
	if g.doc == nil {
		return
	}
	if g.flat != nil {
		g.data = string(g.flat.Append(nil, g.doc))
	} else {
		g.data = string(g.doc.Append(nil, g.style, 0))
	}
	g.doc = nil
}

func (g *guess) size() (n int) {
	for _, name := range g.form {
		n += len(g.of(name))
	}
	return n
}

// append appends the text that is hashed.
func (g *guess) append(dst []byte) []byte {
	for _, name := range g.form {
		switch {
		case name != theData || g.doc == nil:
			dst = append(dst, g.of(name)...)
		case g.flat != nil:
			dst = g.flat.Append(dst, g.doc)
		default:
			dst = g.doc.Append(dst, g.style, 0)
		}
	}
	if g.whole != nil {
		return g.whole(dst)
	}
	return dst
}

func (g *guess) hash(text []byte) [md5.Size]byte {
	sum := md5.Sum(text)
	if g.rehash != nil {
		sum = g.rehash(sum)
	}
	return sum
}

// noted is the guess with the mistake made last among the others. Most guesses are wrong and never get there.
func (g *guess) noted() guess {
	more := *g
	more.mistakes = append(slices.Clip(g.mistakes), mistake{g.last.kind, g.last, g.what, g.evidence, g.fix})
	more.last, more.what, more.evidence, more.fix = nil, words.Phrase{}, words.Phrase{}, words.Phrase{}
	return more
}

const hexDigits = "0123456789ABCDEF"

func upperHex(hash [md5.Size]byte) string {
	var d [2 * md5.Size]byte
	for i, b := range hash {
		d[2*i], d[2*i+1] = hexDigits[b>>4], hexDigits[b&0xf]
	}
	return string(d[:])
}
