package console_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFaults_areSwitchedOnAndOff(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.console("faults", look{})
	press := func(name string) {
		t.Helper()
		find := fmt.Sprintf("[...document.querySelectorAll('.switch')].find(e => e.querySelector('b').textContent === %s)", quoted(name))
		p.wait(find)
		p.click(find)
	}
	on := "document.querySelectorAll('.switch[aria-checked=true]').length === "
	press("Server error")
	p.wait(on + "1")
	code, _ := w.call("parkingstatus", map[string]any{"parkingId": 1})
	require.Equal(t, 2, code)
	p.has(".switch .hits", "hit 1×")
	press("Duplicates")
	p.wait(on + "2")
	require.Len(t, w.items("/faults"), 5, "one on requests, one on each kind of push")
	press("Server error")
	p.wait(on + "1")
	code, _ = w.call("parkingstatus", map[string]any{"parkingId": 1})
	require.Zero(t, code)

	p.fill("Name", "no binding on Sundays")
	p.fill("Endpoint or push", "bindcar")
	p.fill("Code", "20100")
	p.fill("Delay", "1ms-3ms")
	p.fill("Times", "2")
	p.has(".fault-form .json", `"min"`)
	p.press("Add the fault")
	p.has("table", "no binding on Sundays")
	faults := w.items("/faults")
	require.Equal(t, "bindcar", faults[4]["on"].(map[string]any)["endpoint"])
	p.fill("Delay", "yesterday")
	p.press("Add the fault")
	p.has(".toast.bad", "delay")
	p.press("Remove all")
	p.pressIn("dialog footer", "Remove all")
	p.wait(on + "0")
	require.Empty(t, w.items("/faults"))
}
