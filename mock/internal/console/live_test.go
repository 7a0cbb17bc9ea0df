package console_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
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

// Twenty thousand rows are drawn as forty, and a flick through them drops no frame that the machine does not drop on a page with
// nothing in it. Both are measured in turns, for the machine may do something else.
func TestLive_keepsTwentyThousandRowsSmooth(t *testing.T) {
	w := newServer(t, smallFixture)
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	p := w.withRows(20_000).console("live", look{})
	p.wait("document.querySelector('.count').textContent === '20000 rows'")
	require.Less(t, eval[int](p, "document.querySelectorAll('.list .row').length"), 80)
	eval[bool](p, `(() => { window.empty = document.createElement('div'); empty.append(document.createElement('p')); document.body.append(empty);
		empty.style.cssText = 'position: fixed; inset: 0 0 auto 0; height: 400px; overflow: auto; visibility: hidden'; empty.firstChild.style.height = '600000px'; return true; })()`)
	dropped := func(element string) int {
		return eval[int](p, `(async () => { const e = `+element+`; e.scrollTop = 0; let last = await new Promise(requestAnimationFrame); let dropped = 0;
			for (let i = 0; i < 60; i++) { e.scrollTop += 4000; const now = await new Promise(requestAnimationFrame); dropped += Math.max(0, Math.round((now - last) / (1000 / 60)) - 1); last = now; }
			return dropped; })()`)
	}
	var rows, nothing int
	for range 20 {
		if nothing, rows = dropped("empty"), dropped("document.querySelector('.list')"); rows <= nothing {
			break
		}
	}
	t.Logf("of 60 frames %d were dropped while scrolling 20,000 rows, %d while scrolling nothing", rows, nothing)
	require.LessOrEqual(t, rows, nothing)
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
	const storm = 1200
	var senders sync.WaitGroup
	for range 8 { // together, so that they are more than a page gets
		senders.Go(func() {
			for range storm / 8 {
				w.call("parkingstatus", map[string]any{"parkingId": 1})
			}
		})
	}
	senders.Wait()
	p.wait(fmt.Sprintf("document.querySelector('.count').textContent === '%d rows'", storm))
	ids := eval[[]int](p, `(async () => { const list = document.querySelector('.list'); list.scrollTop = 20000; await new Promise(r => setTimeout(r, 200));
		return [...document.querySelectorAll('.list .row:not([hidden])')].sort((a, b) => a.getAttribute('aria-posinset') - b.getAttribute('aria-posinset')).map(r => Number(r.dataset.key.slice(9))); })()`)
	for i := 1; i < len(ids); i++ {
		require.Equal(t, ids[i-1]-1, ids[i])
	}
	p.turnToAny("charts")
	p.has(".chart-traffic .legend", "1200 requests")
	p.has(".chart-codes", "1200")
}

// choose waits for a row of the list and clicks it.
func (t *tab) choose(row string) {
	t.tb.Helper()
	t.wait(row)
	t.click(row)
}
