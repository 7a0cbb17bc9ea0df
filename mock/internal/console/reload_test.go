package console_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A reload keeps each page as it was: what is chosen, filtered, typed and open.
func TestReload_keepsEachPage(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.lives()
	p := w.console("live", look{})
	p.wait(rowWith("token-unknown"))
	for _, one := range []struct {
		page string
		do   func()
		kept string // what holds before and after
	}{
		{"live", func() {
			p.fill("Filter", "is:push")
			p.choose(rowWith("code is 4"))
		}, `document.querySelector('.filter-text').value === 'is:push' && document.querySelector('.pane .timeline') && document.querySelector('.list [aria-selected=true]')`},
		{"orders", func() {
			p.fill("Search plate, order or car park", "atx")
			p.press("parked")
			p.fill("Plate", "渝A11111")
		}, `document.querySelectorAll('table.orders tbody tr').length === 1 && document.querySelector('.group [aria-pressed=true]').textContent === 'parked' && [...document.querySelectorAll('main input')].some(e => e.value === '渝A11111')`},
		{"stay", func() {
			p.wait("document.querySelector('.node')")
			p.click("[...document.querySelectorAll('.node-card')].find(e => e.textContent.includes('Quote'))")
		}, `document.querySelector('.pane h2')?.textContent.includes('orderunpay') && document.querySelector('.node-card[aria-pressed=true]')`},
		{"sms", func() { p.fill("Phone", "13811112222") }, `document.querySelector('main input').value === '13811112222'`},
		{"city", func() {
			p.click(`[...document.querySelectorAll('.park-line')].find(e => e.textContent.includes('解放碑'))`)
			p.fill("Plate", "渝A22222")
		}, `document.querySelector('.park h2').textContent.includes('解放碑') && document.getElementById('enter-plate').value === '渝A22222'`},
		{"time", func() { p.fill("Set to", "2017-09-01 00:00:00") }, `[...document.querySelectorAll('main input')].some(e => e.value === '2017-09-01 00:00:00')`},
		{"faults", func() { p.fill("Delay", "1s-3s") }, `document.querySelector('.fault-form .json').textContent.includes('"min"')`},
		{"scenarios", func() {
			p.fill("Search the scenarios", "temporary-car")
			p.press("temporary-car-pays-online")
			p.wait("document.querySelector('.source').value.includes('temporary-car-pays-online')")
			p.fill("Where it runs", "here")
		}, `document.querySelectorAll('.scenario-list li').length === 1 && document.querySelector('.source').value.includes('temporary-car-pays-online') && [...document.querySelectorAll('main select')].some(e => e.value === 'here')`},
		{"sandboxes", func() { p.fill("Search the rules", "bind.max") }, `document.querySelectorAll('.rules tbody tr').length === 2`},
		{"log", func() { p.fill("Search the log", "bindcar") }, `document.querySelectorAll('table.log tbody tr').length === 3`},
		{"charts", func() { p.press("Sandbox time") }, `[...document.querySelectorAll('.chart-traffic .chip')].find(e => e.textContent === 'Sandbox time').getAttribute('aria-pressed') === 'true'`},
	} {
		p.turnToAny(one.page)
		one.do()
		p.wait(one.kept)
		hash := eval[string](p, "location.hash")
		p.reload()
		p.wait(one.kept)
		require.Equal(t, hash, eval[string](p, "location.hash"), one.page)
	}
	p.press("中文")
	p.press("外观: 跟随系统")
	p.reload()
	p.has("nav", "实时")
	p.wait("document.documentElement.dataset.theme === 'light'")
}

// A draft outlives its dialog, and the reload of the page below it; what was sent is a draft no more.
func TestReload_keepsTheDraftsOfDialogs(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	p := w.console("sandboxes", look{})
	p.press("New sandbox")
	p.fill("Id", "half-done")
	p.reload()
	p.press("New sandbox")
	p.wait("document.querySelector('dialog input').value === 'half-done'")
	p.press("Create")
	p.wait("location.hash.includes('s=half-done')")
	p.press("New sandbox")
	p.wait("document.querySelector('dialog input').value === ''")
	p.keys(keyEscape)
	p.wait("!document.querySelector('dialog')")
	eval[bool](p, "(location.hash = '#/live', true)")
	p.choose(rowWith("parkingstatus"))
	p.press("Send again")
	p.fill("data, decoded", `{"parkingId": 2}`)
	p.reload()
	p.press("Send again")
	p.wait("document.querySelector('dialog textarea').value === '{\"parkingId\": 2}'")
	p.press("Send")
	p.has("dialog .json", "totalSpace")
	p.keys(keyEscape)
	p.press("Send again")
	p.wait("document.querySelector('dialog textarea').value.includes('\"parkingId\": 1')")
}
