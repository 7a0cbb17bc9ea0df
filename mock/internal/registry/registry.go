// Package registry is the set of sandboxes of one server, by id and by merchant number. A merchant number belongs to one sandbox
// at most.
//
// Its lock is held for looking up and writing down only, and no lock of a sandbox is awaited meanwhile: a sandbox that is busy
// holds up nobody else.
package registry

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
)

// Default is the sandbox that always exists.
const Default = "default"

// Registry is the set of sandboxes of one server.
type Registry struct {
	// Unreliable makes default, and sandboxes without a fixture, unreliable ones; see [fixture.Unreliable]. It is set before the
	// first is made.
	Unreliable bool

	// Prefer chooses among ids that are made up: a replica prefers those that it should own. nil: any.
	Prefer func(id string) bool

	host   sandbox.Host
	sender *push.Sender
	cancel context.CancelFunc
	broken atomic.Int64 // sandboxes that wait to be opened again
	said   atomic.Int64 // the minute in which it was last said that the store cannot be written
	shared bool

	acquiring ids

	mu        sync.RWMutex
	byID      map[string]*sandbox.Sandbox
	merchants map[string]*sandbox.Sandbox
	owned     map[*sandbox.Sandbox][]string // the same the other way round
}

// Errors of the registry.
var (
	ErrTaken   = errors.New("taken")
	ErrUnknown = errors.New("no such sandbox")
	ErrDefault = errors.New("the sandbox default always exists; it can be reset")
	ErrFull    = fmt.Errorf("a server has at most %d sandboxes", maxSandboxes)
)

// ErrMerchantTaken is [ErrTaken] of a merchant number, which another sandbox has.
var ErrMerchantTaken = fmt.Errorf("%w", ErrTaken)

const maxSandboxes = 10_000

// Options is what a registry hears by. Either may be nil.
type Options struct {
	// Counts hears what becomes of pushes.
	Counts sandbox.PushCounter
	// Failed hears of a panic in what a sandbox does, with its stack; the server and the sandbox go on.
	Failed func(what string, failure any, stack []byte)
	// Ledger keeps the sandboxes; nil: nothing is kept. The registry closes it.
	Ledger ledger.Ledger
	// Shared: other processes have sandboxes in the ledger too. Then Open takes none, and Acquire takes each.
	Shared bool
}

// New makes an empty registry that reads real time from wall.
func New(wall func() time.Time, sender *push.Sender, o Options) *Registry {
	ctx, cancel := context.WithCancel(context.Background())
	r := &Registry{sender: sender, cancel: cancel, byID: map[string]*sandbox.Sandbox{}, merchants: map[string]*sandbox.Sandbox{}, owned: map[*sandbox.Sandbox][]string{}}
	h := &r.host
	h.Wall, h.Sender, h.Context, h.Counts, h.Failed, h.Explainer, h.Index = wall, sender, ctx, o.Counts, o.Failed, explainer{r}, r
	h.Ledger, h.Broken, r.shared = o.Ledger, r.reopen, o.Shared
	if o.Shared {
		h.Broken = r.lost
	}
	return r
}

// Open takes every sandbox that the ledger keeps. Its errors are the ledger's.
func (r *Registry) Open(ctx context.Context) error {
	if r.host.Ledger == nil || r.shared {
		return nil
	}
	places, err := r.host.Ledger.Places(ctx)
	if err != nil {
		return err
	}
	for _, p := range places {
		s, err := sandbox.Open(ctx, &r.host, p.Sandbox, p.Merchants)
		if err != nil {
			return err
		}
		if err := r.insert(s, s.Merchants()); err != nil {
			s.Close()
			return err
		}
	}
	return nil
}

// reopen opens a broken sandbox again and puts it in the place of what is there. Until then, and where it cannot be opened, its
// calls fail with what broke it.
func (r *Registry) reopen(s *sandbox.Sandbox, why error) {
	r.broken.Add(1)
	defer r.broken.Add(-1)
	r.notKept(s.ID(), why)
	again, err := sandbox.Reopen(r.host.Context, s)
	if err != nil {
		if errors.Is(err, ledger.ErrUnknown) {
			_ = r.remove(s.ID())
		} else if r.host.Context.Err() == nil {
			r.failed("opening sandbox "+s.ID()+" again", err)
			<-r.host.Context.Done() // it stays broken
		}
		return
	}
	numbers := again.Merchants()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byID[s.ID()] != s {
		again.Close()
		r.host.Keys.Set(again, nil)
		return
	}
	r.forgetLocked(s)
	r.byID[s.ID()] = again
	r.ownLocked(again, numbers)
}

// notKept says that a sandbox cannot be kept: of a store that cannot be written, as where its disk is full, once a minute for all of them.
func (r *Registry) notKept(id string, why error) {
	minute := time.Now().Unix() / 60
	if errors.Is(why, ledger.ErrUnavailable) && r.said.Swap(minute) == minute {
		return
	}
	r.failed("keeping sandbox "+id, why)
}

func (r *Registry) failed(what string, err error) {
	if r.host.Failed != nil {
		r.host.Failed(what, err, nil)
	}
}

// Ready is nil where every sandbox can be written; without a ledger it can. Its error is of [ledger.ErrUnavailable], and names no file.
func (r *Registry) Ready() error {
	if store, can := r.host.Ledger.(interface{ Ready() error }); can {
		if err := store.Ready(); errors.Is(err, ledger.ErrRemoved) {
			return fmt.Errorf("%w: %w", ledger.ErrRemoved, ledger.ErrUnavailable)
		} else if err != nil {
			return ledger.ErrUnavailable
		}
	}
	if r.broken.Load() > 0 {
		return ledger.ErrUnavailable
	}
	return nil
}

