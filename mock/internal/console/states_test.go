package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// state is something that a page can come to show beyond what it shows at first.
type state struct {
	name, page string
	come       func(*tab) // brings it about
}

var states = []state{
	{"an open push", "live", func(p *tab) { p.choose(rowWith("code is 4")); p.has(".pane .timeline", "code is 4") }},
	{"an open car", "live", func(p *tab) { p.choose(rowWith("entered")); p.wait("document.querySelector('.pane .json')") }},
	{"a filter with a slip", "live?q=" + url.QueryEscape("is:faling"), func(p *tab) { p.has(".slips", "faling") }},
	{"nothing found", "live?q=" + url.QueryEscape("nothing at all"), func(p *tab) { p.has(".list-side .empty", "") }},
	{"a request to be sent again, and its answer", "live?q=endpoint:parkingstatus", func(p *tab) {
		p.choose(rowWith("parkingstatus"))
		p.click("[...document.querySelectorAll('.pane .part-head button')].find(e => e.querySelector('.icon-send'))")
		p.click("document.querySelector('dialog .button.primary')")
		p.has("dialog .json", "totalSpace")
	}},
	{"search everywhere", "live", func(p *tab) {
		p.chord("k")
		p.wait("document.querySelectorAll('.find-item').length > 5")
		p.put("document.querySelector('.find-input')", "渝")
		p.wait("document.querySelector('.find-item .plate')")
	}},
	{"the keys", "live", func(p *tab) { p.keys("?"); p.wait("document.querySelector('dialog kbd')") }},
	{"a refused payment of a stay", "stay", func(p *tab) {
		p.click("[...document.querySelectorAll('.node-card')].find(e => e.querySelector('.icon-orders'))")
		p.wait("document.querySelector('.pane h2')")
	}},
	{"the steps of a fee", "stay", func(p *tab) {
		p.wait("document.querySelector('.fee-steps summary')")
		p.click("document.querySelector('.fee-steps summary')")
		p.wait("document.querySelector('.fee-steps').open")
	}},
	{"a fee explained", "orders", func(p *tab) {
		p.click("document.querySelector('table.orders .button.quiet')")
		p.wait("document.querySelector('.fee-explained').textContent")
	}},
	{"a vehicle", "city", func(p *tab) {
		p.click(`[...document.querySelectorAll('.park-line')].find(e => e.textContent.includes('智慧'))`)
		p.click("document.querySelector('.park table .link')")
		p.wait("document.querySelector('dialog .facts')")
	}},
	{"a refusal", "time", func(p *tab) {
		p.put("document.querySelector('main .form input')", "soon")
		p.click("document.querySelector('main .form input').closest('.form').querySelector('.button')")
		p.wait("document.querySelector('.toast.bad')")
	}},
	{"a fault in force", "faults", func(p *tab) {
		p.click("document.querySelector('.switch')")
		p.wait("document.querySelector('.switch[aria-checked=true]')")
	}},
	{"an editor with errors", "scenarios", func(p *tab) {
		p.put("document.querySelector('.source')", "name: x\nsteps:\n  - call: nothing\n")
		p.wait("document.querySelector('.problems li') && document.querySelector('.gutter .bad')")
	}},
	{"a run", "scenarios", func(p *tab) {
		p.click("document.querySelector('.scenario-list .button')")
		p.wait("document.querySelector('.result .verdict .status-passed')")
	}},
	{"a sandbox to be made", "sandboxes", func(p *tab) {
		p.click("document.querySelector('.card .primary')")
		p.wait("document.querySelector('dialog textarea')")
	}},
	{"a question", "sandboxes", func(p *tab) {
		p.click("document.querySelector('.card .danger')")
		p.wait("document.querySelector('dialog .danger')")
	}},
	{"a merchant", "sandboxes", func(p *tab) {
		p.click("[...document.querySelectorAll('main table')][1].querySelector('.button.quiet:not(.square)')")
		p.wait("document.querySelector('dialog summary')")
		p.click("document.querySelector('dialog summary')")
	}},
	{"an examined merchant", "sandboxes", func(p *tab) {
		p.click("[...document.querySelectorAll('main table')][1].querySelector('.button .icon-send').closest('button')")
		p.click("document.querySelector('dialog .button .icon-scenarios').closest('button')")
		p.wait("document.querySelector('dialog .step-list')")
	}},
	{"a rule that is wrong", "sandboxes", func(p *tab) {
		p.fill("bind.max", "many")
		p.wait("document.querySelector('.rules [aria-invalid=true]')")
	}},
	{"a point of the log", "log", func(p *tab) {
		p.click("document.querySelector('table.log button')")
		p.click("document.querySelector('.log-point button')")
		p.wait("document.querySelector('.log-point [aria-live]').childElementCount")
	}},
	{"the sandbox's time", "charts", func(p *tab) { p.click("document.querySelectorAll('.chart-traffic .chip')[1]") }},
}

