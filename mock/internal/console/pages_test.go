package console_test

import (
	"fmt"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func (w *served) items(path string) []map[string]any {
	w.tb.Helper()
	list, _ := w.do(http.MethodGet, path, nil)["items"].([]any)
	items := make([]map[string]any, len(list))
	for i := range list {
		items[i], _ = list[i].(map[string]any)
	}
	return items
}

func TestFrame_theClockIsAlwaysInReach(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.console("live", look{})
	p.has(".clock-time", "2017-08-20 12:00:00")
	p.has(".clock-mode", "frozen")
	for _, page := range pages {
		p.turnToAny(page)
		p.wait("document.querySelector('.clock-time').checkVisibility()")
	}
	p.pressIn(".clock", "+15m: Step 15m")
	p.has(".clock-time", "2017-08-20 12:15:00")
	p.pressIn(".clock", "+1d: Step 1d")
	p.has(".clock-time", "2017-08-21 12:15:00")
	p.pressIn(".clock", "Run at 60×")
	p.wait("document.querySelector('.clock-mode').textContent === '60×'")
	p.wait("document.querySelector('.clock-time').textContent > '2017-08-21 12:15:30'")
	p.pressIn(".clock", "Freeze")
	p.has(".clock-mode", "frozen")
	require.Equal(t, "frozen", w.do(http.MethodGet, "/clock", nil)["mode"])
	w.do(http.MethodPut, "/clock", map[string]any{"now": "2017-09-01 00:00:00"})
	p.has(".clock-time", "2017-09-01 00:00:00") // moved by another
}

// turnToAny goes to a page that may have nothing to show.
func (t *tab) turnToAny(page string) {
	t.tb.Helper()
	t.goTo(page)
	t.wait(`document.querySelector('main h1')`)
}

func TestFrame_speaksTheBrowsersLanguageAndTheOther(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	zh := w.console("time", look{language: "zh-CN"})
	zh.has("nav", "实时")
	require.Equal(t, "zh-CN", eval[string](zh, "document.documentElement.lang"))
	zh.press("English")
	zh.has("nav", "Live")
	zh.reload()
	zh.has("nav", "Live") // kept
	fr := w.console("time", look{language: "fr-FR"})
	fr.has("nav", "Live")
	fr.press("中文")
	fr.has("nav", "故障")
}

func TestFrame_switchesItsLook(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.console("time", look{dark: true})
	background := "getComputedStyle(document.body).backgroundColor"
	dark := eval[string](p, background)
	p.press("Appearance: Like the system")
	p.wait(background + " !== " + quoted(dark))
	p.press("Appearance: Light")
	p.wait(background + " === " + quoted(dark))
}

func TestCity_drivesCarsInAndOut(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.binds("13800000001", "渝ATX061")
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

func TestFaults_areSwitchedOnAndOff(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.console("faults", look{})
	press := func(name string) {
		t.Helper()
		find := fmt.Sprintf("[...document.querySelectorAll('.switch')].find(e => e.querySelector('b').textContent === %s)", quoted(name))
		p.wait(find)
		p.click(find)
	}
	on := "document.querySelectorAll('.switch[aria-checked=true]').length === "
	press("Server error")
	p.wait(on + "1")
	code, _ := w.call("parkingstatus", map[string]any{"parkingId": 1})
	require.Equal(t, 2, code)
	p.has(".switch .hits", "hit 1×")
	press("Duplicates")
	p.wait(on + "2")
	require.Len(t, w.items("/faults"), 5, "one on requests, one on each kind of push")
	press("Server error")
	p.wait(on + "1")
	code, _ = w.call("parkingstatus", map[string]any{"parkingId": 1})
	require.Zero(t, code)

	p.fill("Name", "no binding on Sundays")
	p.fill("Endpoint or push", "bindcar")
	p.fill("Code", "20100")
	p.fill("Delay", "1ms-3ms")
	p.fill("Times", "2")
	p.has(".fault-form .json", `"min"`)
	p.press("Add the fault")
	p.has("table", "no binding on Sundays")
	faults := w.items("/faults")
	require.Equal(t, "bindcar", faults[4]["on"].(map[string]any)["endpoint"])
	p.fill("Delay", "yesterday")
	p.press("Add the fault")
	p.has(".toast.bad", "delay")
	p.press("Remove all")
	p.pressIn("dialog footer", "Remove all")
	p.wait(on + "0")
	require.Empty(t, w.items("/faults"))
}

func TestSandboxes_areMadeChosenResetAndDeleted(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	p := w.console("sandboxes", look{})
	p.press("New sandbox")
	p.fill("Id", "my-test")
	p.fill("Fixture (JSON)", `{"clock": "2020-02-29 10:00:00", "merchants": [{"no": "M1", "key": "k2"}]}`)
	p.press("Create")
	p.has("dialog .bad-text", "M1") // taken
	p.fill("Fixture (JSON)", `{"clock": "2020-02-29 10:00:00", "merchants": [{"no": "M2", "key": "k2"}]}`)
	p.press("Create")
	p.has("tr.changed", "my-test")
	p.has(".clock-time", "2020-02-29 10:00:00")
	p.has(".secret ~ *, td", "M2")
	require.Contains(t, eval[string](p, "location.hash"), "s=my-test")
	p.pressIn("table", "default")
	p.has("tr.changed", "default")
	p.has(".clock-time", "2017-08-20 12:00:00")
	p.press("Delete my-test")
	p.pressIn("dialog footer", "Delete")
	p.lacks("table", "my-test")
	require.Len(t, w.items("/requests"), 1)
	p.press("Reset")
	p.pressIn("dialog footer", "Reset")
	p.has(".toast", "reset")
	require.Empty(t, w.items("/requests"))
}

func TestSandboxes_areSavedAndLoaded(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	p := w.console("sandboxes", look{})
	p.wait("document.querySelector('.rules tbody tr')")
	folder := t.TempDir()
	p.downloadsTo(folder)
	p.press("Save")
	var files []string
	require.Eventually(t, func() bool {
		files, _ = filepath.Glob(filepath.Join(folder, "*.state.json"))
		return len(files) == 1
	}, patience, 20*time.Millisecond)
	w.do(http.MethodPost, "/reset", nil)
	require.Empty(t, w.items("/orders"))
	text, err := os.ReadFile(files[0])
	require.NoError(t, err)
	require.Contains(t, string(text), "渝ATX061")
	p.choosesFile("input[type=file]", files[0])
	p.pressIn("dialog footer", "Load")
	p.has(".toast", "back")
	require.Len(t, w.items("/orders"), 1)
}

func TestSandboxes_merchantsAndTheTestPush(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	m := w.listens()
	p := w.console("sandboxes", look{})
	p.press("Send a test push")
	p.press("Send")
	p.has("dialog .verdict.good", "accepted it")
	p.has("dialog .json", "signment")
	m.refuses.Store(true)
	p.fill("Show", "unbind")
	p.press("Send")
	p.has("dialog .verdict.bad", "did not accept it")
	p.has("dialog .examined", "code is 4")
	require.EqualValues(t, 2, m.got.Load())
	p.press("Examine")
	p.has("dialog .verdict.bad", "not judged")
	p.has("dialog .step-list", "MUST")
	p.press("Send")
	p.has("dialog .verdict.bad", "did not accept it")
	p.press("Show it in Live")
	p.has(".pane .timeline .bad", "code is 4")
	p.turnTo("sandboxes")
	p.press("Add a merchant")
	p.fill("Number", "M9")
	p.fill("Name", "new shop")
	p.fill("Key", "k9")
	p.fill("Push URL", "http://127.0.0.1:9/etcp")
	p.pressIn("dialog footer", "Save")
	p.has("td", "new shop")
	require.Equal(t, "http://127.0.0.1:9/etcp", w.items("/merchants")[1]["push"].(map[string]any)["url"])
	p.press("Delete M9")
	p.pressIn("dialog footer", "Delete")
	p.lacks("td", "new shop")
}

func TestSandboxes_rules(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.console("sandboxes", look{})
	p.fill("Search the rules", "bind.max")
	p.has(".rules td", "Different vehicles a phone may bind within a month.")
	p.fill("bind.max", "5")
	p.has(".rules tr.changed", "bind.max")
	p.fill("Search the rules", "")
	p.fill("tariff.free", "deducted")
	p.fill("push.schedule", "1s, 2m")
	p.has(".toast", "push.schedule = 1s, 2m")
	rules := w.do(http.MethodGet, "/rules", nil)
	require.EqualValues(t, 5, rules["bind.max"].(map[string]any)["value"])
	require.Equal(t, "deducted", rules["tariff.free"].(map[string]any)["value"])
	require.Equal(t, []any{"1s", "2m"}, rules["push.schedule"].(map[string]any)["value"])
	p.fill("sms.ttl", "yesterday")
	p.has(".field-error", "duration")
	p.click("document.getElementById('rules-changed')")
	p.wait("document.querySelectorAll('.rules tbody tr').length === 3")
	p.press("Back to the default: bind.max")
	p.wait("document.querySelectorAll('.rules tbody tr').length === 2")
}

func TestRules_meaningIsKnownInChinese(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.console("sandboxes", look{language: "zh"})
	p.wait("document.querySelector('.rules tbody tr')")
	english := eval[[]string](p, `[...document.querySelectorAll('.rules tbody tr')].filter(r => !/\p{sc=Han}/u.test(r.cells[4].textContent)).map(r => r.cells[0].textContent)`)
	require.Empty(t, english)
}

func TestCharts_countWhatHappens(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.lives()
	p := w.console("charts", look{})
	p.wait("document.querySelector('.state-live')")
	p.has(".chart-codes", "20101")
	p.has(".chart-filling", "10 / 40")
	p.has(".chart-latency .legend", "attempts")
	for i := range 7 {
		w.call("parkingstatus", map[string]any{"parkingId": i})
	}
	p.has(".chart-traffic .legend", "7 requests")
	require.Positive(t, eval[int](p, "document.querySelectorAll('.chart-traffic .bar-good').length"))
	require.Positive(t, eval[int](p, "document.querySelectorAll('.chart-traffic .bar-bad').length"))
}

// Nothing that a user of the platform or of the control API chose becomes markup, on any page.
func TestPages_hostileTextStaysText(t *testing.T) {
	t.Parallel()
	w := hostileServer(t)
	w.do(http.MethodPost, "/faults", map[string]any{"name": hostile, "on": map[string]any{"where": map[string]any{hostile: hostile}}, "do": map[string]any{"message": hostile, "code": 1}})
	w.do(http.MethodPut, "/merchants/"+"M3", map[string]any{"key": hostile, "name": hostile})
	w.do(http.MethodPut, "/vehicles/渝ATX061", map[string]any{"engine": "<b>E</b>"})
	for _, language := range []string{"zh", "en"} {
		p := w.console("city", look{language: language})
		for _, page := range pages {
			p.turnToAny(page)
			if page == "city" {
				p.wait("document.querySelector('.bays')")
				p.click(`[...document.querySelectorAll('.page-head button')].find(e => e.textContent.includes('onerror'))`)
				p.has(".park", "<img src=x onerror")
				p.has(".plan", "<img src=x")
			}
			if page == "sandboxes" {
				p.has("td", "<img src=x onerror")
			}
			if page == "faults" {
				p.has("td", "<img src=x")
			}
			requireNoMarkup(t, p)
		}
	}
}

// The first paint is there no later than in twice the time that a bare page of the same server takes, whether or not the browser
// has the files already. The soonest of several counts, for a machine that does something else paints late.
func TestPage_isPaintedSoon(t *testing.T) {
	w := newServer(t, smallFixture)
	p := w.console("live", look{})
	bare := p.another(w.url+"/console/no-such-page", look{noErrors: true}) // a line of text
	const painted = "performance.getEntriesByName('first-contentful-paint')"
	for _, cold := range []bool{true, false} {
		soonest := map[*tab]float64{bare: math.Inf(1), p: math.Inf(1)}
		for n := 0; n < 5 || n < 25 && soonest[p] > 2*soonest[bare]; n++ {
			for one := range soonest {
				if cold {
					one.forgetsFiles()
				}
				one.reload()
				one.wait(painted + ".length")
				soonest[one] = min(soonest[one], eval[float64](one, painted+"[0].startTime"))
			}
		}
		t.Logf("files at hand %v: first contentful paint after %.0f ms, of a bare page after %.0f ms", !cold, soonest[p], soonest[bare])
		require.LessOrEqual(t, soonest[p], 2*soonest[bare])
	}
}
