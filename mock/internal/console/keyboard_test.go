package console_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// From the address bar to the list are two stops of the tab key.
func TestFrame_skipLinkLeadsToTheList(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.lives()
	p := w.console("live", look{})
	p.wait(rowWith("token-unknown"))
	p.keys(keyTab)
	p.wait("document.activeElement.matches('.skip')")
	p.keys(keyEnter)
	p.wait("document.activeElement.matches('.list')")
	p.keys("j")
	p.wait("document.querySelector('.with-pane')")
	p.keys("j")
	second := eval[string](p, "document.querySelector('.list [aria-selected=true]').dataset.key")
	p.keys("k")
	p.wait("document.querySelector('.list [aria-selected=true]').dataset.key !== " + quoted(second))
	p.keys(keyEscape)
	p.wait("!document.querySelector('.with-pane')")
	p.keys("?")
	p.has("dialog kbd", "Esc")
	p.keys(keyEscape)
	p.wait("!document.querySelector('dialog')")
	p.keys("/")
	p.wait("document.activeElement.matches('.filter-text')")
	p.keys(keyEscape)
	eval[bool](p, "(document.activeElement.blur(), true)")
	p.keys("go")
	p.wait("location.hash.startsWith('#/orders')")
}

func TestLive_isUsableByKeyboard(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	for i := range 60 {
		w.call("parkingstatus", map[string]any{"parkingId": i})
	}
	p := w.console("live", look{})
	p.wait("document.querySelector('.list').firstElementChild.childElementCount > 20")
	eval[bool](p, "document.querySelector('.list').focus() ?? true")
	p.keys(keyDown)
	p.has(".pane h2", "parkingstatus")
	p.wait("document.getElementById(document.querySelector('.list').getAttribute('aria-activedescendant')).getAttribute('aria-selected') === 'true'")
	p.keys(keyEnd)
	p.has(".pane .detail-head", "r1 ")
	p.keys(keyHome)
	p.has(".pane .detail-head", "r60 ")
	eval[bool](p, "document.querySelector('.pane pre').focus() ?? true")
	p.keys(keyEscape)
	p.wait("!document.querySelector('.with-pane') && document.activeElement.matches('.list')")
}

// Each control of each page is reached by the tab key alone, says so, and lets the focus go on; so are those of an open pane.
func TestKeyboard_reachesEveryControl(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.lives()
	p := w.console("live", look{})
	p.wait("document.querySelector('.state-live')")
	unreached := func(where string) {
		t.Helper()
		n := eval[int](p, `(() => { document.activeElement.blur(); window.reached = new Set(); window.unseen = new Set(); window.listening?.abort(); window.listening = new AbortController();
			window.nameOf = (e) => e.outerHTML.slice(0, 120);
			addEventListener('focusin', ({target}) => { window.reached.add(target); const s = getComputedStyle(target);
				if (target.closest('main, header, nav') && (s.outlineStyle === 'none' || parseFloat(s.outlineWidth) < 1)) window.unseen.add(window.nameOf(target)); }, {signal: window.listening.signal});
			window.wanted = () => [...document.querySelectorAll('a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [tabindex="0"]')].filter(e => e.checkVisibility() && !e.hidden && e.tabIndex >= 0);
			document.body.prepend(Object.assign(document.createElement('i'), {tabIndex: -1, id: 'begin'})); document.getElementById('begin').focus();
			return window.wanted().length; })()`)
		require.Greater(t, n, 20, where)
		p.tabs(n + 4)
		eval[bool](p, "(document.getElementById('begin').remove(), true)")
		require.Empty(t, eval[[]string](p, "window.wanted().filter(e => !window.reached.has(e)).map(window.nameOf)"), "%s: not reached", where)
		require.Empty(t, eval[[]string](p, "[...window.unseen]"), "%s: the focus is not seen", where)
	}
	for _, page := range pages {
		p.turnTo(page)
		p.wait("!document.querySelector('main .loading')")
		unreached(page)
	}
	p.turnTo("live")
	p.choose(rowWith("sign-mismatch"))
	p.has(".pane .compare", "Expected")
	unreached("an open request")
	p.choose(rowWith("code is 4"))
	p.has(".pane .timeline", "Next attempt")
	unreached("an open push")
}

// tabTo presses the tab key until an expression holds for the element e that has the focus.
func (t *tab) tabTo(holds string) {
	t.tb.Helper()
	for range 200 {
		t.tabs(1)
		if eval[bool](t, "((e) => Boolean("+holds+"))(document.activeElement)") {
			return
		}
	}
	require.Fail(t.tb, "the tab key does not lead to "+holds)
}

