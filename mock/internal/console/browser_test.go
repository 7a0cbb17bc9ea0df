package console_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// chromium is the browser all tests share; what knows chromedp is in this file.
type chromium struct {
	ctx  context.Context //nolint:containedctx // a browser lives as long as its context
	stop func()

	mu   sync.Mutex
	idle []*window // of tests that are over
}

// window is a tab in a browser profile of its own, whose process is warm. Tests have it one after the other, each with a server,
// and so with an origin, of its own: nothing that one stores is there for the next.
type window struct {
	ctx   context.Context //nolint:containedctx // a tab lives as long as its context
	close func()

	mu   sync.Mutex
	user *tab // whom it belongs to
}

func (w *window) belongsTo(t *tab) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.user = t
}

func (w *window) owner() *tab {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.user
}

// browsers are the programs to test with, the best first: Chromium without the window around its pages takes half the time.
var browsers = []string{"chromium-headless-shell", "chromium"}

// startChromium runs the browser that `make setup-packages` installs.
func startChromium() (*chromium, error) {
	var path string
	var err error
	for _, name := range browsers {
		if path, err = exec.LookPath(name); err == nil {
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("the console is tested in a browser: run `make setup-packages` (%w)", err)
	}
	profile, err := os.MkdirTemp("", "etcp-mock-chromium-")
	if err != nil {
		return nil, err
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.NoSandbox, chromedp.DisableGPU)
	for _, flag := range []string{"disable-quic", "disable-component-update", "disable-background-networking", "disable-sync", "no-first-run", "hide-scrollbars"} {
		opts = append(opts, chromedp.Flag(flag, true))
	}
	// A page that is left would be kept as it is, with its streams.
	opts = append(opts, chromedp.Flag("disable-features", "Translate,BlinkGenPropertyTrees,BackForwardCache"))
	allocated, stopAllocator := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, cancel := chromedp.NewContext(allocated)
	c := &chromium{ctx: ctx, stop: func() {
		cancel()
		stopAllocator()
		_ = os.RemoveAll(profile)
	}}
	if err := chromedp.Do(ctx); err != nil {
		c.stop()
		return nil, err
	}
	return c, nil
}

// look is how a page is looked at.
type look struct {
	language      string // of the browser, such as zh-CN
	dark          bool
	width, height int64
	noErrors      bool // whether errors on the console are the test's own business
	forced        bool // whether the system forces its colours
}

// tab is a page in a browser profile of its own.
type tab struct {
	tb    testing.TB
	ctx   context.Context //nolint:containedctx // a tab lives as long as its context
	close func()
	host  string
	gone  atomic.Bool // closed by its test

	missed int // clicks that came down elsewhere

	mu       sync.Mutex
	messages []string // errors and warnings of the console
	hosts    map[string]bool
}

// patience is how long a page may take to show something.
const patience = time.Minute

// open goes to an address. When the test ends, the page must not have written an
// error, nor have asked another host.
func (c *chromium) open(tb testing.TB, address string, as look) *tab {
	tb.Helper()
	w := c.take(tb)
	t := openIn(tb, w, address, as)
	tb.Cleanup(func() { // before the checks, which [openIn] has registered
		ctx, cancel := context.WithTimeout(w.ctx, patience)
		defer cancel()
		w.belongsTo(nil)
		if t.gone.Load() || tb.Failed() || chromedp.Do(ctx, chromedp.Navigate("about:blank")) != nil {
			w.close()
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.idle = append(c.idle, w)
	})
	return t
}

// take is a window that no test has.
func (c *chromium) take(tb testing.TB) *window {
	tb.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.idle); n > 0 {
		w := c.idle[n-1]
		c.idle = c.idle[:n-1]
		return w
	}
	return newWindow(tb, c.ctx, chromedp.WithNewBrowserContext())
}

func newWindow(tb testing.TB, parent context.Context, opts ...chromedp.ContextOption) *window { //nolint:revive // tb comes first, as everywhere
	tb.Helper()
	ctx, cancel := chromedp.NewContext(parent, opts...)
	w := &window{ctx: ctx, close: cancel}
	require.NoError(tb, chromedp.Do(ctx))
	w.watch()
	return w
}

// another opens an address in another tab of the same browser profile.
func (t *tab) another(address string, as look) *tab {
	t.tb.Helper()
	w := newWindow(t.tb, t.ctx)
	t.tb.Cleanup(w.close)
	return openIn(t.tb, w, address, as)
}

func openIn(tb testing.TB, w *window, address string, as look) *tab {
	tb.Helper()
	at, err := url.Parse(address)
	require.NoError(tb, err)
	t := &tab{tb: tb, ctx: w.ctx, host: at.Host, hosts: map[string]bool{}}
	t.close = func() {
		t.gone.Store(true)
		w.close()
	}
	w.belongsTo(t)
	if as.width == 0 {
		as.width, as.height = 1280, 800
	}
	if as.language == "" {
		as.language = "en-US"
	}
	scheme := "light"
	if as.dark {
		scheme = "dark"
	}
	forced := "none"
	if as.forced {
		forced = "active"
	}
	t.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, network.ClearBrowserCookies, cdp.Empty{}) // they know no port
		return err
	}), chromedp.EmulateViewport(as.width, as.height), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		agent, err := chromedp.Evaluate[string]("navigator.userAgent")(ctx, target)
		if err != nil {
			return err
		}
		if _, err := chromedp.Call(ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: agent, AcceptLanguage: as.language}); err != nil {
			return err
		}
		_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "forced-colors", Value: forced}},
		})
		return err
	}), chromedp.Navigate(address))
	tb.Cleanup(func() {
		w.belongsTo(nil)
		t.mu.Lock()
		defer t.mu.Unlock()
		if !as.noErrors {
			require.Empty(tb, t.messages, "errors on the page's console")
		}
		require.Equal(tb, map[string]bool{t.host: true}, t.hosts, "hosts the page asked")
	})
	return t
}

// watch notes what the page writes to its console and whom it asks, for the test that has the window.
func (w *window) watch() {
	messages := chromedp.Console(w.ctx)
	requests := chromedp.Events(w.ctx, network.RequestWillBeSent)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			if strings.Contains(m.URL, "/__admin/") && strings.Contains(m.Text, "responded with a status of 4") {
				continue // a refusal, which the page shows
			}
			if m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleException || m.Type == chromedp.ConsoleWarning {
				w.owner().wrote(m.URL, fmt.Sprintf("%s: %s (%s:%d)", m.Type, m.Text, m.URL, m.Line+1))
			}
		}
	}()
	go func() {
		for r, err := range requests {
			if err != nil {
				return
			}
			if at, err := url.Parse(r.Request.URL); err == nil && at.Scheme != "blob" && at.Scheme != "data" && at.Scheme != "about" {
				w.owner().asked(r.DocumentURL, at.Host)
			}
		}
	}()
}

// wrote notes what a page wrote, or a module at an address, if it is the test's own: the test before it may have left something.
func (t *tab) wrote(from, message string) {
	if at, err := url.Parse(from); t == nil || err != nil || (at.Host != "" && at.Host != t.host) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.messages = append(t.messages, message)
}

// asked notes a host that the test's own page asked.
func (t *tab) asked(page, host string) {
	if at, err := url.Parse(page); t == nil || err != nil || at.Host != t.host {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.hosts[host] = true
}
