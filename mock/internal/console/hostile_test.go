package console_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Nothing that a user of the platform or of the control API chose becomes markup, on any page.
func TestPages_hostileTextStaysText(t *testing.T) {
	t.Parallel()
	w := hostileServer(t)
	w.do(http.MethodPost, "/faults", map[string]any{"name": hostile, "on": map[string]any{"where": map[string]any{hostile: hostile}}, "do": map[string]any{"message": hostile, "code": 1}})
	w.do(http.MethodPut, "/merchants/"+"M3", map[string]any{"key": hostile + " as a key", "name": hostile}) // what is the key itself would be hidden
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
	w.SendText(t, "carnum", hostile, "")
	w.SendText(t, "carnum", `{}`, hostile)
	w.Ask(t, http.MethodPost, "/merchant/open/1.0.0/openapi/"+"%3Cimg%20src=x%20onerror=window.pwned=1%3E", "merchant_no=<img src=x onerror=window.pwned=1>&data=x&sign=y&time_stamp=z", "Content-Type", "application/x-www-form-urlencoded")
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
