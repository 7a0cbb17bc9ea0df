package console_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
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
