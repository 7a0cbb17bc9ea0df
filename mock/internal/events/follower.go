package events

import (
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
)

const (
	// followerTimeout is how long a follower may let a write wait.
	followerTimeout = 10 * time.Second
	// eventLagged tells a follower that it has missed events.
	eventLagged = "lagged"
	// causeOtherLife is the cause of a reset that tells a follower that the
	// events it resumes from are those of another sandbox or server.
	causeOtherLife = "unknown-event-id"
)

// Follower is one reader of a stream.
type Follower struct {
	of        channel
	all       *Broadcasts
	broadcast *broadcast
	heartbeat time.Duration
	cursor    uint64  // the last event it has
	greeting  []frame // what it gets first
	writer    http.ResponseWriter
	control   *http.ResponseController
}

// Follow has somebody follow a sandbox's events, or their digest, behind the event whose id was the last; "" is from now on. An id that is not of this
// sandbox as it is starts afresh and says so with a reset. It reports false where too many follow already, or the server stops.
func (bs *Broadcasts) Follow(s *sandbox.Sandbox, digest bool, last string, heartbeat time.Duration) (*Follower, bool) {
	of := channel{sandbox: s, digest: digest}
	b := bs.join(of)
	if b == nil {
		return nil, false
	}
	f := &Follower{of: of, all: bs, broadcast: b, heartbeat: heartbeat}
	f.begin(last)
	return f, true
}

// begin finds where a follower comes in.
func (f *Follower) begin(last string) {
	s := f.of.sandbox
	f.cursor = s.LastEvent()
	if last == "" {
		return
	}
	instance, number, _ := strings.Cut(last, "-")
	seq, err := strconv.ParseUint(number, 10, 64)
	if err != nil || instance != s.Instance() || seq > f.cursor {
		data := map[string]string{"cause": causeOtherLife, "now": notation.FormatTime(s.Now())}
		f.greeting = []frame{{f.cursor, f.cursor, f.broadcast.shape.text(eventID(s.Instance(), f.cursor), engine.EventReset, data, mask.Masker{})}}
		return
	}
	news := s.NewsSince(seq)
	if news.Missed > 0 && !f.broadcast.digest {
		f.greeting = append(f.greeting, f.lagged(news.Missed))
	}
	missed, _ := f.broadcast.shape.frames(s.Instance(), s.Hides(), seq, news, f.broadcast.most(len(news.Events), false))
	f.greeting = append(f.greeting, missed...)
	f.cursor = seq
	if n := len(news.Events); n > 0 {
		f.cursor = news.Events[n-1].Seq
	}
}

func (f *Follower) lagged(missed uint64) frame {
	return frame{text: f.broadcast.shape.text("", eventLagged, map[string]uint64{"missed": missed}, mask.Masker{})}
}

// Serve writes the stream for as long as somebody reads it and the sandbox is there. It is called once.
func (f *Follower) Serve(w http.ResponseWriter, r *http.Request) {
	defer f.all.leave(f.of, f.broadcast)
	f.writer, f.control = w, http.NewResponseController(w)
	_ = f.control.SetReadDeadline(time.Time{}) // of the request, which has been read; a recorder has none
	defer func() { _ = f.control.SetWriteDeadline(time.Time{}) }()
	header := w.Header()
	header.Set("Content-Type", "text/event-stream; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // of a proxy between
	w.WriteHeader(http.StatusOK)
	if !f.send([]byte("retry: 1000\n\n")) || !f.write(f.greeting) {
		return
	}
	f.greeting = nil
	beat := time.NewTicker(f.heartbeat)
	defer beat.Stop()
	for {
		frames, more, ended := f.broadcast.after(f.cursor)
		if len(frames) > 0 {
			if missed := frames[0].first - f.cursor - 1; missed > 0 {
				f.write([]frame{f.lagged(missed)})
				return
			}
			if !f.write(frames) {
				return
			}
			f.cursor = frames[len(frames)-1].seq
			continue
		}
		if ended {
			return
		}
		select {
		case <-more:
		case <-beat.C:
			if !f.send([]byte(": heartbeat\n\n")) {
				return
			}
		case <-r.Context().Done():
			return
		}
	}
}

// write sends frames together; false: nobody reads any more.
func (f *Follower) write(frames []frame) bool {
	texts := make([][]byte, len(frames))
	for i := range frames {
		texts[i] = frames[i].text
	}
	return f.send(texts...)
}

func (f *Follower) send(texts ...[]byte) bool {
	_ = f.control.SetWriteDeadline(time.Now().Add(followerTimeout)) // a recorder has none
	for _, text := range texts {
		if _, err := f.writer.Write(text); err != nil {
			return false
		}
		runtime.Gosched() // of a thousand followers that have much to write each would take ten milliseconds, while requests wait
	}
	return f.control.Flush() == nil
}
