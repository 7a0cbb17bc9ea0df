package console_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// stays lets one car come, be refused a payment, pay and leave while the merchant's pushes fail at first.
func (w *served) stays() (order string) {
	w.tb.Helper()
	m := w.listens()
	w.call("uservalidatecode", map[string]any{"mobilePhone": "13800000001"})
	code, _ := w.do(http.MethodGet, "/sms/13800000001", nil)["code"].(string)
	_, data := w.call("userlogin", map[string]any{"mobilePhone": "13800000001", "code": code, "appId": "ETCP"})
	token, _ := data["token"].(string)
	w.call("bindcar", map[string]any{"token": token, "plateNumber": "渝ATX061"})
	w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "5m"})
	m.refuses.Store(true)
	order, _ = w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})["orderId"].(string)
	w.do(http.MethodPost, "/pushes/drain", map[string]any{})
	m.refuses.Store(false)
	w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "10s"})
	w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "90m"})
	quote := w.quote(token, "渝ATX061")
	pay := map[string]any{"token": token, "orderId": order, "externalOrderId": "e1", "payTime": w.do(http.MethodGet, "/clock", nil)["now"], "verificationInfo": quote["verificationInfo"]}
	pay["payment"] = 9
	refused, _ := w.call("orderpaid", pay)
	require.Equal(w.tb, 20206, refused)
	pay["payment"], pay["externalOrderId"] = 10, "e2"
	paid, _ := w.call("orderpaid", pay)
	require.Zero(w.tb, paid)
	w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "6m"})
	m.refuses.Store(true)
	w.do(http.MethodPost, "/cars/exit", map[string]any{"plateNumber": "渝ATX061"})
	w.do(http.MethodPost, "/pushes/drain", map[string]any{})
	return order
}

// A stay is shown from the first code to the last push: each call and attempt in its lane, the gaps compressed, and what is
// due next hollow; each opens what Live opens.
func TestStay_isATimeLine(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	order := w.stays()
	p := w.console("stay/"+order, look{})
	p.has(".stay-head", "渝ATX061")
	p.has(".stay-head", "¥10")
	for lane, texts := range map[string][]string{
		"user": {"SMS code", "Login", "Bound"}, "platform": {"Quote", "Refused", "Paid"}, "car": {"Entered", "Left"},
		"webhook": {"Entry → M1, attempt 1", "Entry → M1, attempt 2", "Exit → M1, attempt 1"},
	} {
		for _, text := range texts {
			p.has(".node.lane-"+lane, text)
		}
	}
	p.has(".node-gap", "1 h 30 min")
	p.has(".node.next", "attempt 2 is due")
	p.wait(`document.querySelectorAll('.node.lane-webhook.wait').length >= 2 && document.querySelector('.node.lane-webhook.good')`)
	p.has(".node-now", "now, 13:41:10")
	times := eval[[]string](p, "[...document.querySelectorAll('.node time')].map(e => e.dateTime)")
	require.IsNonDecreasing(t, times)
	requireAccessible(t, p, "a stay")

	p.click("[...document.querySelectorAll('.node-card')].find(e => e.textContent.includes('Refused'))")
	p.has(".pane .why", "payment-mismatch")
	p.wait("location.hash.includes('row=request-')")
	requireAccessible(t, p, "a stay with a call open")
	p.back()
	p.wait("!document.querySelector('.with-pane')")
	p.click("[...document.querySelectorAll('.node-card')].find(e => e.textContent.includes('Exit → M1, attempt 1'))")
	p.has(".pane .timeline .next", "Next attempt")
	p.keys(keyEscape)
	p.wait("!document.querySelector('.with-pane')")
	w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "10s"})
	p.has(".node", "Exit → M1, attempt 2")

	// It is reached from a request, a push, a plate and the list of orders.
	p.turnToAny("live")
	p.fill("Filter", "endpoint:orderpaid")
	p.choose(rowWith("20206"))
	p.press("The stay")
	p.has(".stay-head", "渝ATX061")
	p.turnToAny("stay")
	p.press("← All orders")
	p.wait("document.querySelector('table.orders tbody tr')")
	p.click("document.querySelector('table.orders a')")
	p.has(".stay-head", "渝ATX061")
	eval[bool](p, "(location.hash = '#/stay/渝ATX061', true)") // a plate leads to its newest stay
	p.has(".stay-head", "渝ATX061")
	eval[bool](p, "(location.hash = '#/stay/none', true)")
	p.has(".empty", "no order none")
}

