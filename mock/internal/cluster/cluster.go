// Package cluster lets several replicas of the mock share one store: any of them answers any request, each sandbox is
// owned by one, and the others forward to it.
//
// Every replica beats into the store and sees there who else lives, on the store's clock. Who should own a sandbox
// follows from its id and the live replicas by rendezvous hashing, so that all that see the same replicas agree, and a
// replica that comes or goes moves only its own share. A sandbox whose owner is not live is taken by the one that should
// own it; an owner that should not gives it up first. Two that see different replicas may both take a sandbox: the
// store refuses what the first of them writes (package ledger), which then drops it and forwards.
//
// A replica that has been out of touch with the store for longer than it may answers nothing from memory: another may
// own its sandboxes by then.
package cluster

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// Store is what replicas share.
type Store interface {
	Beat(ctx context.Context, name, run, addr string, lifetime time.Duration) ([]ledger.Replica, error)
	Replicas(ctx context.Context, lifetime time.Duration) ([]ledger.Replica, error)
	Leave(ctx context.Context, name, run string) error
	Places(ctx context.Context) ([]ledger.Place, error)
}

// Local is the sandboxes of this process. Its methods may be called at once.
type Local interface {
	// Owned are the sandboxes served here, each with the epoch that it was taken with.
	Owned() map[string]uint64
	Owns(sandbox string) bool
	// Merchant is the sandbox here that a merchant number belongs to.
	Merchant(no string) (sandbox string, ok bool)
	// Acquire takes a sandbox and serves it, or does nothing where it is served already.
	Acquire(ctx context.Context, sandbox string) error
	// GiveUp ends serving a sandbox, after what was answered is durable. Event streams end.
	GiveUp(ctx context.Context, sandbox string) error
}

// Options are how a replica takes part.
type Options struct {
	Name  string // of this replica; another that is live must not have it
	Addr  string // host:port where peers reach it
	Token string // what peers send each other
	Peers string // a digest of it, which the store shows to the others
	Log   *slog.Logger

	Interval time.Duration // between two beats; 0 is 1 s
	Lifetime time.Duration // how long a replica is live after a beat; 0 is 5 s
	// Touch is how long after its last beat a replica answers from memory; 0 is 3 s. It is shorter than Lifetime.
	Touch time.Duration
}

// Cluster is this replica's part in the cluster. It is made by [Join].
type Cluster struct {
	store Store
	local Local
	opts  Options
	run   string // distinguishes this process from an earlier one with its name
	peers *peers

	view    atomic.Pointer[view]
	touched atomic.Int64 // when the last beat that succeeded began, since start
	start   time.Time
	leaving atomic.Bool

	waiting waiting // for peers

	reading   chan struct{} // holds one while somebody reads the places
	readBegan time.Time     // when the newest reading of them began

	mu     sync.Mutex
	giving map[string]bool // sandboxes that are being given up

	changed chan struct{} // holds one where the view is new
	stop    context.CancelFunc
	wg      sync.WaitGroup
}

// owner is the live replica that should own a sandbox. One that leaves should own nothing any more.
func (c *Cluster) owner(v *view, sandbox string) (ledger.Replica, bool) {
	var names []string
	for _, r := range v.replicas {
		if r.Live && (r.Name != c.opts.Name || !c.leaving.Load()) {
			names = append(names, r.Name)
		}
	}
	return v.live(Owner(sandbox, names))
}

