package control_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
)

// A digest sends the newest of many requests and counts the others; nothing is lost from the sum, and nothing else is left out.
func TestEvents_digest(t *testing.T) {
	c := newControlled(t)
	s := c.FollowAt(t, servertest.Default+"/events?digest=true", "")
	const requests = 300
	for i := range requests {
		c.Call(t, "parkingstatus", map[string]any{"parkingId": 1 + i%2}) // the second is unknown
	}
	c.Do(t, http.MethodPost, "/clock/advance", map[string]any{"by": "1m"})
	sent, counted, failed, last := 0, 0, 0, ""
	for {
		e := eventOf(t, s)
		if e.Kind == "clock" {
			break
		}
		switch e.Kind {
		case "request":
			sent++
			last, _ = e.Data["id"].(string)
		case "skipped":
			n, _ := e.Data["requests"].(float64)
			codes, _ := e.Data["codes"].(map[string]any)
			ones, _ := codes["1"].(float64)
			counted, failed = counted+int(n), failed+int(ones)
		default:
			require.Fail(t, "an event "+e.Kind)
		}
		require.NotEmpty(t, e.ID)
	}
	require.Equal(t, requests, sent+counted)
	require.LessOrEqual(t, failed, requests/2)
	require.Equal(t, "r300", last, "the newest is always sent")
}

// A digest resumes: what happened in between is thinned like the rest.
func TestEvents_digestResumes(t *testing.T) {
	c := newControlled(t)
	s := c.FollowAt(t, servertest.Default+"/events?digest=true", "")
	c.Call(t, "parkingstatus", map[string]any{"parkingId": 1})
	id := s.Until("request").ID
	s.Close()
	for range 2000 { // more than are kept
		c.Call(t, "parkingstatus", map[string]any{"parkingId": 1})
	}
	s = c.FollowAt(t, servertest.Default+"/events?digest=true", id)
	e := eventOf(t, s)
	require.Equal(t, "skipped", e.Kind)
	counted, _ := e.Data["requests"].(float64)
	unknown, _ := e.Data["unknown"].(float64)
	sent := 1
	for eventOf(t, s).Data["id"] != "r2001" {
		sent++
	}
	require.Equal(t, 2000, sent+int(counted)+int(unknown))
	require.Equal(t, http.StatusUnprocessableEntity, c.Ask(t, http.MethodGet, servertest.Default+"/events?digest=perhaps", nil).Status)
}

func eventOf(t *testing.T, s *servertest.Stream) servertest.Event {
	t.Helper()
	e, more := s.Next()
	require.True(t, more)
	return e
}
