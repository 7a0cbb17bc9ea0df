package fuzz

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/contract/internal/contracttest"
)

// The first answers of a cell are rare, later ones are not; another endpoint, code, reason or state is another cell.
func TestGuide_reached(t *testing.T) {
	t.Parallel()
	g := guide{cells: map[cell]int{}}
	one := cell{endpoint: "carnum", code: 20101, reason: "token.unknown", state: 3}
	for n := 1; n <= rare+2; n++ {
		require.Equal(t, n <= rare, g.reached(one), "the %d. time", n)
	}
	for _, other := range []cell{{"bindcar", 20101, "token.unknown", 3}, {"carnum", 0, "token.unknown", 3}, {"carnum", 20101, "token.expired", 3}, {"carnum", 20101, "token.unknown", 2}} {
		require.True(t, g.reached(other), other)
	}
	require.Equal(t, rare+2, g.cells[one])
}

// The newest stories are kept, as many as may be; one that is too long is not.
func TestGuide_keep(t *testing.T) {
	t.Parallel()
	g := guide{}
	g.keep(story{steps: make([]fuzzStep, mostSteps+1)})
	require.Empty(t, g.stories)
	for n := range uint64(mostKept + 5) {
		g.keep(story{salt: n, steps: make([]fuzzStep, mostSteps)})
	}
	require.Len(t, g.stories, mostKept)
	require.Equal(t, uint64(5), g.stories[0].salt)
	require.Equal(t, uint64(mostKept+4), g.stories[mostKept-1].salt)
}

// One of four stories goes on from one that is kept, any of them; which one follows from the seed and the number.
func TestGuide_draw(t *testing.T) {
	t.Parallel()
	g := guide{}
	require.Nil(t, g.draw(1, 1), "there is none")
	for n := range uint64(5) {
		g.keep(story{salt: n})
	}
	drawn, from := 0, map[uint64]bool{}
	const all = 4000
	for number := range uint64(all) {
		s := g.draw(7, number)
		require.Equal(t, s, g.draw(7, number))
		if s != nil {
			drawn++
			from[s.salt] = true
		}
	}
	require.InDelta(t, all/4, drawn, all/20)
	require.Len(t, from, 5)
}

// A story goes on from another with its steps and its sandbox, and takes what these answered.
func TestMaker_goesOn(t *testing.T) {
	t.Parallel()
	m := maker{seed: 3, simulator: true, length: 10}
	for number := range uint64(50) {
		first := m.story(number, nil)
		next := m.story(number+1, &first)
		require.Equal(t, first.steps, next.steps[:len(first.steps)])
		require.Greater(t, len(next.steps), len(first.steps))
		require.Equal(t, first.made, next.made)
		require.NotEqual(t, first.salt, next.salt)
	}
}

// A story that reached a rare cell is kept up to the step that did, once it is not rare any more it is not; nothing is noted while a story is played otherwise.
func TestFuzzing_explore(t *testing.T) {
	t.Parallel()
	f := playing(contracttest.NewHandler(t))
	s := story{steps: []fuzzStep{{action: "call", subject: "carnum", fields: []fuzzField{{"token", "x"}}}, {id: 1, action: "call", subject: "carnum", fields: []fuzzField{{"token", "y"}}}}}
	require.Nil(t, f.play(t.Context(), s))
	require.Empty(t, f.guide.cells)
	require.Nil(t, f.explore(t.Context(), s))
	require.Len(t, f.guide.stories, 1)
	require.Equal(t, s.steps, f.guide.stories[0].steps)
	require.Len(t, f.guide.cells, 1, "both are the same: a token that nobody was given")
	require.Nil(t, f.explore(t.Context(), s))
	require.Len(t, f.guide.stories, 1, "nothing is rare in it")
	s.steps[0].raw = "[]"
	require.Nil(t, f.explore(t.Context(), s))
	require.Len(t, f.guide.stories, 2)
	require.Equal(t, s.steps[:1], f.guide.stories[1].steps)
}
