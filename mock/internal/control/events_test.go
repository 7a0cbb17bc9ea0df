package control_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
)

// docs/control-api.md, Journal: GET …/events is Server-Sent Events request, push, car, clock and reset, in
// the order in which they happened, each with the item that the listings give.
func TestControlEvents_tellEverything(t *testing.T) {
	c := newControlled(t)
	c.AcceptPushes(t)
	c.Bind(t, "13800000001", "渝ATX061")
	s := c.Follow(t, "")

	order := c.Do(t, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	car := s.Until("car")
	require.Equal(t, order, car.Data)

	made := s.Until("push")
	require.Equal(t, "pending", made.Data["status"])
	delivered := s.Until("push")
	require.Equal(t, "delivered", delivered.Data["status"])
	require.Equal(t, c.Do(t, http.MethodGet, "/pushes/"+delivered.Data["id"].(string), nil), delivered.Data)

	clock := c.Do(t, http.MethodPost, "/clock/advance", map[string]any{"by": "45m"})
	require.Equal(t, clock, s.Until("clock").Data)

	code, _ := c.Call(t, "carnum", map[string]any{"token": "none"})
	require.Equal(t, 20101, code)
	request := s.Until("request")
	require.Equal(t, "carnum", request.Data["endpoint"])
	require.Equal(t, c.Do(t, http.MethodGet, "/requests/"+request.Data["id"].(string), nil), request.Data)

	c.Do(t, http.MethodPost, "/reset", nil)
	require.Equal(t, map[string]any{"cause": "reset", "now": "2017-08-20 12:00:00"}, s.Until("reset").Data)
}

// Last-Event-ID resumes: nothing is lost and nothing comes twice.
func TestControlEvents_resume(t *testing.T) {
	c := newControlled(t)
	first := c.Follow(t, "")
	for range 20 {
		c.Call(t, "carnum", map[string]any{"token": "none"})
	}
	var ids []string
	for range 20 {
		e, more := first.Next()
		require.True(t, more)
		ids = append(ids, e.ID)
	}
	first.Close()
	again := c.Follow(t, ids[4])
	c.Call(t, "parkingstatus", map[string]any{"parkingId": "1"})
	for i := 5; i < 20; i++ {
		e, more := again.Next()
		require.True(t, more)
		require.Equal(t, ids[i], e.ID)
	}
	e, _ := again.Next()
	require.Equal(t, "parkingstatus", e.Data["endpoint"])
}

// An id of another life — another server, a sandbox of the same name, or no id at all — starts afresh and says so.
func TestControlEvents_anotherLife(t *testing.T) {
	c, other := newControlled(t), newControlled(t)
	s := other.Follow(t, "")
	other.Call(t, "carnum", map[string]any{"token": "none"})
	foreign := s.Until("request").ID
	c.Call(t, "carnum", map[string]any{"token": "none"})
	for _, id := range []string{foreign, "17", "garbage", "a-b", "0123456789abcdef-99999999999999999999999"} {
		s := c.Follow(t, id)
		c.Call(t, "parkingstatus", map[string]any{"parkingId": "1"})
		said, _ := s.Next()
		require.Equal(t, "reset", said.Kind, id)
		require.Equal(t, "unknown-event-id", said.Data["cause"])
		next, _ := s.Next()
		require.Equal(t, "parkingstatus", next.Data["endpoint"], "it goes on from now")
		s.Close()
		resumed := c.Follow(t, said.ID)
		first, _ := resumed.Next()
		require.Equal(t, next.ID, first.ID, "the id of what was said can be resumed from")
		resumed.Close()
	}
}

// Who resumes from further back than what is kept is told how much is lost, and goes on with the rest.
func TestControlEvents_resumeTooLate(t *testing.T) {
	c := newControlled(t)
	s := c.Follow(t, "")
	c.Call(t, "carnum", map[string]any{"token": "none"})
	old := s.Until("request").ID
	s.Close()
	for range 1030 {
		c.Do(t, http.MethodPut, "/clock", map[string]any{"rate": 2})
	}
	late := c.Follow(t, old)
	said, _ := late.Next()
	require.Equal(t, "lagged", said.Kind)
	require.InDelta(t, 6, said.Data["missed"], 0)
	require.Empty(t, said.ID)
	for range 1024 {
		e, more := late.Next()
		require.True(t, more)
		require.Equal(t, "clock", e.Kind)
	}
}

// The stream of a sandbox that is deleted says so and ends, and closing the server ends every stream.
func TestControlEvents_end(t *testing.T) {
	c := newControlled(t)
	require.Equal(t, 201, c.Ask(t, http.MethodPost, "/__admin/sandboxes", map[string]any{"id": "own"}).Status)
	streams := []*servertest.Stream{c.FollowAt(t, "/__admin/sandboxes/own/events", ""), c.FollowAt(t, "/__admin/sandboxes/own/events?digest=true", "")}
	require.Equal(t, 409, c.Ask(t, http.MethodDelete, servertest.Default, nil).Status)
	require.Equal(t, 204, c.Ask(t, http.MethodDelete, "/__admin/sandboxes/own", nil).Status)
	for _, s := range streams {
		e, more := s.Next()
		require.True(t, more)
		require.Equal(t, "sandbox", e.Kind)
		require.Equal(t, map[string]any{"action": "deleted", "ids": []any{"own"}}, e.Data)
		_, more = s.Next()
		require.False(t, more)
	}

	open := c.Follow(t, "")
	require.NoError(t, c.Mock.Close(t.Context()))
	_, more := open.Next()
	require.False(t, more)
}

// BenchmarkControlEvents shows what readers of the events cost a request: 1 000 of them under 5 %.
func BenchmarkControlEvents(b *testing.B) {
	for _, readers := range []int{0, 1, 1000} {
		b.Run("readers="+strconv.Itoa(readers), func(b *testing.B) { benchmarkReaders(b, readers) })
	}
}
