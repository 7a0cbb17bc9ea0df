package sign

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// jsonTexts are the other texts of the same JSON: what a client signs that marshals twice, or signs no JSON at all.
func (d *doctor) jsonTexts(yield func(guess) bool) {
	if len(d.right.data) > longest {
		return
	}
	n := parseJSON(d.right.data)
	if n == nil || n.kind != '{' {
		return
	}
	sent, _ := n.styleOf(d.right.data)
	_ = d.styled(n, sent, nil, yield) && d.flattened(n, yield) && d.altered(n, sent, yield) && d.reordered(n, sent, yield)
}

// styled are the styles of n, those that differ least from the one that was sent first.
func (d *doctor) styled(n *node, sent style, also []string, yield func(guess) bool) bool {
	guesses := make([]guess, 0, 2*len(spacings)*len(escapes))
	seen := make(map[string]bool, cap(guesses))
	for _, sorted := range []bool{false, true} {
		for spacing := range spacings {
			for _, e := range escapes {
				s := style{spacing, e, sorted}
				kinds := append(slices.Clone(also), s.kindsBeside(sent)...)
				if len(kinds) > 0 {
					guesses = append(guesses, d.like("", func(g *guess) {
						g.kinds, g.data = kinds, string(n.append(nil, s, 0))
					}))
				}
			}
		}
	}
	slices.SortStableFunc(guesses, func(a, b guess) int { return cmp.Compare(len(a.kinds), len(b.kinds)) })
	for _, g := range guesses {
		if !seen[g.data] && !yield(g) {
			return false
		}
		seen[g.data] = true
	}
	return true
}

// flattened are the texts of an object that are no JSON.
func (d *doctor) flattened(n *node, yield func(guess) bool) bool {
	order := make([]int, len(n.members))
	for i := range order {
		order[i] = i
	}
	sorted := slices.Clone(order)
	slices.SortStableFunc(sorted, func(a, b int) int { return strings.Compare(n.names[a], n.names[b]) })
	for _, order := range [][]int{order, sorted} {
		for _, how := range []struct{ kind, open, colon, comma, quote, end string }{
			{"values-joined", "", "", "", "", ""},
			{"query-joined", "", "=", "&", "", ""},
			{"map-to-string", "{", "=", ", ", "", "}"},
			{"map-to-string", "{", "=", ",", "", "}"},
			{"map-to-string", "map[", ":", " ", "", "]"},
			{"python-repr", "{", ": ", ", ", "'", "}"},
			{"keys-and-values-joined", "", "", "", "", ""},
		} {
			var b strings.Builder
			b.WriteString(how.open)
			for i, at := range order {
				if i > 0 {
					b.WriteString(how.comma)
				}
				if how.kind != "values-joined" {
					b.WriteString(how.quote + n.names[at] + how.quote + how.colon)
				}
				switch m := n.members[at]; m.kind {
				case '"':
					b.WriteString(how.quote + m.text + how.quote)
				default:
					b.Write(m.append(nil, style{}, 0))
				}
			}
			b.WriteString(how.end)
			if !yield(d.like(how.kind, func(g *guess) { g.data = b.String() })) {
				return false
			}
		}
	}
	return true
}

// altered are objects whose values changed on the way.
func (d *doctor) altered(n *node, sent style, yield func(guess) bool) bool {
	for _, change := range []struct {
		kind  string
		apply func(*node) *node // nil drops the member
	}{
		{"json-number-quoted", func(m *node) *node { return m.as('l', '"', m.text != "null") }},
		{"json-number-unquoted", func(m *node) *node { return m.as('"', 'l', isNumber(m.text)) }},
		{"number-rewritten", func(m *node) *node {
			whole := strings.TrimRight(m.text, "0")
			return m.with('l', strings.TrimSuffix(whole, "."), m.kind == 'l' && strings.Contains(m.text, "."))
		}},
		{"number-rewritten", func(m *node) *node {
			return m.with('l', m.text+".0", m.kind == 'l' && isNumber(m.text) && !strings.ContainsAny(m.text, ".eE"))
		}},
		{"null-for-empty", func(m *node) *node { return m.with('l', "null", m.kind == '"' && m.text == "") }},
		{"empty-for-null", func(m *node) *node { return m.with('"', "", m.kind == 'l' && m.text == "null") }},
		{"empty-dropped", func(m *node) *node {
			if m.text == "" && m.kind == '"' || m.text == "null" && m.kind == 'l' {
				return nil
			}
			return m
		}},
		{"values-trimmed", func(m *node) *node { return m.with('"', strings.TrimSpace(m.text), m.kind == '"') }},
	} {
		other := &node{kind: '{'}
		for i, m := range n.members {
			if m = change.apply(m); m != nil {
				other.names, other.members = append(other.names, n.names[i]), append(other.members, m)
			}
		}
		for _, s := range []style{sent, {}, {spacing: 1}, {sorted: true}} {
			kinds := append([]string{change.kind}, s.kindsBeside(sent)...)
			if !yield(d.like("", func(g *guess) { g.kinds, g.data = kinds, string(other.append(nil, s, 0)) })) {
				return false
			}
		}
	}
	return true
}

func isNumber(s string) bool {
	return s != "" && strings.ContainsRune("-0123456789", rune(s[0])) && json.Valid([]byte(s))
}

// as is m with another kind, if it has the one given and the condition holds.
func (m *node) as(from, to byte, ok bool) *node { return m.with(to, m.text, ok && m.kind == from) }

func (m *node) with(kind byte, text string, ok bool) *node {
	if !ok {
		return m
	}
	return &node{kind: kind, text: text}
}

// reordered are the orders of the members: all of them for six, beyond that each member moved to each other place.
func (d *doctor) reordered(n *node, sent style, yield func(guess) bool) bool {
	for _, s := range []style{sent, {}, {spacing: 1}} {
		kinds := append([]string{"keys-reordered"}, s.kindsBeside(sent)...)
		if s != sent && len(kinds) == 1 {
			continue
		}
		parts := n.parts(s)
		part := func(dst []byte, at int) []byte { return append(dst, parts[at]...) }
		text := make([]byte, 0, len(d.right.data))
		for order := range orders(len(n.members)) {
			text = n.appendParts(text[:0], s, 0, order, part)
			if !yield(d.like("", func(g *guess) { g.kinds, g.data = kinds, string(text) })) {
				return false
			}
		}
	}
	return true
}

// orders yields orders of n things, each in the same slice. The given order is among them.
func orders(n int) func(yield func([]int) bool) {
	const allOf = 6
	return func(yield func([]int) bool) {
		order := make([]int, n)
		for i := range order {
			order[i] = i
		}
		if n <= allOf {
			permute(order, 0, yield)
			return
		}
		slices.Reverse(order)
		if !yield(order) {
			return
		}
		slices.Reverse(order)
		for from := range n {
			for to := range n {
				moved := slices.Insert(slices.Delete(slices.Clone(order), from, from+1), to, order[from])
				swapped := slices.Clone(order)
				swapped[from], swapped[to] = swapped[to], swapped[from]
				if !yield(moved) || !yield(swapped) {
					return
				}
			}
		}
	}
}

func permute(order []int, at int, yield func([]int) bool) bool {
	if at == len(order) {
		return yield(order)
	}
	for i := at; i < len(order); i++ {
		order[at], order[i] = order[i], order[at]
		ok := permute(order, at+1, yield)
		order[at], order[i] = order[i], order[at]
		if !ok {
			return false
		}
	}
	return true
}
