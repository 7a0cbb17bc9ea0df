package fault

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// effect is one thing that a fault can do, under the name of its field of [Do].
type effect struct {
	name   string
	en, zh string // what it does, for the documentation; in Markdown

	given   func(*Do) bool
	check   func(*checker, *Do) // nil: every value is right
	size    func(*Do) int       // of its texts in bytes; nil: it has none
	answers bool                // a request is answered in the platform's place, and not carried out

	// What it does, once per hit, after what faults before it did: of two that
	// say different things the first is right. nil: it is not for those.
	request func(*Do, *OnRequest, *rand.PCG)
	push    func(*Do, *OnPush, *rand.PCG)
}

var registered []effect

// register is called by each effect's file.
func register(e effect) { registered = append(registered, e) }

// effects are all there are, in the order of the fields of [Do]: what is drawn is drawn in this order.
var effects = sync.OnceValue(func() []effect {
	fields := reflect.TypeFor[Do]()
	position := func(e effect) int {
		for i := range fields.NumField() {
			if name, _, _ := strings.Cut(fields.Field(i).Tag.Get("json"), ","); name == e.name {
				return i
			}
		}
		panic("fault: no field of Do is named " + e.name) // a test would show it
	}
	slices.SortFunc(registered, func(a, b effect) int { return position(a) - position(b) })
	return registered
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
			all = append(all, e.name)
		}
	}
	return all
}

// answers tells whether a request is answered in the platform's place.
func (d *Do) answers() (yes bool) {
	apply(d, func(e *effect) { yes = yes || e.answers })
	return yes
}
