package control

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
)

const (
	// heartbeat is the usual [Control.Heartbeat].
	heartbeat = 15 * time.Second
	// followerTimeout is how long a follower may let a write wait.
	followerTimeout = 10 * time.Second
	// eventLagged tells a follower that it has missed events.
	eventLagged = "lagged"
	// causeOtherLife is the cause of a reset that tells a follower that the
	// events it resumes from are those of another sandbox or server.
	causeOtherLife = "unknown-event-id"
)

// stream is a reply that writes itself for as long as somebody reads.
type stream func(*gin.Context)

// events is the sandbox's event stream, or with ?digest=true its digest. Last-Event-ID (or ?after=) resumes behind an
// event; an id of another life starts afresh and says so with a reset.
func (a *Control) events(in *call) (reply, error) {
	last := in.gin.GetHeader("Last-Event-ID")
	if last == "" {
		last = in.gin.Query("after")
	}
	of := channel{sandbox: in.sandbox}
	if text := in.gin.Query("digest"); text != "" {
		var err error
		if of.digest, err = strconv.ParseBool(text); err != nil {
			return reply{}, invalidQuery("digest", "want true or false")
		}
	}
	b := a.broadcasts.join(of)
	if b == nil {
		return reply{}, fail(http.StatusServiceUnavailable, "the server stops, or too many follow this sandbox already")
	}
	f := &follower{sandbox: in.sandbox, broadcast: b, heartbeat: a.Heartbeat}
	f.begin(last)
	return reply{status: http.StatusOK, body: stream(func(c *gin.Context) {
		defer a.broadcasts.leave(of, b)
		f.follow(c)
	})}, nil
}

// follower is one reader of a stream.
type follower struct {
	sandbox   *sandbox.Sandbox
	broadcast *broadcast
	heartbeat time.Duration
	cursor    uint64  // the last event it has
	greeting  []frame // what it gets first
	writer    http.ResponseWriter
	control   *http.ResponseController
}

// begin finds where a follower comes in.
func (f *follower) begin(last string) {
	s := f.sandbox
	f.cursor = s.LastEvent()
	if last == "" {
		return
	}
	birth, number, _ := strings.Cut(last, "-")
	seq, err := strconv.ParseUint(number, 10, 64)
	if err != nil || birth != s.Birth() || seq > f.cursor {
		data := map[string]string{"cause": causeOtherLife, "now": notation.FormatTime(s.Now())}
		f.greeting = []frame{{f.cursor, f.cursor, frameText(eventID(s.Birth(), f.cursor), engine.EventReset, data, mask.Masker{})}}
		return
	}
	news := s.NewsSince(seq)
	if news.Missed > 0 && !f.broadcast.digest {
		f.greeting = append(f.greeting, lagged(news.Missed))
	}
	missed, _ := framesOf(s.Birth(), s.Settings().Hides(), seq, news, f.broadcast.digest)
	f.greeting = append(f.greeting, missed...)
	f.cursor = seq
	if n := len(news.Events); n > 0 {
		f.cursor = news.Events[n-1].Seq
	}
}

func lagged(missed uint64) frame {
	return frame{text: frameText("", eventLagged, map[string]uint64{"missed": missed}, mask.Masker{})}
}

func (f *follower) follow(c *gin.Context) {
	f.writer, f.control = c.Writer, http.NewResponseController(c.Writer)
	_ = f.control.SetReadDeadline(time.Time{}) // of the request, which has been read; a recorder has none
	defer func() { _ = f.control.SetWriteDeadline(time.Time{}) }()
	header := c.Writer.Header()
	header.Set("Content-Type", "text/event-stream; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // of a proxy between
	c.Status(http.StatusOK)
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
				f.write([]frame{lagged(missed)})
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
		case <-c.Request.Context().Done():
			return
		}
	}
}

// write sends frames together; false: nobody reads any more.
func (f *follower) write(frames []frame) bool {
	texts := make([][]byte, len(frames))
	for i := range frames {
		texts[i] = frames[i].text
	}
	return f.send(texts...)
}

func (f *follower) send(texts ...[]byte) bool {
	_ = f.control.SetWriteDeadline(time.Now().Add(followerTimeout)) // a recorder has none
	for _, text := range texts {
		if _, err := f.writer.Write(text); err != nil {
			return false
		}
	}
	return f.control.Flush() == nil
}
