package sandbox

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// Default is the sandbox that always exists.
const Default = "default"

// Worlds is the set of sandboxes of one server. A merchant number belongs to
// one sandbox at most.
type Worlds struct {
	// Hostile makes default, and sandboxes without a fixture, trying ones; see
	// [Hostile]. It is set before the first is made.
	Hostile bool
	// Counts hears what becomes of pushes, with a sandbox's door held; nil: nobody does.
	Counts PushCounter
	// Failed hears of a panic in what a sandbox does by itself, from where it happened. What panicked ends; the server and the
	// sandbox go on. It is set before the first is made; nil: nobody does.
	Failed func(what string, failure any)

	wall    func() time.Time
	sender  *push.Sender
	context context.Context //nolint:containedctx // the life of the pushes under way, ended by Close
	cancel  context.CancelFunc
	sending sync.WaitGroup

	mu        sync.RWMutex
	byID      map[string]*Sandbox
	merchants map[string]*Sandbox
}

// PushCounter counts pushes by their kind.
type PushCounter interface {
	PushMade(kind string)
	PushAttempt(kind string, delivered bool)
	PushEnded(kind string, delivered bool)
}

// survive is deferred by what runs by itself, so that its panic does not end the process.
func (ws *Worlds) survive(what string) {
	if failure := recover(); failure != nil {
		ws.failed(what, failure)
	}
}

func (ws *Worlds) failed(what string, failure any) {
	if ws.Failed != nil {
		ws.Failed(what, failure)
	}
}

// Errors of the set of sandboxes.
var (
	ErrTaken   = errors.New("taken")
	ErrUnknown = errors.New("no such sandbox")
	ErrDefault = errors.New("the sandbox default always exists")
	ErrFull    = fmt.Errorf("a server has at most %d sandboxes", maxSandboxes)
)

const maxSandboxes = 10_000

// NewWorlds makes an empty set that reads real time from wall.
func NewWorlds(wall func() time.Time, sender *push.Sender) *Worlds {
	ctx, cancel := context.WithCancel(context.Background())
	return &Worlds{
		wall: wall, sender: sender, context: ctx, cancel: cancel,
		byID: map[string]*Sandbox{}, merchants: map[string]*Sandbox{},
	}
}

// Close ends the attempts under way and waits for them; what was not delivered
// stays pending.
func (ws *Worlds) Close() {
	for _, s := range ws.All() {
		s.close()
	}
	ws.cancel()
	ws.sending.Wait()
	ws.sender.Close()
}

func (s *Sandbox) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.forgetLate()
	if s.wake != nil {
		s.wake.Stop()
	}
	s.signal()
	s.wakeFollowers()
}

// Of is the sandbox that owns a merchant number, or default's where none does.
func (ws *Worlds) Of(merchantNo string) (s *Sandbox, owned bool) {
	ws.mu.RLock()
	defer ws.mu.RUnlock()
	if s, owned = ws.merchants[merchantNo]; owned {
		return s, true
	}
	return ws.byID[Default], false
}

// Get is a sandbox by its id.
func (ws *Worlds) Get(id string) (*Sandbox, bool) {
	ws.mu.RLock()
	defer ws.mu.RUnlock()
	s, ok := ws.byID[id]
	return s, ok
}

// All are the sandboxes, default first, then by id.
func (ws *Worlds) All() []*Sandbox {
	ws.mu.RLock()
	defer ws.mu.RUnlock()
	all := make([]*Sandbox, 0, len(ws.byID))
	for _, s := range ws.byID {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *Sandbox) int {
		if a.id == Default || b.id == Default {
			return cmp.Compare(b2i(b.id == Default), b2i(a.id == Default))
		}
		return cmp.Compare(a.id, b.id)
	})
	return all
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Create makes a sandbox, whole or not at all. Its errors are [*InvalidError],
// [ErrTaken] and [ErrFull].
func (ws *Worlds) Create(id string, spec Spec) (*Sandbox, error) {
	if id == "" {
		id = "sb-" + randomHex(4)
	}
	if spec.seedGiven = spec.Seed != nil; !spec.seedGiven {
		if spec.Seed = spec.Fallback; spec.Seed == nil {
			spec.Seed = new(uint64)
			*spec.Seed = randomSeed()
		}
	}
	if spec.Fixture == nil {
		spec.firstMerchant = randomHex(16)
	}
	spec.hostile = ws.Hostile && (spec.Fixture == nil || id == Default)
	s := &Sandbox{id: id, birth: randomHex(4), worlds: ws, spec: spec, pushes: push.NewLog(), changed: make(chan struct{}), moving: make(chan struct{}, 1)}
	s.endTurn()
	start, err := spec.build(ws.wall())
	if err != nil {
		return nil, err
	}
	s.begin(start)
	s.tape.start = start.clock.base

	ws.mu.Lock()
	defer ws.mu.Unlock()
	switch {
	case ws.byID[id] != nil:
		return nil, fmt.Errorf("sandbox %s is %w", id, ErrTaken)
	case len(ws.byID) >= maxSandboxes:
		return nil, ErrFull
	}
	if err := ws.claim(s, start.world); err != nil {
		return nil, err
	}
	ws.byID[id] = s
	return s, nil
}

