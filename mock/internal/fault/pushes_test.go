package fault_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/sign"
)

// receiver is M1's endpoint; it keeps what arrives, in its order, and answers code 0.
type receiver struct{ *servertest.Receiver }

func (r receiver) arrived() (bodies []string) {
	for _, push := range r.All() {
		bodies = append(bodies, push.Body)
	}
	return bodies
}

// kinds tells what has arrived: the exit pushes are those with an exitTime.
func (r receiver) kinds(tb testing.TB) (kinds []string) {
	tb.Helper()
	for _, body := range r.arrived() {
		var fields obj
		require.NoError(tb, json.Unmarshal([]byte(body), &fields))
		kind := "entry"
		if fields["exitTime"] != nil {
			kind = "exit"
		}
		kinds = append(kinds, kind)
	}
	return kinds
}

// receives has M1's pushes sent to a receiver, and binds plates for it.
func (c *controlled) receives(tb testing.TB, plates ...string) receiver {
	tb.Helper()
	r := servertest.NewReceiver(tb, servertest.AnswerOK)
	c.PutMerchant(tb, "M1", obj{"url": r.URL})
	for _, plate := range plates {
		c.Bind(tb, "13800000001", plate)
	}
	return receiver{r}
}

// pushed are the items of the listing.
func (c *controlled) pushed(tb testing.TB) (items []obj) {
	tb.Helper()
	for _, item := range c.Do(tb, http.MethodGet, "/pushes", nil)["items"].([]any) {
		items = append(items, item.(obj))
	}
	return items
}

// drop: a failed attempt that does not reach the merchant, retried on schedule.
func TestPushFault_drop(t *testing.T) {
	c := newControlled(t)
	r := c.receives(t, "渝ATX061")
	id := c.fault(t, obj{"push": "entry"}, obj{"drop": true})
	s := c.Follow(t, "")
	c.Enter(t, "渝ATX061")
	hit := s.Until("fault").Data
	c.Drain(t)
	require.Empty(t, r.arrived())
	item := c.pushed(t)[0]
	require.Equal(t, hit["pushId"], item["id"])
	require.Equal(t, []any{id}, item["faults"])
	require.Equal(t, "pending", item["status"])
	require.Len(t, item["attempts"], 1)
	require.Contains(t, item["attempts"].([]any)[0].(obj)["error"], id)
	require.Equal(t, "2017-08-20 12:00:10", item["nextAttemptAt"])
	c.Do(t, http.MethodPost, "/clock/advance", obj{"by": "10s"})
	require.Len(t, r.arrived(), 1)
	require.Equal(t, "delivered", c.pushed(t)[0]["status"])
	matched, applied := c.stats(t, id)
	require.Equal(t, []float64{1, 1}, []float64{matched, applied})
}

// duplicate: so many deliveries in all, of the same bytes, each recorded.
func TestPushFault_duplicate(t *testing.T) {
	c := newControlled(t)
	r := c.receives(t, "渝ATX061")
	c.fault(t, obj{"push": "entry"}, obj{"duplicate": 3})
	c.Enter(t, "渝ATX061")
	c.Drain(t)
	require.Len(t, r.arrived(), 3)
	item := c.pushed(t)[0]
	for _, body := range r.arrived() {
		require.Equal(t, item["body"], body)
	}
	require.Len(t, item["attempts"], 3)
	c.Exit(t, "渝ATX061")
	c.Drain(t)
	require.Len(t, r.arrived(), 4, "an exit is no entry")
}

