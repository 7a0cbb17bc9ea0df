package control

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/mock/internal/clock"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
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

// broadcast spreads one sandbox's events. One goroutine takes them from the
// sandbox, encodes them and wakes the followers, so that what happens pays for
// waking one, and only when there is one.
type broadcast struct {
	digest    bool
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

// broadcasts are those that someone follows.
type broadcasts struct {
	log     *slog.Logger
	mu      sync.Mutex
	of      map[channel]*broadcast
	closed  bool
	running sync.WaitGroup
}

// join is the broadcast of a channel, begun if need be, or nil where there are
// too many followers or the server stops.
func (bs *broadcasts) join(c channel) *broadcast {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	if bs.closed {
		return nil
	}
	b := bs.of[c]
	if b == nil {
		b = &broadcast{digest: c.digest, more: make(chan struct{}), stop: make(chan struct{})}
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
func (bs *broadcasts) leave(c channel, b *broadcast) {
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
func (bs *broadcasts) forget(c channel, b *broadcast) {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	if bs.of[c] == b {
		delete(bs.of, c)
	}
}

// deleting says of a sandbox whether it is about to be deleted, before it ends: those who follow it then learn why.
func (bs *broadcasts) deleting(s *sandbox.Sandbox, is bool) {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	for c, b := range bs.of {
		if c.sandbox == s {
			b.deleted.Store(is)
		}
	}
}

// count is how many follow anything.
func (bs *broadcasts) count() (n int) {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	for _, b := range bs.of {
		b.mu.Lock()
		n += b.followers
		b.mu.Unlock()
	}
	return n
}

// close ends every stream of events and lets none begin.
func (bs *broadcasts) close() {
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
	for {
		news := s.NewsSince(cursor)
		if len(news.Events) == 0 {
			if news.Closed {
				if b.deleted.Load() {
					gone := engine.Changed{Action: engine.Deleted, IDs: []string{s.ID()}}
					b.publish([]frame{{cursor + 1, cursor + 1, frameText(eventID(s.Birth(), cursor+1), engine.EventSandbox, gone, mask.Masker{})}})
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
		frames, examined := framesOf(s.Birth(), s.Settings().Hides(), cursor, news, b.digest)
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

func eventID(birth string, seq uint64) string { return birth + "-" + strconv.FormatUint(seq, 10) }

// framesOf encodes the news after cursor, or their digest, and says how long
// examining signatures has taken.
func framesOf(birth string, hides mask.Masker, cursor uint64, news sandbox.News, digest bool) (frames []frame, examined time.Duration) {
	events := news.Events
	if digest {
		events = thinned(news)
	}
	frames = make([]frame, len(events))
	left := examineMost
	for i, e := range events {
		var data any
		if entry, is := e.Value.(journal.Stored); is && !entry.Explained() {
			if left--; left < 0 {
				data = brieflyOf(entry.Entry())
			} else {
				start := time.Now()
				data = eventData(e.Value)
				examined += time.Since(start)
			}
		} else {
			data = eventData(e.Value)
		}
		frames[i] = frame{e.Seq, e.Seq, frameText(eventID(birth, e.Seq), e.Kind, data, hides)}
		if digest { // what is left out before it is accounted for
			frames[i].first = cursor + 1
			cursor = e.Seq
		}
	}
	return frames, examined
}

// frameText writes one event of a stream (WHATWG HTML, §9.2.6).
func frameText(id, kind string, data any, hides mask.Masker) []byte {
	var buf bytes.Buffer
	if id != "" {
		buf.WriteString("id: " + id + "\n")
	}
	buf.WriteString("event: " + kind + "\ndata: ")
	head := buf.Len()
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(data); err != nil { // its newline ends the field
		buf.WriteString("{}\n")
	}
	text := buf.Bytes()
	return append(append(text[:head:head], hide(text[head:], hides)...), '\n')
}

// eventData is an event's value in the shape that the listings give it.
func eventData(value any) any {
	switch v := value.(type) {
	case journal.Stored:
		return requestOf(v.Entry())
	case push.Item:
		v.WaitsFor = "" // may change without an event
		return pushOf(v)
	case platform.Order:
		return orderOf(v)
	case clock.Reading:
		return clockText(v)
	case engine.FaultHit:
		return faultHitOf(v)
	case engine.Restart:
		return map[string]string{"cause": v.Cause, "now": notation.FormatTime(v.Now)}
	default:
		return value
	}
}