// claim makes a sandbox the owner of exactly a world's merchants.
func (ws *Worlds) claim(s *Sandbox, world *platform.State) error {
	all := world.Merchants()
	for _, m := range all {
		if owner := ws.merchants[m.No]; owner != nil && owner != s {
			return fmt.Errorf("merchant %s is %w by another sandbox", m.No, ErrTaken)
		}
	}
	for no, owner := range ws.merchants {
		if owner == s {
			delete(ws.merchants, no)
		}
	}
	for _, m := range all {
		ws.merchants[m.No] = s
	}
	return nil
}

// Delete ends a sandbox. Its pushes under way are not awaited.
func (ws *Worlds) Delete(id string) error {
	if id == Default {
		return ErrDefault
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	s, ok := ws.byID[id]
	if !ok {
		return ErrUnknown
	}
	delete(ws.byID, id)
	for no, owner := range ws.merchants {
		if owner == s {
			delete(ws.merchants, no)
		}
	}
	s.close()
	return nil
}

// PutMerchant makes or replaces a merchant; its number must not be another sandbox's.
func (s *Sandbox) PutMerchant(m platform.Merchant) error {
	ws := s.worlds
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if owner := ws.merchants[m.No]; owner != nil && owner != s {
		return fmt.Errorf("merchant %s is %w by another sandbox", m.No, ErrTaken)
	}
	if ws.byID[s.id] != s {
		return ErrUnknown
	}
	s.Do(platform.PutMerchant{Merchant: m})
	ws.merchants[m.No] = s
	return nil
}

// DeleteMerchant takes a merchant away.
func (s *Sandbox) DeleteMerchant(no string) *platform.CommandError {
	ws := s.worlds
	ws.mu.Lock()
	defer ws.mu.Unlock()
	r := s.Do(platform.DeleteMerchant{No: no})
	if r.Err == nil && ws.merchants[no] == s {
		delete(ws.merchants, no)
	}
	return r.Err
}

// Reset puts the sandbox back to its own fixture: state, clock, faults, journal, pushes.
func (s *Sandbox) Reset() error {
	s.mu.Lock()
	spec := s.spec
	s.mu.Unlock()
	start, err := spec.build(s.wall())
	if err != nil {
		return err
	}
	return s.replace(CauseReset, start, func() {
		s.journal = journal{}
		s.pushes.Reset()
		s.tape = tape{start: start.clock.base}
	})
}

// replace puts another world in this one's place; what is under way for the old
// one is forgotten.
func (s *Sandbox) replace(cause string, with start, rest func()) error {
	s.worlds.mu.Lock()
	defer s.worlds.mu.Unlock()
	if s.worlds.byID[s.id] != s {
		return ErrUnknown
	}
	if err := s.worlds.claim(s, with.world); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.life++
	s.begin(with)
	rest()
	s.emit(EventReset, Rebirth{cause, s.now()})
	s.signal()
	s.dispatch()
	return nil
}

// begin takes up a life; nothing is under way in it.
func (s *Sandbox) begin(with start) {
	s.world, s.clock, s.faults = with.world, with.clock, with.faults
	s.lanes, s.flying = map[string]*lane{}, map[uint64]struct{}{}
	s.forgetLate()
}

func randomHex(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

func randomSeed() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:])
	return binary.BigEndian.Uint64(b[:]) >> 11 // fits a JSON number exactly
}
