package console_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func rowWith(text string) string {
	return fmt.Sprintf("[...document.querySelectorAll('.list .row:not([hidden])')].find(r => r.textContent.includes(%s))", quoted(text))
}

func TestLive_showsARequestAtOnce(t *testing.T) {
	w := newServer(t, smallFixture)
	p := w.console("live", look{})
	p.wait("document.querySelector('.state-live')")
	// The page itself notes when each row is drawn.
	eval[bool](p, `(() => { window.drawn = {}; new MutationObserver(() => { for (const r of document.querySelectorAll('.list .row:not([hidden])'))
		window.drawn[r.dataset.key] ??= Date.now(); }).observe(document.querySelector('.list'), {subtree: true, childList: true, characterData: true, attributes: true}); return true; })()`)
	var took []time.Duration
	beat := time.NewTicker(110 * time.Millisecond) // apart from each other, as a person's calls are
	defer beat.Stop()
	for i := range 20 {
		<-beat.C
		w.call("parkingstatus", map[string]any{"parkingId": i})
		answered := time.Now()
		key := fmt.Sprintf("request-r%d", i+1)
		p.wait("window.drawn[" + quoted(key) + "]")
		drawn := time.UnixMilli(int64(eval[float64](p, "window.drawn["+quoted(key)+"]")))
		took = append(took, drawn.Sub(answered))
	}
	slices.Sort(took)
	t.Logf("of 20 events the median was drawn %s after it, the slowest %s", took[10], took[19])
	require.Less(t, took[10], 200*time.Millisecond) // 60 where the machine is not shared; the slowest depends on what else it does
}

func TestLive_opensARequestIntoAllOfIt(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	token := w.binds("13800000001", "渝ATX061")
	w.callText("carnum", `{"token": "`+token+`"}`, "A3DE1813F4DDBADFC18555E18A2E579D")
	p := w.console("live", look{})
	p.wait(rowWith("sign-mismatch"))
	p.click(rowWith("sign-mismatch"))
	p.has(".pane .why", "sign-mismatch")
	p.has(".pane .check-failed", "sign is right")
	p.has(".pane .check-unreached", "token is valid")
	p.has(".pane .json", token)
	p.has(".pane .plain", `{"token": "`+token+`"}•••`) // as it was hashed, with its space
	p.has(".pane .plain", "curl -sS -G")
	p.has(".pane .plain", "- call: carnum")
	p.has(".pane .json", "签名校验非法")
	p.has(".pane .compare", "Expected") // the wrong sign and the right one, one above the other
	p.has(".pane .compare mark", "")
	require.NotContains(t, eval[string](p, "document.documentElement.outerHTML"), merchantKey)
	require.Contains(t, eval[string](p, "location.hash"), "row=request-r3", "the address can be sent to a colleague")
}

func TestLive_opensAPushAndRedeliversIt(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	m := w.lives()
	p := w.console("live", look{})
	p.wait(rowWith("code is 4"))
	p.click(rowWith("code is 4"))
	p.has(".pane .timeline .bad", "code is 4")
	p.has(".pane .timeline .next", "Next attempt")
	p.has(".pane .plain", "•••")
	p.has(".pane .facts", "渝A12345")
	before := m.got.Load()
	p.press("Redeliver")
	p.has(".pane .timeline .good", "accepted")
	require.Equal(t, before+1, m.got.Load())
}

func TestLive_filtersAndPauses(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.lives()
	p := w.console("live", look{})
	p.wait(rowWith("parkingstatus"))
	rows := func(n int, texts ...string) {
		t.Helper()
		p.wait(fmt.Sprintf("document.querySelectorAll('.list .row:not([hidden]):not(.row-divider)').length === %d", n))
		for _, text := range texts {
			p.wait(rowWith(text))
		}
	}
	p.fill("Filter", "is:request 解放碑")
	rows(1, "surroundingparking")
	p.fill("Filter", "plate:渝a12345")
	rows(1, "Exit")
	p.fill("Filter", "")
	p.fill("Endpoint", "bindcar")
	rows(3)
	p.press("Failing")
	rows(1, "token-unknown")
	p.press("Failing")
	p.fill("Endpoint", "")
	p.press("Pushes")
	rows(2)
	p.press("Pushes")
	p.press("Pause")
	w.call("carnum", map[string]any{"token": "x"})
	p.has(".count", "Paused, 1 new")
	require.False(t, eval[bool](p, "Boolean("+rowWith("carnum")+")") && eval[bool](p, `document.querySelector('.list .row').textContent.includes('token-unknown')`))
	p.press("Resume")
	p.wait(rowWith("token-unknown"))
}