// reorder: held behind the merchant's next push, of the same vehicle or of another; a lasting one swaps pairs.
func TestPushFault_reorder(t *testing.T) {
	t.Run("of its vehicle", func(t *testing.T) {
		c := newControlled(t)
		r := c.receives(t, "渝ATX061")
		c.fault(t, obj{"push": "entry"}, obj{"reorder": true})
		c.Enter(t, "渝ATX061")
		c.Drain(t)
		c.Do(t, http.MethodPost, "/clock/advance", obj{"by": "90m"})
		require.Empty(t, r.arrived(), "held")
		require.Equal(t, "2017-08-21 12:00:00", c.pushed(t)[0]["nextAttemptAt"])
		c.Exit(t, "渝ATX061")
		c.Drain(t)
		require.Equal(t, []string{"exit", "entry"}, r.kinds(t))
	})
	t.Run("of another, in pairs", func(t *testing.T) {
		c := newControlled(t)
		r := c.receives(t, "渝A00001", "渝A00002", "渝A00003")
		id := c.fault(t, obj{"push": "entry"}, obj{"reorder": true})
		for _, plate := range []string{"渝A00001", "渝A00002", "渝A00003"} {
			c.Enter(t, plate)
			c.Drain(t)
		}
		items := c.pushed(t)
		require.Equal(t, []string{items[1]["body"].(string), items[0]["body"].(string)}, r.arrived())
		require.Equal(t, []any{[]any{id}, []any{}, []any{id}}, []any{items[0]["faults"], items[1]["faults"], items[2]["faults"]})

		state := c.Do(t, http.MethodGet, "/state", nil)
		c.Do(t, http.MethodPut, "/state", state)
		c.Exit(t, "渝A00001")
		c.Drain(t)
		require.Equal(t, []string{"entry", "entry", "exit", "entry"}, r.kinds(t), "held through a snapshot")
	})
	t.Run("none comes", func(t *testing.T) {
		c := newControlled(t)
		r := c.receives(t, "渝ATX061")
		c.fault(t, obj{"push": "entry"}, obj{"reorder": true}, obj{"times": 1})
		c.Enter(t, "渝ATX061")
		c.Do(t, http.MethodPost, "/clock/advance", obj{"by": "24h"})
		require.Len(t, r.arrived(), 1)
		c.Do(t, http.MethodPost, "/reset", nil)
		c.Drain(t)
		require.Empty(t, c.pushed(t))
	})
	t.Run("by hand", func(t *testing.T) {
		c := newControlled(t)
		r := c.receives(t, "渝ATX061")
		c.fault(t, obj{"push": "entry"}, obj{"reorder": true})
		c.Enter(t, "渝ATX061")
		c.Do(t, http.MethodPost, "/pushes/"+c.pushed(t)[0]["id"].(string)+"/redeliver", nil)
		c.Drain(t)
		require.Len(t, r.arrived(), 1)
	})
}

// corruptSign: the signature is another text's; body and signed say what was sent. A redelivery is byte-identical.
func TestPushFault_corruptSign(t *testing.T) {
	for _, encoding := range []string{"json", "form", "form-data-param"} {
		for _, data := range []string{"json", "values", "query"} {
			t.Run(encoding+" "+data, func(t *testing.T) {
				c := newControlled(t)
				c.Do(t, http.MethodPatch, "/rules", obj{"push.encoding": encoding, "push.sign_data": data})
				r := c.receives(t, "渝ATX061")
				c.Enter(t, "渝ATX061")
				id := c.fault(t, obj{"push": "exit"}, obj{"corruptSign": true})
				c.Exit(t, "渝ATX061")
				c.Drain(t)
				c.Do(t, http.MethodPost, "/pushes/"+c.pushed(t)[1]["id"].(string)+"/redeliver", nil)
				c.Drain(t)
				items, bodies := c.pushed(t), r.arrived()
				require.Equal(t, []string{items[0]["body"].(string), items[1]["body"].(string), items[1]["body"].(string)}, bodies)
				require.Equal(t, []any{id}, items[1]["faults"])
				require.Contains(t, items[1]["signed"], "•••")
				if encoding != "json" || data != "json" {
					return
				}
				verifier := sign.PushVerifier{MerchantNo: "M1", Key: servertest.Key}
				require.NoError(t, verifier.Verify([]byte(bodies[0])))
				require.ErrorIs(t, verifier.Verify([]byte(bodies[1])), sign.ErrMismatch)
			})
		}
	}
}

