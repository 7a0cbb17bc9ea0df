package platform

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

// maxTokens bounds the tokens that are remembered, so that an old one can be
// told from an invented one without growing for ever.
const maxTokens = 200_000

// token is never changed but for next. There are up to [maxTokens], so that it is small: its text is in its id, its holder is shared, its
// time takes 12 bytes in place of the 24 of a [time.Time], and it is no object of its own. As objects with texts and pointers to each other
// 200,000 of them took 27 MB, and a collection 73 ms of one processor on a busy machine; now 17 MB and 3.5 ms.
type token struct {
	id      tokenID
	holder  *holder
	odd     *string // its text, where that is no UUID, as in a state that somebody has written
	seconds int64   // when it was given, since 1970
	nanos   int32
	next    uint32 // how many tokens later its holder's next was given, which voided it; 0: it is the newest. No copy reads it
}

// tokenID is a token's UUID, or a digest of another text.
type tokenID [16]byte

type tokenHolder struct {
	Merchant string `json:"merchantNo"`
	App      string `json:"appId"`
	Phone    string `json:"phone"`
}

// holder is who has tokens, and the number of the newest.
type holder struct {
	tokenHolder

	newest uint64
}

// dashes are where a UUID has them, digits where each of its bytes has two.
var (
	dashes = [...]int{8, 13, 18, 23}
	digits = [...]int{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34}
)

// hexValues are the values of hexadecimal digits in lower case, and notHex of every other byte. Each request looks a token up twice, and which
// digit comes next no processor can predict.
var hexValues = func() (values [256]byte) {
	for c := range values {
		values[c] = notHex
	}
	for i, c := range []byte("0123456789abcdef") {
		values[c] = byte(i)
	}
	return values
}()

const notHex = 0xff

// tokenIDOf is the id of a token's text, and whether the text is a UUID in lower case, as those that are drawn.
func tokenIDOf(text string) (id tokenID, plain bool) {
	if len(text) != len("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx") {
		return oddTokenID(text), false
	}
	for _, i := range dashes {
		if text[i] != '-' {
			return oddTokenID(text), false
		}
	}
	seen := byte(0)
	for n, i := range digits {
		high, low := hexValues[text[i]], hexValues[text[i+1]]
		seen |= high | low
		id[n] = high<<4 | low
	}
	if seen == notHex {
		return oddTokenID(text), false
	}
	return id, true
}

func oddTokenID(text string) (id tokenID) {
	sum := sha256.Sum256([]byte(text))
	copy(id[:], sum[:])
	return id
}

// uuidText is a UUID in lower case.
func uuidText(b *[16]byte) string {
	var text [36]byte
	hex.Encode(text[:8], b[:4])
	hex.Encode(text[9:13], b[4:6])
	hex.Encode(text[14:18], b[6:8])
	hex.Encode(text[19:23], b[8:10])
	hex.Encode(text[24:], b[10:])
	for _, i := range dashes {
		text[i] = '-'
	}
	return string(text[:])
}

func (t *token) text() string {
	if t.odd != nil {
		return *t.odd
	}
	return uuidText((*[16]byte)(&t.id))
}

// at is when the token was given.
func (t *token) at() time.Time { return time.Unix(t.seconds, int64(t.nanos)).In(notation.Shanghai) }

// tokenPiece is how many tokens a piece has.
const tokenPiece = 512

// firstRoom is for how many the first piece has room before it grows: most sandboxes of tests give a few, and a whole piece for each of them was 3 %
// of what a run of the contract suite allocates.
const firstRoom = 8

// tokenList is tokens in the order they were given, in pieces of which all but the last are full. A copy of its pieces stays as it is.
type tokenList struct {
	pieces [][]token
	from   int // how many of the first piece are forgotten
}

// len is how many there are.
func (l *tokenList) len() int {
	if len(l.pieces) == 0 {
		return 0
	}
	last := len(l.pieces) - 1
	return last*tokenPiece + len(l.pieces[last]) - l.from
}

// at is the i-th from the oldest.
func (l *tokenList) at(i int) *token {
	i += l.from
	return &l.pieces[i/tokenPiece][i%tokenPiece]
}

// tokens are the newest that were given, by their texts and in order. They are numbered from 1.
type tokens struct {
	tokenList

	first   uint64             // the number of the oldest
	numbers map[tokenID]uint64 // has no pointers: the collector passes over it
	holders map[tokenHolder]*holder
}

func newTokens() tokens {
	return tokens{first: 1, numbers: map[tokenID]uint64{}, holders: map[tokenHolder]*holder{}}
}

// find gives a token by its text, and the one that voided it; both are nil where there is none.
func (all *tokens) find(text string) (t, next *token) {
	id, plain := tokenIDOf(text)
	n, known := all.numbers[id]
	if !known {
		return nil, nil
	}
	at := int(n - all.first) //nolint:gosec // at most maxTokens
	if t = all.at(at); plain != (t.odd == nil) || (!plain && *t.odd != text) {
		return nil, nil
	}
	if t.next != 0 {
		next = all.at(at + int(t.next))
	}
	return t, next
}

// add makes a token the newest of its holder: the one before is void from then on.
func (all *tokens) add(text string, by tokenHolder, now time.Time) {
	number := all.first + uint64(all.len()) //nolint:gosec // never negative
	h := all.holders[by]
	if h == nil {
		h = &holder{tokenHolder: by.lasting()}
		all.holders[h.tokenHolder] = h
	} else {
		before := all.at(int(h.newest - all.first)) //nolint:gosec // at most maxTokens
		before.next = uint32(number - h.newest)     //nolint:gosec // at most maxTokens
	}
	h.newest = number
	t := token{holder: h, seconds: now.Unix(), nanos: int32(now.Nanosecond())} //nolint:gosec // below a billion
	var plain bool
	if t.id, plain = tokenIDOf(text); !plain {
		odd := strings.Clone(text)
		t.odd = &odd
	}
	all.numbers[t.id] = number
	last := len(all.pieces) - 1
	if last < 0 || len(all.pieces[last]) == tokenPiece {
		room := tokenPiece
		if last < 0 {
			room = firstRoom
		}
		all.pieces = append(all.pieces, make([]token, 0, room))
		last++
	}
	all.pieces[last] = append(all.pieces[last], t)
}

// forgetOldest forgets tokens until there are no more than so many.
func (all *tokens) forgetOldest(most int) {
	for all.len() > most {
		oldest := all.at(0)
		delete(all.numbers, oldest.id)
		if oldest.holder.newest == all.first {
			delete(all.holders, oldest.holder.tokenHolder)
		}
		all.first++
		if all.from++; all.from == tokenPiece {
			all.pieces, all.from = slices.Clone(all.pieces[1:]), 0
		}
	}
}

// list is the tokens as they are now.
func (all *tokens) list() tokenList { return tokenList{slices.Clone(all.pieces), all.from} }