// Of is the sandbox that owns a merchant number, or default's where none does.
func (r *Registry) Of(merchantNo string) (s *sandbox.Sandbox, owned bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if s, owned = r.merchants[merchantNo]; owned {
		return s, true
	}
	return r.byID[Default], false
}

// Get is a sandbox by its id.
func (r *Registry) Get(id string) (*sandbox.Sandbox, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	s, ok := r.byID[id]
	return s, ok
}

// All are the sandboxes, default first, then by id.
func (r *Registry) All() []*sandbox.Sandbox {
	r.mu.RLock()
	all := make([]*sandbox.Sandbox, 0, len(r.byID))
	for _, s := range r.byID {
		if !r.shared || !s.Ended() {
			all = append(all, s)
		}
	}
	r.mu.RUnlock()
	slices.SortFunc(all, func(a, b *sandbox.Sandbox) int {
		if a.ID() == Default || b.ID() == Default {
			return cmp.Compare(first(b), first(a))
		}
		return cmp.Compare(a.ID(), b.ID())
	})
	return all
}

func first(s *sandbox.Sandbox) int {
	if s.ID() == Default {
		return 1
	}
	return 0
}

// numbers are up to so many merchant numbers, in order.
func (r *Registry) numbers(most int) []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	numbers := make([]string, 0, min(len(r.merchants), most))
	for no := range r.merchants {
		if len(numbers) == most {
			break
		}
		numbers = append(numbers, no)
	}
	slices.Sort(numbers)
	return numbers
}

// add makes a sandbox and lets it be found.
func (r *Registry) add(create *engine.Create) (*sandbox.Sandbox, error) {
	if err := r.room(create.ID); err != nil { // before anything large is made
		return nil, err
	}
	s, err := sandbox.New(&r.host, create)
	var taken *ledger.TakenError
	switch {
	case errors.As(err, &taken):
		return nil, fmt.Errorf("merchant %s is %w by another sandbox", taken.Merchant, ErrMerchantTaken)
	case errors.Is(err, ledger.ErrExists):
		return nil, fmt.Errorf("sandbox %s is %w", create.ID, ErrTaken)
	case err != nil:
		return nil, err
	}
	if err := r.insert(s, s.Merchants()); err != nil {
		s.Close()
		return nil, errors.Join(err, s.Remove(r.host.Context))
	}
	return s, nil
}

func (r *Registry) room(id string) error {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.roomLocked(id)
}

func (r *Registry) roomLocked(id string) error {
	switch s := r.byID[id]; {
	case s != nil && !r.isGone(s):
		return fmt.Errorf("sandbox %s is %w", id, ErrTaken)
	case len(r.byID) >= maxSandboxes:
		return ErrFull
	}
	return nil
}

func (r *Registry) insert(s *sandbox.Sandbox, numbers []string) (err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer func() {
		if err != nil {
			r.host.Keys.Set(s, nil)
		}
	}()
	if err := r.roomLocked(s.ID()); err != nil {
		return err
	}
	if r.host.Ledger == nil { // else the ledger has said whose the numbers are: who has reserved one here will not get it there
		if err := r.freeLocked(s, numbers); err != nil {
			return err
		}
	}
	if gone := r.byID[s.ID()]; gone != nil {
		r.forgetLocked(gone)
	}
	r.byID[s.ID()] = s
	r.ownLocked(s, numbers)
	return nil
}

// isGone tells whether a sandbox is only remembered, since another process may have it.
func (r *Registry) isGone(s *sandbox.Sandbox) bool { return r.shared && s.Ended() }

func (r *Registry) ownLocked(s *sandbox.Sandbox, numbers []string) {
	r.owned[s] = append(r.owned[s], numbers...)
	for _, no := range numbers {
		r.merchants[no] = s
	}
}

func (r *Registry) freeLocked(s *sandbox.Sandbox, numbers []string) error {
	for _, no := range numbers {
		if owner := r.merchants[no]; owner != nil && owner != s && !r.isGone(owner) {
			return fmt.Errorf("merchant %s is %w by another sandbox", no, ErrMerchantTaken)
		}
	}
	return nil
}

// Reserve holds merchant numbers for a sandbox, all or none. Its errors match [ErrTaken] and [ErrUnknown].
func (r *Registry) Reserve(s *sandbox.Sandbox, numbers []string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byID[s.ID()] != s {
		return ErrUnknown
	}
	if err := r.freeLocked(s, numbers); err != nil {
		return err
	}
	r.ownLocked(s, numbers)
	return nil
}

// Settle has a sandbox own exactly these merchant numbers; what else was reserved for it is free.
func (r *Registry) Settle(s *sandbox.Sandbox, numbers []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forgetLocked(s)
	if r.byID[s.ID()] != s {
		return
	}
	r.ownLocked(s, numbers)
}

func (r *Registry) forgetLocked(s *sandbox.Sandbox) {
	for _, no := range r.owned[s] {
		if r.merchants[no] == s {
			delete(r.merchants, no)
		}
	}
	delete(r.owned, s)
	r.host.Keys.Set(s, nil)
}

// Delete ends a sandbox. Its pushes under way are not awaited. Its errors are [ErrDefault] and [ErrUnknown].
func (r *Registry) Delete(id string) error {
	if id == Default {
		return ErrDefault
	}
	defer r.acquiring.lock(id)()
	s, ok := r.Get(id)
	if !ok {
		return ErrUnknown
	}
	if err := s.Remove(r.host.Context); err != nil {
		return err
	}
	s.Close()
	if err := r.remove(id); err != nil && !r.shared { // there the cluster may have seen first that it is gone
		return err
	}
	return nil
}

func (r *Registry) remove(id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.byID[id]
	if !ok {
		return ErrUnknown
	}
	delete(r.byID, id)
	r.forgetLocked(s)
	return nil
}