// A stay is lived through with the keyboard alone: a code, a car that comes and leaves, its page, a fault, a scenario, a sandbox.
func TestKeyboard_isEnough(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.listens()
	w.Bind(t, "13800000001", "渝ATX061")
	p := w.console("live", look{})
	p.wait("document.querySelector('.state-live')")
	p.keys("gs")
	p.has("main h1", "SMS")
	p.tabTo("e.getAttribute('aria-label') === 'Phone'")
	p.keys("13800000001" + keyEnter)
	p.has(".message", "13800000001")
	p.keys(keyEscape)
	eval[bool](p, "(document.activeElement.blur(), true)")
	p.keys("gc")
	p.wait("document.querySelector('.bays')")
	p.tabTo("e.id === 'enter-plate'")
	p.chord("a")
	p.keys("渝ATX061" + keyEnter)
	p.has(".park table", "渝ATX061")
	p.wait("!document.querySelector('[aria-busy=true]')")
	p.chord("a")
	p.keys("渝B00002" + keyEnter)
	p.has(".park table", "渝B00002")
	p.tabTo("e.getAttribute('aria-label') === 'Unpaid: 渝ATX061'")
	p.keys(keyEnter)
	p.lacks(".park table", "渝ATX061")
	p.wait("document.activeElement.getAttribute('aria-label') === 'Unpaid: 渝B00002'") // who left has taken the focus along to nowhere
	p.keys("go")
	p.wait("document.querySelectorAll('table.orders tbody tr').length === 2")
	p.tabTo("e.matches('table.orders a') && e.textContent.includes('渝ATX061')")
	p.keys(keyEnter)
	p.has(".stay-head", "渝ATX061")
	p.wait("document.querySelector('.node')")
	p.tabTo("e.matches('.node-card') && e.dataset.row.startsWith('push-')")
	p.keys(keyEnter)
	p.wait("document.querySelector('.pane .detail-head')")
	p.keys(keyEscape)
	p.wait("!document.querySelector('.with-pane') && document.activeElement.matches('.node-card')")
	p.keys("j")
	p.wait("document.querySelector('.with-pane')")
	p.keys(keyEscape + "gf")
	p.wait("document.querySelector('.switch')?.checkVisibility()")
	p.tabTo("e.matches('.switch')")
	p.keys(" ")
	p.wait("document.activeElement.matches('.switch[aria-checked=true]')")
	p.keys(" ")
	p.wait("document.activeElement.matches('.switch[aria-checked=false]')")
	p.keys("gr")
	p.wait("document.querySelector('.scenario-list li')")
	p.tabTo("e.getAttribute('aria-label') === 'Run temporary-car-pays-online'")
	p.keys(keyEnter)
	p.has(".result .verdict", "passed")
	p.keys("gb")
	p.has("main h1", "Sandboxes")
	p.tabTo("e.textContent.trim() === 'New sandbox'")
	p.keys(keyEnter)
	p.wait("document.querySelector('dialog input')")
	p.tabTo("e.labels?.[0]?.textContent === 'Id'")
	p.keys("by-keys" + keyEnter)
	p.wait("location.hash.includes('s=by-keys')")
	p.wait("!document.querySelector('dialog')")
	p.keys("gb")
	p.tabTo("e.getAttribute('aria-label') === 'Delete by-keys'")
	p.keys(keyEnter)
	p.wait("document.querySelector('dialog')")
	p.keys(keyEscape)
	p.wait("!document.querySelector('dialog') && document.activeElement.getAttribute('aria-label') === 'Delete by-keys'")
}

// The focus stays on its control, and a pane as far open as it was, while the page gets newer contents.
func TestFocus_staysWhileThingsHappen(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	m := w.lives()
	m.refuses.Store(true)
	p := w.console("live", look{})
	p.choose(rowWith("code is 4"))
	p.has(".pane .timeline", "Attempt 1")
	eval[bool](p, "([...document.querySelectorAll('.pane button')].find(e => e.textContent.includes('Redeliver')).focus(), document.querySelector('.pane-body').scrollTop = 40, true)")
	w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "10s"})
	p.has(".pane .timeline", "Attempt 2")
	require.Equal(t, "Redeliver", eval[string](p, "document.activeElement.textContent"))
	require.EqualValues(t, 40, eval[int](p, "document.querySelector('.pane-body').scrollTop"))
	stirred := 0
	for _, one := range []struct{ page, focused, seen string }{
		{"stay", "[...document.querySelectorAll('.node-card')].find(e => e.textContent.includes('Entered'))", ".node-now"},
		{"stay", "document.querySelector('.fee-steps summary')", ".node-now"},
		{"orders", "[...document.querySelectorAll('table.orders button')].find(e => e.textContent === 'Why')", "table.orders"},
		{"sms", "document.querySelector('.message button')", ".inbox"},
		{"city", "document.querySelectorAll('.park-line')[1]", ".park table"},
		{"time", "[...document.querySelectorAll('main table button')].at(-1)", "main table"},
		{"log", "document.querySelector('table.log button')", "table.log"},
		{"sandboxes", "document.querySelector('[aria-label=\"bind.max\"]')", "main"},
		{"charts", "document.querySelector('.chart-codes a')", ".chart-filling"},
	} {
		w.call("uservalidatecode", map[string]any{"mobilePhone": "13800000001"})
		p.turnTo(one.page)
		if one.page == "city" {
			p.click(`[...document.querySelectorAll('.park-line')].find(e => e.textContent.includes('智慧'))`)
		}
		p.wait(one.focused)
		eval[bool](p, "((e) => { e.focus(); window.before = e.textContent || e.getAttribute('aria-label'); return true; })("+one.focused+")")
		before := eval[string](p, "document.querySelector("+quoted(one.seen)+").textContent")
		stirred++
		plate := "渝C0000" + string(rune('0'+stirred))
		w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": plate, "parkingId": "1"})
		w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "61s"})
		w.call("uservalidatecode", map[string]any{"mobilePhone": "13800000002"})
		w.do(http.MethodPut, "/merchants/M"+string(rune('1'+stirred)), map[string]any{"key": "k", "name": plate})
		p.wait("document.querySelector(" + quoted(one.seen) + ").textContent !== " + quoted(before))
		require.Equal(t, eval[string](p, "window.before"), eval[string](p, "document.activeElement.textContent || document.activeElement.getAttribute('aria-label')"), one.page)
	}
}