// Every state that a page can come to has no violation, and its colours none where it is narrow, dark and in Chinese, and where the
// system forces its colours. Nothing in it reaches beyond a narrow page.
func TestStates_areAccessible(t *testing.T) {
	for name, as := range map[string]look{
		"light": {language: "en"}, "dark": {language: "zh", dark: true, width: 390, height: 800}, "forced": {language: "en", forced: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newServer(t, smallFixture)
			w.lives()
			p := w.console("live", as)
			p.wait("document.querySelector('.state-live')")
			eval[bool](p, "(sessionStorage.clear(), true)")
			for _, one := range states {
				page, query, _ := strings.Cut(one.page, "?")
				p.turnTo(page)
				if query != "" {
					eval[bool](p, "(location.hash = "+quoted("#/"+one.page)+", true)")
				}
				switch {
				case as.language == "zh" && strings.Contains(one.name, "push"):
					p.choose(rowWith("code 为 4"))
					p.wait("document.querySelector('.pane .timeline')")
				case as.language == "zh" && strings.Contains(one.name, "car"):
					p.choose(rowWith("离场"))
				default:
					one.come(p)
				}
				if name != "light" { // the markup is that of the light look, and each page of the dark and narrow one is examined whole by itself
					requireContrast(t, p, one.name)
				} else {
					requireAccessible(t, p, one.name)
				}
				require.Zero(t, eval[int](p, "Math.max(0, document.documentElement.scrollWidth - innerWidth, (document.querySelector('dialog')?.scrollWidth ?? 0) - (document.querySelector('dialog')?.clientWidth ?? 0))"), "%s scrolls sideways", one.name)
				eval[bool](p, "(document.querySelector('dialog')?.close(), document.querySelector('.toast button')?.click(), document.activeElement.blur(), true)")
				p.keys(keyEscape)
				eval[bool](p, "(location.hash = '#/live', true)")
				p.wait("!document.querySelector('dialog') && !document.querySelector('.with-pane')")
			}
		})
	}
}

// The first run, what is being read, what could not be read, a banner and the question for a token have no violation either.
func TestStates_atTheBeginAndEnd(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	hold := make(chan struct{})
	slow := w.behind(func(r *http.Request) {
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/orders") {
			select {
			case <-hold:
			case <-r.Context().Done():
			case <-time.After(patience):
			}
		}
	}, map[string]string{"/sms": "no JSON"})
	for _, as := range []look{{}, {dark: true}} {
		p := slow.console("live", as)
		p.has(".first-run", "curl")
		requireAccessible(t, p, "an empty sandbox")
		p.turnToAny("orders")
		p.wait("document.querySelector('main .loading')")
		requireAccessible(t, p, "orders while they are read")
		p.turnToAny("sms")
		p.wait("document.querySelector('main .unread')")
		requireAccessible(t, p, "what could not be read")
		eval[bool](p, "(location.hash = '#/live?s=none', true)")
		p.wait("document.querySelector('.banner')")
		requireAccessible(t, p, "a sandbox that is gone")
	}
	close(hold)
}
