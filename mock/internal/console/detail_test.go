package console_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/sign"
)

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
	token := w.Bind(t, "13800000001", "渝ATX061")
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

func TestLive_opensARequestIntoAllOfIt(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	token := w.Bind(t, "13800000001", "渝ATX061")
	w.SendText(t, "carnum", `{"token": "`+token+`"}`, "A3DE1813F4DDBADFC18555E18A2E579D")
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
	p.has(".pane .plain", `,"sign":"A3DE1813F4DDBADFC18555E18A2E579D"}`) // what makes it fail
	p.has(".pane .json", "签名校验非法")
	p.has(".pane .compare", "Expected")      // the wrong sign and the right one, one above the other
	p.lacks(".pane .compare", "They differ") // of two hashes nearly every character does
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

// The head of an opened row, with its close and its neighbours, stays in sight; below it stands who sent the request, how and when.
func TestDetail_headStaysAndSaysWhoSentIt(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	p := w.console("live", look{})
	p.choose(rowWith("parkingstatus"))
	p.has(".pane .facts dt", "Client address")
	entry := w.items("/requests")[0]
	p.has(".pane .facts dd", entry["remoteAddr"].(string))
	wall := entry["wallAt"].(string)
	if at, err := time.Parse(time.RFC3339, wall); err == nil {
		wall = at.In(time.FixedZone("", 8*3600)).Format(time.DateTime)
	}
	p.has(".pane .facts dd", wall)
	p.click("document.querySelector('.pane .headers summary')")
	p.has(".pane .headers dd", "application/x-www-form-urlencoded")
	require.Greater(t, eval[int](p, "(() => { const b = document.querySelector('.pane-body'); b.scrollTop = 1e6; return b.scrollTop; })()"), 300)
	p.wait("Math.abs(document.querySelector('.detail-head').getBoundingClientRect().top - document.querySelector('.pane-body').getBoundingClientRect().top) < 1")
	p.press("Close")
	p.wait("!document.querySelector('.with-pane')")
}

// The wrong characters of a sign are marked where they differ, on two lines that are aligned.
func TestDetail_marksTheByteThatDiffers(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	const data = `{"parkingId":"1"}`
	w.call("parkingstatus", map[string]any{"parkingId": "1"})
	stamp, _ := w.items("/requests")[0]["timeStamp"].(string)
	right := sign.Request(data, merchantKey, stamp)
	wrong := strings.ToLower(right)
	w.SendSigned(t, "parkingstatus", data, wrong, stamp)
	p := w.console("live", look{})
	p.choose(rowWith("sign-mismatch"))
	// All of it is read at once: the pane is drawn anew when more of the entry is known.
	type compared struct {
		Lines  []string
		Marked string
		Left   []float64
	}
	const lines = "[...document.querySelectorAll('.pane .compare-line code')]"
	p.wait(lines + ".length === 2")
	shown := eval[compared](p, `(async () => { let lines; do { await new Promise(requestAnimationFrame); lines = `+lines+`; } while (lines.length !== 2);
		return {lines: lines.map(e => e.textContent), marked: lines[0].innerHTML.replaceAll(/<.?mark>/g, '|'), left: lines.map(e => e.getBoundingClientRect().left)}; })()`)
	require.Equal(t, []string{right, wrong}, shown.Lines)
	for i, part := range strings.Split(shown.Marked, "|") {
		require.Equal(t, i%2 == 0, part == strings.ToLower(part), "of %s only the letters differ", shown.Marked)
	}
	require.InDelta(t, shown.Left[0], shown.Left[1], 0.5)
}

// An opened push shows first what was sent, then its attempts, of which the newest is open.
func TestDetail_aPushBeginsWithItsBody(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	m := w.listens()
	m.refuses.Store(true)
	w.do(http.MethodPost, "/pushes", map[string]any{"merchantNo": merchantNo, "kind": "exit"})
	w.do(http.MethodPost, "/pushes/drain", map[string]any{})
	w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "10s"})
	p := w.console("live", look{})
	p.choose(rowWith("Exit"))
	p.has(".pane .timeline", "Attempt 2")
	p.wait("document.querySelector('.pane .part h3').textContent === 'Body' && document.querySelector('.pane .part .json').textContent.includes('signment')")
	require.Equal(t, []bool{true, false}, eval[[]bool](p, "[...document.querySelectorAll('.pane .timeline details')].map(e => e.open)"), "the newest first")
	p.has(".pane .timeline .compare", "Expected")
	p.wait("document.querySelectorAll('.pane .timeline details')[0].textContent.includes('Attempt 2')")
}
