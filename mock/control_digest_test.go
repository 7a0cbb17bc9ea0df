package mock_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// A digest sends the newest of many requests and counts the others; nothing is lost from the sum, and nothing else is left out.
func TestEvents_digest(t *testing.T) {
	c := newControlled(t)
	s := c.followAt(t, controlDefault+"/events?digest=true", "")
	const requests = 300
	for i := range requests {
		c.call(t, "parkingstatus", map[string]any{"parkingId": 1 + i%2}) // the second is unknown
	}
	c.do(t, http.MethodPost, "/clock/advance", map[string]any{"by": "1m"})
	sent, counted, failed, last := 0, 0, 0, ""
	for {
		e := eventOf(t, s)
		if e.kind == "clock" {
			break
		}
		switch e.kind {
		case "request":
			sent++
			last, _ = e.data["id"].(string)
		case "skipped":
			n, _ := e.data["requests"].(float64)
			codes, _ := e.data["codes"].(map[string]any)
			ones, _ := codes["1"].(float64)
			counted, failed = counted+int(n), failed+int(ones)
		default:
			require.Fail(t, "an event "+e.kind)
		}
		require.NotEmpty(t, e.id)
	}
	require.Equal(t, requests, sent+counted)
	require.LessOrEqual(t, failed, requests/2)
	require.Equal(t, "r300", last, "the newest is always sent")
}

// A digest resumes: what happened in between is thinned like the rest.
func TestEvents_digestResumes(t *testing.T) {
	c := newControlled(t)
	s := c.followAt(t, controlDefault+"/events?digest=true", "")
	c.call(t, "parkingstatus", map[string]any{"parkingId": 1})
	id := s.kind("request").id
	s.close()
	for range 2000 { // more than are kept
		c.call(t, "parkingstatus", map[string]any{"parkingId": 1})
	}
	s = c.followAt(t, controlDefault+"/events?digest=true", id)
	e := eventOf(t, s)
	require.Equal(t, "skipped", e.kind)
	counted, _ := e.data["requests"].(float64)
	unknown, _ := e.data["unknown"].(float64)
	sent := 1
	for eventOf(t, s).data["id"] != "r2001" {
		sent++
	}
	require.Equal(t, 2000, sent+int(counted)+int(unknown))
	require.Equal(t, http.StatusUnprocessableEntity, c.ask(t, http.MethodGet, controlDefault+"/events?digest=perhaps", nil).status)
}

func eventOf(t *testing.T, s *controlStream) controlEvent {
	t.Helper()
	e, more := s.next()
	require.True(t, more)
	return e
}
