package console_test

import "testing"

func TestPalette_findsAndActs(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.lives()
	p := w.console("live", look{})
	p.wait(rowWith("token-unknown"))
	search := func(text string) {
		t.Helper()
		p.chord("k")
		p.wait("document.activeElement?.matches('.find-input') && !document.querySelector('.find-note')?.textContent.includes('Reading')")
		p.fill("Search plates, orders, phones, requests, rules, pages and actions", text)
	}
	search("川AD1")
	p.has(".find-item .plate", "川AD12345")
	requireAccessible(t, p, "search everywhere")
	p.keys(keyEnter)
	p.has(".stay-head .plate", "川AD12345")
	search("+90m")
	p.keys(keyEnter)
	p.has(".clock-time", "15:05:00")
	search("r3")
	p.keys(keyEnter)
	p.has(".pane .detail-head", "r3 ")
	search("13800000001")
	p.keys(keyEnter)
	p.wait("document.querySelector('.filter-text')?.value === 'phone:13800000001'")
	search("bind.max_per")
	p.keys(keyEnter)
	p.wait("document.querySelectorAll('.rules tbody tr').length === 1")
	search("Run at 60")
	p.keys(keyEnter)
	p.wait("document.querySelector('.clock-mode').textContent === '60×'")
	search("freeze")
	p.keys(keyEnter)
	p.has(".clock-mode", "frozen")
	search("orders")
	p.keys(keyEscape)
	p.wait("!document.querySelector('dialog')")
}
