package servertest

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Event is one event of a stream.
type Event struct {
	ID, Kind string
	Data     map[string]any
}

// Stream reads a sandbox's events.
type Stream struct {
	tb     testing.TB
	answer *http.Response
	lines  *bufio.Scanner
	cancel context.CancelFunc
}

// Follow opens the stream of the events of the sandbox default, after the one with an id where that is not "". It ends with
// the test, or by Close.
func (s *Server) Follow(tb testing.TB, lastEventID string) *Stream {
	tb.Helper()
	return s.FollowAt(tb, Default+"/events", lastEventID)
}

// FollowAt is [Server.Follow] at any path.
func (s *Server) FollowAt(tb testing.TB, path, lastEventID string) *Stream {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+path, http.NoBody)
	require.NoError(tb, err)
	r.Header.Set("Accept", "text/event-stream")
	if lastEventID != "" {
		r.Header.Set("Last-Event-ID", lastEventID)
	}
	answer, err := s.HTTP.Do(r) //nolint:bodyclose // Close does
	require.NoError(tb, err)
	require.Equal(tb, http.StatusOK, answer.StatusCode)
	require.Equal(tb, "text/event-stream; charset=utf-8", answer.Header.Get("Content-Type"))
	stream := &Stream{tb: tb, answer: answer, lines: bufio.NewScanner(answer.Body), cancel: cancel}
	stream.lines.Buffer(nil, 16<<20)
	tb.Cleanup(stream.Close)
	return stream
}

// Close ends the stream.
func (s *Stream) Close() {
	s.cancel()
	_ = s.answer.Body.Close()
}

// Line is the next line of the stream as it is; more is false at its end.
func (s *Stream) Line() (line string, more bool) {
	more = s.lines.Scan()
	return s.lines.Text(), more
}

// Next is the next event; more is false at the stream's end.
func (s *Stream) Next() (e Event, more bool) {
	s.tb.Helper()
	data := ""
	for line, more := s.Line(); more; line, more = s.Line() {
		name, value, _ := strings.Cut(line, ": ")
		switch {
		case line == "" && data != "":
			require.NoError(s.tb, json.Unmarshal([]byte(data), &e.Data), data)
			return e, true
		case name == "id":
			e.ID = value
		case name == "event":
			e.Kind = value
		case name == "data":
			data += value
		}
	}
	return e, false
}

// Until reads on until an event of a kind.
func (s *Stream) Until(kind string) Event {
	s.tb.Helper()
	for {
		e, more := s.Next()
		require.True(s.tb, more, "the stream ended before an event %s", kind)
		if e.Kind == kind {
			return e
		}
	}
}
