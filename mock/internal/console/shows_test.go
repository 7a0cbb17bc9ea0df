package console_test

import (
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLive_showsTimeRetriesAndWhatCodesMean(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.lives()
	p := w.console("live", look{})
	p.wait(rowWith("20101 invalid token"))
	p.has(".row-head", "2017-08-20")
	p.has(".divider-clock", "+95 min")
	p.wait(rowWith("1 of 6, next 13:35:10") + "?.classList.contains('wait')")
	p.press("Failing")
	p.wait("document.querySelectorAll('.list .row:not([hidden]):not(.row-divider)').length === 4 && " + rowWith("Exit"))
	p.press("Failing")
	w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "1d"})
	w.call("carnum", map[string]any{"token": "x"})
	p.has(".divider-day", "2017-08-20")
	p.has(".row-head", "2017-08-21")
	// Cars and moves of the clock are there after a reload, too.
	p.reload()
	p.wait(rowWith("entered"))
	p.has(".divider-clock", "+95 min")
}

func TestLive_saysHowManyRowsCameWhileReading(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	for i := range 80 {
		w.call("parkingstatus", map[string]any{"parkingId": i})
	}
	p := w.console("live", look{})
	p.wait("document.querySelector('.count').textContent === '80 rows'")
	eval[bool](p, "(document.querySelector('.list').scrollTop = 600, true)")
	p.wait("document.querySelector('.list .row:not([hidden])').textContent")
	reading := "[...document.querySelectorAll('.list .row:not([hidden])')].find(r => r.getBoundingClientRect().top >= document.querySelector('.list').getBoundingClientRect().top).dataset.key"
	before := eval[string](p, reading)
	for range 3 {
		w.call("carnum", map[string]any{"token": "x"})
	}
	p.has(".fresh", "3 new")
	require.Equal(t, before, eval[string](p, reading), "what is read does not move")
	p.click("document.querySelector('.fresh')")
	p.wait(rowWith("carnum"))
	p.wait("document.querySelector('.fresh').hidden")
}

// What of a filter can hold for nothing is said to be unknown, with what there is; an injected code that came is known.
func TestLive_saysWhatOfAFilterIsUnknown(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.do(http.MethodPost, "/faults", map[string]any{"times": 1, "do": map[string]any{"code": 31337}})
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	p := w.console("live?q="+url.QueryEscape("is:faling code:31337"), look{})
	p.wait("document.querySelectorAll('.slips p').length === 1")
	p.has(".slips", "There is no is:faling")
	p.has(".slips", "is may be: failing")
	requireAccessible(t, p, "a filter that is unknown")
	p.fill("Filter", "is:failing code:1234567 endpoint:parkingstaus plat:渝A 12:30")
	p.wait("document.querySelectorAll('.slips p').length === 3")
	for _, token := range []string{"code:1234567", "endpoint:parkingstaus", "plat:渝A"} {
		p.has(".slips", "There is no "+token)
	}
	p.fill("Filter", "is:failing endpoint:parkingstatus merchant:M1")
	p.wait("!document.querySelector('.slips p')")
	p.fill("Filter", "merchant:M2")
	p.has(".slips", "merchant may be: M1")
}

// What the server says of inputs and of failed attempts is in the page's language.
func TestPages_showTheServersTextsInChinese(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.lives()
	p := w.console("live", look{language: "zh"})
	p.choose(rowWith("code 为 4，应为 0"))
	p.has(".pane .timeline .bad", "code 为 4，应为 0")
	p.goTo("log")
	p.has("table.log td", "驶入停车场 1")
	p.has("table.log td", "本次投递失败：code 为 4，应为 0")
	require.Empty(t, eval[[]string](p, `[...document.querySelectorAll('table.log tbody tr')].filter(r => !r.cells[2].textContent.startsWith('request')).map(r => r.cells[4].textContent).filter(text => !/\p{sc=Han}/u.test(text) || /[a-z]{3,} [a-z]{2,} [a-z]{2,}/.test(text))`))
}

