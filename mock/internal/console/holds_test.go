package console_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

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
				w.ask(http.MethodPost, "/__admin/sandboxes/default/cars/enter", strings.NewReader(fmt.Sprintf(`{"plateNumber":"渝B%05d","parkingId":"1"}`, i)), "application/json")
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
	shared := p.another(w.url+"/console/"+eval[string](p, "location.hash"), look{})
	shared.wait("document.querySelector('.filter-text')?.value === 'is:failing endpoint:bindcar'")
	shared.wait(rowWith("token-unknown"))
}

// A refusal is shown once, in the page's language, beside what caused it; a value that is wrong stays to be put right.
func TestNotices_standBesideWhatCausedThem(t *testing.T) {
	w := newServer(t, smallFixture)
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	p := w.console("time", look{language: "zh"})
	p.fill("前进", "yesterday")
	p.pressIn("main", "前进")
	p.has(".toast.bad", "时长格式不正确")
	gap := `(() => { const t = document.querySelector('.toast').getBoundingClientRect(), b = [...document.querySelectorAll('main .form .button')].find(e => e.textContent === '前进').getBoundingClientRect();
		return Math.max(0, t.top - b.bottom, b.top - t.bottom); })()`
	require.LessOrEqual(t, eval[float64](p, gap), 12.0)
	p.fill("设为", "2016-01-01 00:00:00")
	p.pressIn("main", "设置")
	p.has(".toast.bad", "不能往回拨")
	require.Equal(t, 1, eval[int](p, "document.querySelectorAll('.toast').length"))
	p.keys(keyEscape)
	p.wait("!document.querySelector('.toast')")

	p.turnToAny("sandboxes")
	p.fill("bind.max", "many")
	p.wait(`document.querySelector('[aria-label="bind.max"]').getAttribute('aria-invalid') === 'true'`)
	p.has(".field-error", "")
	require.Equal(t, "many", eval[string](p, `document.querySelector('[aria-label="bind.max"]').value`))
	require.Zero(t, eval[int](p, "document.querySelectorAll('.toast').length"), "no success is claimed")
	require.EqualValues(t, 3, w.do(http.MethodGet, "/rules", nil)["bind.max"].(map[string]any)["value"])
	p.fill("bind.max", "4")
	p.has(".toast", "bind.max = 4")
	p.wait(`!document.querySelector('[aria-label="bind.max"]').hasAttribute('aria-invalid')`)
}

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

// Controls can be seen: their borders have a contrast of 3:1, and where the system forces its colours a switch that is on looks so.
func TestControls_canBeSeen(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.lives()
	const worst = `(() => { const rgb = c => { const m = /rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)/.exec(c); return m && m[4] !== '0' ? [m[1], m[2], m[3]].map(Number) : null; };
		const lum = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
		const ratio = (a, b) => { const [x, y] = [lum(a), lum(b)].sort((p, q) => q - p); return (x + .05) / (y + .05); };
		const behind = e => { for (let n = e; n; n = n.parentElement) { const c = rgb(getComputedStyle(n).backgroundColor); if (c) return c; } return [255, 255, 255]; };
		const bad = []; for (const e of document.querySelectorAll('main .button:not(.quiet):not(:disabled), main input:not([type=checkbox]), main select, main textarea, main .switch, header .button:not(.quiet), header select')) {
			if (!e.checkVisibility() || e.matches('.source, .find-input')) continue; const s = getComputedStyle(e); const edge = rgb(s.borderTopColor);
			const r = edge ? Math.max(ratio(edge, behind(e.parentElement)), ratio(behind(e), behind(e.parentElement))) : 1; if (r < 3) bad.push(r.toFixed(2) + ' ' + e.className + ' ' + e.textContent.slice(0, 20)); } return bad; })()`
	for _, dark := range []bool{false, true} {
		p := w.console("live", look{dark: dark})
		for _, page := range []string{"live", "city", "faults", "sandboxes", "orders"} {
			p.turnTo(page)
			require.Empty(t, eval[[]string](p, worst), "%s, dark %v", page, dark)
		}
	}
	p := w.console("faults", look{forced: true})
	p.wait("document.querySelector('.switch').checkVisibility()")
	off := eval[string](p, "getComputedStyle(document.querySelector('.knob')).backgroundColor")
	p.click("document.querySelector('.switch')")
	p.wait("document.querySelector('.switch').getAttribute('aria-checked') === 'true'")
	p.wait("getComputedStyle(document.querySelector('.knob')).backgroundColor !== " + quoted(off))
}

// Each control of an opened request has a name of its own.
func TestDetail_namesItsControlsApart(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	m := w.lives()
	m.refuses.Store(true)
	p := w.console("live", look{})
	p.wait(rowWith("sign-mismatch"))
	for _, row := range []string{"sign-mismatch", "code is 4"} {
		p.click(rowWith(row))
		p.wait("document.querySelector('.pane h2')")
		names := eval[[]string](p, `[...document.querySelectorAll('.pane button, .pane a')].map(e => e.getAttribute('aria-label') || e.title && !e.textContent.trim() && e.title || e.textContent.trim())`)
		seen := map[string]bool{}
		for _, name := range names {
			require.NotEmpty(t, name)
			require.False(t, seen[name], "two controls are called %q in %v", name, names)
			seen[name] = true
		}
	}
}

// What is still being read is not called empty.
func TestPages_sayThatTheyLoad(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	slow := w.behind(func(r *http.Request) { // the lists take their time
		if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/__admin/sandboxes/default/") && !strings.HasSuffix(r.URL.Path, "/events") {
			select {
			case <-time.After(400 * time.Millisecond):
			case <-r.Context().Done():
			}
		}
	}, nil)
	p := slow.console("live", look{})
	// The page itself notes what it says while it loads.
	said := eval[[]string](p, `(async () => { const said = new Set(); for (const page of ['live', 'orders', 'city', 'time', 'faults', 'sandboxes', 'charts']) { location.hash = '#/' + page; await new Promise(r => setTimeout(r, 60));
		for (const e of document.querySelectorAll('main .empty, main .muted, main .count')) if (e.checkVisibility() && /^(No |Nothing|There are none)/.test(e.textContent.trim())) said.add(page + ': ' + e.textContent.trim()); } return [...said]; })()`)
	require.Empty(t, said)
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
