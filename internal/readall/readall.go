// Package readall reads the bodies of requests and answers, up to a bound.
package readall

import (
	"io"
	"slices"
)

// firstRoom is the room in bytes that is made at most before anything has come: what was announced may never come.
const firstRoom = 64 << 10

// Bounded reads to the end, or the first most bytes of what is longer. length is what was announced, negative where nothing was. [io.ReadAll], which
// is not told, begins with 512 bytes and grows by a quarter: with it, a run of the contract suite allocated a tenth more.
func Bounded(r io.Reader, length, most int64) ([]byte, error) {
	room := int64(512)
	if length >= 0 {
		room = min(length+1, firstRoom) // one more, in which the end shows
	}
	b := make([]byte, 0, max(min(room, most), 0))
	for int64(len(b)) < most {
		if len(b) == cap(b) {
			b = slices.Grow(b, int(min(int64(len(b)), most-int64(len(b)))))
		}
		n, err := r.Read(b[len(b):min(int64(cap(b)), most)])
		b = b[:len(b)+n]
		if err == io.EOF {
			return b, nil
		}
		if err != nil {
			return b, err
		}
	}
	return b, nil
}
