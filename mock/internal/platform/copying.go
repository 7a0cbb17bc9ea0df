package platform

import (
	"reflect"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

// Copying is a [Copy] that is being made while the state goes on: [Copying.Step] reads a part of it, and whoever owns the state lets
// others have it between two steps. What changes meanwhile is noted and read once more at the end, so that the copy is the state as
// it is when the last step ends.
type Copying struct {
	w     *State
	parts []interface{ step(n int) (read int) }

	merchants *watched[string, *Merchant, *Merchant]
	parkings  *watched[string, *parking, *parking]
	registry  *watched[notation.Vehicle, Registered, Registered]
	sms       *watched[string, smsCode, smsCode]
	bindings  *watched[notation.Vehicle, *binding, *binding]
	users     *watched[string, *user, *user]
	open      *watched[*order, struct{}, order]
	byPhone   *watched[string, []*order, []*order]
	external  *watched[string, string, string]
}

// BeginCopy begins a copy in steps, and gives up one that was begun before.
func (w *State) BeginCopy() *Copying {
	c := &Copying{w: w}
	c.merchants = watch(&c.parts, &w.merchants, same[string, *Merchant])
	c.parkings = watch(&c.parts, &w.parkings, same[string, *parking])
	c.registry = watch(&c.parts, &w.registry, same[notation.Vehicle, Registered])
	c.sms = watch(&c.parts, &w.sms, same[string, smsCode])
	c.bindings = watch(&c.parts, &w.bindings, same[notation.Vehicle, *binding])
	c.users = watch(&c.parts, &w.users, same[string, *user])
	c.open = watch(&c.parts, &w.open, func(o *order, _ struct{}) order { return *o })
	c.byPhone = watch(&c.parts, &w.byPhone, same[string, []*order])
	c.external = watch(&c.parts, &w.external, same[string, string])
	w.copying = *c
	return c
}

// Step reads up to n entries, or all that are left where n is below 0, and says how many it read: less than n once there are no more.
func (c *Copying) Step(n int) (read int) {
	for len(c.parts) > 0 {
		read += c.parts[0].step(n - read)
		if read == n {
			return read
		}
		c.parts = c.parts[1:]
	}
	return read
}

// End is the copy as of now, once there is no more to read. Nothing is noted any more.
func (c *Copying) End() *Copy {
	w := c.w
	w.copying = Copying{}
	out := &Copy{
		seed: w.seed, orderSeq: w.orderSeq, start: w.start, rules: w.rulesSet, tokens: w.tokens.List(), finished: w.finished,
		merchants: c.merchants.end(), parkings: c.parkings.end(), registry: c.registry.end(), sms: c.sms.end(), bindings: c.bindings.end(),
		users: c.users.end(), open: c.open.end(), byPhone: c.byPhone.end(), external: c.external.end(),
	}
	out.rng, _ = w.rng.MarshalBinary() // a PCG always encodes
	return out
}

// watched is a map that is copied in steps. Its read makes what the copy has of an entry.
type watched[K comparable, V, C any] struct {
	from    *map[K]V         // where it is: there may be none yet
	at      *reflect.MapIter // can be left alone between two entries, whatever happens to the map; a range could not
	read    func(K, V) C
	entries [][]entry[K, C] // in pieces, so that no step has to move what those before it have read
	touched map[K]struct{}
}

// pieceLength is how many entries a piece has.
const pieceLength = 512

// entry is one of a map.
type entry[K comparable, C any] struct {
	key   K
	value C
}

func same[K comparable, V any](_ K, value V) V { return value }

func watch[K comparable, V, C any](parts *[]interface{ step(n int) (read int) }, from *map[K]V, read func(K, V) C) *watched[K, V, C] {
	t := &watched[K, V, C]{
		from: from, at: reflect.ValueOf(*from).MapRange(), read: read, touched: map[K]struct{}{},
	}
	*parts = append(*parts, t)
	return t
}

// touch notes that an entry was made, changed or taken away. It may be called where nothing is copied.
func (t *watched[K, V, C]) touch(key K) {
	if t != nil {
		t.touched[key] = struct{}{}
	}
}

func (t *watched[K, V, C]) step(n int) (read int) {
	var key K
	var value V
	k, v := reflect.ValueOf(&key).Elem(), reflect.ValueOf(&value).Elem()
	for read != n && t.at.Next() {
		k.SetIterKey(t.at)
		v.SetIterValue(t.at)
		last := len(t.entries) - 1
		if last < 0 || len(t.entries[last]) == pieceLength {
			t.entries = append(t.entries, make([]entry[K, C], 0, min(pieceLength, len(*t.from))))
			last++
		}
		t.entries[last] = append(t.entries[last], entry[K, C]{key, t.read(key, value)})
		read++
	}
	return read
}

func (t *watched[K, V, C]) end() copied[K, C] {
	c := copied[K, C]{entries: t.entries, since: make(map[K]*C, len(t.touched))}
	for key := range t.touched {
		c.since[key] = nil
		if value, ok := (*t.from)[key]; ok {
			now := t.read(key, value)
			c.since[key] = &now
		}
	}
	return c
}

// copied is what a map had: the entries as they were read, but for those that have changed since.
type copied[K comparable, C any] struct {
	entries [][]entry[K, C]
	since   map[K]*C // nil: it was taken away
}

// len is about how many there are.
func (c *copied[K, C]) len() int {
	n := len(c.since)
	for _, piece := range c.entries {
		n += len(piece)
	}
	return n
}

func (c *copied[K, C]) each(visit func(key K, value *C)) {
	for _, piece := range c.entries {
		for i := range piece {
			e := &piece[i]
			if _, changed := c.since[e.key]; !changed {
				visit(e.key, &e.value)
			}
		}
	}
	for key, value := range c.since {
		if value != nil {
			visit(key, value)
		}
	}
}
