package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Long names and addresses do not make a narrow page scroll sideways, and no page scrolls where nothing is hidden.
func TestPages_holdLongTexts(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	long := strings.Repeat("很长的停车场名称", 8)
	w.do(http.MethodPut, "/parkings/1", map[string]any{"name": long, "city": strings.Repeat("长", 40), "lat": "29.56", "lon": "106.56"})
	w.do(http.MethodPut, "/merchants/M1", map[string]any{"key": merchantKey, "name": strings.Repeat("N", 80), "push": map[string]any{"url": "http://127.0.0.1:9/" + strings.Repeat("path/", 60)}})
	w.do(http.MethodPost, "/faults", map[string]any{"name": strings.Repeat("fault", 20), "on": map[string]any{"where": map[string]any{"plateNumber": strings.Repeat("渝", 50)}}, "do": map[string]any{"message": strings.Repeat("m", 200), "code": 1}})
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	w.call("parkingstatus", map[string]any{"parkingId": strings.Repeat("9", 60)})
	for _, language := range []string{"en", "zh"} {
		p := w.console("live", look{language: language, width: 390, height: 800})
		p.wait(rowWith("parkingstatus"))
		p.click(rowWith("parkingstatus"))
		p.wait("document.querySelector('.pane h2')")
		for _, page := range append([]string{""}, pages...) {
			if page != "" {
				p.turnToAny(page)
				p.wait("document.querySelector('main').textContent.length > 20 && !document.querySelector('.loading')")
			}
			require.Zero(t, eval[int](p, "Math.max(0, document.documentElement.scrollWidth - innerWidth, document.querySelector('main').scrollWidth - document.querySelector('main').clientWidth)"), "%s scrolls sideways: %v", page, eval[[]string](p, "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + .1 && !e.closest('.scroll')).map(e => e.outerHTML.slice(0, 90) + e.getBoundingClientRect().right).slice(0, 6)"))
			require.Zero(t, eval[int](p, "Math.max(0, document.documentElement.scrollHeight - innerHeight)"), "%s scrolls as a whole", page)
			require.Zero(t, eval[int](p, `(() => { const m = document.querySelector('main'), page = m.querySelector('.page'); return page && !m.querySelector('.stay') ? Math.max(0, m.scrollHeight - Math.max(page.getBoundingClientRect().height, m.clientHeight) - 1) : 0; })()`), "%s scrolls past its end", page)
		}
	}
}

// What is short stays in one line on a narrow page, also in Chinese, which breaks between any two characters: its table scrolls in its place.
func TestPages_keepShortTextsInOneLine(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.lives()
	p := w.console("log", look{language: "zh", width: 390, height: 800})
	for page, shown := range map[string]string{"log": "table.log td:nth-child(3)", "time": "main tbody td:nth-child(2)"} {
		p.turnToAny(page)
		p.wait("document.querySelector('" + shown + "')?.textContent.trim().length > 2")
		require.Empty(t, eval[[]string](p, "[...document.querySelectorAll('"+shown+"')].filter(e => { const r = document.createRange(); r.selectNodeContents(e); return new Set([...r.getClientRects()].map(b => Math.round(b.top))).size > 1; }).map(e => e.textContent)"), page)
	}
}

// No select that is shown is empty, be there merchants, car parks and calls or not.
func TestPages_showNoEmptySelect(t *testing.T) {
	t.Parallel()
	w := newServer(t, `{"clock": "2017-08-20 12:00:00"}`)
	p := w.console("live", look{})
	p.wait("document.querySelector('.state-live')")
	for _, page := range pages {
		if page == "stay" {
			continue // there is none
		}
		p.turnToAny(page)
		p.wait("!document.querySelector('main .loading')")
		require.Empty(t, eval[[]string](p, "[...document.querySelectorAll('select')].filter(e => e.checkVisibility() && ![...e.options].some(o => o.textContent.trim())).map(e => e.outerHTML)"), page)
	}
	p.turnToAny("live")
	p.press("Send a request")
	p.wait("document.querySelector('dialog')")
	require.Empty(t, eval[[]string](p, "[...document.querySelectorAll('dialog select')].filter(e => e.checkVisibility() && ![...e.options].some(o => o.textContent.trim())).map(e => e.outerHTML)"))
}