// delay: wall time before the attempt is sent, which holds up neither another vehicle nor the lock; an advance awaits it.
func TestPushFault_delay(t *testing.T) {
	t.Run("holds up no other", func(t *testing.T) {
		c := newControlled(t)
		r := c.receives(t, "渝A00001", "渝A00002")
		id := c.fault(t, obj{"push": "entry", "where": obj{"plateNumber": "渝A00001"}}, obj{"delay": "10m"})
		c.Enter(t, "渝A00001")
		c.Enter(t, "渝A00002")
		require.Eventually(t, func() bool { return c.pushed(t)[1]["status"] == "delivered" }, time.Minute, time.Millisecond)
		a := c.Ask(t, http.MethodPost, servertest.Default+"/pushes/drain", obj{"timeout": "20ms"})
		require.Equal(t, http.StatusGatewayTimeout, a.Status, "it is under way")
		items := c.pushed(t)
		require.Equal(t, []string{items[1]["body"].(string)}, r.arrived())
		require.Equal(t, []any{id}, items[0]["faults"])
		require.Empty(t, items[1]["faults"])
	})
	t.Run("is awaited", func(t *testing.T) {
		c := newControlled(t)
		r := c.receives(t, "渝A00001")
		c.fault(t, obj{"push": "entry"}, obj{"delay": "300ms"})
		began := time.Now()
		c.Enter(t, "渝A00001")
		c.Do(t, http.MethodPost, "/clock/advance", obj{"by": "1s"})
		require.GreaterOrEqual(t, time.Since(began), 300*time.Millisecond)
		require.Equal(t, []string{c.pushed(t)[0]["body"].(string)}, r.arrived())
	})
}

// A push that is being delayed is given up by a reset and stays pending at a stop; neither waits for it.
func TestPushFault_delayEndsWithTheSandbox(t *testing.T) {
	c := newControlled(t)
	r := c.receives(t, "渝ATX061")
	c.fault(t, obj{"push": "entry"}, obj{"delay": "10m"})
	c.Enter(t, "渝ATX061")
	state := c.Do(t, http.MethodGet, "/state", nil)
	c.Do(t, http.MethodPost, "/reset", nil)
	c.Drain(t)
	c.Do(t, http.MethodPut, "/state", state)
	require.Equal(t, "pending", c.pushed(t)[0]["status"])
	require.NoError(t, c.Mock.Close(t.Context()))
	require.Equal(t, map[string]int{"default": 1}, c.Mock.Pending())
	require.Empty(t, r.arrived())
}

// where looks into the body that goes out, whatever its encoding; the plate may be the real one or the masked.
func TestPushFault_where(t *testing.T) {
	for _, encoding := range []string{"json", "form", "form-data-param"} {
		for name, row := range map[string]struct {
			on  obj
			hit bool
		}{
			"nothing":          {obj{}, true},
			"number":           {obj{"where": obj{"parkId": 1}}, encoding != "form"},
			"text":             {obj{"where": obj{"parkId": "1", "userType": "77"}}, encoding == "form"},
			"plate":            {obj{"where": obj{"plateNumber": "渝ATX061"}}, true},
			"masked":           {obj{"where": obj{"plateNumber": "渝****61"}}, true},
			"another":          {obj{"where": obj{"parkId": 2}}, false},
			"merchant":         {obj{"merchantNo": "M1"}, true},
			"another merchant": {obj{"merchantNo": "M2"}, false},
		} {
			t.Run(encoding+" "+name, func(t *testing.T) {
				c := newControlled(t)
				c.Do(t, http.MethodPatch, "/rules", obj{"push.encoding": encoding})
				c.receives(t, "渝ATX061")
				row.on["push"] = "entry"
				id := c.fault(t, row.on, obj{"duplicate": 2})
				c.Enter(t, "渝ATX061")
				_, applied := c.stats(t, id)
				require.Equal(t, row.hit, applied == 1)
				c.Drain(t)
			})
		}
	}
}

// Together: late, lost at first, with a wrong signature, and twice.
func TestPushFault_together(t *testing.T) {
	c := newControlled(t)
	r := c.receives(t, "渝ATX061")
	id := c.fault(t, obj{"push": "entry"}, obj{"delay": obj{"min": "1ms", "max": "5ms"}, "drop": true, "duplicate": 2, "corruptSign": true})
	c.Enter(t, "渝ATX061")
	c.Do(t, http.MethodPost, "/clock/advance", obj{"by": "10s"})
	item := c.pushed(t)[0]
	require.Equal(t, []string{item["body"].(string), item["body"].(string)}, r.arrived())
	require.Len(t, item["attempts"], 3)
	require.Contains(t, item["signed"], "(corrupted)")
	require.Equal(t, []any{id}, item["faults"])
}
