package fault

import (
	"math/rand/v2"
	"sync"

	"github.com/etcp-mock/etcp-mock/schemas"
)

// effect is how one thing is done that a fault can do; its row says what it is.
type effect struct {
	schemas.Effect

	given func(*Do) bool
	check func(*checker, *effect, *Do) // nil: every value is right
	size  func(*Do) int                // of its texts in bytes; nil: it has none

	// What it does, once per hit, after what faults before it did: of two that
	// say different things the first is right. nil: it is not for those.
	request func(*Do, *OnRequest, *rand.PCG)
	push    func(*Do, *OnPush, *rand.PCG)
}

// allows reports whether a number is within the row's bounds.
func (e *effect) allows(n int) bool { return n >= e.Least && n <= e.Most }

var registered = map[string]effect{}

// register is called by each effect's file.
func register(name string, e effect) { registered[name] = e }

// effects are all there are, in the order of their rows: what is drawn is drawn in this order.
var effects = sync.OnceValue(func() []effect {
	rows := schemas.Effects()
	all := make([]effect, len(rows))
	for i, row := range rows {
		all[i] = registered[row.Name]
		all[i].Effect = row
	}
	return all
})

func apply(do *Do, with func(*effect)) {
	for i := range effects() {
		if e := &effects()[i]; e.given(do) {
			with(e)
		}
	}
}

func names(of func(*effect) bool) (all []string) {
	for i := range effects() {
		if e := &effects()[i]; of(e) {
			all = append(all, e.Name)
		}
	}
	return all
}

// answers tells whether a request is answered in the platform's place.
func (d *Do) answers() (yes bool) {
	apply(d, func(e *effect) { yes = yes || e.Answers })
	return yes
}
