package control_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// A merchant that hangs delays no other's pushes, nor the clock of its own sandbox.
func TestControlPushes_othersDoNotWait(t *testing.T) {
	c := newControlled(t)
	release := make(chan struct{})
	stuck := servertest.NewReceiver(t, func(w http.ResponseWriter, r *http.Request) { <-release; servertest.AnswerOK(w, r) })
	good := servertest.NewReceiver(t, servertest.AnswerOK)
	c.PutMerchant(t, "M1", map[string]any{"url": stuck.URL})
	c.PutMerchant(t, "M2", map[string]any{"url": good.URL})
	c.Do(t, http.MethodPatch, "/rules", map[string]any{"push.timeout": "10m"})
	for range 100 {
		c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": "M1", "kind": "entry"})
	}
	for range 100 {
		c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": "M2", "kind": "entry"})
	}
	for range 100 {
		<-good.News
	}
	status, _, _ := c.Ask(t, http.MethodPost, servertest.Default+"/pushes/drain", map[string]any{"timeout": "1ms"}).Problem(t)
	require.Equal(t, http.StatusGatewayTimeout, status)
	close(release)
	c.Drain(t)
	require.Len(t, c.Pushes(t, "status=delivered"), 200)
}

// docs/protocol.md, Pushes: what fails is retried on push.schedule, after the failure before, on the sandbox's clock, then
// failed; nothing is dropped.
func TestControlPushes_schedule(t *testing.T) {
	c := newControlled(t)
	r := servertest.NewReceiver(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"code":1}`) })
	c.PutMerchant(t, "M1", map[string]any{"url": r.URL})
	c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": "M1", "kind": "entry"})
	c.Drain(t)
	var next []string
	for _, by := range []string{"9s", "1s", "30s", "2m", "5m", "14m59s", "1s", "8d"} {
		p := c.Pushes(t, "")[0]
		if p.NextAttemptAt != nil {
			next = append(next, fmt.Sprintf("%d %s", len(p.Attempts), (*p.NextAttemptAt)[11:]))
		}
		c.Advance(t, by)
	}
	require.Equal(t, []string{"1 12:00:10", "1 12:00:10", "2 12:00:40", "3 12:02:40", "4 12:07:40", "5 12:22:40", "5 12:22:40"}, next)
	p := c.Pushes(t, "status=failed")[0]
	require.Len(t, p.Attempts, 6)
	require.Nil(t, p.NextAttemptAt)
	for _, got := range r.All() {
		require.Equal(t, p.Body, got.Body)
	}

	c.Do(t, http.MethodPatch, "/rules", map[string]any{"push.schedule": []string{}})
	c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": "M1", "kind": "entry"})
	c.Drain(t)
	require.Len(t, c.Pushes(t, "status=failed"), 2, "an empty schedule: one attempt")
}

// A running clock retries by itself, as fast as it runs.
func TestControlPushes_runningClock(t *testing.T) {
	c := newControlled(t)
	r := servertest.NewReceiver(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"code":1}`) })
	c.PutMerchant(t, "M1", map[string]any{"url": r.URL})
	c.Do(t, http.MethodPut, "/clock", map[string]any{"mode": "running", "rate": 20_000})
	c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": "M1", "kind": "entry"})
	for range 6 {
		<-r.News
	}
	c.Drain(t)
	c.Do(t, http.MethodPut, "/clock", map[string]any{"mode": "frozen"})
	require.Len(t, c.Pushes(t, "status=failed")[0].Attempts, 6)
}

// docs/protocol.md, Pushes: one vehicle's pushes to one merchant keep their order, vehicles do not wait for each other;
// push.ordering none lets all go.
func TestControlPushes_ordering(t *testing.T) {
	for _, ordering := range []string{"vehicle", "none"} {
		t.Run(ordering, func(t *testing.T) {
			c := newControlled(t)
			down := make(chan struct{})
			r := servertest.NewReceiver(t, func(w http.ResponseWriter, r *http.Request) {
				select {
				case <-down:
					servertest.AnswerOK(w, r)
				default:
					w.WriteHeader(http.StatusServiceUnavailable)
				}
			})
			c.PutMerchant(t, "M1", map[string]any{"url": r.URL})
			c.Do(t, http.MethodPatch, "/rules", map[string]any{"push.ordering": ordering})
			c.Bind(t, "13800000001", "渝ATX061")
			c.Bind(t, "13800000001", "渝ATX062")
			c.Enter(t, "渝ATX061")
			c.Drain(t)
			close(down) // the merchant is up again, and two more happen
			c.Exit(t, "渝ATX061")
			c.Enter(t, "渝ATX062")
			c.Drain(t)
			states := func() (s []string) {
				for _, p := range c.Pushes(t, "") {
					s = append(s, p.PlateNumber+" "+p.Kind+" "+p.Status)
				}
				return s
			}
			first := map[string]string{"vehicle": "pending", "none": "delivered"}[ordering]
			require.Equal(t, []string{"渝ATX061 entry pending", "渝ATX061 exit " + first, "渝ATX062 entry delivered"}, states())
			c.Advance(t, "10s")
			require.Equal(t, []string{"渝ATX061 entry delivered", "渝ATX061 exit delivered", "渝ATX062 entry delivered"}, states())
		})
	}
}

