package console_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestCity_drivesCarsInAndOut(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.Bind(t, "13800000001", "渝ATX061")
	p := w.console("city", look{})
	p.wait("document.querySelector('.bays')")
	p.click(`[...document.querySelectorAll('.park-line')].find(e => e.textContent.includes('智慧'))`)
	before := eval[string](p, "document.querySelector('.enter input').value")
	require.Regexp(t, `^\p{Han}[A-Z][A-HJ-NP-Z0-9]{5,6}$`, before)
	p.press("Make up a plate")
	p.wait("document.querySelector('.enter input').value !== " + quoted(before))
	p.fill("Plate", "渝ATX061")
	driveIn := func() { // and until the form is ready for the next
		p.press("Drive in")
		p.wait("!document.querySelector('.enter button[aria-busy=true]')")
	}
	driveIn()
	p.has(".park table", "渝ATX061")
	p.has(".fullness", "10 / 40")
	w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "95m"})
	p.has(".park table", "¥10") // the fee moves with the clock

	p.pressIn(".park table", "渝ATX061")
	p.has("dialog .facts", "13800000001")
	p.has("dialog .facts", "M1")
	p.has("dialog table", "parked")
	p.pressIn("dialog", "Close")

	p.pressIn(".park table", "Unpaid: 渝ATX061")
	p.has(".fullness", "9 / 40")
	orders := w.items("/orders")
	require.Len(t, orders, 1)
	require.Equal(t, "owing", orders[0]["state"])

	for i, pay := range []string{"Cash", "Debit"} {
		p.fill("Plate", fmt.Sprintf("渝A0000%d", i))
		driveIn()
		p.has(".park table", fmt.Sprintf("渝A0000%d", i))
		w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "1h"})
		p.has(".park table", "¥5")
		p.pressIn(".park table", fmt.Sprintf("%s: 渝A0000%d", pay, i))
		p.has(".fullness", "9 / 40")
	}
	orders = w.items("/orders?state=left")
	require.Len(t, orders, 2)
	require.ElementsMatch(t, []any{"5", "0"}, []any{orders[0]["paidCash"], orders[1]["paidCash"]})

	// A full car park refuses, and says why.
	p.click(`[...document.querySelectorAll('.park-line')].find(e => e.textContent.includes('解放碑'))`)
	p.has(".park h2", "解放碑")
	for i := range 2 {
		p.fill("Plate", fmt.Sprintf("渝B0000%d", i))
		driveIn()
		if i == 0 {
			p.has(".fullness", "4 / 4")
		}
	}
	p.has(".toast.bad", "full")
}

// While cars come and go ten times a second, a press is never lost, and the focus stays where it is.
func TestCity_losesNoPressUnderLoad(t *testing.T) {
	w := newServer(t, strings.ReplaceAll(smallFixture, `"totalSpace": 40`, `"totalSpace": 4000`))
	for i := range 10 {
		w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": fmt.Sprintf("渝A0000%d", i), "parkingId": "1"})
	}
	p := w.console("city", look{width: 1280, height: 2400}) // so that nothing scrolls
	p.click(`[...document.querySelectorAll('.park-line')].find(e => e.textContent.includes('智慧'))`)
	p.has(".park table", "渝A00009")
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		beat := time.NewTicker(100 * time.Millisecond)
		defer beat.Stop()
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-beat.C:
				w.Ask(t, http.MethodPost, "/__admin/sandboxes/default/cars/enter", fmt.Sprintf(`{"plateNumber":"渝B%05d","parkingId":"1"}`, i), "Content-Type", "application/json")
			}
		}
	}()
	p.wait("[...document.querySelectorAll('.park td')].some(e => e.textContent.includes('渝B'))")
	eval[bool](p, "(document.getElementById('enter-plate').focus(), window.kept = document.getElementById('enter-plate'), true)")
	for i := range 10 { // from below, so that who leaves moves no row that is pressed next
		p.press(fmt.Sprintf("Unpaid: 渝A0000%d", 9-i))
	}
	close(stop)
	<-done
	require.Zero(t, p.missed, "what is pressed stays where it is")
	p.lacks(".park table", "渝A0000")
	require.Len(t, w.items("/orders?state=left"), 10)
	require.True(t, eval[bool](p, "window.kept.isConnected"), "the field was drawn anew")
	p.fill("Plate", "渝ATX061")
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝C00001", "parkingId": "1"})
	p.has(".park table", "渝C00001")
	require.Equal(t, "渝ATX061", eval[string](p, "document.getElementById('enter-plate').value"))
	require.True(t, eval[bool](p, "document.activeElement.id === 'enter-plate'"))
}

// Orders opened at once: how long a car has been there is not shown before the clock is known, and goes on with it; why a fee is what it is says since when.
func TestOrders_openedAtOnce(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.do(http.MethodPut, "/clock", map[string]any{"mode": "running", "rate": 3600})
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	p := w.console("orders", look{})
	p.has("table.orders", "渝ATX061")
	const lasted = "document.querySelector('table.orders td .muted:not(.order-id)').textContent"
	p.wait(lasted + " !== ''")
	first := eval[string](p, lasted)
	require.NotContains(t, first, "NaN")
	p.wait(lasted + " !== " + quoted(first))
	p.pressIn("table.orders", "Why")
	p.has(".fee-explained", " since 20")
}
