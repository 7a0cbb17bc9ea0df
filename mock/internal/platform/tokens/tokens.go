// Package tokens keeps the tokens of a sandbox, the newest of them, by their texts and in the order they were given (§9.2, §9.3).
package tokens

import (
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

// Holder is who a token was given to: each has one that is good, the newest.
type Holder struct {
	Merchant string `json:"merchantNo"`
	App      string `json:"appId"`
	Phone    string `json:"phone"`
}

// lasting is the holder with texts of its own: those of a request are pieces of it, of which nothing else is to stay.
func (h Holder) lasting() Holder {
	return Holder{strings.Clone(h.Merchant), strings.Clone(h.App), strings.Clone(h.Phone)}
}

// entry is a token. Of next alone no copy reads anything, and only it changes.
//
// There may be 200,000, so that an entry is small and has no pointers: what it points to is in its piece. As objects with texts and pointers
// to each other so many took 27 MB, and a collection 73 ms of one processor on a busy machine; as entries with two pointers each 18.4 MB and
// 3.5 ms; now they take 15.8 MB, and the collector passes over all but 2 of them.
type entry struct {
	id      id
	seconds int64 // when it was given, since 1970
	nanos   int32
	next    uint32 // how many tokens later its holder's next was given, which voided it; 0: it is the newest
	holder  uint16 // in its piece
	odd     bool   // its text is no UUID, as in a state that somebody has written, and is in its piece
}

// pieceLen is how many tokens a piece has.
const pieceLen = 512

// firstRoom is for how many the first piece has room before it grows: most sandboxes of tests give a few, and a whole piece for each of them was 3 %
// of what a run of the contract suite allocates.
const firstRoom = 8

// piece is some tokens one after another, who holds them, and those texts of them that are no UUIDs. All three only grow at their ends.
type piece struct {
	entries []entry
	holders []*holding
	odd     []oddText
}

type oddText struct {
	at   int // of the entry, in the piece
	text string
}

// holding is a holder and the number of the newest token that it has.
type holding struct {
	Holder

	newest uint64
	piece  uint64 // the last piece that it has tokens in, counted from the first that there was
	at     uint16 // among that piece's holders
}

// Token is one of a list, or of all.
type Token struct {
	piece *piece
	at    int
}

func (t Token) entry() *entry { return &t.piece.entries[t.at] }

// Holder is who it was given to; it is the same pointer for tokens of the same holder.
func (t Token) Holder() *Holder { return &t.piece.holders[t.entry().holder].Holder }

// At is when the token was given.
func (t Token) At() time.Time {
	e := t.entry()
	return time.Unix(e.seconds, int64(e.nanos)).In(notation.Shanghai)
}

// Text is the token as the platform answers it.
func (t Token) Text() string {
	e := t.entry()
	if !e.odd {
		return UUID(e.id)
	}
	return t.oddText()
}

func (t Token) oddText() string {
	i, _ := slices.BinarySearchFunc(t.piece.odd, t.at, func(o oddText, at int) int { return o.at - at })
	return t.piece.odd[i].text
}

// List is tokens in the order they were given, in pieces of which all but the last are full.
type List struct {
	pieces []piece
	from   int // how many of the first piece are forgotten
}

// Len is how many there are.
func (l *List) Len() int {
	if len(l.pieces) == 0 {
		return 0
	}
	last := len(l.pieces) - 1
	return last*pieceLen + len(l.pieces[last].entries) - l.from
}

// Index is the i-th from the oldest.
func (l *List) Index(i int) Token {
	i += l.from
	return Token{&l.pieces[i/pieceLen], i % pieceLen}
}

// All are the newest tokens that were given; make it with [New]. They are numbered from 1.
type All struct {
	list    List
	first   uint64        // the number of the oldest
	gone    uint64        // how many pieces are forgotten
	numbers map[id]uint32 // the low half of each number. It has no pointers: the collector passes over it
	holders map[Holder]*holding
}

// New is no tokens yet.
func New() All {
	return All{first: 1, numbers: map[id]uint32{}, holders: map[Holder]*holding{}}
}

// Len is how many there are.
func (all *All) Len() int { return all.list.Len() }

// List is the tokens as they are now, and stays so.
func (all *All) List() List { return List{slices.Clone(all.list.pieces), all.list.from} }

// Find gives a token by its text, and the one that voided it where there is one.
func (all *All) Find(text string) (t Token, known bool, next Token, voided bool) {
	of, plain := idOf(text)
	n, known := all.numbers[of]
	if !known {
		return Token{}, false, Token{}, false
	}
	at := int(n - uint32(all.first)) //nolint:gosec // the low half, as in numbers; there are fewer
	t = all.list.Index(at)
	e := t.entry()
	if plain == e.odd || e.odd && t.oddText() != text {
		return Token{}, false, Token{}, false
	}
	if e.next != 0 {
		next = all.list.Index(at + int(e.next))
	}
	return t, true, next, e.next != 0
}

// Add makes a token the newest of its holder: the one before is void from then on.
func (all *All) Add(text string, by Holder, now time.Time) {
	number := all.first + uint64(all.Len()) //nolint:gosec // never negative
	h := all.holders[by]
	if h == nil {
		h = &holding{Holder: by.lasting()}
		all.holders[h.Holder] = h
	} else {
		all.list.Index(int(h.newest - all.first)).entry().next = uint32(number - h.newest) //nolint:gosec // there are fewer
	}
	p := all.lastPiece()
	if n := all.gone + uint64(len(all.list.pieces)); h.newest == 0 || h.piece != n {
		h.piece, h.at = n, uint16(len(p.holders)) //nolint:gosec // below pieceLen
		p.holders = append(p.holders, h)
	}
	h.newest = number
	e := entry{holder: h.at, seconds: now.Unix(), nanos: int32(now.Nanosecond())} //nolint:gosec // below a billion
	var plain bool
	if e.id, plain = idOf(text); !plain {
		e.odd = true
		p.odd = append(p.odd, oddText{len(p.entries), strings.Clone(text)})
	}
	all.numbers[e.id] = uint32(number) //nolint:gosec // the low half
	p.entries = append(p.entries, e)
}

// lastPiece is the one that has room for a token more.
func (all *All) lastPiece() *piece {
	l := &all.list
	if last := len(l.pieces) - 1; last >= 0 && len(l.pieces[last].entries) < pieceLen {
		return &l.pieces[last]
	}
	room := pieceLen
	if len(l.pieces) == 0 {
		room = firstRoom
	}
	l.pieces = append(l.pieces, piece{entries: make([]entry, 0, room)})
	return &l.pieces[len(l.pieces)-1]
}

// ForgetOldest forgets tokens until there are no more than so many.
func (all *All) ForgetOldest(most int) {
	for all.Len() > most {
		oldest := all.list.Index(0)
		delete(all.numbers, oldest.entry().id)
		if h := oldest.piece.holders[oldest.entry().holder]; h.newest == all.first {
			delete(all.holders, h.Holder)
		}
		all.first++
		if all.list.from++; all.list.from == pieceLen {
			all.list.pieces, all.list.from = slices.Clone(all.list.pieces[1:]), 0
			all.gone++
		}
	}
}