// A time of day stands nowhere without its date: beside it, in what it says when pointed at, or in the line of its day.
func TestPages_datesTheirTimes(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.stays()
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝D88888", "parkingId": "1"})
	w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "1d"})
	p := w.console("live", look{})
	p.wait("document.querySelector('.state-live')")
	for _, page := range append([]string{""}, pages...) {
		if page != "" {
			p.turnToAny(page)
			p.wait("!document.querySelector('main .loading')")
		} else {
			p.choose(rowWith("Exit"))
			p.has(".pane .timeline", "Attempt")
		}
		require.Empty(t, eval[[]string](p, `(() => { const bad = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); while (walk.nextNode()) { const e = walk.currentNode.parentElement;
			if (!/\b\d\d:\d\d(:\d\d)?\b/.test(walk.currentNode.data) || !e.checkVisibility() || e.closest('pre, .list, .lanes, svg, textarea, title')) continue;
			if (/\d\d-\d\d[ T]\d\d:\d\d/.test(e.textContent) || /\d{4}-\d\d-\d\d/.test(e.closest('[title]')?.title ?? '')) continue; bad.push(e.outerHTML.slice(0, 120)); } return bad; })()`), page)
	}
	// In the list, on the time line and under the charts the day stands above, beside or among them.
	p.turnToAny("live")
	p.has(".row-head", "2017-08-21")
	p.has(".divider-day", "2017-08-20")
	p.turnTo("stay")
	p.has(".node-day", "2017-08-20")
}

// On a narrow page everything can be read: texts in drawings are no smaller than elsewhere, what leads to the pages is not cut off, a select shows what is chosen.
func TestPages_areReadableWhenNarrow(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.lives()
	for _, language := range []string{"en", "zh"} {
		p := w.console("live", look{language: language, width: 390, height: 844})
		p.wait("document.querySelector('.state-live')")
		require.Empty(t, eval[[]string](p, "[...document.querySelectorAll('nav a span')].filter(e => e.scrollWidth > e.clientWidth || e.getBoundingClientRect().right > innerWidth).map(e => e.textContent)"), "cut off")
		for _, page := range pages {
			p.turnTo(page)
			p.wait("!document.querySelector('main .loading')")
			require.Empty(t, eval[[]string](p, "[...document.querySelectorAll('nav a span')].filter(e => e.scrollWidth > e.clientWidth).map(e => e.textContent)"), "%s: cut off where it is the page that is shown", page)
			require.Empty(t, eval[[]string](p, "[...document.querySelectorAll('main svg text')].filter(e => e.checkVisibility() && parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a < 8.5).map(e => e.outerHTML)"), "%s: too small", page)
			require.Empty(t, eval[[]string](p, "[...document.querySelectorAll('main select')].filter(e => e.checkVisibility() && e.getBoundingClientRect().width < 60).map(e => e.outerHTML.slice(0, 90))"), "%s: too narrow", page)
			require.Empty(t, eval[[]string](p, "[...document.querySelectorAll('main td time')].filter(e => e.checkVisibility() && e.getBoundingClientRect().height > 44).map(e => e.textContent)"), "%s: a date in pieces", page)
		}
	}
}

// Where there is room, a date and its time stand in one line, and so do a fee and what leads to its stay: what is left owing stands below.
func TestPages_keepTimesAndFeesInOneLine(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.stays()
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝D88888", "parkingId": "1", "userType": "76", "fixParkingId": "U7", "remainingDays": "11"})
	token := w.Bind(t, "13800000009", "渝D12345")
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝D12345", "parkingId": "1"})
	w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "90m"})
	require.NotEmpty(t, token)
	for _, language := range []string{"en", "zh"} {
		p := w.console("log", look{language: language, width: 1280, height: 900})
		for page, shown := range map[string]string{"log": "table.log time", "city": ".park-panel td.whole, td.right.mono a", "time": "main td time", "orders": "main td time"} {
			p.turnToAny(page)
			p.wait("!document.querySelector('main .loading') && document.querySelector('main')")
			if page == "log" || page == "city" {
				p.wait("document.querySelector('" + shown + "')")
			}
			require.Empty(t, eval[[]string](p, "[...document.querySelectorAll('main td time, main td.right.mono > span, main td.right.mono > a')].filter(e => { const r = document.createRange(); r.selectNodeContents(e); return new Set([...r.getClientRects()].map(b => Math.round(b.top))).size > 1; }).map(e => e.outerHTML)"), page)
			require.Empty(t, eval[[]string](p, "[...document.querySelectorAll('main td.right.mono > a')].filter(e => Math.abs(e.getBoundingClientRect().top - e.previousElementSibling.getBoundingClientRect().top) > 3).map(e => e.parentElement.outerHTML)"), "%s: a fee and its stay", page)
		}
	}
}

// Whoever opens a form can write at once: its first field has the focus, and not what closes it.
func TestDialog_focusesItsFirstField(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.console("sandboxes", look{})
	for _, opens := range []string{"New sandbox", "Add a merchant"} {
		p.press(opens)
		p.wait("document.querySelector('dialog[open]')")
		require.True(t, eval[bool](p, "document.activeElement === document.querySelector('dialog[open] .dialog-body input')"), opens)
		p.press("Close")
		p.wait("!document.querySelector('dialog[open]')")
	}
}
