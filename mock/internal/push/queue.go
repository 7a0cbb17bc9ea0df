package push

import (
	"container/heap"
	"time"
)

// entry is an item in its log, with all that decides when it goes out.
type entry struct {
	item     Item
	due      time.Time // of the next scheduled attempt, while pending
	failures int       // of scheduled attempts

	redeliveries int       // asked for and not yet answered
	redeliverAt  time.Time // when the first of them was asked for

	flight     uint64 // the attempt under way, or 0
	redelivers bool   // it is a redelivery

	chain      *chain // while pending
	prev, next *entry // in the chain

	held     bool   // it waits for the merchant's next push
	releases *entry // the held one that waits for this

	in  *queue
	pos int
}

// when says at which instant the entry wants to go out next, and whether for its schedule or for a redelivery.
func (e *entry) when() (at time.Time, redelivery, wants bool) {
	pending := e.item.Status == Pending
	switch {
	case pending && (e.redeliveries == 0 || !e.redeliverAt.Before(e.due)):
		return e.due, false, true
	case e.redeliveries > 0:
		return e.redeliverAt, true, true
	}
	return time.Time{}, false, false
}

// behind tells whether a push of the same vehicle to the same merchant is to be finished first.
func (e *entry) behind() bool { return e.chain != nil && e.chain.head != e }

// vehicle names a chain: one vehicle's pushes to one merchant.
type vehicle struct{ merchantNo, plateNumber, plateColor string }

// chain holds the pending pushes of one vehicle, in the order they came.
type chain struct{ head, tail *entry }

func (c *chain) append(e *entry) {
	e.chain = c
	e.prev = c.tail
	if c.tail == nil {
		c.head = e
	} else {
		c.tail.next = e
	}
	c.tail = e
}

func (c *chain) remove(e *entry) {
	if e.prev == nil {
		c.head = e.next
	} else {
		e.prev.next = e.next
	}
	if e.next == nil {
		c.tail = e.prev
	} else {
		e.next.prev = e.prev
	}
	e.chain, e.prev, e.next = nil, nil, nil
}

// queue is a heap of entries, each of which knows where in which queue it is.
type queue struct {
	entries []*entry
	less    func(a, b *entry) bool
}

func byDue(a, b *entry) bool {
	x, _, _ := a.when()
	y, _, _ := b.when()
	if c := x.Compare(y); c != 0 {
		return c < 0
	}
	return a.item.Seq < b.item.Seq
}

func bySeq(a, b *entry) bool { return a.item.Seq < b.item.Seq }

func (q *queue) add(e *entry)    { heap.Push((*heaped)(q), e) }
func (q *queue) remove(e *entry) { heap.Remove((*heaped)(q), e.pos) }

func (q *queue) first() *entry {
	if len(q.entries) == 0 {
		return nil
	}
	return q.entries[0]
}

// dueBy counts the entries due at now, visiting only those and their children.
func (q *queue) dueBy(now time.Time) int {
	n := 0
	stack := []int{0}
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if i >= len(q.entries) {
			continue
		}
		if at, _, _ := q.entries[i].when(); at.After(now) {
			continue
		}
		n++
		stack = append(stack, 2*i+1, 2*i+2)
	}
	return n
}

// heaped is a queue as container/heap wants it.
type heaped queue

func (h *heaped) Len() int           { return len(h.entries) }
func (h *heaped) Less(i, j int) bool { return h.less(h.entries[i], h.entries[j]) }

func (h *heaped) Swap(i, j int) {
	h.entries[i], h.entries[j] = h.entries[j], h.entries[i]
	h.entries[i].pos, h.entries[j].pos = i, j
}

func (h *heaped) Push(x any) {
	e := x.(*entry)
	e.in, e.pos = (*queue)(h), len(h.entries)
	h.entries = append(h.entries, e)
}

func (h *heaped) Pop() any {
	last := len(h.entries) - 1
	e := h.entries[last]
	h.entries[last] = nil
	h.entries = h.entries[:last]
	e.in = nil
	return e
}
