package registry

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
)

// This file is how a registry shares its ledger with other processes: it serves the sandboxes it is told to take, and gives them
// up again. One that was given up, or that another has taken, stays where it can be found for a while, so that a call that was on
// its way to it is refused as unavailable, and not as unknown.

// goneFor is how long a sandbox that is served here no more is remembered.
const goneFor = 30 * time.Second

// ids holds one lock for each sandbox that is taken or given up.
type ids struct {
	mu    sync.Mutex
	locks map[string]*idLock
}

type idLock struct {
	mu    sync.Mutex
	users int
}

// lock waits for whoever else takes or gives up a sandbox of that id.
func (s *ids) lock(id string) (unlock func()) {
	s.mu.Lock()
	if s.locks == nil {
		s.locks = map[string]*idLock{}
	}
	l := s.locks[id]
	if l == nil {
		l = &idLock{}
		s.locks[id] = l
	}
	l.users++
	s.mu.Unlock()
	l.mu.Lock()
	return func() {
		l.mu.Unlock()
		s.mu.Lock()
		defer s.mu.Unlock()
		if l.users--; l.users == 0 {
			delete(s.locks, id)
		}
	}
}

// Owned are the sandboxes served here, each with the epoch that it was taken with.
func (r *Registry) Owned() map[string]uint64 {
	owned := map[string]uint64{}
	for _, s := range r.All() {
		owned[s.ID()] = s.Epoch()
	}
	return owned
}

// Owns reports whether a sandbox is served here.
func (r *Registry) Owns(id string) bool {
	s, ok := r.Get(id)
	return ok && !s.Ended()
}

// Merchant is the sandbox here that a merchant number belongs to.
func (r *Registry) Merchant(no string) (id string, ok bool) {
	r.mu.RLock()
	s := r.merchants[no]
	r.mu.RUnlock()
	if s == nil || s.Ended() {
		return "", false
	}
	return s.ID(), true
}

// Acquire takes a sandbox from the ledger and serves it, or does nothing where it is served already. Its errors are the ledger's.
func (r *Registry) Acquire(ctx context.Context, id string) error {
	defer r.acquiring.lock(id)()
	if r.Owns(id) {
		return nil
	}
	claimed, err := r.claimed(ctx, id)
	if err != nil {
		return err
	}
	s, err := sandbox.Open(ctx, &r.host, id, claimed)
	if errors.Is(err, ledger.ErrUnknown) {
		r.forgetGone(id)
	}
	if err != nil {
		return err
	}
	if err := r.insert(s, s.Merchants()); err != nil {
		return errors.Join(err, s.GiveUp(ctx))
	}
	return nil
}

// claimed are the numbers that the ledger has for a sandbox.
func (r *Registry) claimed(ctx context.Context, id string) ([]string, error) {
	places, err := r.host.Ledger.Places(ctx)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(places, func(p ledger.Place) bool { return p.Sandbox == id })
	if at < 0 {
		return nil, ledger.ErrUnknown
	}
	return places[at].Merchants, nil
}

// GiveUp ends serving a sandbox, after what was answered is durable.
func (r *Registry) GiveUp(ctx context.Context, id string) error {
	defer r.acquiring.lock(id)()
	s, ok := r.Get(id)
	if !ok || s.Ended() {
		return nil
	}
	r.prune()
	return s.GiveUp(ctx)
}

// forgetGone forgets a sandbox that is served here no more.
func (r *Registry) forgetGone(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.byID[id]; s != nil && s.Ended() {
		delete(r.byID, id)
		r.forgetLocked(s)
	}
}

// prune forgets the sandboxes that have been served here no more for a while.
func (r *Registry) prune() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, s := range r.byID {
		if s.Ended() && s.EndedFor() > goneFor {
			delete(r.byID, id)
			r.forgetLocked(s)
		}
	}
}

// lost hears of a sandbox that cannot be written any more, in a ledger that is shared: it may be another's by now, so it is not
// opened again unless somebody asks for it.
func (r *Registry) lost(s *sandbox.Sandbox, why error) {
	if !errors.Is(why, ledger.ErrFenced) {
		r.notKept(s.ID(), why)
	}
}
