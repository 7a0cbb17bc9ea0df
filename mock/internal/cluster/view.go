package cluster

import "github.com/etcp-mock/etcp-mock/mock/internal/ledger"

// view is what the store said last.
type view struct {
	replicas  []ledger.Replica
	places    map[string]ledger.Place
	merchants map[string]string
	owned     map[string]uint64 // what was served here before the places were read
}

func (v *view) with(places []ledger.Place, owned map[string]uint64) *view {
	next := &view{replicas: v.replicas, places: map[string]ledger.Place{}, merchants: map[string]string{}, owned: owned}
	for _, p := range places {
		next.places[p.Sandbox] = p
		for _, no := range p.Merchants {
			next.merchants[no] = p.Sandbox
		}
	}
	return next
}

// live is the replica of a name, where it is live.
func (v *view) live(name string) (ledger.Replica, bool) {
	for _, r := range v.replicas {
		if r.Name == name && r.Live {
			return r, true
		}
	}
	return ledger.Replica{}, false
}
