package control_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// A request that is in flight while its sandbox is reset, restored, undone or deleted gets an answer of the platform: that of the sandbox before or
// after, that nobody has the number, or that the sandbox has gone. Nothing of it is left: id and number are free at once, and a new sandbox knows nothing of the old one's calls.
func TestSandbox_endsUnderRequests(t *testing.T) {
	c := newControlled(t)
	receiver := servertest.NewReceiver(t, servertest.AnswerOK)
	fixture := map[string]any{
		"merchants": []any{map[string]any{"no": "X", "key": "kx", "push": map[string]any{"url": receiver.URL}}},
		"parkings":  []any{map[string]any{"id": "1", "name": "P", "city": "重庆市", "lat": "29.5", "lon": "106.5"}},
		"faults":    []any{map[string]any{"on": map[string]any{"endpoint": "parkingstatus"}, "do": map[string]any{"delay": "2ms"}}},
	}
	const here = "/__admin/sandboxes/x"
	var answered, unknown atomic.Int64
	ask := func(endpoint, data string) (code int) {
		stamp := servertest.Stamp()
		form := url.Values{"merchant_no": {"X"}, "time_stamp": {stamp}, "data": {data}, "sign": {sign.Request(data, "kx", stamp)}}
		a := c.Ask(t, http.MethodPost, schemas.PathPrefix+endpoint, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
		var envelope struct{ Code int }
		if json.Unmarshal([]byte(a.Body), &envelope) != nil || a.Status != http.StatusOK && a.Header.Get("X-Mock-Reason") != "sandbox-gone" {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		return envelope.Code
	}
	var callers sync.WaitGroup
	ended := make(chan struct{})
	for i := range 4 {
		endpoint, data := "parkingstatus", `{"parkingId":"1"}`
		if i%2 == 0 {
			endpoint, data = "usersigin", `{"mobilePhone":"13800000001","appId":"A"}`
		}
		callers.Go(func() {
			for {
				select {
				case <-ended:
					return
				default:
				}
				switch code := ask(endpoint, data); code {
				case 0:
					answered.Add(1)
				case 5: // nobody has the number
					unknown.Add(1)
				case 2: // the sandbox went meanwhile
				default:
					t.Errorf("%s: code %d", endpoint, code)
				}
			}
		})
	}
	for round := range 12 {
		a := c.Ask(t, http.MethodPost, "/__admin/sandboxes", map[string]any{"id": "x", "fixture": fixture})
		require.Equal(t, http.StatusCreated, a.Status, a.Body)
		for before := answered.Load(); answered.Load() < before+4; {
			require.Equal(t, http.StatusCreated, c.Ask(t, http.MethodPost, here+"/pushes", `{"merchantNo":"X","kind":"unbind"}`).Status)
		}
		switch state := c.Ask(t, http.MethodGet, here+"/state", nil).Body; round % 4 {
		case 0:
			require.Equal(t, http.StatusOK, c.Ask(t, http.MethodPost, here+"/reset", nil).Status)
		case 1:
			require.Equal(t, http.StatusOK, c.Ask(t, http.MethodPut, here+"/state", state).Status)
		case 2:
			require.Equal(t, http.StatusOK, c.Ask(t, http.MethodPost, here+"/undo", `{"to":"r1"}`).Status)
		}
		require.Equal(t, http.StatusNoContent, c.Ask(t, http.MethodDelete, here, nil).Status)
		require.Equal(t, http.StatusNotFound, c.Ask(t, http.MethodGet, here+"/requests", nil).Status)
	}
	close(ended)
	callers.Wait()
	require.Positive(t, unknown.Load())
	require.Equal(t, http.StatusCreated, c.Ask(t, http.MethodPost, "/__admin/sandboxes", map[string]any{"id": "x", "fixture": fixture}).Status)
	require.JSONEq(t, `{"items":[]}`, c.Ask(t, http.MethodGet, here+"/requests", nil).Body)
}
