// Package events spreads what happens in a sandbox to all who follow it: server-sent events, each encoded once for everyone, or a digest of them for people
// to look at.
package events

import (
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
)

// frame is an event as it goes out, encoded once for everyone.
type frame struct {
	first, seq uint64 // the events it stands for, both included
	text       []byte
}

// The bounds of what is kept ready for those who follow a sandbox.
const (
	maxFrames     = 1024
	maxFrameBytes = 16 << 20
	maxFollowers  = 10_000
)

// A digest is for people to look at: events gather for digestPause, and of more
// than digestMost requests in that time the newest are sent and the others
// counted. While that goes on nobody reads along, and digestStorm of them are
// sent: an open page costs a busy server next to nothing.
const (
	digestPause = 80 * time.Millisecond
	digestMost  = 32
	digestStorm = 4
)

// everything leaves nothing out.
const everything = -1

// broadcast spreads one sandbox's events. One goroutine takes them from the
// sandbox, encodes them and wakes the followers, so that what happens pays for
// waking one, and only when there is one.
type broadcast struct {
	digest    bool
	shape     *Shape
	mu        sync.Mutex
	frames    []frame
	size      int
	fresh     int           // bytes of the last publication
	more      chan struct{} // closed and replaced when there are more frames
	ended     bool
	followers int
	stop      chan struct{}
	deleted   atomic.Bool // the sandbox is, or is about to be
}

// channel is a sandbox's events, all of them or their digest.
type channel struct {
	sandbox *sandbox.Sandbox
	digest  bool
}

// Shape is how events are written.
type Shape struct {
	// Value is an event's value in the shape that the listings give it.
	Value func(value any) any
	// Briefly is a request in that shape without examining its signature.
	Briefly func(e journal.Entry) any
	// Hide hides keys in what somebody sent.
	Hide func(text []byte, hides mask.Masker) []byte
}

// Broadcasts are the sandboxes that someone follows.
type Broadcasts struct {
	log     *slog.Logger
	shape   *Shape
	mu      sync.Mutex
	of      map[channel]*broadcast
	closed  bool
	running sync.WaitGroup
}

// New makes broadcasts, which nobody follows yet.
func New(log *slog.Logger, shape Shape) *Broadcasts { return &Broadcasts{log: log, shape: &shape} }

