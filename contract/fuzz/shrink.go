package fuzz

import (
	"context"
	"slices"
)

// shrink makes a story that fails as short as it gets, still failing in the same way.
func (f *fuzzing) shrink(ctx context.Context, s story, failure *breach) (story, *breach) {
	const most = 600 // stories played
	tries := 0
	better := func(smaller story) bool {
		if tries++; tries > most || ctx.Err() != nil {
			return false
		}
		again := f.play(ctx, smaller)
		if again == nil || again.kind != failure.kind {
			return false
		}
		s, failure = smaller, again
		return true
	}
	better(s.upTo(failure.step))
	for n := len(s.steps) / 2; n > 0; n /= 2 { // many steps at once, then fewer
		for i := len(s.steps) - 1 - n; i >= 0; i -= n {
			if i+n < len(s.steps) {
				better(s.without(i, n))
			}
		}
	}
	for changed := true; changed && tries <= most; {
		changed = false
		for i := len(s.steps) - 2; i >= 0; i-- {
			if i < len(s.steps)-1 && better(s.without(i, 1)) {
				changed = true
			}
		}
		for i := range s.steps {
			if plain := s.plainly(i); !sameHow(&plain.steps[i], &s.steps[i]) && better(plain) {
				changed = true
			}
			for j := range slices.Backward(s.steps[i].fields) {
				if better(s.withoutField(i, j)) || better(s.simpler(i, j)) {
					changed = changed || j < len(s.steps[i].fields) && s.steps[i].fields[j].value != simple(s.steps[i].fields[j].name)
				}
			}
		}
	}
	return s, failure
}

// sameHow reports whether two steps are sent alike.
func sameHow(a, b *fuzzStep) bool {
	return slices.Equal(a.overrides, b.overrides) && a.way == b.way && a.style == b.style && a.strip == b.strip && a.stamp == b.stamp
}
