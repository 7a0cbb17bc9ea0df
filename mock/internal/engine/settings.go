package engine

import (
	"slices"
	"strings"
	"sync/atomic"

	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/rules"
)

// Settings is what the checks of a request's envelope rest on, as one value that is never changed: whoever has it reads it
// without a lock, and its version tells whether it still is in force.
type Settings struct {
	Version uint64
	Rules   *rules.Rules
	Faults  bool          // some fault is on requests
	keys    []merchantKey // by number
	hides   atomic.Pointer[mask.Masker]
}

type merchantKey struct{ no, key string }

func byNumber(m merchantKey, no string) int { return strings.Compare(m.no, no) }

// Hides hides the keys of the sandbox's merchants in texts that are shown: who has put one where it does not belong shows it to nobody.
func (s *Settings) Hides() mask.Masker {
	if made := s.hides.Load(); made != nil {
		return *made
	}
	keys, numbers := make([]string, len(s.keys)), make([]string, len(s.keys))
	for i := range s.keys {
		keys[i], numbers[i] = s.keys[i].key, s.keys[i].no
	}
	made := mask.New(keys...).Knowing(numbers...) // of several that make it at once, each is the same
	s.hides.Store(&made)
	return made
}

// AppendKeys appends the keys of the sandbox's merchants.
func (s *Settings) AppendKeys(keys []string) []string {
	for _, m := range s.keys {
		keys = append(keys, m.key)
	}
	return keys
}

// Key is a merchant's key.
func (s *Settings) Key(merchantNo string) (key string, known bool) {
	i, known := slices.BinarySearchFunc(s.keys, merchantNo, byNumber)
	if !known {
		return "", false
	}
	return s.keys[i].key, true
}

// Settings are those in force.
func (e *Engine) Settings() *Settings { return e.settings }

// publish makes the settings anew from the state.
func (e *Engine) publish() {
	e.version++
	s := &Settings{Version: e.version, Rules: e.state.Rules(), Faults: e.faults.OnRequests()}
	all := e.state.Merchants() // by number
	s.keys = make([]merchantKey, len(all))
	for i, m := range all {
		s.keys[i] = merchantKey{m.No, m.Key}
	}
	e.settings = s
}