// join is the broadcast of a channel, begun if need be, or nil where there are
// too many followers or the server stops.
func (bs *Broadcasts) join(c channel) *broadcast {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	if bs.closed {
		return nil
	}
	b := bs.of[c]
	if b == nil {
		b = &broadcast{digest: c.digest, shape: bs.shape, more: make(chan struct{}), stop: make(chan struct{})}
		if bs.of == nil {
			bs.of = map[channel]*broadcast{}
		}
		bs.of[c] = b
		bs.running.Add(1)
		go func(from uint64) {
			defer bs.running.Done()
			defer func() {
				if failure := recover(); failure != nil { // its followers have seen that it ended
					bs.log.Error("spreading events failed", "panic", failure, "stack", string(debug.Stack()))
					bs.forget(c, b)
				}
			}()
			b.run(c.sandbox, from)
		}(c.sandbox.LastEvent())
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.followers >= maxFollowers {
		return nil
	}
	b.followers++
	return b
}

// leave ends a broadcast with its last follower.
func (bs *Broadcasts) leave(c channel, b *broadcast) {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.followers--; b.followers == 0 && bs.of[c] == b {
		delete(bs.of, c)
		close(b.stop)
	}
}

// forget lets the next follower of a channel begin another broadcast.
func (bs *Broadcasts) forget(c channel, b *broadcast) {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	if bs.of[c] == b {
		delete(bs.of, c)
	}
}

// Deleting says of a sandbox whether it is about to be deleted, before it ends: those who follow it then learn why.
func (bs *Broadcasts) Deleting(s *sandbox.Sandbox, ok bool) {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	for c, b := range bs.of {
		if c.sandbox == s {
			b.deleted.Store(ok)
		}
	}
}

// Count is how many follow anything.
func (bs *Broadcasts) Count() (n int) {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	for _, b := range bs.of {
		b.mu.Lock()
		n += b.followers
		b.mu.Unlock()
	}
	return n
}

// Close ends every stream of events and lets none begin.
func (bs *Broadcasts) Close() {
	bs.mu.Lock()
	bs.closed = true
	for c, b := range bs.of {
		delete(bs.of, c)
		close(b.stop)
	}
	bs.mu.Unlock()
	bs.running.Wait()
}

// run takes what happens behind an event from a sandbox, until it has ended; where it was deleted, that is the last event.
func (b *broadcast) run(s *sandbox.Sandbox, cursor uint64) {
	defer b.end()
	storm := false
	for {
		news := s.NewsSince(cursor)
		if len(news.Events) == 0 {
			if news.Closed {
				if b.deleted.Load() {
					gone := engine.Changed{Action: engine.Deleted, IDs: []string{s.ID()}}
					b.publish([]frame{{cursor + 1, cursor + 1, b.shape.text(eventID(s.Instance(), cursor+1), engine.EventSandbox, gone, mask.Masker{})}})
				}
				return
			}
			select {
			case <-news.More:
			case <-b.stop:
				return
			}
			continue
		}
		frames, examined := b.shape.frames(s.Instance(), s.Hides(), cursor, news, b.most(len(news.Events), storm))
		storm = len(news.Events) > digestMost
		cursor = news.Events[len(news.Events)-1].Seq
		b.publish(frames)
		pause := time.NewTimer(max(b.pause(), examineRest*examined))
		select {
		case <-pause.C:
		case <-b.stop:
			pause.Stop()
			return
		}
	}
}

// What an event may cost all together: outBytes a second to all followers, and
// wakeEach for waking one, which costs about as much as a request.
const (
	wakeEach   = 100 * time.Microsecond
	outBytes   = 200 << 20
	leastPause = 2 * time.Millisecond
	// Of the wrong signatures in one publication so many are examined, and the
	// time that takes is rested so many times: a flood of them stays cheap.
	examineMost = 4
	examineRest = 4
	mostPause   = time.Second
)

// pause is how long events gather before they go out together. Many followers,
// or much for them, are served less often; who lags behind then is dropped.
func (b *broadcast) pause() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := time.Duration(b.followers)
	least := leastPause
	if b.digest {
		least = digestPause
	}
	return min(max(least, n*wakeEach, n*time.Duration(b.fresh)*time.Second/outBytes), mostPause)
}

// most is how many requests among so many events are sent; storm says that there were too many the last time, too.
func (b *broadcast) most(events int, storm bool) int {
	switch {
	case !b.digest:
		return everything
	case storm && events > digestMost:
		return digestStorm
	default:
		return digestMost
	}
}

func (b *broadcast) publish(fresh []frame) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fresh = 0
	for _, f := range fresh {
		b.fresh += len(f.text)
	}
	b.size += b.fresh
	b.frames = append(b.frames, fresh...)
	drop := 0
	for len(b.frames)-drop > maxFrames || (b.size > maxFrameBytes && len(b.frames)-drop > 1) {
		b.size -= len(b.frames[drop].text)
		drop++
	}
	b.frames = append([]frame(nil), b.frames[drop:]...) // followers hold what was
	close(b.more)
	b.more = make(chan struct{})
}

func (b *broadcast) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
	close(b.more)
}

// after is what follows a sequence number, how to wait for more, and whether
// there is an end to it.
func (b *broadcast) after(cursor uint64) (frames []frame, more <-chan struct{}, ended bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	from := len(b.frames)
	for from > 0 && b.frames[from-1].seq > cursor {
		from--
	}
	return b.frames[from:], b.more, b.ended
}
