package console_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// Nothing but the stylesheet holds up the first paint, and there is something to paint before any script has run. BenchmarkPage_firstPaint
// says how long it takes.
func TestPage_isPaintedSoon(t *testing.T) {
	w := newServer(t, smallFixture)
	p := w.console("live", look{})
	blocking := eval[[]string](p, "performance.getEntriesByType('resource').filter(r => r.renderBlockingStatus === 'blocking').map(r => new URL(r.name).pathname.split('/').pop())")
	require.Len(t, blocking, 1)
	require.Regexp(t, `\.css$`, blocking[0])
	markup := eval[string](p, "(async () => (await fetch('/console/')).text())()")
	_, body, found := strings.Cut(markup, "<body>")
	require.True(t, found)
	require.Contains(t, body, `<header class="top">`)
	require.NotContains(t, body, "<script")
}

// Between an event and its row the page waits for no timer longer than a frame of the screen. BenchmarkLive_untilARequestIsShown says
// how long it takes.
func TestLive_showsARequestAtOnce(t *testing.T) {
	w := newServer(t, smallFixture)
	p := w.console("live", look{})
	p.wait("document.querySelector('.state-live')")
	eval[bool](p, `(() => { window.waits = []; const wait = window.setTimeout;
		window.setTimeout = (does, ms = 0) => wait(() => { window.waits.push(ms); does(); }, ms); return true; })()`)
	for sent := 1; sent <= 5; sent++ {
		w.call("parkingstatus", map[string]any{"parkingId": sent})
		// A wait of the test's own would be one of a timer.
		eval[bool](p, fmt.Sprintf("(async () => { while (!document.querySelector('[data-key=request-r%d]')) await new Promise(requestAnimationFrame); return true; })()", sent))
	}
	waits := eval[[]float64](p, "window.waits")
	require.NotEmpty(t, waits, "events gather before they are drawn")
	require.LessOrEqual(t, slices.Max(waits), 1000.0/60)
}

// scrolls flicks through an element and counts, in each of sixty frames, what measure says.
const scrolls = `(async (e, measure) => { e.scrollTop = 0; let last = await new Promise(requestAnimationFrame); let sum = 0;
	for (let i = 0; i < 60; i++) { e.scrollTop += %d; const now = await new Promise(requestAnimationFrame); sum += measure(now - last); last = now; }
	return sum; })`

// Twenty thousand rows are drawn as a few, which are moved: a flick through them changes no more of the page than one through
// two hundred, and adds nothing to it. BenchmarkLive_twentyThousandRows counts the frames that are dropped.
func TestLive_keepsTwentyThousandRowsSmooth(t *testing.T) {
	changes := func(rows int) (*tab, int) {
		w := newServer(t, smallFixture)
		w.call("parkingstatus", map[string]any{"parkingId": 1})
		p := w.withRows(rows).console("live", look{})
		p.wait(fmt.Sprintf("document.querySelector('.count').textContent === '%d rows'", rows))
		require.Less(t, eval[int](p, "document.querySelectorAll('.list .row').length"), 80)
		eval[bool](p, `(() => { window.changes = []; window.watch = new MutationObserver((seen) => window.changes.push(...seen));
			watch.observe(document.querySelector('.list'), {subtree: true, childList: true, attributes: true, characterData: true}); return true; })()`)
		eval[int](p, fmt.Sprintf(scrolls, rows*30/60)+"(document.querySelector('.list'), () => 0)")
		added := eval[int](p, "watch.takeRecords().concat(window.changes).filter(c => [...c.addedNodes].some(n => n.matches?.('.row'))).length")
		require.Zero(t, added, "a row that was made is used again")
		return p, eval[int](p, "window.changes.length")
	}
	_, few := changes(200)
	p, many := changes(20_000)
	t.Logf("60 frames changed %d parts of 200 rows, and %d of 20,000", few, many)
	require.LessOrEqual(t, many, 8*few)
	p.wait("[...document.querySelectorAll('.list .row:not([hidden])')].every(r => r.textContent.includes('parkingstatus'))")
	p.fill("Filter", "nothing at all")
	p.has(".list-side .empty", "Nothing matches")
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
