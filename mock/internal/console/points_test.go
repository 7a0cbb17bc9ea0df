package console_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// From an opened call one sees what it changed, copies the sandbox as it was after it, and goes back there.
func TestPoints_diffForkAndUndo(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	token := w.Bind(t, "13800000001", "渝ATX061")
	w.call("bindcar", map[string]any{"token": token, "plateNumber": "渝B00001"})
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	p := w.console("live", look{})
	p.choose(`[...document.querySelectorAll('.list .row')].find(r => r.dataset.key === 'request-r2')`)
	p.press("What changed")
	p.has(".changes", "渝ATX061")
	requireAccessible(t, p, "what a call changed")
	p.press("Copy the sandbox from here")
	p.has(".banner", "is default as it was after r2")
	p.wait("document.querySelector('.chooser select').value !== 'default' && document.querySelector('.state-live')")
	p.goTo("live")
	p.wait("document.querySelector('.chooser select').value === 'default'")
	p.choose(`[...document.querySelectorAll('.list .row')].find(r => r.dataset.key === 'request-r2')`)
	p.press("Undo to here")
	p.pressIn("dialog footer", "Undo to here")
	p.wait("!" + rowWith("parkingstatus"))
	bound := w.do(http.MethodGet, "/users/13800000001", nil)["bindings"]
	require.Len(t, bound, 1, "the second binding is undone")

	// Where the log begins later, what cannot be done is not offered.
	eval[int](p, `(async () => { const ask = window.fetch; window.fetch = (url, o) => (String(url).endsWith('/log?limit=1') ? Promise.resolve(new Response('{"items":[{"seq":9,"at":"2030-01-01 00:00:00"}]}')) : ask(url, o)); return 1; })()`)
	p.choose(`[...document.querySelectorAll('.list .row')].find(r => r.dataset.key === 'request-r1')`)
	p.has(".pane .note", "The log goes back to 2030-01-01 00:00:00 (input 9)")
	require.Zero(t, eval[int](p, "document.querySelectorAll('.pane .point-acts').length"))
}

// The log lists every input, the newest first, as it comes; from each one sees what it changed, copies the sandbox and undoes.
func TestLog_diffForkAndUndo(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	token := w.Bind(t, "13800000001", "渝ATX061")
	w.call("bindcar", map[string]any{"token": token, "plateNumber": "渝B00001"})
	p := w.console("log", look{})
	p.wait("[...document.querySelectorAll('table.log tbody tr')].map(r => r.cells[0].textContent).join() === '4,3,2,1'")
	p.has("table.log td", "sandbox default created")
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	p.has("table.log td", "enters car park 1") // at once
	p.press("From here, input 3")
	p.press("What changed")
	p.has(".log-point .changes", "渝ATX061")
	requireAccessible(t, p, "the log with a point opened")
	p.fill("Search the log", "bindcar r2")
	p.wait("document.querySelectorAll('table.log tbody tr').length === 1 && document.querySelector('.changes')")
	p.reload()
	p.wait("document.querySelectorAll('table.log tbody tr').length === 1")
	p.fill("Search the log", "")
	p.press("From here, input 3")
	p.press("Undo to here")
	p.pressIn("dialog footer", "Undo to here")
	p.wait("document.querySelectorAll('table.log .is-undone').length === 2")
	require.Len(t, w.do(http.MethodGet, "/users/13800000001", nil)["bindings"], 1)
	require.Empty(t, w.items("/orders"))
	p.press("r2")
	p.has(".pane h2", "bindcar")
	p.goTo("log")
	p.press("From here, input 5")
	p.press("Copy the sandbox from here")
	p.has(".banner", "is default as it was after 5")
	require.Len(t, w.DoIn(t, eval[string](p, "document.querySelector('.chooser select').value"), http.MethodGet, "/orders", nil)["items"], 1)
}