// Join beats once, so that the caller knows who else there is, and goes on in the background until Leave. Errors:
// ErrUnavailable; ErrExists where a live replica has the name; [*TokenError] where one has another token.
func Join(ctx context.Context, store Store, local Local, opts Options) (*Cluster, error) {
	opts.Interval = cmp.Or(opts.Interval, time.Second)
	opts.Lifetime = cmp.Or(opts.Lifetime, 5*time.Second)
	opts.Touch = cmp.Or(opts.Touch, 3*time.Second)
	opts.Log = cmp.Or(opts.Log, slog.New(slog.DiscardHandler))
	random := make([]byte, 8)
	_, _ = rand.Read(random) // it does not fail
	c := &Cluster{
		store: store, local: local, opts: opts, run: hex.EncodeToString(random), peers: newPeers(opts.Token),
		start: time.Now(), changed: make(chan struct{}, 1), reading: make(chan struct{}, 1), giving: map[string]bool{},
	}
	c.view.Store((&view{}).with(nil, nil))
	replicas, err := store.Replicas(ctx, opts.Lifetime)
	if err != nil {
		return nil, err
	}
	if err := c.refused(replicas); err != nil { // before the first beat: whom the others see live they give sandboxes to
		return nil, err
	}
	if err := c.beat(ctx); err != nil {
		return nil, err
	}
	if err := c.refused(c.view.Load().replicas); err != nil { // two started at once
		return nil, errors.Join(err, store.Leave(ctx, opts.Name, c.run))
	}
	background, cancel := context.WithCancel(context.WithoutCancel(ctx))
	c.stop = cancel
	c.wg.Go(func() { c.beatOn(background) })
	c.wg.Go(func() { c.settleOn(background) })
	return c, nil
}

// beat says that this replica lives, and learns who else does and what there is. One that was out of touch drops what others have
// taken meanwhile before it answers from memory again.
func (c *Cluster) beat(ctx context.Context) error {
	began := time.Since(c.start)
	replicas, err := c.store.Beat(ctx, c.opts.Name, c.run, c.opts.Addr, c.opts.Lifetime)
	if err != nil {
		return err
	}
	v, err := c.read(ctx, func(v *view) *view { return &view{replicas: replicas} })
	if err != nil {
		return err
	}
	if !c.InTouch() {
		c.drop(ctx, v)
	}
	c.touched.Store(int64(began))
	c.waiting.keep(replicas)
	select {
	case c.changed <- struct{}{}:
	default:
	}
	return nil
}

// read reads the places into a new view, which change makes of the one before.
func (c *Cluster) read(ctx context.Context, change func(*view) *view) (*view, error) {
	select {
	case c.reading <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", ledger.ErrUnavailable, ctx.Err())
	}
	defer func() { <-c.reading }()
	return c.readHeld(ctx, change)
}

func (c *Cluster) readHeld(ctx context.Context, change func(*view) *view) (*view, error) {
	began, owned := time.Now(), c.local.Owned()
	places, err := c.store.Places(ctx)
	if err != nil {
		return nil, err
	}
	c.readBegan = began
	next := change(c.view.Load()).with(places, owned)
	c.view.Store(next)
	return next, nil
}

// refresh gives a view whose places were read no earlier than an instant. It does not wait long: whoever asks has a client.
func (c *Cluster) refresh(ctx context.Context, since time.Time) (*view, error) {
	ctx, cancel := context.WithTimeout(ctx, refreshTimeout)
	defer cancel()
	select {
	case c.reading <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", ledger.ErrUnavailable, ctx.Err())
	}
	defer func() { <-c.reading }()
	if !c.readBegan.Before(since) {
		return c.view.Load(), nil // all that wait meanwhile are served by one reading
	}
	return c.readHeld(ctx, func(v *view) *view { return v })
}

const refreshTimeout = time.Second

func (c *Cluster) beatOn(ctx context.Context) {
	ticker := time.NewTicker(c.opts.Interval)
	defer ticker.Stop()
	failed := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		err := c.beat(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failed:
			c.opts.Log.Warn("the store does not answer; other replicas take over what this one owns", "error", err)
		case err == nil && failed:
			c.opts.Log.Info("the store answers again")
		}
		failed = err != nil
	}
}

// InTouch reports whether the last beat is recent enough to answer from memory.
func (c *Cluster) InTouch() bool {
	return time.Since(c.start)-time.Duration(c.touched.Load()) < c.opts.Touch
}

func (c *Cluster) settleOn(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.changed:
			c.settle(ctx)
		}
	}
}

// drop gives up what another has taken, or deleted, though nothing was written since that would have met that.
func (c *Cluster) drop(ctx context.Context, v *view) {
	for id, epoch := range v.owned {
		if place, known := v.places[id]; !known || place.Epoch > epoch {
			c.giveUp(ctx, id)
		}
	}
}