func TestLive_clearsTheJournal(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	p := w.console("live", look{})
	p.wait(rowWith("parkingstatus"))
	p.press("Clear the journal")
	p.pressIn("dialog footer", "Clear the journal")
	p.wait("!" + rowWith("parkingstatus"))
	require.Empty(t, w.do(http.MethodGet, "/requests", nil)["items"])
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

// Ten thousand rows are drawn as thirty, and a flick through them stays smooth.
func TestLive_keepsTenThousandRowsSmooth(t *testing.T) {
	w := newServer(t, smallFixture)
	for range 10_050 {
		w.call("parkingstatus", map[string]any{"parkingId": 1})
	}
	p := w.console("live", look{})
	p.wait("document.querySelector('.count').textContent.startsWith('10000')")
	require.Less(t, eval[int](p, "document.querySelectorAll('.list .row').length"), 80)
	frames := eval[[]float64](p, `(async () => { const list = document.querySelector('.list'); const took = []; let last = performance.now();
		for (let i = 0; i < 60; i++) { list.scrollTop += 4000; await new Promise(requestAnimationFrame); const now = performance.now(); took.push(now - last); last = now; }
		return took.sort((a, b) => a - b); })()`)
	t.Logf("frames while scrolling: median %.1f ms, 95%% %.1f ms", frames[len(frames)/2], frames[len(frames)*95/100])
	require.Less(t, frames[len(frames)/2], 50.0)
	p.wait("[...document.querySelectorAll('.list .row:not([hidden])')].every(r => r.textContent.includes('parkingstatus'))")
	p.fill("Filter", "nothing at all")
	p.has(".list-side .empty", "Nothing matches")
}

func TestLive_followsThroughAReset(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.console("live", look{})
	p.wait("document.querySelector('.state-live')")
	w.do(http.MethodPost, "/reset", nil)
	p.wait(rowWith("sandbox reset"))
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	p.wait(rowWith("parkingstatus"))
}

const hostile = `<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>'"&lt;`

// hostileServer has HTML in every text that a user may choose.
func hostileServer(t *testing.T) *served {
	t.Helper()
	w := newServer(t, strings.ReplaceAll(smallFixture, "渝停", "<b onmouseover=alert(1)>M</b>"))
	w.do(http.MethodPut, "/parkings/3", map[string]any{"name": hostile, "city": hostile, "lat": "29.56", "lon": "106.56"})
	w.do(http.MethodPatch, "/rules", map[string]any{"message.1": hostile})
	w.listens()
	w.call("parkingstatus", map[string]any{"parkingId": hostile})
	w.call(`bindcar`, map[string]any{"token": hostile, "plateNumber": hostile, hostile: hostile})
	w.callText("carnum", hostile, "")
	w.callText("carnum", `{}`, hostile)
	w.ask(http.MethodPost, "/merchant/open/1.0.0/openapi/"+"%3Cimg%20src=x%20onerror=window.pwned=1%3E", strings.NewReader("merchant_no=<img src=x onerror=window.pwned=1>&data=x&sign=y&time_stamp=z"), "application/x-www-form-urlencoded")
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "3", "userType": "76", "fixParkingId": hostile, "remainingDays": "1"})
	w.do(http.MethodPost, "/pushes", map[string]any{"merchantNo": merchantNo, "kind": "entry", "fields": map[string]any{"parkName": hostile, "plateNumber": hostile}})
	w.do(http.MethodPost, "/pushes/drain", map[string]any{})
	return w
}

func TestLive_hostileTextStaysText(t *testing.T) {
	t.Parallel()
	w := hostileServer(t)
	p := w.console("live", look{})
	p.wait(rowWith("parkingstatus"))
	n := eval[int](p, "document.querySelectorAll('.list .row:not([hidden]):not(.row-divider)').length")
	require.Greater(t, n, 5)
	for i := range n {
		p.click(fmt.Sprintf("document.querySelectorAll('.list .row:not([hidden]):not(.row-divider)')[%d]", i))
		p.wait("document.querySelector('.pane h2')")
	}
	requireNoMarkup(t, p)
}

func requireNoMarkup(t *testing.T, p *tab) {
	t.Helper()
	require.Equal(t, "undefined", eval[string](p, "typeof window.pwned"))
	require.Zero(t, eval[int](p, "document.querySelectorAll('img:not(.brand img), [onerror], [onmouseover], script:not([src$=\"/console.js\"])').length"))
}

// At a rate that nobody can read the page gets a sample and the count of the rest,
// and when it is calm again it has every row, in order.
func TestLive_hasEveryRowAfterAStorm(t *testing.T) {
	w := newServer(t, smallFixture)
	p := w.console("live", look{})
	p.wait("document.querySelector('.state-live')")
	const storm = 3000
	for range storm {
		w.call("parkingstatus", map[string]any{"parkingId": 1})
	}
	p.wait(fmt.Sprintf("document.querySelector('.count').textContent === '%d rows'", storm))
	ids := eval[[]int](p, `(async () => { const list = document.querySelector('.list'); list.scrollTop = 40000; await new Promise(r => setTimeout(r, 200));
		return [...document.querySelectorAll('.list .row:not([hidden])')].sort((a, b) => a.getAttribute('aria-posinset') - b.getAttribute('aria-posinset')).map(r => Number(r.dataset.key.slice(9))); })()`)
	for i := 1; i < len(ids); i++ {
		require.Equal(t, ids[i-1]-1, ids[i])
	}
	p.turnToAny("charts")
	p.has(".chart-traffic .legend", "3000 requests")
	p.has(".chart-codes", "3000")
}

// choose waits for a row of the list and clicks it.
func (t *tab) choose(row string) {
	t.tb.Helper()
	t.wait(row)
	t.click(row)
}
