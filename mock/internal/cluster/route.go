package cluster

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// maxHops is how often a request may be forwarded: from the replica that was asked to the one that it believes to be
// the owner, and once more where that has changed meanwhile.
const maxHops = 2

// moveWait is how long a request waits for a sandbox that is on its way from one replica to another.
const (
	moveWait  = 1500 * time.Millisecond
	movePause = 20 * time.Millisecond
)

// errMoving is a sandbox that is on its way from one replica to another.
var errMoving = fmt.Errorf("%w: the sandbox is changing its owner", ledger.ErrUnavailable)

// Route is the peer that a request for a sandbox goes to; ok is false where this replica answers it: because it owns the
// sandbox now, or because there is no such sandbox. hops is how often the request was forwarded before. Errors:
// ErrUnavailable, and those of taking the sandbox.
func (c *Cluster) Route(ctx context.Context, sandbox string, hops int) (peer ledger.Replica, ok bool, err error) {
	deadline := time.Now().Add(moveWait)
	for again := false; ; again = true {
		peer, ok, err = c.route(ctx, sandbox, hops, again)
		if !errors.Is(err, errMoving) || time.Now().After(deadline) {
			return peer, ok, err
		}
		pause := time.NewTimer(movePause)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return peer, false, fmt.Errorf("%w: %w", ledger.ErrUnavailable, ctx.Err())
		}
	}
}

func (c *Cluster) route(ctx context.Context, sandbox string, hops int, again bool) (peer ledger.Replica, ok bool, err error) {
	began := time.Now()
	switch {
	case !c.InTouch():
		return peer, false, fmt.Errorf("%w: no beat of this replica has reached it lately", ledger.ErrUnavailable)
	case c.local.Owns(sandbox):
		return peer, false, nil
	}
	v := c.view.Load()
	place, known := v.places[sandbox]
	if !known || place.Owner == c.opts.Name || hops > 0 || again { // what is known may be old
		if v, err = c.refresh(ctx, began); err != nil {
			return peer, false, err
		}
		if place, known = v.places[sandbox]; !known || c.local.Owns(sandbox) {
			return peer, false, nil
		}
	}
	if place.Owner == c.opts.Name {
		return peer, false, c.acquire(ctx, sandbox)
	}
	if owner, live := v.live(place.Owner); live {
		return c.forwardTo(owner, hops)
	}
	should, found := c.owner(v, sandbox)
	if found && should.Name != c.opts.Name && (hops == 0 || c.leaving.Load()) {
		return c.forwardTo(should, hops)
	}
	return peer, false, c.acquire(ctx, sandbox) // nobody has it: who was sent here finds it here
}

// acquire takes a sandbox for a request, whose client may go without ending that.
func (c *Cluster) acquire(ctx context.Context, sandbox string) error {
	if c.isGiving(sandbox) || c.leaving.Load() {
		return errMoving
	}
	err := c.local.Acquire(context.WithoutCancel(ctx), sandbox)
	switch {
	case errors.Is(err, ledger.ErrUnknown):
		return nil // it was deleted, as whoever answers says
	case errors.Is(err, ledger.ErrFenced):
		return errMoving
	}
	return err
}

func (c *Cluster) forwardTo(peer ledger.Replica, hops int) (ledger.Replica, bool, error) {
	if hops >= maxHops {
		return peer, false, errMoving
	}
	return peer, true, nil
}

// Merchant is the sandbox that a merchant number belongs to, on whichever replica.
func (c *Cluster) Merchant(ctx context.Context, no string) (sandbox string, ok bool, err error) {
	if sandbox, ok = c.local.Merchant(no); ok {
		return sandbox, true, nil
	}
	if sandbox, ok = c.view.Load().merchants[no]; ok && !c.local.Owns(sandbox) { // what is served here would have it
		return sandbox, true, nil
	}
	v, err := c.refresh(ctx, time.Now())
	if err != nil {
		return "", false, err
	}
	sandbox, ok = v.merchants[no]
	return sandbox, ok, nil
}
