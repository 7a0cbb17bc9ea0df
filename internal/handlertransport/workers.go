package handlertransport

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// idleFor is how long a goroutine waits for a request, at least; at most twice as long.
const idleFor = 50 * time.Millisecond

// call is a request on its way through the handler.
type call struct {
	request   *http.Request
	cancel    context.CancelFunc
	answered  chan *writer
	abandoned bool // nobody waits for the answer
}

// workers are goroutines that run a handler, and wait for the next request in between: with a goroutine for each request, a tenth of the processor
// time of a run went into stacks that grew anew.
type workers struct {
	mu      sync.Mutex
	waiting []chan *call // of each what it is to run next; the last to come is the first to go on
	used    bool         // one began to wait since it was looked
	watched bool         // it will be looked again
}

// run runs a call on a goroutine that waits, or on a new one.
func (w *workers) run(handler http.Handler, c *call) {
	w.mu.Lock()
	var next chan *call
	if last := len(w.waiting) - 1; last >= 0 {
		next, w.waiting = w.waiting[last], w.waiting[:last]
	}
	w.mu.Unlock()
	if next == nil {
		next = make(chan *call, 1)
		go w.work(handler, next)
	}
	next <- c
}

// work runs calls until it is ended. It waits again before its answer is seen, so that who has all answers can end all that wait.
func (w *workers) work(handler http.Handler, next chan *call) {
	for c := range next {
		answer := &writer{Answer: NewAnswer()}
		answer.serve(handler, c.request)
		c.cancel()
		if !w.wait(c, next) {
			return
		}
		c.answered <- answer
	}
}

// wait puts a goroutine that has run a call among those that wait. It does not where the call was abandoned.
func (w *workers) wait(c *call, next chan *call) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c.abandoned {
		return false
	}
	w.waiting, w.used = append(w.waiting, next), true
	if !w.watched {
		w.watched = true
		time.AfterFunc(idleFor, w.look)
	}
	return true
}

// abandon leaves a call to itself.
func (w *workers) abandon(c *call) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c.abandoned = true
}

// look ends those that wait where none began to since it last looked.
func (w *workers) look() {
	w.mu.Lock()
	again := w.used
	w.used, w.watched = false, again
	w.mu.Unlock()
	if again {
		time.AfterFunc(idleFor, w.look)
		return
	}
	w.end()
}

// end ends those that wait.
func (w *workers) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, next := range w.waiting {
		close(next)
	}
	w.waiting = nil
}
