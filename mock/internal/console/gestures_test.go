package console_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	browserpkg "github.com/chromedp/cdproto/browser"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

func (t *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	require.NoError(t.tb, chromedp.Do(ctx, steps...))
}

// eval runs an expression, awaiting a promise.
func eval[T any](t *tab, expression string) T {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	require.NoError(t.tb, err, expression)
	return value
}

// wait waits until an expression is true.
func (t *tab) wait(expression string) {
	t.tb.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	poll := func() error {
		_, err := chromedp.Run(ctx, chromedp.Poll[bool]("Boolean("+expression+")", chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(patience)))
		return err
	}
	err := poll()
	for err != nil && ctx.Err() == nil && strings.Contains(err.Error(), "context with specified id") { // the page that was asked has gone
		err = poll()
	}
	if err != nil {
		text, _ := chromedp.Run(t.ctx, chromedp.Evaluate[string]("document.body.innerText.replaceAll('\\n', ' ').slice(0, 1500)"))
		require.NoError(t.tb, err, "waiting for %s; the page says:\n%s", expression, text)
	}
}

// has waits until the elements of a selector contain a text.
func (t *tab) has(selector, text string) {
	t.tb.Helper()
	t.wait(fmt.Sprintf("[...document.querySelectorAll(%s)].some(e => e.textContent.includes(%s))", quoted(selector), quoted(text)))
}

// lacks waits until no element of a selector contains a text.
func (t *tab) lacks(selector, text string) {
	t.tb.Helper()
	t.wait(fmt.Sprintf("![...document.querySelectorAll(%s)].some(e => e.textContent.includes(%s))", quoted(selector), quoted(text)))
}

// press clicks, as a mouse does, the first visible button, link or summary that has a text or a name.
func (t *tab) press(name string) {
	t.tb.Helper()
	t.pressIn("body", name)
}

func (t *tab) pressIn(within, name string) {
	t.tb.Helper()
	find := fmt.Sprintf(`[...document.querySelectorAll(%s + ' :is(button, a, summary, [role=option], [role=tab])')].find(e =>
		e.checkVisibility() && (e.textContent.trim() === %[2]s || e.getAttribute('aria-label') === %[2]s))`, quoted(within), quoted(name))
	t.wait(find)
	t.click(find)
}

// click clicks in the middle of the element that an expression gives. Where the page moved it meanwhile, so that the mouse came
// down elsewhere, nothing sees that, and the click is made again; missed counts how often.
func (t *tab) click(element string) {
	t.tb.Helper()
	t.wait(element)
	for range 5 {
		at := eval[[]float64](t, fmt.Sprintf(`(async () => { const e = %s; e.scrollIntoView({block: 'nearest'});
			const frame = () => new Promise(done => setTimeout(done, 16));
			let r = e.getBoundingClientRect();
			for (let n = 0; n < 30; n++) {
				await frame();
				const now = e.getBoundingClientRect();
				if (now.x === r.x && now.y === r.y) break;
				r = now;
			}
			window.pressed?.abort();
			const guard = window.pressed = new AbortController();
			guard.hit = null;
			for (const kind of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click']) addEventListener(kind, (event) => {
				if (event.type === 'pointerdown') guard.hit = event.target.contains(e) || e.contains(event.target) || [...(e.labels ?? [])].some(l => l.contains(event.target));
				if (guard.hit === false) { event.preventDefault(); event.stopImmediatePropagation(); }
			}, {capture: true, signal: guard.signal});
			return [r.x + r.width / 2, r.y + r.height / 2]; })()`, element))
		t.do(chromedp.MouseClickXY(at[0], at[1]))
		if eval[bool](t, "(() => { const guard = window.pressed; guard?.abort(); return !guard || guard.hit === true; })()") {
			return
		}
		t.missed++
		t.wait(element)
	}
	require.Fail(t.tb, "the mouse never came down on "+element)
}

// fill types a text into the control with a label.
func (t *tab) fill(label, text string) {
	t.tb.Helper()
	control := fmt.Sprintf(`[...document.querySelectorAll('input, textarea, select')].find(e => e.checkVisibility() &&
		(e.getAttribute('aria-label') === %[1]s || [...(e.labels ?? [])].some(l => l.textContent.trim() === %[1]s)))`, quoted(label))
	t.put(control, text)
}