// docs/control-api.md, Pushes: a redelivery is one more attempt, byte for byte; its failure starts no new schedule.
func TestControlPushes_redeliver(t *testing.T) {
	c := newControlled(t)
	code := make(chan string, 10)
	r := servertest.NewReceiver(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"code":`+<-code+`}`) })
	c.PutMerchant(t, "M1", map[string]any{"url": r.URL})
	c.Do(t, http.MethodPatch, "/rules", map[string]any{"push.schedule": []string{"1m"}})
	c.Bind(t, "13800000001", "渝ATX061")
	order := c.Enter(t, "渝ATX061")
	redeliver := func(answer string) servertest.Push {
		code <- answer
		a := c.Ask(t, http.MethodPost, servertest.Default+"/pushes/p1/redeliver", nil)
		require.Equal(t, http.StatusAccepted, a.Status, a.Body)
		c.Drain(t)
		return c.Pushes(t, "")[0]
	}
	code <- "1"
	c.Drain(t)
	p := redeliver("1") // while it is pending: the schedule stays
	require.Equal(t, []any{"pending", 2, "2017-08-20 12:01:00"}, []any{p.Status, len(p.Attempts), *p.NextAttemptAt})
	code <- "1"
	c.Advance(t, "1h")
	require.Equal(t, "failed", c.Pushes(t, "")[0].Status)
	p = redeliver("1")
	require.Equal(t, []any{"failed", 4, (*string)(nil)}, []any{p.Status, len(p.Attempts), p.NextAttemptAt})
	c.Advance(t, "1h")
	require.Len(t, c.Pushes(t, "")[0].Attempts, 4)
	require.Equal(t, "delivered", redeliver("0").Status)
	p = redeliver("1")
	require.Equal(t, []any{"delivered", 6}, []any{p.Status, len(p.Attempts)}, "what is delivered stays so")
	require.Equal(t, order, p.OrderID)
	all := r.All()
	require.Len(t, all, 6)
	for _, got := range all {
		require.Equal(t, all[0], got)
	}
}

// docs/control-api.md, Pushes: one made by hand; what is left out is made up from the seed.
func TestControlPushes_trigger(t *testing.T) {
	bodies := map[string][]string{}
	for range 2 {
		c := newControlled(t)
		r := servertest.NewReceiver(t, servertest.AnswerOK)
		c.PutMerchant(t, "M1", map[string]any{"url": r.URL})
		for _, row := range schemas.Pushes() {
			p := c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": "M1", "kind": row.Kind})
			body := (<-r.News).Body
			require.Equal(t, p["body"], body)
			require.NoError(t, schemas.ValidatePush(row.Kind, []byte(body)), body)
			bodies[row.Kind] = append(bodies[row.Kind], body)
		}
		p := c.Do(t, http.MethodPost, "/pushes", `{"merchantNo":"M1","kind":"exit","fields":{"plateNumber":"渝ATX061","receivableFee":5.50,"stayedTime":12345678901234567890,"synId":"ORDER-1","parkName":"<&>\u0000"}}`)
		body := (<-r.News).Body
		require.Contains(t, body, `"receivableFee":5.50,`, "a number goes as it was written")
		require.Contains(t, body, `"stayedTime":12345678901234567890,`)
		require.Equal(t, []any{"渝ATX061", "ORDER-1"}, []any{p["plateNumber"], p["orderId"]})

		c.PutMerchant(t, "M2", nil)
		c.PutMerchant(t, "M3", map[string]any{"url": r.URL, "kinds": []string{"exit"}})
		for _, no := range []string{"M2", "M3"} {
			status, _, _ := c.Ask(t, http.MethodPost, servertest.Default+"/pushes", map[string]any{"merchantNo": no, "kind": "entry"}).Problem(t)
			require.Equal(t, http.StatusConflict, status)
		}
	}
	for kind, both := range bodies {
		require.Equal(t, both[0], both[1], kind)
	}
}

// Pushes of a merchant that has moved go to where it is now; those of one that is gone are not lost.
func TestControlPushes_merchantMoves(t *testing.T) {
	c := newControlled(t)
	c.PutMerchant(t, "M1", map[string]any{"url": "http://127.0.0.1:1/"})
	c.PutMerchant(t, "M2", map[string]any{"url": "http://127.0.0.1:1/"})
	for _, no := range []string{"M1", "M2"} {
		c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": no, "kind": "entry"})
	}
	c.Drain(t)
	r := servertest.NewReceiver(t, servertest.AnswerOK)
	c.PutMerchant(t, "M1", map[string]any{"url": r.URL + "/new"})
	c.Do(t, http.MethodDelete, "/merchants/M2", nil)
	c.Advance(t, "1h")
	all := c.Pushes(t, "")
	require.Equal(t, []string{"delivered", r.URL + "/new"}, []string{all[0].Status, all[0].URL})
	require.Equal(t, "failed", all[1].Status)
	require.Len(t, all[1].Attempts, 6)
	require.Len(t, c.Do(t, http.MethodGet, "/merchants", nil)["items"], 1)
}

// The log of pushes keeps the newest pushes.keep that are finished, and all that are pending.
func TestControlPushes_keep(t *testing.T) {
	c := newControlled(t)
	r := servertest.NewReceiver(t, servertest.AnswerOK)
	c.PutMerchant(t, "M1", map[string]any{"url": r.URL})
	c.PutMerchant(t, "M2", map[string]any{"url": "http://127.0.0.1:1/"})
	c.Do(t, http.MethodPatch, "/rules", map[string]any{"pushes.keep": 3})
	for range 5 {
		c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": "M2", "kind": "entry"})
	}
	for range 5 {
		c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": "M1", "kind": "entry"})
	}
	c.Drain(t)
	require.Len(t, c.Pushes(t, "status=pending"), 5)
	delivered := c.Pushes(t, "status=delivered")
	require.Len(t, delivered, 3)
	require.Equal(t, "p10", delivered[2].ID)
	c.Do(t, http.MethodPatch, "/rules", map[string]any{"pushes.keep": 1})
	require.Len(t, c.Pushes(t, "status=delivered"), 1)
	page := c.Do(t, http.MethodGet, "/pushes?limit=2&order=newest", nil)
	require.Equal(t, "p5", page["next"])
	require.Len(t, c.Do(t, http.MethodGet, "/pushes?limit=2&order=newest&after=p2", nil)["items"], 1)
}

// docs/control-api.md, World: a merchant's handler that calls the mock back, or moves the clock, while an advance awaits it, is
// served; the other advance waits its turn or answers 409.
func TestControlPushes_handlerCallsBack(t *testing.T) {
	t.Parallel() // the other advance waits for half a push.timeout
	c := newControlled(t)
	c.Do(t, http.MethodPatch, "/rules", map[string]any{"push.timeout": "6s", "push.schedule": []string{"10s"}})
	statuses := make(chan int, 10)
	calls := 0
	r := servertest.NewReceiver(t, func(w http.ResponseWriter, q *http.Request) {
		calls++
		if calls == 1 { // before the advance
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		a := c.Ask(t, http.MethodGet, servertest.Default+"/orders", nil)
		statuses <- a.Status
		statuses <- c.Ask(t, http.MethodPost, servertest.Default+"/cars/exit", `{"plateNumber":"渝ATX061"}`).Status
		statuses <- c.Ask(t, http.MethodPost, servertest.Default+"/clock/advance", `{"by":"1m"}`).Status
		servertest.AnswerOK(w, q)
	})
	c.PutMerchant(t, "M1", map[string]any{"url": r.URL, "kinds": []string{"entry"}})
	c.Bind(t, "13800000001", "渝ATX061")
	c.Enter(t, "渝ATX061")
	c.Drain(t)
	c.Advance(t, "10m")
	require.Equal(t, []int{200, 200, 409}, []int{<-statuses, <-statuses, <-statuses})
	require.Equal(t, "delivered", c.Pushes(t, "")[0].Status)
	require.Equal(t, "2017-08-20 12:10:00", c.Do(t, http.MethodGet, "/clock", nil)["now"])
}

// docs/control-api.md, World: an advance awaits what was under way before it too: a merchant that hangs costs it every push.timeout of
// the schedule, and each attempt stands at its place.
func TestControlPushes_advanceOutlastsMerchantThatHangs(t *testing.T) {
	c := newControlled(t)
	c.Do(t, http.MethodPatch, "/rules", map[string]any{"push.timeout": "100ms", "push.schedule": []string{"10s", "30s"}})
	r := servertest.NewReceiver(t, func(_ http.ResponseWriter, q *http.Request) { <-q.Context().Done() })
	c.PutMerchant(t, "M1", map[string]any{"url": r.URL, "kinds": []string{"entry"}})
	c.Bind(t, "13800000001", "渝ATX061")
	c.Enter(t, "渝ATX061")
	c.Advance(t, "1h")
	p := c.Pushes(t, "")[0]
	require.Equal(t, "failed", p.Status)
	at := []string{}
	for _, a := range p.Attempts {
		at = append(at, a.At)
	}
	require.Equal(t, []string{"2017-08-20 12:00:00", "2017-08-20 12:00:10", "2017-08-20 12:00:40"}, at)
}

// A handler that asks for an advance before it answers is served once its attempt has run into push.timeout.
func TestControlPushes_handlerAdvancesByItself(t *testing.T) {
	t.Parallel() // it waits
	c := newControlled(t)
	c.Do(t, http.MethodPatch, "/rules", map[string]any{"push.timeout": "2s", "push.schedule": []string{"10s"}})
	statuses := make(chan int, 10)
	r := servertest.NewReceiver(t, func(w http.ResponseWriter, q *http.Request) {
		statuses <- c.Ask(t, http.MethodPost, servertest.Default+"/clock/advance", `{"by":"5s"}`).Status
		servertest.AnswerOK(w, q)
	})
	c.PutMerchant(t, "M1", map[string]any{"url": r.URL, "kinds": []string{"entry"}})
	c.Bind(t, "13800000001", "渝ATX061")
	c.Enter(t, "渝ATX061")
	require.Equal(t, 200, <-statuses)
	require.Equal(t, "2017-08-20 12:00:05", c.Do(t, http.MethodGet, "/clock", nil)["now"])
}

// Advances side by side take turns: none is lost.
func TestControlPushes_advancesTakeTurns(t *testing.T) {
	c := newControlled(t)
	c.Do(t, http.MethodPatch, "/rules", map[string]any{"push.timeout": "10m"}) // half of which each waits for its turn at most
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { c.Ask(t, http.MethodPost, servertest.Default+"/clock/advance", `{"by":"1m"}`) })
	}
	all.Wait()
	require.Equal(t, "2017-08-20 12:20:00", c.Do(t, http.MethodGet, "/clock", nil)["now"])
}

// docs/control-api.md, Pushes: drain answers 200 when nothing is due or in flight, though retries fall due later.
func TestControlPushes_drain(t *testing.T) {
	c := newControlled(t)
	c.Drain(t)
	c.PutMerchant(t, "M1", map[string]any{"url": "http://127.0.0.1:1/"})
	c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": "M1", "kind": "entry"})
	c.Drain(t)
	require.Len(t, c.Pushes(t, "status=pending"), 1)

	release := make(chan struct{})
	stuck := servertest.NewReceiver(t, func(w http.ResponseWriter, r *http.Request) { <-release; servertest.AnswerOK(w, r) })
	c.PutMerchant(t, "M1", map[string]any{"url": stuck.URL})
	for range 3 {
		c.Do(t, http.MethodPost, "/pushes", map[string]any{"merchantNo": "M1", "kind": "entry"})
	}
	start := time.Now()
	a := c.Ask(t, http.MethodPost, servertest.Default+"/pushes/drain", `{"timeout":"50ms"}`)
	require.GreaterOrEqual(t, time.Since(start), 50*time.Millisecond)
	a.Problem(t)
	var p struct{ Pending any }
	require.NoError(t, json.Unmarshal([]byte(a.Body), &p))
	require.Equal(t, []any{http.StatusGatewayTimeout, 3.0}, []any{a.Status, p.Pending})
	close(release)
	c.Drain(t)
}
