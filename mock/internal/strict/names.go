package strict

import "slices"

// names tells whether an object's field was there before; a map is made for large ones only.
type names struct{ set map[string]bool }

func (n *names) again(key string, before []string) bool {
	if len(before) < 16 {
		return slices.Contains(before, key)
	}
	if n.set == nil {
		n.set = make(map[string]bool, 2*len(before))
		for _, name := range before {
			n.set[name] = true
		}
	}
	if n.set[key] {
		return true
	}
	n.set[key] = true
	return false
}
