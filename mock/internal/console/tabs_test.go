package console_test

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// A browser opens six connections to a server. Ten tabs have one event stream together, so that each of them can still ask.
func TestTabs_tenWorkAtOnce(t *testing.T) {
	w := newServer(t, smallFixture)
	first := w.console("live", look{})
	tabs := []*tab{first}
	for len(tabs) < 10 {
		p := first.another(w.URL+"/console/#/live", look{})
		p.wait(`document.querySelector('.state-live')`)
		tabs = append(tabs, p)
	}
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	for _, p := range tabs {
		p.wait(rowWith("parkingstatus"))
	}
	tabs[9].pressIn(".clock", "+15m: Step 15m")
	for _, p := range tabs {
		p.has(".clock-time", "2017-08-20 12:15:00")
	}
	// The tab that reads the stream closes: another takes over, and nothing is missed.
	tabs[1].close()
	eval[bool](first, `(location.href = 'about:blank', true)`)
	w.call("carnum", map[string]any{"token": "x"})
	for _, p := range tabs[2:] {
		p.wait(rowWith("carnum"))
	}
}

// Tabs of more sandboxes than the browser has connections for all show what happens.
func TestTabs_ofManySandboxes(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	first := w.console("live", look{})
	tabs := map[string]*tab{"default": first}
	for _, id := range []string{"a", "b", "c", "d", "e", "f"} {
		w.NewSandbox(t, id)
		p := first.another(w.URL+"/console/#/live?s="+id, look{})
		p.wait(`document.querySelector('.state-live')`)
		tabs[id] = p
	}
	for id := range tabs {
		w.DoIn(t, id, http.MethodPost, "/clock/advance", map[string]any{"by": "1h"})
	}
	for id, p := range tabs {
		now, _ := w.DoIn(t, id, http.MethodGet, "/clock", nil)["now"].(string)
		p.has(".clock-time", now[:13]) // to the hour: most of these clocks run
	}
}

func TestSandbox_deletedElsewhereIsReported(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.NewSandbox(t, "short-lived")
	p := w.console("live?s=short-lived", look{language: "zh"})
	p.wait(`document.querySelector('.state-live')`)
	w.DoIn(t, "short-lived", http.MethodDelete, "", nil)
	p.has(".banner", "沙箱 short-lived 已不存在")
	p.wait(`!location.hash.includes('short-lived') && document.querySelector('.state-live') && document.querySelector('.chooser select').value === 'default'`)
	p.pressIn(".banner", "关闭")
	p.wait(`!document.querySelector('.banner')`)
}

// A server that was started again has lost what it held: the page shows what is now, and says so.
func TestServer_restartedIsReported(t *testing.T) {
	t.Parallel()
	w, stop := startAt(t, "127.0.0.1:0", smallFixture)
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	w.NewSandbox(t, "short-lived")
	p := w.console("live", look{noErrors: true})
	other := p.another(w.URL+"/console/#/live?s=short-lived", look{noErrors: true})
	p.wait(rowWith("parkingstatus"))
	other.wait(`document.querySelector('.state-live')`)
	stop()
	p.wait(`document.querySelector('.state-lost')`)
	p.pressIn(".clock", "+15m: Step 15m")
	p.has(".toast.bad", "cannot be reached")
	p.lacks(".toast", "Failed to fetch")
	startAt(t, strings.TrimPrefix(w.URL, "http://"), smallFixture)
	p.has(".banner", "server was restarted")
	p.wait(`document.querySelector('.state-live')`)
	p.wait("!" + rowWith("parkingstatus"))
	other.has(".banner", "short-lived no longer exists")
	w.call("carnum", map[string]any{"token": "x"})
	p.wait(rowWith("carnum"))
	other.wait(rowWith("carnum"))
}

// Faults, rules and merchants that another page or the command line changes are seen.
func TestChangesMadeElsewhereAreSeen(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	faults := w.console("faults", look{})
	boxes := faults.another(w.URL+"/console/#/sandboxes", look{})
	faults.has("main", "No fault is in force")
	boxes.wait(`document.querySelector('.rules tbody tr')`)
	w.do(http.MethodPost, "/faults", map[string]any{"name": "from elsewhere", "do": map[string]any{"code": 2}})
	faults.has("td", "from elsewhere")
	w.do(http.MethodPatch, "/rules", map[string]any{"bind.max": 7})
	boxes.wait(`document.querySelector('.rules [aria-label="bind.max"]').value === '7'`)
	w.do(http.MethodPut, "/merchants/M7", map[string]any{"key": "k", "name": "from elsewhere"})
	boxes.has("td", "from elsewhere")
	w.NewSandbox(t, "made-elsewhere")
	boxes.has("td", "made-elsewhere")
	boxes.wait(`[...document.querySelectorAll('.chooser option')].some(o => o.value === 'made-elsewhere')`)
}

// Where several replicas share a database, the page says which of them it speaks to; where not, it says nothing of that.
func TestFrame_namesTheReplica(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.behind(nil, map[string]string{"/version": `{"version":"dev","commit":"","goVersion":"go","replica":"mock-2"}`}).console("live", look{})
	p.has("header .replica", "Replica mock-2")
	alone := w.console("live", look{})
	alone.wait("document.querySelector('.state-live')")
	alone.lacks("header .replica", "Replica")
}

// What happens between the reading of what was and the begin of the stream is not missed.
func TestStream_missesNothingBeforeItBegins(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	begins := make(chan struct{})
	begin := sync.OnceFunc(func() { close(begins) })
	t.Cleanup(begin)
	p := w.behind(func(r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/events") {
			<-begins
		}
	}, nil).console("live", look{})
	p.has(".first-run", "curl") // all is read
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "1h"})
	begin()
	p.wait(rowWith("parkingstatus"))
	p.has(".clock-time", "13:00:00")
}

// A clock that moves while a page still reads what was before shows what the stream brings, not what was read earlier.
func TestLoad_clockMovesMeanwhile(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	var clocks atomic.Int32
	read, listed := make(chan struct{}), make(chan struct{})
	list := sync.OnceFunc(func() { close(listed) })
	t.Cleanup(list)
	p := w.through(func(out http.ResponseWriter, r *http.Request, pass http.HandlerFunc) {
		if strings.HasSuffix(r.URL.Path, "/requests") {
			<-listed
		}
		pass(out, r)
		if strings.HasSuffix(r.URL.Path, "/clock") && clocks.Add(1) == 2 { // with the lists; the first is before the stream
			close(read)
		}
	}).console("live", look{})
	<-read
	w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "1h"})
	p.has(".clock-time", "13:00:00")
	list()
	p.wait(rowWith("parkingstatus"))
	eval[bool](p, "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
	p.has(".clock-time", "13:00:00")
}
