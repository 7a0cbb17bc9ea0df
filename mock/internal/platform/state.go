// Package platform is the ETCP Open Platform as a deterministic state machine:
// sms codes, login, binding, certification, stays, tariffs, payment, car parks,
// and the pushes that fall due (§9, §10 of the platform's document).
//
// A [State] changes only by [State.Apply], which takes a [Command] and the
// instant it happens at. It reads no clock, starts nothing and sends nothing,
// and draws only from its own seeded random source: the same seed and commands give the same
// codes, ids, tokens, answers and pushes, byte for byte. It holds no lock;
// whoever owns it lets one caller in at a time.
package platform

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/nearby"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/rules"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/seal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/tokens"
)

// State is the state of one sandbox.
type State struct {
	seed     uint64
	rng      *rand.PCG
	sealer   *seal.Sealer // nil until something is sealed; see seals
	start    time.Time
	rules    *rules.Rules
	rulesSet map[string]any

	merchants map[string]*Merchant
	parkings  map[string]*parking
	places    nearby.Index
	registry  map[notation.Vehicle]Registered // this map and those below are nil until somebody or something is there: inhabit
	sms       map[string]smsCode
	tokens    tokens.All
	bindings  map[notation.Vehicle]*binding
	users     map[string]*user

	orders   map[string]*order
	orderSeq uint64
	parked   map[notation.Vehicle]*order
	byPlate  map[string][]*order
	byPhone  map[string][]*order
	open     map[*order]struct{} // orders that are parked or owe something; the others never change again
	finished []*order            // those others in the order they finished, for forgetting
	external map[string]string   // externalOrderId → orderId

	copying Copying // each change of a map above is told to its part of this

	fail func() // nil but in a test, which makes a rule panic in its middle
}

// Merchant is one customer of the platform.
type Merchant struct {
	No   string `json:"no"`
	Key  string `json:"key"`
	Name string `json:"name,omitempty"`
	Push *Hook  `json:"push,omitempty"`
}

// Hook says where a merchant's pushes go and which it wants.
type Hook struct {
	URL   string            `json:"url,omitempty"`
	URLs  map[string]string `json:"urls,omitempty"`  // by kind, before URL
	Kinds []string          `json:"kinds,omitempty"` // empty: all
}

// clone shares nothing with the merchant.
func (m *Merchant) clone() Merchant {
	c := *m
	if m.Push != nil {
		c.Push = &Hook{URL: m.Push.URL, URLs: maps.Clone(m.Push.URLs), Kinds: slices.Clone(m.Push.Kinds)}
	}
	return c
}

// For is the URL for a kind of push, or "" where none is wanted.
func (h *Hook) For(kind string) string {
	if h == nil || (len(h.Kinds) > 0 && !slices.Contains(h.Kinds, kind)) {
		return ""
	}
	if url := h.URLs[kind]; url != "" {
		return url
	}
	return h.URL
}

// Registered is a vehicle's row in the registry: what carretrieve compares
// with, and who parks for long (§9.9, §10.1).
type Registered struct {
	VIN           string `json:"vin,omitempty"`
	Engine        string `json:"engine,omitempty"`
	UserType      string `json:"userType,omitempty"` // "76" or "77"; "" is "77"
	FixParkingID  string `json:"fixParkingId,omitempty"`
	RemainingDays string `json:"remainingDays,omitempty"`
}

// The user types of §10.1.
const (
	LongTerm  = "76"
	Temporary = "77"
)

type smsCode struct {
	Code   string    `json:"code"`
	SentAt time.Time `json:"sentAt"`
	Used   bool      `json:"used,omitempty"`
}

// binding is who has a vehicle, and how. It is replaced, never changed, for a [Copy] may have it.
type binding struct {
	Phone        string    `json:"phone"`
	Since        time.Time `json:"since"`
	Merchants    []string  `json:"merchants"` // related, in the order they became so
	CertifiedFor string    `json:"certifiedFor,omitempty"`
}

// relate puts a merchant among those that are related to a bound vehicle, once.
func (w *State) relate(v notation.Vehicle, merchant string) {
	if before := w.bindings[v]; !slices.Contains(before.Merchants, merchant) {
		b := *before
		b.Merchants = append(b.Merchants, merchant)
		w.bindings[v] = &b
		w.copying.bindings.touch(v)
	}
}

