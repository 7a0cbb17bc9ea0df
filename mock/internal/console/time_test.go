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
	w.binds("13800000001", "渝ATX061")
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
