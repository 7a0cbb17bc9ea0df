package control

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/etcp-mock/etcp-mock/mock/internal/clock"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/events"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/problem"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// heartbeat is the usual [Control.Heartbeat].
const heartbeat = 15 * time.Second

// stream is a reply that writes itself for as long as somebody reads.
type stream func(*gin.Context)

// events is the sandbox's event stream, or with ?digest=true its digest. Last-Event-ID (or ?after=) resumes behind an
// event; an id of another life starts afresh and says so with a reset.
func (a *Control) events(in *call) (reply, error) {
	last := in.gin.GetHeader("Last-Event-ID")
	if last == "" {
		last = in.gin.Query("after")
	}
	var digest bool
	if text := in.gin.Query("digest"); text != "" {
		var err error
		if digest, err = strconv.ParseBool(text); err != nil {
			return reply{}, problem.InQuery("digest", "want true or false")
		}
	}
	f, ok := a.broadcasts.Follow(in.sandbox, digest, last, a.Heartbeat)
	if !ok {
		return reply{}, problem.Fail(http.StatusServiceUnavailable, "the server stops, or too many follow this sandbox already")
	}
	return reply{status: http.StatusOK, body: stream(func(c *gin.Context) { f.Serve(c.Writer, c.Request) })}, nil
}

// shape is how events are written: as the listings have them.
var shape = events.Shape{Value: eventData, Briefly: func(e journal.Entry) any { return brieflyOf(e) }, Hide: hide}

// eventData is an event's value in the shape that the listings give it.
func eventData(value any) any {
	switch v := value.(type) {
	case *journal.Stored:
		return requestOf(v.Entry())
	case push.Item:
		v.WaitsFor = "" // may change without an event
		return pushOf(v)
	case platform.Order:
		return orderOf(v)
	case clock.Reading:
		return v.Members()
	case engine.FaultHit:
		return faultHitOf(v)
	case engine.Restart:
		return map[string]string{"cause": v.Cause, "now": notation.FormatTime(v.Now)}
	default:
		return value
	}
}