// The fee is drawn as the server tells it: steps with how they came about, the free minutes, the cap, quotes while they hold,
// payments, and now, which moves with the clock.
func TestStay_drawsTheFee(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "70m"})
	order, _ := w.items("/orders")[0]["orderId"].(string)
	p := w.console("stay/"+order, look{})
	p.has(".fee-steps", "Every step (6)") // three hours ahead
	p.has(".fee-why", "2 × 5 = 10")
	require.Equal(t, 1, eval[int](p, "document.querySelectorAll('.fee-free').length"), "the free minutes are shaded")
	before := eval[float64](p, "Number(document.querySelector('.fee-now').getAttribute('x1'))")
	require.Positive(t, before)
	early := eval[string](p, "document.querySelector('.fee-cap-text').getAttribute('text-anchor')")
	eval[bool](p, `(() => { const s = document.querySelector('.fee-curve'), b = s.getBoundingClientRect(); s.dispatchEvent(new PointerEvent('pointermove', {clientX: b.left + b.width * .075, clientY: b.top + 20})); return true; })()`)
	p.has(".fee-why", "within the 15 free minutes")
	requireAccessible(t, p, "a fee")
	token := w.Bind(t, "13800000001", "渝ATX061")
	row := w.quote(token, "渝ATX061")
	p.wait("document.querySelector('.fee-quote')")
	w.call("orderpaid", map[string]any{
		"token": token, "orderId": order, "externalOrderId": "e1", "payment": 10, "payTime": "2017-08-20 13:10:00", "verificationInfo": row["verificationInfo"],
	})
	p.wait("document.querySelector('.fee-paid')")
	p.wait("Number(document.querySelector('.fee-quote').getAttribute('width')) > 10") // paid at once, it shows how long it would have held
	w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "12h"})
	p.wait("document.querySelector('.fee-cap')")
	// The cap is named where the line of now is not, early in the stay and late.
	apart := `(() => { const text = document.querySelector('.fee-cap-text').getBoundingClientRect(), now = document.querySelector('.fee-now').getBoundingClientRect(); return now.x > text.right + 4 || now.x < text.left - 4; })()`
	p.wait(apart)
	p.wait("document.querySelector('.fee-cap-text').getAttribute('text-anchor') !== " + quoted(early)) // now has gone from one half to the other
	p.wait(apart)
	p.wait("Number(document.querySelector('.fee-now').getAttribute('x1')) > " + fmt.Sprint(before))
	zh := w.console("stay/渝ATX061", look{language: "zh"})
	zh.has(".fee-why", "免费时间，按全程计费")
	zh.has(".node-note", "经 M1 支付 ¥10")
}

func TestOrders_areFoundAndExplained(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.lives()
	p := w.console("orders", look{})
	p.wait("document.querySelectorAll('table.orders tbody tr').length === 3")
	p.press("left")
	p.wait("document.querySelectorAll('table.orders tbody tr').length === 1")
	p.reload()
	p.wait("document.querySelectorAll('table.orders tbody tr').length === 1")
	p.press("left")
	p.fill("Search plate, order or car park", "atx0")
	p.wait("document.querySelectorAll('table.orders tbody tr').length === 1")
	p.press("Why")
	p.wait("document.querySelector('.fee-explained').textContent.length > 10")
	p.press("Unpaid")
	p.has("table.orders", "owing")
	p.fill("Search plate, order or car park", "")
	p.fill("Plate", "京A00001")
	p.press("Drive in")
	p.has("table.orders", "京A00001")
	requireAccessible(t, p, "orders")
}

const inbox = `{"items":[
	{"phone":"13800000001","code":"246810","sentAt":"2017-08-20 12:00:00","expiresAt":"2017-08-20 12:05:00","used":false},
	{"phone":"13800000002","code":"111111","sentAt":"2017-08-20 11:59:00","expiresAt":"2017-08-20 12:04:00","used":true},
	{"phone":"13800000003","code":"222222","sentAt":"2017-08-20 11:50:00","expiresAt":"2017-08-20 11:55:00","used":false},
	{"phone":"13800000001","code":"333333","sentAt":"2017-08-20 11:58:00","expiresAt":"2017-08-20 12:03:00","used":false}]}`