// settle takes what this replica should own and nobody has, and gives up what another should own.
func (c *Cluster) settle(ctx context.Context) {
	v := c.view.Load()
	c.drop(ctx, v)
	gave := false
	for id := range v.owned {
		if should, ok := c.owner(v, id); ok && should.Name != c.opts.Name && c.local.Owns(id) {
			c.giveUp(ctx, id)
			gave = true
		}
	}
	if gave {
		if _, err := c.refresh(ctx, time.Now()); err != nil {
			return
		}
		v = c.view.Load()
	}
	for _, id := range slices.Sorted(maps.Keys(v.places)) {
		if ctx.Err() != nil || !c.InTouch() {
			return
		}
		if !c.isOurs(id) {
			continue
		}
		if err := c.local.Acquire(ctx, id); err != nil && !errors.Is(err, ledger.ErrUnknown) && !errors.Is(err, ledger.ErrFenced) {
			c.opts.Log.Warn("a sandbox could not be taken", "sandbox", id, "error", err)
		}
	}
}

func (c *Cluster) giveUp(ctx context.Context, id string) {
	c.setGiving(id, true)
	defer c.setGiving(id, false)
	if err := c.local.GiveUp(ctx, id); err != nil {
		c.opts.Log.Warn("a sandbox could not be given up", "sandbox", id, "error", err)
	}
}

func (c *Cluster) setGiving(id string, giving bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if giving {
		c.giving[id] = true
	} else {
		delete(c.giving, id)
	}
}

func (c *Cluster) isGiving(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.giving[id]
}

// isOurs reports whether this replica should take a sandbox, by what the store said last: while others were taken, that
// may have changed. One that the store has as this replica's, and that is not served, was lost with its connection, or
// with an earlier process of the same name: it is taken even where another should own it, which gets it in the next turn.
func (c *Cluster) isOurs(id string) bool {
	v := c.view.Load()
	place, known := v.places[id]
	should, ok := c.owner(v, id)
	if !known || !ok || c.local.Owns(id) {
		return false
	}
	if place.Owner == c.opts.Name {
		return !c.leaving.Load()
	}
	_, live := v.live(place.Owner)
	return should.Name == c.opts.Name && !live // one that is live gives the sandbox up when it sees what we see
}

// Should reports whether this replica should own a sandbox of that id.
func (c *Cluster) Should(sandbox string) bool {
	should, ok := c.owner(c.view.Load(), sandbox)
	return !ok || should.Name == c.opts.Name
}

// Replica is one of the cluster and what it owns.
type Replica struct {
	Name      string
	Addr      string
	Self      bool // the one that answers
	Live      bool
	SilentMs  int64 // since it was last heard of
	Sandboxes []string
}

// Replicas are those that have joined and not left, by name, as the store says now.
func (c *Cluster) Replicas(ctx context.Context) ([]Replica, error) {
	places, err := c.store.Places(ctx)
	if err != nil {
		return nil, err
	}
	replicas, err := c.store.Replicas(ctx, c.opts.Lifetime)
	if err != nil {
		return nil, err
	}
	all := []Replica{}
	for _, r := range replicas {
		one := Replica{
			Name: r.Name, Addr: r.Addr, Self: r.Name == c.opts.Name, Live: r.Live, SilentMs: r.Silent.Milliseconds(), Sandboxes: []string{},
		}
		for _, p := range places {
			if p.Owner == r.Name {
				one.Sandboxes = append(one.Sandboxes, p.Sandbox)
			}
		}
		all = append(all, one)
	}
	return all, nil
}

// Leave ends taking part: what this replica owns is given up for others to take, and it is no longer listed.
func (c *Cluster) Leave(ctx context.Context) error {
	c.leaving.Store(true)
	c.stop()
	c.wg.Wait()
	var errs []error
	for id := range c.local.Owned() {
		c.setGiving(id, true)
		errs = append(errs, c.local.GiveUp(ctx, id))
		c.setGiving(id, false)
	}
	c.peers.close()
	return errors.Join(append(errs, c.store.Leave(ctx, c.opts.Name, c.run))...)
}
