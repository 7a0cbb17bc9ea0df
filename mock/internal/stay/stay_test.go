package stay_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"

	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
)

const stayPlate, stayPhone = "渝ATX061", "13800000001"

func (c *controlled) itemsOf(t *testing.T, path string) (items []map[string]any) {
	t.Helper()
	for _, item := range c.Do(t, http.MethodGet, path, nil)["items"].([]any) {
		items = append(items, item.(map[string]any))
	}
	return items
}

// tokenOf is the token that a request was answered with.
func (c *controlled) tokenOf(t *testing.T, id string) string {
	t.Helper()
	var answer struct{ Data struct{ Token string } }
	require.NoError(t, json.Unmarshal([]byte(c.Do(t, http.MethodGet, "/requests/"+id, nil)["response"].(string)), &answer))
	return answer.Data.Token
}

// aStay is a whole stay, from the code to the unbinding; its entry push is refused once, a payment is refused once.
func aStay(t *testing.T, c *controlled) (order string) {
	t.Helper()
	calls := func(want int, endpoint string, data map[string]any) any {
		t.Helper()
		code, out := c.CallAny(t, endpoint, data)
		require.Equal(t, want, code, "%s %v", endpoint, out)
		return out
	}
	var attempts atomic.Int64
	hook := servertest.NewReceiver(t, func(w http.ResponseWriter, r *http.Request) {
		if attempts.Add(1)%2 == 1 { // every first attempt is refused
			_, _ = io.WriteString(w, `{"code":4,"message":"签名校验非法"}`)
			return
		}
		servertest.AnswerOK(w, r)
	})
	c.PutMerchant(t, "M1", map[string]any{"url": hook.URL})
	drain := func() { t.Helper(); c.Do(t, http.MethodPost, "/pushes/drain", map[string]any{"timeout": "20s"}) }
	calls(0, "uservalidatecode", map[string]any{"mobilePhone": stayPhone})
	sms := c.Do(t, http.MethodGet, "/sms/"+stayPhone, nil)
	calls(20101, "orderunpay", map[string]any{"token": "none", "plateNumber": "渝B00001"}) // somebody else's
	token := calls(0, "userlogin", map[string]any{"mobilePhone": stayPhone, "code": sms["code"], "appId": "ETCP"}).(map[string]any)["token"]
	calls(0, "bindcar", map[string]any{"token": token, "plateNumber": stayPlate})
	order, _ = c.Do(t, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": stayPlate, "parkingId": "1"})["orderId"].(string)
	drain()
	c.Do(t, http.MethodPost, "/clock/advance", map[string]any{"by": "90m"})
	row := calls(0, "orderunpay", map[string]any{"token": token, "plateNumber": stayPlate}).([]any)[0].(map[string]any)
	pay := map[string]any{"token": token, "orderId": order, "externalOrderId": "e1", "payment": "8", "payTime": "2017-08-20 13:30:00", "verificationInfo": row["verificationInfo"]}
	calls(20206, "orderpaid", pay)
	pay["payment"] = "10"
	calls(0, "orderpaid", pay)
	calls(0, "orderpaid", pay) // the same payment, sent again
	c.Do(t, http.MethodPost, "/clock/advance", map[string]any{"by": "6m"})
	c.Do(t, http.MethodPost, "/cars/exit", map[string]any{"plateNumber": stayPlate})
	drain()
	calls(0, "unbindcar", map[string]any{"token": token, "plateNumber": stayPlate})
	drain()
	return order
}

// One stay's story is told in order, each thing in its lane, with what refused a payment and the attempt that is to come.
func TestStay_isTheStoryInOrder(t *testing.T) {
	c := newControlled(t)
	order := aStay(t, c)
	items := c.itemsOf(t, "/stays/"+order)
	var told []string
	for _, i := range items {
		line := i["at"].(string)[11:] + " " + i["lane"].(string) + " " + i["kind"].(string) + ": " + i["text"].(string)
		if pay, _, ok := strings.Cut(line, ", no2017"); ok {
			line = pay
		}
		told = append(told, line)
		require.NotEmpty(t, i["textZh"])
	}
	require.Equal(t, []string{
		"12:00:00 user sms: SMS code to 13800000001",
		"12:00:00 user login: 13800000001 signed in through M1",
		"12:00:00 user bind: 渝ATX061 bound by 13800000001",
		"12:00:00 car enter: 渝ATX061 drove into ETCP 智慧停车场",
		"12:00:00 webhook push: entry → M1: delivered",
		"12:00:00 webhook attempt: entry → M1, attempt 1: " + "code is 4, not 0",
		"12:00:10 webhook attempt: entry → M1, attempt 2: HTTP 200",
		"13:30:00 platform quote: ¥10 to pay; the quote holds until 2017-08-20 13:35:00",
		"13:30:00 platform refused: orderpaid refused: 20206 payment-mismatch",
		"13:30:00 platform paid: ¥10 paid through M1",
		"13:30:00 platform request: orderpaid answered once more",
		"13:36:00 car exit: left after 1h36m: fee ¥10, electronic ¥10, cash ¥0, owing ¥0",
		"13:36:00 webhook push: exit → M1: pending",
		"13:36:00 webhook attempt: exit → M1, attempt 1: " + "code is 4, not 0",
		"13:36:00 user unbind: 渝ATX061 unbound by 13800000001",
		"13:36:00 webhook push: unbind → M1: pending",
		"13:36:10 webhook next: exit → M1, attempt 2 is due",
		"13:36:10 webhook next: unbind → M1, attempt 1 waits behind p2",
	}, told)
	for i, gap := range map[int]string{6: "10s", 7: "1h29m50s", 11: "6m"} {
		require.Equal(t, gap, items[i]["gap"])
	}
	require.Contains(t, items[8]["why"], "10")
	require.Contains(t, items[8]["whyZh"], "10")
	require.Equal(t, "10", items[9]["amount"])
	require.Equal(t, "r6", items[8]["requestId"])
	require.Equal(t, true, items[5]["failed"])
	require.Equal(t, "p2", items[17]["behind"])

	// Page by page it is the same.
	first := c.Do(t, http.MethodGet, "/stays/"+order+"?limit=10", nil)
	rest := c.Do(t, http.MethodGet, "/stays/"+order+"?limit=10&after="+url.QueryEscape(first["next"].(string)), nil)
	require.Len(t, rest["items"], len(items)-10)
	require.Equal(t, http.StatusNotFound, c.Ask(t, http.MethodGet, servertest.Default+"/stays/none", nil).Status)
}

// Of two stays of a vehicle each has its own: its quotes, its pushes, the binding in force, and how the user signed in.
func TestStay_keepsToItself(t *testing.T) {
	c := newControlled(t)
	token := c.Bind(t, stayPhone, stayPlate)
	var orders []string
	for range 2 {
		order, _ := c.Do(t, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": stayPlate, "parkingId": "1"})["orderId"].(string)
		orders = append(orders, order)
		c.Do(t, http.MethodPost, "/clock/advance", map[string]any{"by": "1h"})
		c.Call(t, "orderunpay", map[string]any{"token": token, "plateNumber": stayPlate})
		c.Do(t, http.MethodPost, "/cars/exit", map[string]any{"plateNumber": stayPlate})
		c.Do(t, http.MethodPost, "/clock/advance", map[string]any{"by": "1h"})
	}
	c.Call(t, "bindcar", map[string]any{"token": "none", "plateNumber": stayPlate}) // after both
	for i, order := range orders {
		var kinds, requests []string
		for _, item := range c.itemsOf(t, "/stays/"+order) {
			kinds = append(kinds, item["kind"].(string))
			if id, ok := item["requestId"].(string); ok {
				requests = append(requests, id)
			}
		}
		require.Equal(t, []string{"login", "bind", "enter", "quote", "exit"}, kinds)
		require.Equal(t, []string{"r1", "r2", []string{"r3", "r4"}[i]}, requests)
	}
}

// What happened within one second, or at the one instant of a clock that stands, is told in the order of the log, and whole.
func TestStay_withinOneSecond(t *testing.T) {
	for _, now := range []string{"2017-08-20 12:00:00", "2017-08-20T12:00:00.7+08:00"} {
		c := newControlled(t)
		c.AcceptPushes(t)
		c.Do(t, http.MethodPut, "/clock", map[string]any{"now": now})
		order := c.Enter(t, stayPlate)
		c.Drain(t)
		token := c.Bind(t, stayPhone, stayPlate)
		c.Exit(t, stayPlate)
		c.Call(t, "carnum", map[string]any{"token": token})
		c.Call(t, "unbindcar", map[string]any{"token": token, "plateNumber": stayPlate})
		c.Drain(t)
		var kinds []string
		for _, item := range c.itemsOf(t, "/stays/"+order) {
			if kind, _ := item["kind"].(string); kind != "push" && kind != "attempt" {
				kinds = append(kinds, kind)
			}
		}
		require.Equal(t, []string{"enter", "login", "bind", "exit", "unbind"}, kinds, now)
	}
}

// The push of an entry follows the car, also where the stay begins the log that tells of it, behind pushes of an earlier one.
func TestStay_entryPushFollowsTheCar(t *testing.T) {
	var passed atomic.Int64
	started := time.Now()
	c := newControlled(t, mock.WithClock(func() time.Time { return started.Add(time.Duration(passed.Load())) }))
	c.AcceptPushes(t)
	c.Do(t, http.MethodPut, "/clock", map[string]any{"mode": "running"}) // so that no input of the clock goes before the car
	c.Bind(t, stayPhone, stayPlate)
	c.Enter(t, stayPlate)
	c.Exit(t, stayPlate)
	passed.Add(int64(time.Minute))
	order := c.Enter(t, stayPlate)
	c.Drain(t)
	var kinds []string
	for _, item := range c.itemsOf(t, "/stays/"+order) {
		kinds = append(kinds, item["kind"].(string))
	}
	require.Equal(t, []string{"login", "bind", "enter", "push", "attempt"}, kinds)
}

// The fee is a line of steps, each with how it came about; beyond now it goes on as if the car stayed.
func TestFee_isALineOfSteps(t *testing.T) {
	c := newControlled(t)
	order := aStay(t, c)
	curve := c.Do(t, http.MethodGet, "/orders/"+order+"/fee", nil)
	var steps []string
	for _, item := range curve["items"].([]any) {
		p, _ := item.(map[string]any)
		steps = append(steps, p["at"].(string)[11:]+" "+p["fee"].(string)+" "+p["remaining"].(string))
		require.NotEmpty(t, p["whyZh"])
	}
	require.Equal(t, []string{"12:00:00 0 0", "12:15:01 5 5", "13:00:01 10 10", "13:30:00 10 0"}, steps)
	require.Contains(t, curve["items"].([]any)[2].(map[string]any)["why"], "2 × 5 = 10")
	require.EqualValues(t, 15, curve["freeMinutes"])
	require.Equal(t, "50", curve["dailyCap"])
	require.Equal(t, "2017-08-20 13:36:00", curve["exitTime"])
	require.Equal(t, []any{map[string]any{"requestId": "r5", "at": "2017-08-20 13:30:00", "until": "2017-08-20 13:35:00", "amount": "10"}}, curve["quotes"], "as long as it may be paid, though it was paid at once")
	paid, _ := curve["payments"].([]any)[0].(map[string]any)
	require.Equal(t, "electronic", paid["how"])

	parked, _ := c.Do(t, http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝B00001", "parkingId": "1"})["orderId"].(string)
	fee := "/orders/" + parked + "/fee"
	require.Len(t, c.itemsOf(t, fee), 1)
	ahead := c.Do(t, http.MethodGet, fee+"?until="+url.QueryEscape("2017-08-22 13:36:00"), nil)
	last, _ := ahead["items"].([]any)[len(ahead["items"].([]any))-1].(map[string]any)
	require.Equal(t, "100", last["fee"], "the cap of two days")
	require.Contains(t, last["why"], "capped at 50")
	page := c.Do(t, http.MethodGet, fee+"?limit=3&until="+url.QueryEscape("2017-08-20T22:00:00+08:00"), nil)
	require.Len(t, page["items"], 3)
	rest := c.Do(t, http.MethodGet, fee+"?limit=1&until="+url.QueryEscape("2017-08-20 22:00:00")+"&after="+url.QueryEscape(page["next"].(string)), nil)
	require.Equal(t, "15", rest["items"].([]any)[0].(map[string]any)["fee"])
	for _, query := range []string{"until=yesterday", "until=2017-08-20+13:35:59", "until=2017-09-20+13:36:01", "after=r1", "order=newest", "limit=0", "when=now"} {
		require.Equal(t, http.StatusUnprocessableEntity, c.Ask(t, http.MethodGet, servertest.Default+fee+"?"+query, nil).Status, query)
	}
	require.Equal(t, http.StatusOK, c.Ask(t, http.MethodGet, servertest.Default+fee+"?until=2017-09-20+13:36:00", nil).Status)
	require.Equal(t, http.StatusNotFound, c.Ask(t, http.MethodGet, servertest.Default+"/orders/none/fee", nil).Status)
}

// Whom and what a request was about is known also where it carries only a token or an order, and filters the journal.
func TestRequests_sayWhomAndWhatTheyWereAbout(t *testing.T) {
	c := newControlled(t)
	order := aStay(t, c)
	about := func(id string) []any {
		r := c.Do(t, http.MethodGet, "/requests/"+id, nil)
		return []any{r["endpoint"], r["phone"], r["plateNumber"], r["orderId"]}
	}
	require.Equal(t, []any{"uservalidatecode", stayPhone, nil, nil}, about("r1"))
	require.Equal(t, []any{"userlogin", stayPhone, nil, nil}, about("r3"))
	require.Equal(t, []any{"bindcar", stayPhone, stayPlate, nil}, about("r4"))
	require.Equal(t, []any{"orderunpay", stayPhone, stayPlate, order}, about("r5"), "of the one order it answered with")
	require.Equal(t, []any{"orderpaid", stayPhone, stayPlate, order}, about("r6"), "though it was refused")
	require.Equal(t, []any{"unbindcar", stayPhone, stayPlate, nil}, about("r9"))
	code, _ := c.Call(t, "carnum", map[string]any{"token": c.tokenOf(t, "r3")})
	require.Zero(t, code)
	require.Equal(t, []any{"carnum", stayPhone, nil, nil}, about("r10"))
	for query, n := range map[string]int{
		"phone=" + stayPhone: 9, "plateNumber=" + url.QueryEscape(stayPlate): 6, "plateNumber=" + url.QueryEscape("渝 atx061"): 6, "orderId=" + order: 4,
		"orderId=" + order + "&code=0": 3, "phone=13999999999": 0,
	} {
		require.Len(t, c.itemsOf(t, "/requests?"+query), n, query)
	}
}
