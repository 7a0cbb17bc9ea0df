package console_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

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
