package engine

import (
	"encoding/binary"
	"slices"
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/pack"
)

// kept is a record as a history keeps it: encoded. A record with its input and all their texts is some ten objects with pointers,
// which the collector has to follow in each of its cycles as long as they are kept; bytes it does not look at.
type kept struct {
	raw   []byte // what came of it, and the record
	input Input  // a state, which is large: it is kept as it is; nil: it is encoded
	size  int
}

// came is what came of an input.
type came struct {
	kind            string
	request, pushes uint64
	after           time.Time
	result          string
}

// keep makes what is kept of a record.
func (h *History) keep(r *Record) kept {
	k := kept{size: lightSize / 2}
	to := binary.AppendUvarint(h.room[:0], r.Request)
	to = binary.AppendUvarint(to, r.Pushes)
	to = pack.AppendTime(to, r.After)
	to = pack.AppendText(to, r.Result)
	switch in := r.Input.(type) {
	case *Restore:
		k.input = in
		k.size += len(in.State.raw)
	case *Create:
		if k.input = in; in.State != nil {
			k.size += len(in.State.raw)
		}
	}
	notes := len(to)
	if k.input == nil {
		encoded, err := Encode(to, r)
		if err == nil {
			to = encoded
		} else { // what JSON cannot say, such as a rate that is no number, and was refused
			k.input = lasting(r.Input)
		}
	}
	if k.input != nil {
		to = appendHead(to, r)
	}
	k.raw = h.slab.Keep(to)
	if h.newest = nil; k.input == nil {
		h.newest = k.raw[notes:]
	}
	k.size += len(k.raw)
	if h.room = to; cap(to) > 64<<10 {
		h.room = nil
	}
	return k
}

// lasting is an input that may be kept: a request is used again by whoever has read it.
func lasting(in Input) Input {
	request, ok := in.(*Request)
	if !ok {
		return in
	}
	again := *request
	again.Headers, again.entry, again.prepared = slices.Clone(request.Headers), journal.Entry{}, nil
	return &again
}

func (k *kept) notes() (came, decoder) {
	d := decoder{pack.Reader{Rest: string(k.raw)}}
	return came{request: d.Number(), pushes: d.Number(), after: d.Time(), result: d.Text()}, d
}

// came reads what came of the input, and its kind.
func (k *kept) came() came {
	c, d := k.notes()
	c.kind = d.head().kind
	return c
}

// record reads the record; its input is nobody else's.
func (k *kept) record() Record {
	c, d := k.notes()
	r, err := d.record(k.input != nil)
	if err != nil {
		panic(err) // it was encoded here
	}
	switch in := k.input.(type) {
	case nil:
	case *Restore:
		r.Input = &Restore{State: &Document{raw: in.State.raw}, Undo: in.Undo}
	case *Create:
		again := *in
		if again.State != nil {
			again.State = &Document{raw: again.State.raw}
		}
		r.Input = &again
	default:
		r.Input = in
	}
	r.Request, r.Pushes, r.After, r.Result = c.request, c.pushes, c.after, c.result
	return r
}

// undo is the sequence number that an undo went back to, 0 of every other input and of one that was refused.
func (k *kept) undo() uint64 {
	if restore, ok := k.input.(*Restore); ok && restore.Undo != 0 && k.came().result == "" {
		return restore.Undo
	}
	return 0
}

// begins tells whether something else is there since this input: the sandbox was created, reset or had a state restored by it.
func (k *kept) begins() bool {
	c := k.came()
	if c.result != "" {
		return false
	}
	switch c.kind {
	case "create", "reset", "restore":
		return true
	default:
		return false
	}
}

// Note fills in what came of an input.
func (r *Record) Note(e *Engine, fx *Effects) {
	r.Pushes, r.After = e.pushes.Seq(), fx.At
	switch {
	case fx.Entry != nil:
		r.Request = e.journal.Seq()
		if fx.Entry.Refusal == nil && fx.Entry.Code == 0 {
			r.Result = "0"
			return
		}
		r.Result = strconv.Itoa(fx.Entry.Code)
		if word := fx.Entry.Reason(); word != "" {
			r.Result += " " + word
		}
	case fx.Err != nil:
		r.Result = fx.Err.Error()
	}
}
