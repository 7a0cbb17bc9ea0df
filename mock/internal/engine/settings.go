package engine

import (
	"maps"
	"slices"
	"sync"

	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/rules"
)

// Settings is what the checks of a request's envelope rest on, as one value that is never changed: whoever has it reads it
// without a lock, and its version tells whether it still is in force.
type Settings struct {
	Version uint64
	Rules   *rules.Rules
	Faults  bool // some fault is on requests
	keys    map[string]string
	hides   func() mask.Masker
}

// Hides hides the keys of the sandbox's merchants in texts that are shown: who has put one where it does not belong shows it to nobody.
func (s *Settings) Hides() mask.Masker { return s.hides() }

// Key is a merchant's key.
func (s *Settings) Key(merchantNo string) (key string, known bool) {
	key, known = s.keys[merchantNo]
	return key, known
}

// Settings are those in force.
func (e *Engine) Settings() *Settings { return e.settings }

// publish makes the settings anew from the state.
func (e *Engine) publish() {
	e.version++
	s := &Settings{Version: e.version, Rules: e.state.Rules(), Faults: e.faults.OnRequests()}
	all := e.state.Merchants()
	s.keys = make(map[string]string, len(all))
	for _, m := range all {
		s.keys[m.No] = m.Key
	}
	s.hides = sync.OnceValue(func() mask.Masker { return mask.New(slices.Collect(maps.Values(s.keys))...) })
	e.settings = s
}