// A filter by plate finds the calls of its user that carry only a token or a phone.
func TestLive_filtersByWhatBelongsToAPlate(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	token := w.binds("13800000001", "渝ATX061")
	w.binds("13800000002", "渝B00001")
	w.call("uservalidatecode", map[string]any{"mobilePhone": "13800000001"})
	w.call("carnum", map[string]any{"token": token})
	p := w.console("live?q=plate:渝ATX061", look{})
	p.wait("document.querySelector('.count').textContent === '4 of 6'")
	for _, endpoint := range []string{"usersigin", "bindcar", "uservalidatecode", "carnum"} {
		p.wait(rowWith(endpoint))
	}
}

func TestDetail_anInjectedFaultIsNoPassedCheck(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.do(http.MethodPost, "/faults", map[string]any{"on": map[string]any{"endpoint": "carnum"}, "do": map[string]any{"code": 2}})
	w.do(http.MethodPost, "/faults", map[string]any{"on": map[string]any{"endpoint": "parkingstatus"}, "do": map[string]any{"delay": "1ms"}})
	w.call("carnum", map[string]any{"token": "x"})
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	p := w.console("live?q=is:request", look{})
	p.choose(rowWith("carnum"))
	p.has(".pane .check-injected", "Injected faults")
	p.has(".pane .check-unreached", "Merchant is known")
	p.has(".pane .checks summary", "An injected fault answered")
	p.lacks(".pane .check-passed", "Injected faults")
	p.choose(rowWith("parkingstatus"))
	p.has(".pane .check-passed", "Merchant is known")
	p.has(".pane .check-injected", "Injected faults")
}

func TestDetail_movesSendsAgainAndCopies(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	token := w.binds("13800000001", "渝ATX061")
	w.call("parkingstatus", map[string]any{"parkingId": 7})
	p := w.console("live", look{})
	p.choose(rowWith("bindcar"))
	p.has(".pane h2", "bindcar")
	p.press("Newer row")
	p.has(".pane h2", "parkingstatus")
	p.press("Older row")
	p.press("Older row")
	p.has(".pane h2", "usersigin")
	p.press("Newer row")
	p.press("Newer row")
	p.has(".pane h2", "parkingstatus")
	p.press("Send again")
	p.fill("data, decoded", `{"parkingId": 1}`)
	p.press("Send")
	p.has("dialog .json", "totalSpace")
	require.Len(t, w.items("/requests?endpoint=parkingstatus&code=0"), 1, "signed anew by the server")
	p.press("Show r4")
	p.has(".pane .detail-head", "r4 ")
	for name, sign := range map[string]string{"Go": "md5.Sum", "Python": "hashlib.md5", "Node.js": "createHash('md5')", "Java": "MessageDigest"} {
		p.fill("Copy as code, signed afresh", name)
		p.has(".pane .plain", sign)
	}
	require.NotContains(t, eval[string](p, "document.documentElement.outerHTML"), merchantKey)
	require.NotEmpty(t, token)
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

// The first thing an empty sandbox shows is a call that works as it is.
func TestFirstRun_offersWhatWorks(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.console("live", look{})
	p.has(".first-run pre", "ETCP_KEY")
	requireAccessible(t, p, "an empty sandbox")
	command := eval[string](p, "document.querySelector('.first-run pre').textContent")
	out, err := exec.CommandContext(t.Context(), "bash", "-c", command).CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), `"code":0`)
	p.wait(rowWith("parkingstatus"))
	p.wait("!document.querySelector('.first-run').checkVisibility()")

	empty := w.console("sandboxes", look{})
	status, answer := w.ask(http.MethodPost, "/__admin/sandboxes", strings.NewReader(`{"id":"empty"}`), "application/json")
	require.Equal(t, http.StatusCreated, status, answer)
	eval[bool](empty, "(location.hash = '#/live?s=empty', true)")
	empty.press("Start")
	empty.wait("!location.hash.includes('s=empty') && location.hash.includes('s=') && Number(/\\d+/.exec(document.querySelector('.count').textContent)?.[0]) > 100")
}

func TestCharts_leadToTheirRows(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.lives()
	p := w.console("charts", look{})
	p.has(".chart-codes", "invalid token")
	p.press("Sandbox time")
	p.has(".chart-traffic .legend", "in the journal")
	p.has(".chart-traffic title", "20101 invalid token: 1")
	p.click("[...document.querySelectorAll('.chart-codes a')].find(e => e.textContent.includes('20101'))")
	p.wait("document.querySelector('.filter-text')?.value === 'is:request code:20101'")
	p.wait(rowWith("token-unknown"))
}
