package console_test

import (
	"net/http"
	"testing"
)

// What is typed outlives a reload, another language, and a visit to another page.
func TestPages_keepWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.console("faults", look{})
	p.wait("document.querySelector('.switch').checkVisibility()")
	p.fill("Name", "half done")
	p.fill("Endpoint or push", "bindcar")
	p.click("document.getElementById('flag-truncate')")
	typed := `[...document.querySelectorAll('.fault-form input')][0].value === 'half done' && document.querySelector('.fault-form select').value === 'bindcar' && document.getElementById('flag-truncate').checked`
	p.reload()
	p.wait(typed)
	p.press("中文")
	p.has("nav", "故障")
	p.wait(typed)
	p.turnToAny("city")
	p.fill("车牌", "渝ATX061")
	p.turnToAny("scenarios")
	p.fill("源文件", "name: mine\n")
	p.press("开始录制")
	p.has(".actions", "录制中")
	p.turnToAny("time")
	p.fill("前进", "26h30m")
	p.reload()
	p.wait(`[...document.querySelectorAll('main input')].some(e => e.value === '26h30m')`)
	p.press("English")
	p.turnToAny("scenarios")
	p.has(".actions", "Recording since")
	p.wait(`document.querySelector('.source').value === 'name: mine\n'`)
	p.turnToAny("city")
	p.wait(`document.getElementById('enter-plate').value === '渝ATX061'`)
	p.turnToAny("faults")
	p.wait(typed)
}

// Back closes what was opened, and leads from page to page; the filter is part of the address.
func TestAddress_backReloadAndSharing(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.lives()
	p := w.console("live", look{})
	p.wait(rowWith("token-unknown"))
	p.fill("Filter", "is:failing endpoint:bindcar")
	p.wait("document.querySelectorAll('.list .row:not([hidden]):not(.row-divider)').length === 1")
	p.click(rowWith("token-unknown"))
	p.has(".pane .why", "token-unknown")
	p.wait("location.hash.includes('row=') && location.hash.includes('is%3Afailing')")
	p.reload()
	p.has(".pane .why", "token-unknown")
	p.wait("document.querySelector('.filter-text').value === 'is:failing endpoint:bindcar' && document.querySelector('select[data-key=endpoint]').value === 'bindcar'")
	p.back()
	p.wait("!document.querySelector('.with-pane') && location.hash.startsWith('#/live')")
	p.pressIn("nav", "City")
	p.wait("document.querySelector('.bays')")
	p.back()
	p.wait("document.querySelector('.filter-text')?.value === 'is:failing endpoint:bindcar'")
	shared := p.another(w.URL+"/console/"+eval[string](p, "location.hash"), look{})
	shared.wait("document.querySelector('.filter-text')?.value === 'is:failing endpoint:bindcar'")
	shared.wait(rowWith("token-unknown"))
}

// A car's row is in the address, too, and is the same after a reload.
func TestAddress_ofACar(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.console("live", look{})
	p.wait("document.querySelector('.state-live')")
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	p.wait(rowWith("entered"))
	p.click(rowWith("entered"))
	p.has(".pane", "渝ATX061")
	p.wait("location.hash.includes('row=car-n')")
	p.reload()
	p.has(".pane", "渝ATX061")
	p.wait("document.querySelector('.row[aria-selected=true]')?.textContent.includes('渝ATX061')")
	p.back()
	p.wait("!document.querySelector('.with-pane')")
}

// What the page does between a link that is followed and the page that it leads to does not take the address back.
func TestAddress_aLinkIsNotLost(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	p := w.console("live", look{})
	p.wait(rowWith("parkingstatus"))
	eval[bool](p, "(document.querySelector('nav [data-page=orders]').click(), "+rowWith("parkingstatus")+".click(), true)")
	p.has("main h1", "Orders")
	p.wait("location.hash.startsWith('#/orders')")
}
