package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Long names and addresses do not make a narrow page scroll sideways, and no page scrolls where nothing is hidden.
func TestPages_holdLongTexts(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	long := strings.Repeat("很长的停车场名称", 8)
	w.do(http.MethodPut, "/parkings/1", map[string]any{"name": long, "city": strings.Repeat("长", 40), "lat": "29.56", "lon": "106.56"})
	w.do(http.MethodPut, "/merchants/M1", map[string]any{"key": merchantKey, "name": strings.Repeat("N", 80), "push": map[string]any{"url": "http://127.0.0.1:9/" + strings.Repeat("path/", 60)}})
	w.do(http.MethodPost, "/faults", map[string]any{"name": strings.Repeat("fault", 20), "on": map[string]any{"where": map[string]any{"plateNumber": strings.Repeat("渝", 50)}}, "do": map[string]any{"message": strings.Repeat("m", 200), "code": 1}})
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	w.call("parkingstatus", map[string]any{"parkingId": strings.Repeat("9", 60)})
	for _, language := range []string{"en", "zh"} {
		p := w.console("live", look{language: language, width: 390, height: 800})
		p.wait(rowWith("parkingstatus"))
		p.click(rowWith("parkingstatus"))
		p.wait("document.querySelector('.pane h2')")
		for _, page := range append([]string{""}, pages...) {
			if page != "" {
				p.turnToAny(page)
				p.wait("document.querySelector('main').textContent.length > 20 && !document.querySelector('.loading')")
			}
			require.Zero(t, eval[int](p, "Math.max(0, document.documentElement.scrollWidth - innerWidth, document.querySelector('main').scrollWidth - document.querySelector('main').clientWidth)"), "%s scrolls sideways: %v", page, eval[[]string](p, "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + .1 && !e.closest('.scroll')).map(e => e.outerHTML.slice(0, 90) + e.getBoundingClientRect().right).slice(0, 6)"))
			require.Zero(t, eval[int](p, "Math.max(0, document.documentElement.scrollHeight - innerHeight)"), "%s scrolls as a whole", page)
			require.Zero(t, eval[int](p, `(() => { const m = document.querySelector('main'), page = m.querySelector('.page'); return page && !m.querySelector('.stay') ? Math.max(0, m.scrollHeight - Math.max(page.getBoundingClientRect().height, m.clientHeight) - 1) : 0; })()`), "%s scrolls past its end", page)
		}
	}
}
