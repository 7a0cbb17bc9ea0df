package console_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTime_stepsToTheNextRetry(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	m := w.listens()
	m.refuses.Store(true)
	w.do(http.MethodPost, "/pushes", map[string]any{"merchantNo": merchantNo, "kind": "exit"})
	w.do(http.MethodPost, "/pushes/drain", map[string]any{})
	p := w.console("time", look{})
	p.has("table", "2017-08-20 12:00:10")
	p.press("To the next attempt")
	p.has("table", "2017-08-20 12:00:40")
	require.EqualValues(t, 2, m.got.Load())
	m.refuses.Store(false)
	p.press("To the next attempt")
	p.has("main", "No push waits")
	require.Len(t, eval[[]float64](p, "[...new Set([...document.querySelectorAll('.cards .field label, .cards .form > .button')].map(e => Math.round(e.getBoundingClientRect().top)))]"), 2, "labels are in one line, and so are buttons")
	p.fill("Advance by", "soon")
	p.press("Advance")
	p.has(".toast.bad", "duration: want")
	p.fill("Advance by", "26h30m")
	p.press("Advance")
	p.has(".big-clock", "2017-08-21 14:30:40")
	p.fill("Set to", "2017-09-01 08:00:00")
	p.press("Set")
	p.has(".big-clock", "2017-09-01 08:00:00")
	p.fill("Set to", "2017-01-01 08:00:00")
	p.press("Set")
	p.has(".toast.bad", "back") // there is a push already
	p.pressIn("main", "600×")
	p.has("main", "Running at 600×")
	p.pressIn("main", "Freeze")
	p.has("main", "Frozen")
}

func TestTime_goesPastAHeldPush(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	m := w.listens()
	m.refuses.Store(true)
	w.Bind(t, "13800000001", "渝ATX061")
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	w.do(http.MethodPost, "/cars/exit", map[string]any{"plateNumber": "渝ATX061"})
	w.do(http.MethodPost, "/pushes/drain", map[string]any{})
	first := w.items("/pushes")[0]["id"].(string)
	p := w.console("time", look{})
	p.has("td", "behind "+first)
	p.press("To the next attempt")
	p.has(".big-clock", "12:00:10")
	p.has("td", "12:00:40")
	p.press("To the next attempt")
	p.has(".big-clock", "12:00:40")
	require.EqualValues(t, 3, m.got.Load())
	p.has("td", "token of 13800000001 ends")
	p.wait("document.querySelectorAll('.axis-dot').length > 1 && document.querySelector('.axis-dot.axis-token title').textContent.includes('2017-08-21 12:00:00')")
	p.press("Travel here 2017-08-21 12:00:00")
	p.has(".big-clock", "2017-08-21 12:00:00")
}

// The axis has what falls due of every kind, and a click on it travels there.
func TestTime_theAxisIsClicked(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	m := w.listens()
	m.refuses.Store(true)
	token := w.Bind(t, "13800000001", "渝ATX061")
	w.call("uservalidatecode", map[string]any{"mobilePhone": "13800000001"})
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	w.do(http.MethodPost, "/cars/exit", map[string]any{"plateNumber": "渝ATX061"})
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	w.do(http.MethodPost, "/pushes/drain", map[string]any{})
	w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "61m"})
	w.call("uservalidatecode", map[string]any{"mobilePhone": "13800000002"})
	w.quote(token, "渝ATX061")
	w.do(http.MethodPost, "/pushes", map[string]any{"merchantNo": merchantNo, "kind": "exit", "fields": map[string]any{"plateNumber": "渝A12345"}})
	w.do(http.MethodPost, "/pushes", map[string]any{"merchantNo": merchantNo, "kind": "exit", "fields": map[string]any{"plateNumber": "渝A12345"}})
	w.do(http.MethodPost, "/pushes/drain", map[string]any{})
	p := w.console("time", look{})
	for _, lane := range []string{"push", "quote", "code", "token"} {
		p.wait("document.querySelector('.axis-dot.axis-" + lane + "')")
	}
	p.wait("document.querySelector('.axis-dot.axis-push.held title').textContent.includes('behind')")
	p.click("document.querySelector('.axis-dot.axis-quote')")
	p.has(".big-clock", "2017-08-20 13:06:00")
	before := w.do(http.MethodGet, "/clock", nil)["now"]
	eval[bool](p, `(() => { const s = document.querySelector('svg.axis'), b = s.getBoundingClientRect(); s.dispatchEvent(new MouseEvent('click', {clientX: b.left + b.width / 2, clientY: b.bottom - 4})); return true; })()`)
	p.wait("document.querySelector('.big-clock').textContent > " + quoted(before.(string)))
}
