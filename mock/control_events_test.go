package mock_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
)

// docs/control-api.md, Journal: GET …/events is Server-Sent Events request, push, car, clock and reset, in
// the order in which they happened, each with the item that the listings give.
func TestControlEvents_tellEverything(t *testing.T) {
	c := newControlled(t)
	c.controlMerchant(t)
	c.binds(t, "13800000001", "渝ATX061")
	s := c.follow(t, "")

	order := c.do(t, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	car := s.kind("car")
	require.Equal(t, order, car.data)

	made := s.kind("push")
	require.Equal(t, "pending", made.data["status"])
	delivered := s.kind("push")
	require.Equal(t, "delivered", delivered.data["status"])
	require.Equal(t, c.do(t, http.MethodGet, "/pushes/"+delivered.data["id"].(string), nil), delivered.data)

	clock := c.do(t, http.MethodPost, "/clock/advance", map[string]any{"by": "45m"})
	require.Equal(t, clock, s.kind("clock").data)

	code, _ := c.call(t, "carnum", map[string]any{"token": "none"})
	require.Equal(t, 20101, code)
	request := s.kind("request")
	require.Equal(t, "carnum", request.data["endpoint"])
	require.Equal(t, c.do(t, http.MethodGet, "/requests/"+request.data["id"].(string), nil), request.data)

	c.do(t, http.MethodPost, "/reset", nil)
	require.Equal(t, map[string]any{"cause": "reset", "now": "2017-08-20 12:00:00"}, s.kind("reset").data)
}

// Last-Event-ID resumes: nothing is lost and nothing comes twice.
func TestControlEvents_resume(t *testing.T) {
	c := newControlled(t)
	first := c.follow(t, "")
	for range 20 {
		c.call(t, "carnum", map[string]any{"token": "none"})
	}
	var ids []string
	for range 20 {
		e, more := first.next()
		require.True(t, more)
		ids = append(ids, e.id)
	}
	first.close()
	again := c.follow(t, ids[4])
	c.call(t, "parkingstatus", map[string]any{"parkingId": "1"})
	for i := 5; i < 20; i++ {
		e, more := again.next()
		require.True(t, more)
		require.Equal(t, ids[i], e.id)
	}
	e, _ := again.next()
	require.Equal(t, "parkingstatus", e.data["endpoint"])
}

// An id of another life — another server, a sandbox of the same name, or no id at all — starts afresh and says so.
func TestControlEvents_anotherLife(t *testing.T) {
	c, other := newControlled(t), newControlled(t)
	s := other.follow(t, "")
	other.call(t, "carnum", map[string]any{"token": "none"})
	foreign := s.kind("request").id
	c.call(t, "carnum", map[string]any{"token": "none"})
	for _, id := range []string{foreign, "17", "garbage", "a-b", "0123456789abcdef-99999999999999999999999"} {
		s := c.follow(t, id)
		c.call(t, "parkingstatus", map[string]any{"parkingId": "1"})
		said, _ := s.next()
		require.Equal(t, "reset", said.kind, id)
		require.Equal(t, "unknown-event-id", said.data["cause"])
		next, _ := s.next()
		require.Equal(t, "parkingstatus", next.data["endpoint"], "it goes on from now")
		s.close()
		resumed := c.follow(t, said.id)
		first, _ := resumed.next()
		require.Equal(t, next.id, first.id, "the id of what was said can be resumed from")
		resumed.close()
	}
}

// Who resumes from further back than what is kept is told how much is lost, and goes on with the rest.
func TestControlEvents_resumeTooLate(t *testing.T) {
	c := newControlled(t)
	s := c.follow(t, "")
	c.call(t, "carnum", map[string]any{"token": "none"})
	old := s.kind("request").id
	s.close()
	for range 1030 {
		c.do(t, http.MethodPut, "/clock", map[string]any{"rate": 2})
	}
	late := c.follow(t, old)
	said, _ := late.next()
	require.Equal(t, "lagged", said.kind)
	require.InDelta(t, 6, said.data["missed"], 0)
	require.Empty(t, said.id)
	for range 1024 {
		e, more := late.next()
		require.True(t, more)
		require.Equal(t, "clock", e.kind)
	}
}

// A quiet stream shows that it lives, by a comment.
func TestControlEvents_heartbeat(t *testing.T) {
	c := newControlled(t)
	mock.QuickHeartbeat(c.server, 10*time.Millisecond)
	s := c.follow(t, "")
	beats := 0
	for beats < 3 && s.lines.Scan() {
		if s.lines.Text() == ": heartbeat" {
			beats++
		}
	}
	require.Equal(t, 3, beats)
	c.call(t, "carnum", map[string]any{"token": "none"})
	require.Equal(t, "carnum", s.kind("request").data["endpoint"])
}

// The stream of a sandbox that is deleted says so and ends, and closing the server ends every stream.
func TestControlEvents_end(t *testing.T) {
	c := newControlled(t)
	require.Equal(t, 201, c.ask(t, http.MethodPost, "/__admin/sandboxes", map[string]any{"id": "own"}).status)
	streams := []*controlStream{c.followAt(t, "/__admin/sandboxes/own/events", ""), c.followAt(t, "/__admin/sandboxes/own/events?digest=true", "")}
	require.Equal(t, 409, c.ask(t, http.MethodDelete, controlDefault, nil).status)
	require.Equal(t, 204, c.ask(t, http.MethodDelete, "/__admin/sandboxes/own", nil).status)
	for _, s := range streams {
		e, more := s.next()
		require.True(t, more)
		require.Equal(t, "sandbox", e.kind)
		require.Equal(t, map[string]any{"action": "deleted", "ids": []any{"own"}}, e.data)
		_, more = s.next()
		require.False(t, more)
	}

	open := c.follow(t, "")
	require.NoError(t, c.server.Close(t.Context()))
	_, more := open.next()
	require.False(t, more)
}

// BenchmarkControlEvents shows what readers of the events cost a request: 1 000 of them under 5 %.
func BenchmarkControlEvents(b *testing.B) {
	for _, readers := range []int{0, 1, 1000} {
		b.Run("readers="+strconv.Itoa(readers), func(b *testing.B) { benchmarkReaders(b, readers) })
	}
}
