// Package pack writes numbers, times and texts as bytes and reads them again, and keeps many small byte texts in few large pieces of
// memory, so that the garbage collector has little to look at.
package pack

import (
	"encoding/binary"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/zone"
)

// AppendText appends a text with its length.
func AppendText(to []byte, text string) []byte {
	to = binary.AppendUvarint(to, uint64(len(text)))
	return append(to, text...)
}

// AppendTime appends an instant in nanoseconds since 1970 (UTC).
func AppendTime(to []byte, t time.Time) []byte {
	to = binary.AppendVarint(to, t.Unix())
	return binary.AppendUvarint(to, uint64(t.Nanosecond())) //nolint:gosec // below a billion
}

// AppendBool appends a byte, 0 or 1.
func AppendBool(to []byte, b bool) []byte {
	if b {
		return append(to, 1)
	}
	return append(to, 0)
}

// Reader reads what the functions above append, and encoding/binary's of numbers. Once something is cut short it has failed, and
// gives zeros.
type Reader struct {
	Rest   string
	Failed bool
}

func (r *Reader) fail() { r.Rest, r.Failed = "", true }

// Byte reads a byte.
func (r *Reader) Byte() byte {
	if r.Rest == "" {
		r.fail()
		return 0
	}
	b := r.Rest[0]
	r.Rest = r.Rest[1:]
	return b
}

// Bool reads what AppendBool appends.
func (r *Reader) Bool() bool { return r.Byte() == 1 }

// Number reads what [binary.AppendUvarint] appends.
func (r *Reader) Number() (n uint64) {
	for i := 0; i < len(r.Rest) && i < binary.MaxVarintLen64; i++ {
		b := r.Rest[i]
		if i == binary.MaxVarintLen64-1 && b > 1 {
			break // more than 64 bits
		}
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			r.Rest = r.Rest[i+1:]
			return n
		}
	}
	r.fail()
	return 0
}

// Signed reads what [binary.AppendVarint] appends.
func (r *Reader) Signed() int64 {
	n := r.Number()
	return int64(n>>1) ^ -int64(n&1)
}

// Text reads a text, which is a piece of what is read.
func (r *Reader) Text() string {
	n := r.Number()
	if n > uint64(len(r.Rest)) {
		r.fail()
		return ""
	}
	text := r.Rest[:n]
	r.Rest = r.Rest[n:]
	return text
}

// Length reads how many of something follow, each of which is a byte at least.
func (r *Reader) Length() int {
	n := r.Number()
	if n > uint64(len(r.Rest)) {
		r.fail()
		return 0
	}
	return int(n) //nolint:gosec // bounded above
}

// Time reads an instant, in Asia/Shanghai.
func (r *Reader) Time() time.Time {
	seconds, nanos := r.Signed(), r.Number()
	if nanos >= 1e9 {
		r.fail()
		return time.Time{}
	}
	return time.Unix(seconds, int64(nanos)).In(zone.Shanghai)
}
