package cluster

import (
	"context"
	"fmt"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// maxHops is how often a request may be forwarded: from the replica that was asked to the one that it believes to be
// the owner, and once more where that has changed meanwhile.
const maxHops = 2

// Route is the peer that a request for a sandbox goes to; ok is false where this replica answers it: because it owns the
// sandbox now, or because there is no such sandbox. hops is how often the request was forwarded before. Errors:
// ErrUnavailable, and those of taking the sandbox.
func (c *Cluster) Route(ctx context.Context, sandbox string, hops int) (peer ledger.Replica, ok bool, err error) {
	if !c.InTouch() {
		return peer, false, fmt.Errorf("%w: no beat of this replica has reached it lately", ledger.ErrUnavailable)
	}
	if c.local.Owns(sandbox) {
		return peer, false, nil
	}
	v := c.view.Load()
	place, known := v.places[sandbox]
	if !known || place.Owner == c.opts.Name {
		if v, err = c.refresh(ctx); err != nil {
			return peer, false, err
		}
		if place, known = v.places[sandbox]; !known {
			return peer, false, nil
		}
	}
	if place.Owner != c.opts.Name {
		if owner, live := v.live(place.Owner); live {
			return c.forwardTo(owner, hops)
		}
		if should, found := v.owner(sandbox); found && should.Name != c.opts.Name {
			return c.forwardTo(should, hops)
		}
	}
	return peer, false, c.local.Acquire(ctx, sandbox)
}

func (c *Cluster) forwardTo(peer ledger.Replica, hops int) (ledger.Replica, bool, error) {
	if hops >= maxHops {
		return peer, false, fmt.Errorf("%w: the sandbox is changing its owner", ledger.ErrUnavailable)
	}
	return peer, true, nil
}

// Merchant is the sandbox that a merchant number belongs to, on whichever replica.
func (c *Cluster) Merchant(ctx context.Context, no string) (sandbox string, ok bool, err error) {
	if sandbox, ok = c.local.Merchant(no); ok {
		return sandbox, true, nil
	}
	if sandbox, ok = c.view.Load().merchants[no]; ok {
		return sandbox, true, nil
	}
	v, err := c.refresh(ctx)
	if err != nil {
		return "", false, err
	}
	sandbox, ok = v.merchants[no]
	return sandbox, ok, nil
}
