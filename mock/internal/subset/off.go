package subset

import (
	"math"
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/zone"
)

// farthest is how far a value is from another that has nothing of it. What is wanted and not there is that far away.
const farthest = 1 << 30

// Off is how far the values of a text, which should be a JSON object, are from the wanted members that it has not or has otherwise, in all: of two
// texts in which as many differ, the one with the smaller Off is more like what is wanted. It reads more than [Object.Differs] does.
func (o *Object) Off(text string) (off int64) {
	if o.Fields() == 0 {
		return 0
	}
	o.compare(text, func(i int, got string) { off += o.members[i].want.off(got) })
	return off
}

// off is how far a value is from this one: from 0, which is none, to farthest.
func (v *value) off(raw string) int64 {
	switch {
	case raw == "":
		return farthest
	case v.matches(raw):
		return 0
	case v.kind == 'o' && raw[0] == '{':
		return v.inner.Off(raw) / int64(max(v.inner.Fields(), 1))
	case v.kind == 'a' && raw[0] == '[':
		return v.itemsOff(raw)
	case v.kind == 'o' || v.kind == 'a' || raw[0] == '{' || raw[0] == '[':
		return farthest
	}
	want, got := v.text, scalarText(raw)
	if a, err := strconv.ParseFloat(want, 64); err == nil {
		if b, err := strconv.ParseFloat(got, 64); err == nil {
			return share(math.Abs(a-b), math.Abs(a)+math.Abs(b))
		}
	}
	if a, _, err := zone.Parse(want); err == nil {
		if b, _, err := zone.Parse(got); err == nil {
			apart := b.Sub(a).Abs().Seconds()
			return share(apart, apart+float64(time.Hour/time.Second))
		}
	}
	return edits(want, got)
}

// itemsOff is how far the items of two arrays are apart in the mean, one that only one has as far as can be.
func (v *value) itemsOff(raw string) (off int64) {
	s, n := scanner{text: raw}, 0
	for item, more := s.item(); more; item, more = s.item() {
		if n < len(v.items) {
			off += v.items[n].off(item)
		} else {
			off += farthest
		}
		n++
	}
	off += farthest * int64(max(len(v.items)-n, 0))
	return max(off/int64(max(n, len(v.items), 1)), 1)
}

// share is a part of a whole as a distance; the whole may be 0, and what is not the same is never 0 apart.
func share(part, whole float64) int64 {
	if !(part < whole) { // the same values, with other kinds or signs
		return min(int64(part), 1) * farthest
	}
	return max(int64(part/whole*farthest), 1)
}

// mostCompared bounds the characters of two texts that are compared one by one.
const mostCompared = 64

// edits is how many characters have to be changed, added or taken away to make one text the other, as a share of the longer one.
func edits(want, got string) int64 {
	a, b := []rune(want), []rune(got)
	longer := max(len(a), len(b), 1)
	if len(a) > mostCompared || len(b) > mostCompared {
		same := len(commonPrefix(a, b))
		return max(farthest*int64(longer-same)/int64(longer), 1)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		before := row[0]
		row[0] = i + 1
		for j := range b {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j+1]+1, row[j]+1)
		}
	}
	return max(farthest*int64(row[len(b)])/int64(longer), 1)
}

func commonPrefix(a, b []rune) []rune {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return a[:n]
}
