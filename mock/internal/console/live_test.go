package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os/exec"
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
	p.has(".divider-clock", "+1 h 35 min")
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
	p.has(".divider-clock", "+1 h 35 min")
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

// A filter by plate finds the calls of its user that carry only a token or a phone.
func TestLive_filtersByWhatBelongsToAPlate(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	token := w.Bind(t, "13800000001", "渝ATX061")
	w.Bind(t, "13800000002", "渝B00001")
	w.call("uservalidatecode", map[string]any{"mobilePhone": "13800000001"})
	w.call("carnum", map[string]any{"token": token})
	p := w.console("live?q=plate:渝ATX061", look{})
	p.wait("document.querySelector('.count').textContent === '4 of 6'")
	for _, endpoint := range []string{"usersigin", "bindcar", "uservalidatecode", "carnum"} {
		p.wait(rowWith(endpoint))
	}
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
	w.NewSandbox(t, "empty")
	eval[bool](empty, "(location.hash = '#/live?s=empty', true)")
	empty.press("Start")
	empty.wait("!location.hash.includes('s=empty') && location.hash.includes('s=') && Number(/\\d+/.exec(document.querySelector('.count').textContent)?.[0]) > 100")
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

// A fault that had its effect is a row, and is there after a reload, too.
func TestLive_keepsFaultsThroughAReload(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.do(http.MethodPost, "/faults", map[string]any{"name": "now and then", "times": 1, "do": map[string]any{"code": 2}})
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	p := w.console("live", look{})
	p.wait(rowWith("now and then"))
	p.fill("Filter", "is:fault")
	p.wait("document.querySelectorAll('.list .row:not([hidden]):not(.row-divider)').length === 2") // the effect, and the request that had it
	p.reload()
	p.wait(rowWith("now and then"))
	p.wait("document.querySelectorAll('.list .row:not([hidden]):not(.row-divider)').length === 2")
}
