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
	token := w.binds("13800000001", "渝ATX061")
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
}