// put puts a text into a control as typing it does.
func (t *tab) put(control, text string) {
	t.tb.Helper()
	t.wait(control)
	eval[bool](t, fmt.Sprintf(`(() => { const e = %s; e.focus(); e.value = %s;
		for (const kind of ['input', 'change']) e.dispatchEvent(new Event(kind, {bubbles: true})); return true; })()`, control, quoted(text)))
}

const (
	keyDown   = kb.ArrowDown
	keyEnd    = kb.End
	keyHome   = kb.Home
	keyEscape = kb.Escape
	keyEnter  = kb.Enter
	keyTab    = kb.Tab

	keyTabName, keyTabCode = "Tab", 9 // as the browser is told
)

// keys presses keys, as on a keyboard.
func (t *tab) keys(keys string) {
	t.tb.Helper()
	t.do(chromedp.KeyEvent(keys))
}

// tabs presses the tab key so many times, one press right behind the other: all are alike, so that none has to wait until the page has seen the one before.
func (t *tab) tabs(n int) {
	t.tb.Helper()
	t.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		failed := make(chan error, n)
		for range n {
			go func() {
				_, err := chromedp.Call(ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeRawKeyDown, Key: keyTabName, Code: keyTabName, WindowsVirtualKeyCode: keyTabCode})
				failed <- err
			}()
		}
		var all error
		for range n {
			all = errors.Join(all, <-failed)
		}
		return all
	}))
}

// chord presses a key with Control held.
func (t *tab) chord(key string) {
	t.tb.Helper()
	t.do(chromedp.KeyEvent(key, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
}

func (t *tab) back() {
	t.tb.Helper()
	t.do(chromedp.NavigateBack())
}

func (t *tab) reload() {
	t.tb.Helper()
	t.do(chromedp.Reload())
}

// downloadsTo lets the page save files.
func (t *tab) downloadsTo(folder string) {
	t.tb.Helper()
	t.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := chromedp.CallBrowser(ctx, browserpkg.SetDownloadBehavior, browserpkg.SetDownloadBehaviorParams{
			Behavior: browserpkg.SetDownloadBehaviorBehaviorAllow, DownloadPath: folder, BrowserContextID: chromedp.FromContext(ctx).BrowserContextID,
		})
		return err
	}))
}

// forgetsFiles empties the browser's cache.
func (t *tab) forgetsFiles() {
	t.tb.Helper()
	t.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, network.ClearBrowserCache, cdp.Empty{})
		return err
	}))
}

// choosesFile gives a file to a file input.
func (t *tab) choosesFile(selector, file string) {
	t.tb.Helper()
	t.do(chromedp.SetUploadFiles(chromedp.CSS(selector), []string{file}))
}

// screenshot is the page as a PNG, with the pointer on nothing and colours that have come to rest.
func (t *tab) screenshot() []byte {
	t.tb.Helper()
	t.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, 0, 0))
	t.settles()
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	picture, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatPng})
	require.NoError(t.tb, err)
	return picture.Data
}

// settles waits for colours that still change: they are none that anybody reads.
func (t *tab) settles() {
	t.tb.Helper()
	eval[bool](t, `Promise.all(document.getAnimations().filter(a => a instanceof CSSTransition).map(a => a.finished.catch(() => 0))).then(() => true)`)
}

func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return strings.ReplaceAll(string(b), "\u2028", `\u2028`)
}

// turnToAny goes to a page that may have nothing to show.
func (t *tab) turnToAny(page string) {
	t.tb.Helper()
	t.goTo(page)
	t.wait(`document.querySelector('main h1')`)
}

func rowWith(text string) string {
	return fmt.Sprintf("[...document.querySelectorAll('.list .row:not([hidden])')].find(r => r.textContent.includes(%s))", quoted(text))
}

// choose waits for a row of the list and clicks it.
func (t *tab) choose(row string) {
	t.tb.Helper()
	t.wait(row)
	t.click(row)
}

// pickIn chooses an option of the select with a label, within an element.
func (t *tab) pickIn(within, label, value string) {
	t.tb.Helper()
	control := fmt.Sprintf(`[...document.querySelectorAll(%s + ' select')].find(e => [...e.labels].some(l => l.textContent.trim() === %s))`, quoted(within), quoted(label))
	t.wait(control)
	eval[bool](t, fmt.Sprintf(`((e) => { e.value = %s; e.dispatchEvent(new Event('change', {bubbles: true})); return true; })(%s)`, quoted(value), control))
}
