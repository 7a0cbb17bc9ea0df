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
	order, _ := w.items("/orders?plateNumber=" + "%E6%B8%9DATX061")[0]["orderId"].(string)
	search(order)
	p.keys(keyEnter)
	p.has(".stay-head .plate", "渝ATX061")
	search("Orders")
	p.keys(keyEnter)
	p.has("main h1", "Orders")
	p.keys("/") // the search of the page
	p.wait("document.activeElement.matches('main .filter-text')")
	p.keys(keyEscape)
	eval[bool](p, "(document.activeElement.blur(), true)")
	p.turnToAny("city")
	p.keys("/") // which has none
	p.wait("document.activeElement?.matches('.find-input')")
	p.keys(keyEscape)
	p.wait("!document.querySelector('dialog')")
	w.NewSandbox(t, "another")
	p.wait("[...document.querySelectorAll('.chooser option')].some(e => e.value === 'another')")
	search("another")
	p.keys(keyEnter)
	p.wait("location.hash.includes('s=another') && document.querySelector('.chooser select').value === 'another'")
}

// On a Chinese page a name of the English one is found as well: the page of that name comes before what only has the letters within its own.
func TestPalette_otherLanguage(t *testing.T) {
	t.Parallel()
	p := newServer(t, smallFixture).console("live", look{language: "zh"})
	p.wait("document.querySelector('.state-live') && document.querySelector('.chooser option')?.value === 'default'")
	p.chord("k")
	p.wait("document.activeElement?.matches('.find-input') && document.querySelectorAll('.find-item').length > 5")
	p.keys("faul") // default, the sandbox, has it too
	p.wait("[...document.querySelectorAll('.find-text')].some(e => e.textContent === 'default')")
	p.wait("document.querySelector('.find-item .find-text').textContent === '故障'")
}
