// Package memory is a ledger that is gone with its process: for tests of what a ledger's caller does, also when the
// store fails.
package memory

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// Store keeps sandboxes in memory. Its zero value is empty and ready.
type Store struct {
	mu        sync.Mutex
	places    map[string]*place
	merchants map[string]string
	fail      error
	closed    bool
}

type place struct {
	epoch    uint64
	log      *log
	snapshot []byte // nil where there is none
	kept     uint64 // the input after which it was made
	inputs   [][]byte
}

// Fail makes every write fail with an error from now on, as a store does that is full or cut off; nil ends it. Logs
// that met the failure stay failed.
func (s *Store) Fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = err
}

// Reopen is the store after its process has ended and another has begun: logs have ended, what was durable is there.
func (s *Store) Reopen() *Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endLocked(ledger.ErrClosed)
	s.closed = true
	return &Store{places: s.places, merchants: s.merchants}
}

func (s *Store) endLocked(why error) {
	for _, p := range s.places {
		if p.log != nil {
			p.log.err = cmp.Or(p.log.err, why)
		}
		p.log = nil
	}
}

// Places are the sandboxes, by id.
func (s *Store) Places(context.Context) ([]ledger.Place, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ledger.ErrClosed
	}
	all := make([]ledger.Place, 0, len(s.places))
	for _, id := range slices.Sorted(maps.Keys(s.places)) {
		place := ledger.Place{Sandbox: id, Epoch: s.places[id].epoch}
		for no, owner := range s.merchants {
			if owner == id {
				place.Merchants = append(place.Merchants, no)
			}
		}
		slices.Sort(place.Merchants)
		all = append(all, place)
	}
	return all, nil
}

// Create makes a sandbox and takes it.
func (s *Store) Create(_ context.Context, id string, merchants []string, inputs ...[]byte) (ledger.Log, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return nil, ledger.ErrClosed
	case s.fail != nil:
		return nil, s.fail
	case s.places[id] != nil:
		return nil, ledger.ErrExists
	}
	for _, input := range inputs {
		if len(input) > ledger.MaxRecord {
			return nil, &ledger.TooLargeError{Size: len(input)}
		}
	}
	if err := s.claimLocked(id, merchants); err != nil {
		return nil, err
	}
	if s.places == nil {
		s.places = map[string]*place{}
	}
	p := &place{}
	for _, input := range inputs {
		p.inputs = append(p.inputs, bytes.Clone(input))
	}
	s.places[id] = p
	return s.takeLocked(id, p), nil
}

func (s *Store) claimLocked(id string, merchants []string) error {
	for _, no := range merchants {
		if owner, ok := s.merchants[no]; ok && owner != id {
			return &ledger.TakenError{Merchant: no, Sandbox: owner}
		}
	}
	if s.merchants == nil {
		s.merchants = map[string]string{}
	}
	for _, no := range merchants {
		s.merchants[no] = id
	}
	return nil
}

func (s *Store) takeLocked(id string, p *place) *log {
	if p.log != nil {
		p.log.err = cmp.Or(p.log.err, ledger.ErrFenced)
	}
	p.epoch++
	p.log = &log{store: s, id: id, place: p, epoch: p.epoch}
	return p.log
}

// Take reads what is kept and takes the sandbox.
func (s *Store) Take(_ context.Context, id string, restore ledger.Restore) (ledger.Log, error) {
	s.mu.Lock()
	p := s.places[id]
	if s.closed || p == nil {
		defer s.mu.Unlock()
		if s.closed {
			return nil, ledger.ErrClosed
		}
		return nil, ledger.ErrUnknown
	}
	l := s.takeLocked(id, p)
	state, kept, inputs := bytes.Clone(p.snapshot), p.kept, slices.Clone(p.inputs)
	s.mu.Unlock()
	if state != nil {
		if err := restore.Snapshot(kept, state); err != nil {
			return nil, err
		}
	}
	for i, input := range inputs {
		read := bytes.Clone(input)
		err := restore.Record(kept+uint64(i)+1, read)
		clear(read) // as a store does that reads the next one into the same bytes
		if err != nil {
			return nil, err
		}
	}
	return l, nil
}

// Close ends the store.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endLocked(ledger.ErrClosed)
	s.closed = true
	return nil
}

// log is a sandbox that was taken. All is guarded by the store's lock.
type log struct {
	store   *Store
	id      string
	place   *place
	epoch   uint64
	pending [][]byte
	err     error
}

func (l *log) Epoch() uint64 { return l.epoch }

func (l *log) durableLocked() uint64 { return l.place.kept + uint64(len(l.place.inputs)) }

func (l *log) Next() uint64 {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	return l.durableLocked() + uint64(len(l.pending)) + 1
}

func (l *log) Durable() uint64 {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	return l.durableLocked()
}

func (l *log) Ready() error {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	return l.err
}

func (l *log) Append(input []byte) (uint64, error) {
	if err := ledger.CheckSize(input); err != nil {
		return 0, err
	}
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	if l.err != nil {
		return 0, l.err
	}
	l.pending = append(l.pending, bytes.Clone(input))
	return l.durableLocked() + uint64(len(l.pending)), nil
}

func (l *log) Wait(_ context.Context, seq uint64) error {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	return l.waitLocked(seq)
}

func (l *log) waitLocked(seq uint64) error {
	switch {
	case l.err == nil && l.store.fail == nil:
		l.place.inputs, l.pending = append(l.place.inputs, l.pending...), nil
	case l.err == nil && len(l.pending) > 0:
		l.err, l.pending = l.store.fail, nil
	}
	switch {
	case seq <= l.durableLocked():
		return nil
	case l.err != nil:
		return l.err
	}
	return fmt.Errorf("wait for input %d of sandbox %q, which was not appended", seq, l.id)
}

// writeLocked is why nothing can be written for this log, if so.
func (l *log) writeLocked() error { return cmp.Or(l.err, l.store.fail) }

func (l *log) Keep(_ context.Context, seq uint64, state io.WriterTo) error {
	var text bytes.Buffer
	if _, err := state.WriteTo(&text); err != nil {
		return err
	}
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	if err := l.writeLocked(); err != nil {
		return err
	}
	p := l.place
	if seq > l.durableLocked() {
		return ledger.ErrNotDurable
	}
	if seq >= p.kept {
		p.snapshot, p.inputs, p.kept = append([]byte{}, text.Bytes()...), p.inputs[seq-p.kept:], seq
	}
	return nil
}

func (l *log) Claim(_ context.Context, merchants ...string) error {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	if err := l.writeLocked(); err != nil {
		return err
	}
	return l.store.claimLocked(l.id, merchants)
}

func (l *log) Release(_ context.Context, merchants ...string) error {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	if err := l.writeLocked(); err != nil {
		return err
	}
	for _, no := range merchants {
		if l.store.merchants[no] == l.id {
			delete(l.store.merchants, no)
		}
	}
	return nil
}

func (l *log) Delete(context.Context) error {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	if err := l.writeLocked(); err != nil {
		return err
	}
	delete(l.store.places, l.id)
	maps.DeleteFunc(l.store.merchants, func(_, owner string) bool { return owner == l.id })
	l.err = ledger.ErrClosed
	return nil
}

func (l *log) Close(context.Context) error {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	if l.err != nil {
		return nil
	}
	err := l.waitLocked(0)
	l.err = cmp.Or(l.err, ledger.ErrClosed)
	if l.place.log == l {
		l.place.log = nil
	}
	return err
}
