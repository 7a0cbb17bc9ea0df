package console_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSandboxes_areMadeChosenResetAndDeleted(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	p := w.console("sandboxes", look{})
	p.press("New sandbox")
	p.fill("Id", "my-test")
	p.fill("Fixture (JSON)", `{"clock": "2020-02-29 10:00:00", "merchants": [{"no": "M1", "key": "k2"}]}`)
	p.press("Create")
	p.has("dialog .bad-text", "M1") // taken
	p.fill("Fixture (JSON)", `{"clock": "2020-02-29 10:00:00", "merchants": [{"no": "M2", "key": "k2"}]}`)
	p.press("Create")
	p.has("tr.changed", "my-test")
	p.has(".clock-time", "2020-02-29 10:00:00")
	p.has(".secret ~ *, td", "M2")
	require.Contains(t, eval[string](p, "location.hash"), "s=my-test")
	p.pressIn("table", "default")
	p.has("tr.changed", "default")
	p.has(".clock-time", "2017-08-20 12:00:00")
	p.press("Delete my-test")
	p.pressIn("dialog footer", "Delete")
	p.lacks("table", "my-test")
	require.Len(t, w.items("/requests"), 1)
	p.press("Reset")
	p.pressIn("dialog footer", "Reset")
	p.has(".toast", "reset")
	require.Empty(t, w.items("/requests"))
}

func TestSandboxes_areSavedAndLoaded(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	p := w.console("sandboxes", look{})
	p.wait("document.querySelector('.rules tbody tr')")
	folder := t.TempDir()
	p.downloadsTo(folder)
	p.press("Save")
	var files []string
	require.Eventually(t, func() bool {
		files, _ = filepath.Glob(filepath.Join(folder, "*.state.json"))
		return len(files) == 1
	}, patience, 20*time.Millisecond)
	w.do(http.MethodPost, "/reset", nil)
	require.Empty(t, w.items("/orders"))
	text, err := os.ReadFile(files[0])
	require.NoError(t, err)
	require.Contains(t, string(text), "渝ATX061")
	p.choosesFile("input[type=file]", files[0])
	p.pressIn("dialog footer", "Load")
	p.has(".toast", "back")
	require.Len(t, w.items("/orders"), 1)
}

func TestSandboxes_merchantsAndTheTestPush(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	m := w.listens()
	p := w.console("sandboxes", look{})
	p.press("Send a test push")
	p.press("Send")
	p.has("dialog .verdict.good", "accepted it")
	p.has("dialog .json", "signment")
	m.refuses.Store(true)
	p.fill("Show", "unbind")
	p.press("Send")
	p.has("dialog .verdict.bad", "did not accept it")
	p.has("dialog .examined", "code is 4")
	require.EqualValues(t, 2, m.got.Load())
	p.press("Examine")
	p.has("dialog .verdict.bad", "not judged")
	p.has("dialog .step-list", "MUST")
	p.press("Send")
	p.has("dialog .verdict.bad", "did not accept it")
	p.press("Show it in Live")
	p.has(".pane .timeline .bad", "code is 4")
	p.turnTo("sandboxes")
	p.press("Add a merchant")
	p.fill("Number", "M9")
	p.fill("Name", "new shop")
	p.fill("Key", "k9")
	p.fill("Push URL", "http://127.0.0.1:9/etcp")
	p.pressIn("dialog footer", "Save")
	p.has("td", "new shop")
	require.Equal(t, "http://127.0.0.1:9/etcp", w.items("/merchants")[1]["push"].(map[string]any)["url"])
	p.press("Delete M9")
	p.pressIn("dialog footer", "Delete")
	p.lacks("td", "new shop")
}

func TestSandboxes_rules(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.console("sandboxes", look{})
	p.fill("Search the rules", "bind.max")
	p.has(".rules td", "Different vehicles a phone may bind within a month.")
	p.fill("bind.max", "5")
	p.has(".rules tr.changed", "bind.max")
	p.fill("Search the rules", "")
	p.fill("tariff.free", "deducted")
	p.fill("push.schedule", "1s, 2m")
	p.has(".toast", "push.schedule = 1s, 2m")
	rules := w.do(http.MethodGet, "/rules", nil)
	require.EqualValues(t, 5, rules["bind.max"].(map[string]any)["value"])
	require.Equal(t, "deducted", rules["tariff.free"].(map[string]any)["value"])
	require.Equal(t, []any{"1s", "2m"}, rules["push.schedule"].(map[string]any)["value"])
	p.fill("sms.ttl", "yesterday")
	p.has(".field-error", "duration")
	p.click("document.getElementById('rules-changed')")
	p.wait("document.querySelectorAll('.rules tbody tr').length === 3")
	p.press("Back to the default: bind.max")
	p.wait("document.querySelectorAll('.rules tbody tr').length === 2")
}

func TestRules_meaningIsKnownInChinese(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.console("sandboxes", look{language: "zh"})
	p.wait("document.querySelector('.rules tbody tr')")
	english := eval[[]string](p, `[...document.querySelectorAll('.rules tbody tr')].filter(r => !/\p{sc=Han}/u.test(r.cells[4].textContent)).map(r => r.cells[0].textContent)`)
	require.Empty(t, english)
}

// Of a merchant that is examined it is said how many cases passed, failed and were not judged, each apart, and of one that failed what was sent and expected.
func TestSandboxes_examineCountsApart(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.listens() // it accepts everything, wrong signatures too
	p := w.console("sandboxes", look{})
	p.press("Send a test push")
	p.press("Examine")
	p.wait("/^\\d+ of \\d+ passed, \\d+ failed, \\d+ not judged$/.test(document.querySelector('dialog .verdict.bad b')?.textContent)")
	n := eval[[]int](p, "document.querySelector('dialog .verdict b').textContent.match(/\\d+/g).map(Number)")
	require.Equal(t, n[1], n[0]+n[2]+n[3])
	shown := func(title string) int {
		t.Helper()
		return eval[int](p, "[...document.querySelectorAll('dialog details')].find(e => e.querySelector('summary').textContent.startsWith("+quoted(title)+"))?.querySelectorAll('.step-line').length ?? 0")
	}
	require.Equal(t, []int{n[0], n[2], n[3]}, []int{shown("Passed"), shown("Failed"), shown("Not judged")})
	require.Positive(t, n[2])
	require.Positive(t, n[0])
	p.has("dialog .step-line.is-failed dt", "Sent")
	p.has("dialog .step-line.is-failed dt", "Expected")
}
