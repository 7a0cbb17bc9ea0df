package strict

import "slices"

// names tells whether an object's field was there before; a map is made for large ones only.
type names struct{ set map[string]bool }

func (n *names) again(key string, before []member) bool {
	if len(before) < 16 {
		return slices.ContainsFunc(before, func(m member) bool { return m.key == key })
	}
	if n.set == nil {
		n.set = make(map[string]bool, 2*len(before))
		for _, m := range before {
			n.set[m.key] = true
		}
	}
	if n.set[key] {
		return true
	}
	n.set[key] = true
	return false
}
