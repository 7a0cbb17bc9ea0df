package console_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
)

const failing = `name: wrong-fee
steps:
  - call: usersigin
    name: sign in
    data: {mobilePhone: "13800000001", appId: ETCP}
    save: {token: data.token}
  - call: carnum
    name: count the cars
    data: {token: "${token}"}
    expect: {data: {number: 7}}
`

func TestScenarios_areListedReadAndRun(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.console("scenarios", look{})
	p.press("temporary-car-pays-online")
	p.wait("document.querySelector('.source').value.includes('usersigin')")
	p.has(".gutter", "30")
	p.press("Run temporary-car-pays-online")
	p.has(".result .verdict", "passed")
	require.Greater(t, eval[int](p, "document.querySelectorAll('.result .is-passed').length"), 5)
}

func TestScenarios_showTheStepThatFailedAndItsDiff(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.console("scenarios", look{})
	p.fill("Source", failing)
	p.lacks(".problems", " ")
	p.pressIn("main", "Run")
	p.has(".result .verdict", "failed")
	p.has(".result .is-passed", "sign in")
	p.has(".result .is-failed", "count the cars")
	p.has(".result .is-failed .diff", "7")
	requireAccessible(t, p, "a failed run")
}

func TestScenarios_markTheLineThatIsWrong(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.console("scenarios", look{})
	p.fill("Source", strings.Replace(failing, "call: carnum", "call: carnumm", 1))
	p.has(".gutter .bad", "7")
	p.has(".problems", "carnum")
	p.press("7")
	p.wait("document.activeElement.matches('.source') && document.activeElement.selectionStart > 50")
	p.fill("Source", failing)
	p.wait("!document.querySelector('.gutter .bad')")
}

// What is done between start and stop becomes a scenario: downloaded, put into the editor, and it runs.
func TestScenarios_areRecorded(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	p := w.console("scenarios", look{})
	folder := t.TempDir()
	p.downloadsTo(folder)
	p.press("Start recording")
	p.has(".actions", "Recording since 2017-08-20 12:00:00")
	w.Bind(t, "13800000001", "渝ATX061")
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	p.press("Stop and download")
	p.wait("document.querySelector('.source').value.includes('bindcar') && document.querySelector('.source').value.includes('enter')")
	var files []string
	require.Eventually(t, func() bool {
		files, _ = filepath.Glob(filepath.Join(folder, "*.yaml"))
		return len(files) == 1
	}, patience, 20*time.Millisecond)
	p.wait("!document.querySelector('.gutter .bad')")
	p.pressIn("main", "Run")
	p.has(".result .verdict", "passed")
}

// Where the server wants a token the page asks for it, once, and everything works, the event stream too.
func TestPage_asksForTheToken(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture, mock.WithAdminToken("let-me-in"))
	p := w.console("live", look{})
	p.has("dialog h2", "Admin token required")
	requireAccessible(t, p, "the token dialog")
	p.fill("Admin token", "let-me-out")
	p.press("Sign in")
	p.has("dialog .bad-text", "not the token")
	p.fill("Admin token", "let-me-in")
	p.keys(keyEnter)
	p.wait("!document.querySelector('dialog') && document.querySelector('.state-live')")
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	p.wait(rowWith("parkingstatus"))
	for _, page := range pages {
		p.turnToAny(page)
	}
	p.pressIn(".clock", "+1h: Step 1h")
	p.has(".clock-time", "2017-08-20 13:00:00")
	p.reload()
	p.wait("document.querySelector('.state-live')")
	require.NotContains(t, eval[string](p, "document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)"), "let-me-in")
}

// The workbench finds scenarios, remembers how their last run went, keeps what is written, and keeps a run's sandbox to look into.
func TestScenarios_areAWorkbench(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.console("scenarios", look{})
	p.fill("Search the scenarios", "busy")
	p.wait("document.querySelectorAll('.scenario-list li').length === 1")
	p.fill("Search the scenarios", "")
	p.fill("Source", failing)
	p.wait("document.querySelectorAll('.colours .y-key').length > 5")
	p.click("document.querySelector('.card input[type=checkbox]')")
	p.pressIn("main", "Run")
	p.has(".result .verdict", "failed")
	p.has(".gutter .good", "3")
	p.has(".gutter .bad", "7")
	p.press("line 7")
	p.wait("document.activeElement.matches('.source') && document.activeElement.selectionStart > 50")
	p.reload()
	p.wait("document.querySelector('.source').value.includes('wrong-fee')")
	p.has(".result .verdict", "failed")
	kept := eval[string](p, "[...document.querySelectorAll('.verdict button')].map(e => e.textContent)[0]")
	p.press(kept)
	p.wait(rowWith("carnum"))
	p.wait("location.hash.includes('s=') && document.title.startsWith('Live')")
	p.turnToAny("scenarios")
	p.press("Run temporary-car-pays-online")
	p.has(".scenario-list .last-run", "passed")
	folder := t.TempDir()
	p.downloadsTo(folder)
	p.press("Download")
	require.Eventually(t, func() bool {
		_, err := os.Stat(filepath.Join(folder, "temporary-car-pays-online.yaml"))
		return err == nil
	}, patience, 20*time.Millisecond)
}

// A check that is answered after a run is over leaves the run's marks where they are.
func TestScenarios_aLateCheckKeepsTheMarksOfTheRun(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	over := make(chan struct{})
	release := sync.OnceFunc(func() { close(over) })
	t.Cleanup(release)
	var late atomic.Int32
	p := w.behind(func(r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/scenarios/validate") {
			<-over
			late.Add(1)
		}
	}, nil).console("scenarios", look{})
	p.wait("document.querySelector('.scenario-list li')")
	p.fill("Source", failing)
	p.pressIn("main", "Run")
	p.has(".gutter .bad", "7")
	release()
	p.wait("performance.getEntriesByType('resource').filter(e => e.name.endsWith('/scenarios/validate') && e.responseEnd).length === 2") // on arriving, and after typing
	eval[bool](p, "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
	p.has(".gutter .good", "3")
	p.has(".gutter .bad", "7")
	require.Positive(t, late.Load())
}

// What a scenario is about is said in the page's language.
func TestScenarios_areSummedUpInBothLanguages(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.console("scenarios", look{language: "zh"})
	p.wait("document.querySelector('.scenario-list li')")
	han := "[...document.querySelectorAll('.scenario-list .note')].map(e => /\\p{sc=Han}/u.test(e.textContent))"
	require.NotContains(t, eval[[]bool](p, han), false)
	p.press("English")
	p.wait("document.querySelector('.scenario-list .note') && !/\\p{sc=Han}/u.test(document.querySelector('.scenario-list .note').textContent)")
	require.NotContains(t, eval[[]bool](p, han), true)
}
