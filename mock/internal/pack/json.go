package pack

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
)

// JSON writes one large JSON value in pieces, as encoding/json would write it whole, so that nothing large is put together in memory. After an
// error it writes nothing more.
type JSON struct {
	to    *bufio.Writer
	room  bytes.Buffer
	enc   *json.Encoder
	err   error
	n     int64
	inner bool // something stands before in this object or list
}

// NewJSON writes to a writer.
func NewJSON(to io.Writer) *JSON {
	j := &JSON{to: bufio.NewWriterSize(to, piece)}
	j.enc = json.NewEncoder(&j.room)
	j.enc.SetEscapeHTML(false)
	return j
}

// Close writes what is left, and gives how much was written at all and the first error.
func (j *JSON) Close() (int64, error) {
	if err := j.to.Flush(); j.err == nil {
		j.err = err
	}
	return j.n, j.err
}

func (j *JSON) write(b []byte) {
	if j.err != nil {
		return
	}
	n, err := j.to.Write(b)
	j.n += int64(n)
	j.err = err
}

func (j *JSON) open(bracket string) {
	j.write([]byte(bracket))
	j.inner = false
}

func (j *JSON) close(bracket string) {
	j.write([]byte(bracket))
	j.inner = true
}

func (j *JSON) comma() {
	if j.inner {
		j.write([]byte{','})
	}
	j.inner = true
}

// value writes a value that is small enough to be encoded whole.
func (j *JSON) value(v any) {
	if j.err != nil {
		return
	}
	j.room.Reset()
	if j.err = j.enc.Encode(v); j.err == nil {
		j.write(bytes.TrimSuffix(j.room.Bytes(), []byte("\n")))
	}
	if j.room.Cap() > 16*piece {
		j.room = bytes.Buffer{}
	}
}

// Object writes an object; its members are what the function writes.
func (j *JSON) Object(members func()) {
	j.open("{")
	members()
	j.close("}")
}

// In writes a member that is an object.
func (j *JSON) In(name string, members func()) {
	j.Name(name)
	j.Object(members)
}

// Name begins a member; its value is what is written next.
func (j *JSON) Name(name string) {
	j.comma()
	j.value(name)
	j.write([]byte{':'})
}

// Member writes a member with its value.
func (j *JSON) Member(name string, v any) {
	j.Name(name)
	j.value(v)
}

// Items writes a member that is a list of n, one item after the other; an empty one is null where it is no list.
func (j *JSON) Items(name string, isList bool, n int, item func(i int) any) {
	j.Name(name)
	if n == 0 && !isList {
		j.write([]byte("null"))
		return
	}
	j.open("[")
	for i := 0; i < n && j.err == nil; i++ {
		j.comma()
		j.value(item(i))
	}
	j.close("]")
}

// Pairs writes a member that is an object with n members of its own, one after the other; encoding/json writes those of a map in order.
func (j *JSON) Pairs(name string, n int, pair func(i int) (name string, v any)) {
	j.In(name, func() {
		for i := 0; i < n && j.err == nil; i++ {
			j.Member(pair(i))
		}
	})
}