// certify makes a bound vehicle certified for a merchant, and for no other.
func (w *State) certify(v notation.Vehicle, merchant string) {
	w.relate(v, merchant)
	b := *w.bindings[v]
	b.CertifiedFor = merchant
	w.bindings[v] = &b
	w.copying.bindings.touch(v)
}

// user is what a phone has bound, and ever bound as far as it counts. It is replaced, never changed, as bindings are.
type user struct {
	Bound   []notation.Vehicle `json:"bound"`
	History []bindEvent        `json:"history"`
}

type bindEvent struct {
	Vehicle notation.Vehicle `json:"vehicle"`
	At      time.Time        `json:"at"`
}

// New makes an empty state that starts at an instant.
func New(seed uint64, start time.Time) *State {
	return &State{
		seed: seed, rng: newRand(seed, "world"), start: start, rules: rules.Default(), rulesSet: map[string]any{},
		merchants: map[string]*Merchant{}, parkings: map[string]*parking{},
	}
}

// inhabit makes what holds users, vehicles and orders. A sandbox that was made and not used yet has none of it: a test server may have ten
// thousand.
func (w *State) inhabit() {
	if w.orders != nil {
		return
	}
	w.registry = map[notation.Vehicle]Registered{}
	w.sms = map[string]smsCode{}
	w.tokens = tokens.New()
	w.bindings = map[notation.Vehicle]*binding{}
	w.users = map[string]*user{}
	w.orders = map[string]*order{}
	w.parked = map[notation.Vehicle]*order{}
	w.byPlate = map[string][]*order{}
	w.byPhone = map[string][]*order{}
	w.open = map[*order]struct{}{}
	w.external = map[string]string{}
}

// newRand is a random source of its own for each purpose, so that drawing
// more of one leaves the others as they were.
func newRand(seed uint64, purpose string) *rand.PCG {
	sum := sha256.Sum256(fmt.Appendf(nil, "etcp-mock dice %d %s", seed, purpose))
	return rand.NewPCG(binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:16]))
}

// NewRand is the random source a seed gives to a purpose.
func NewRand(seed uint64, purpose string) *rand.PCG { return newRand(seed, purpose) }

// seals gives the state's sealer, which is made when it is first needed: most sandboxes seal nothing.
func (w *State) seals() *seal.Sealer {
	if w.sealer == nil {
		w.sealer = seal.New(w.seed)
	}
	return w.sealer
}

// uuid draws a version 4 UUID in lower case.
func (w *State) uuid() string {
	w.mayFail()
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], w.rng.Uint64())
	binary.BigEndian.PutUint64(b[8:], w.rng.Uint64())
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return tokens.UUID(b)
}

// number draws exactly n decimal digits.
func (w *State) number(n int) string {
	w.mayFail()
	var b strings.Builder
	for range n {
		b.WriteByte('0' + byte(w.rng.Uint64()%10))
	}
	return b.String()
}

// Key draws a merchant's key, 32 hexadecimal digits.
func (w *State) Key() string { return strings.ReplaceAll(w.uuid(), "-", "") }

// Seed is what every random thing of the state comes from.
func (w *State) Seed() uint64 { return w.seed }

// Start is the earliest instant the simulator may name.
func (w *State) Start() time.Time { return w.start }

// SetStart moves the start back, for a clock that was set back before anything happened.
func (w *State) SetStart(t time.Time) { w.start = t }

// Rules are the rules in force. The value is never changed, so it may be kept.
func (w *State) Rules() *rules.Rules { return w.rules }

// RulesSet are the rules that were set, by name. The map is the caller's.
func (w *State) RulesSet() map[string]any { return rules.Clone(w.rulesSet) }

// MerchantKey is the key of a merchant.
func (w *State) MerchantKey(no string) (string, bool) {
	m, ok := w.merchants[no]
	if !ok {
		return "", false
	}
	return m.Key, true
}

// Orders counts the orders remembered.
func (w *State) Orders() int { return len(w.orders) }
