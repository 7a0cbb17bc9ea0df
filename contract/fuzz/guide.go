package fuzz

import (
	"context"
	"sync"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// storyLength is how many steps a story has, more or less: it pays for one sandbox.
const storyLength = 40

// cell is what an answer covers: the endpoint, its code, why, and the state that it was asked in.
type cell struct {
	endpoint string
	code     int
	reason   string
	state    uint32
}

// guide keeps the stories that reached a cell that few others did. New ones go on from them.
type guide struct {
	mu      sync.Mutex
	cells   map[cell]int
	stories []story
}

const (
	mostKept  = 400 // stories
	rare      = 2   // times that a cell was reached, up to which a story is worth to go on from
	mostSteps = 80  // of a story that others go on from
)

// draw is a story to go on from, or nil: three of four are new altogether.
func (g *guide) draw(seed, number uint64) *story {
	r := rng(seed, number^1<<50)
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.stories) == 0 || r.IntN(4) > 0 {
		return nil
	}
	return &g.stories[r.IntN(len(g.stories))]
}

// keep keeps a story up to the step that reached a rare cell.
func (g *guide) keep(s story) {
	if len(s.steps) > mostSteps {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.stories) >= mostKept {
		g.stories = g.stories[1:]
	}
	g.stories = append(g.stories, s)
}

// reached notes a cell, and reports whether it is rare.
func (g *guide) reached(c cell) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.cells[c]++
	return g.cells[c] <= rare
}

// explore plays a story, and keeps it where it reached what few have reached.
func (f *fuzzing) explore(ctx context.Context, s story) *breach {
	p := f.player(s)
	p.explores, p.rare = true, -1
	b := p.play(ctx)
	if b == nil && p.rare >= 0 {
		f.guide.keep(s.upTo(p.rare))
	}
	return b
}

// covers notes the cell of an answer.
func (p *player) covers(e *schemas.Endpoint, f *fuzzStep, answer *client.Answer, fields map[string]any) {
	if !p.explores {
		return
	}
	c := cell{endpoint: e.Name, code: answer.Code, reason: answer.Reason}
	if p.model != nil && fields != nil {
		c.state = p.model.State(fields)<<1 | uint32(f.as) //nolint:gosec // 0 or 1
	}
	if p.f.guide.reached(c) {
		p.rare = f.id
	}
}