func TestSMS_isAnInbox(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.behind(nil, map[string]string{"/sms": inbox}).console("sms", look{})
	message := func(code, text string) {
		t.Helper()
		p.wait(`[...document.querySelectorAll('.message')].find(e => e.textContent.includes('` + code + `'))?.textContent.includes('` + text + `')`)
	}
	message("246810", "5 min left")
	message("111111", "used")
	message("222222", "expired")
	message("333333", "replaced")
	w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "1m"})
	message("246810", "4 min left")
	requireAccessible(t, p, "SMS")
	p.fill("Phone", "13800000009")
	p.press("Send a code")
	require.Eventually(t, func() bool { return len(w.items("/requests?endpoint=uservalidatecode&code=0")) == 1 }, patience, 10*time.Millisecond)
	p.press("13800000001")
	p.wait("document.querySelector('.filter-text')?.value === 'phone:13800000001'")
}

// A whole stay is lived through in the console alone: each request is made there, filled in with what those before it gave.
func TestStay_isLivedThroughInTheConsole(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.listens()
	p := w.console("live", look{})
	p.wait("document.querySelector('.state-live')")
	send := func(endpoint string, filled ...string) {
		t.Helper()
		p.turnToAny("live")
		p.press("Send a request")
		p.wait("document.querySelector('dialog textarea')")
		p.pickIn("dialog", "Endpoint", endpoint)
		for _, text := range append(filled, `{`) {
			p.wait("document.querySelector('dialog textarea').value.includes(" + quoted(text) + ")")
		}
		p.pressIn("dialog", "Send")
		p.has("dialog .json", `"code": 0`)
		p.keys(keyEscape)
		p.wait("!document.querySelector('dialog')")
		p.wait(rowWith(endpoint))
	}
	send("uservalidatecode", "13800000001")
	code, _ := w.do(http.MethodGet, "/sms/13800000001", nil)["code"].(string)
	send("userlogin", code)
	send("bindcar", "渝ATX061", `"token": "`)
	p.turnToAny("city")
	p.wait("document.querySelector('.bays')")
	p.fill("Plate", "渝ATX061")
	p.press("Drive in")
	p.has(".park table", "渝ATX061")
	p.pressIn(".clock", "+1h: Step 1h")
	p.has(".clock-time", "13:00:00")
	send("orderunpay", "渝ATX061")
	send("orderpaid", "verificationInfo", `"payment": 5`)
	p.turnToAny("orders")
	p.press("Unpaid")
	p.has("table.orders", "settled")
	send("unbindcar", "渝ATX061")
	p.turnTo("stay")
	for _, text := range []string{"SMS code", "Login", "Bound", "Entered", "Entry → M1, attempt 1", "Quote", "Paid", "Left", "Exit → M1, attempt 1", "Unbound"} {
		p.has(".node", text)
	}
}

// A stay is reached from whatever names it: a push, its plate on the pages of time and of pushes, a call that names only the plate, a car in the city, a vehicle's card.
func TestStay_isReachedFromEveryPlate(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.stays()
	p := w.console("live", look{})
	p.wait(rowWith("Entry"))
	reached := func() {
		t.Helper()
		p.has(".stay-head", "渝ATX061")
		p.wait("location.hash.startsWith('#/stay/')")
		p.goTo("live")
		p.wait(rowWith("Entry"))
	}
	for _, link := range []string{"The stay", "渝ATX061"} {
		p.choose(rowWith("Entry"))
		p.has(".pane h2", "Entry")
		if link == "The stay" {
			p.press(link)
		} else {
			p.click("document.querySelector('.pane .facts a .plate')")
		}
		reached()
	}
	p.choose(rowWith("bindcar")) // it names no order
	p.has(".pane h2", "bindcar")
	p.press("The stay")
	reached()
	p.turnToAny("time")
	p.click("[...document.querySelectorAll('main table a .plate')][0]")
	reached()
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "2"})
	p.turnToAny("city")
	p.click(`[...document.querySelectorAll('.park-line')].find(e => e.textContent.includes('解放碑'))`)
	p.press("stay")
	reached()
	p.turnToAny("city")
	p.click(`[...document.querySelectorAll('.park-line')].find(e => e.textContent.includes('解放碑'))`)
	p.pressIn(".park table", "渝ATX061")
	p.click("document.querySelector('dialog tbody a')")
	reached()
}

// Of a stay of several days the curve says which: at midnight, and where it is pointed at.
func TestStay_curveNamesItsDays(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "30h"})
	p := w.console("stay/渝ATX061", look{})
	p.has(".fee-why b", "2017-08-21 18:00:00 · ¥")
	p.has(".fee-curve .tick-text", "08-21")
}
