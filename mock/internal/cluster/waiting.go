package cluster

import (
	"context"
	"sync"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// waiting are the requests that were forwarded, by the address of the peer that has them. A host that stands still, or whose network is gone, breaks
// no connection: they are ended when the peer counts as dead.
type waiting struct {
	mu     sync.Mutex
	at     map[string]map[*context.CancelFunc]struct{}
	missed map[string]bool // addresses that the list before did not have, either
}

// begin gives the context of a request that is forwarded to an address, and what is called when it is over.
func (w *waiting) begin(ctx context.Context, addr string) (forwarded context.Context, over func()) {
	forwarded, cancel := context.WithCancel(ctx)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.at == nil {
		w.at = map[string]map[*context.CancelFunc]struct{}{}
	}
	if w.at[addr] == nil {
		w.at[addr] = map[*context.CancelFunc]struct{}{}
	}
	w.at[addr][&cancel] = struct{}{}
	return forwarded, func() {
		cancel()
		w.mu.Lock()
		defer w.mu.Unlock()
		if delete(w.at[addr], &cancel); len(w.at[addr]) == 0 {
			delete(w.at, addr)
		}
	}
}

// keep ends the requests that no live replica has. One that is in no list may have joined since this one was made: it is waited for the next.
func (w *waiting) keep(replicas []ledger.Replica) {
	live := map[string]bool{}
	for _, r := range replicas {
		live[r.Addr] = live[r.Addr] || r.Live
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	missed := map[string]bool{}
	for addr, all := range w.at {
		alive, listed := live[addr]
		if alive {
			continue
		}
		if missed[addr] = !listed; !listed && !w.missed[addr] {
			continue
		}
		for cancel := range all {
			(*cancel)()
		}
	}
	w.missed = missed
}
