package console_test

import (
	_ "embed"
	"testing"

	"github.com/stretchr/testify/require"
)

// axe is axe-core 4.14.1, under the Mozilla Public License beside it.
//
//go:embed testdata/axe-core/axe.min.js
var axe string

// requireAccessible lets axe-core look for violations of WCAG 2.1 AA.
func requireAccessible(t *testing.T, p *tab, where string) {
	t.Helper()
	requireNone(t, p, where, `['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']`)
}

// requireContrast lets axe-core look at the colours alone, where all else is as in a look that it has examined.
func requireContrast(t *testing.T, p *tab, where string) {
	t.Helper()
	requireNone(t, p, where, `{type: 'rule', values: ['color-contrast', 'link-in-text-block']}`)
}

func requireNone(t *testing.T, p *tab, where, rules string) {
	t.Helper()
	if !eval[bool](p, "typeof axe === 'object'") {
		eval[bool](p, axe+"; true")
	}
	p.settles()
	found := eval[[]string](p, `axe.run(document, {runOnly: `+rules+`, resultTypes: ['violations']})
		.then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.target.join(' ') + ' ' + n.html.slice(0, 160) + '\n' + n.failureSummary)))`)
	require.Empty(t, found, where)
}

// Every page, wide, light and in English, and narrow, dark and in Chinese.
func TestPages_areAccessible(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.lives()
	for _, as := range []look{
		{language: "en"}, {language: "zh", dark: true, width: 390, height: 800},
	} {
		p := w.console("live", as)
		p.wait("document.querySelector('.state-live')")
		for _, page := range pages {
			p.turnTo(page)
			if page == "live" {
				requireAccessible(t, p, page)
				p.click(rowWith("token-unknown"))
				p.wait("document.querySelector('.pane h2')")
			}
			requireAccessible(t, p, page)
			require.Zero(t, eval[int](p, "Math.max(0, document.documentElement.scrollWidth - innerWidth)"), "%s scrolls sideways", page)
		}
	}
}

// Controls can be seen: their borders have a contrast of 3:1, and where the system forces its colours a switch that is on looks so.
func TestControls_canBeSeen(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.lives()
	const worst = `(() => { const rgb = c => { const m = /rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)/.exec(c); return m && m[4] !== '0' ? [m[1], m[2], m[3]].map(Number) : null; };
		const lum = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
		const ratio = (a, b) => { const [x, y] = [lum(a), lum(b)].sort((p, q) => q - p); return (x + .05) / (y + .05); };
		const behind = e => { for (let n = e; n; n = n.parentElement) { const c = rgb(getComputedStyle(n).backgroundColor); if (c) return c; } return [255, 255, 255]; };
		const bad = []; for (const e of document.querySelectorAll('main .button:not(.quiet):not(:disabled), main input:not([type=checkbox]), main select, main textarea, main .switch, header .button:not(.quiet), header select')) {
			if (!e.checkVisibility() || e.matches('.source, .find-input')) continue; const s = getComputedStyle(e); const edge = rgb(s.borderTopColor);
			const r = edge ? Math.max(ratio(edge, behind(e.parentElement)), ratio(behind(e), behind(e.parentElement))) : 1; if (r < 3) bad.push(r.toFixed(2) + ' ' + e.className + ' ' + e.textContent.slice(0, 20)); } return bad; })()`
	for _, dark := range []bool{false, true} {
		p := w.console("live", look{dark: dark})
		for _, page := range []string{"live", "city", "faults", "sandboxes", "orders"} {
			p.turnTo(page)
			require.Empty(t, eval[[]string](p, worst), "%s, dark %v", page, dark)
		}
	}
	p := w.console("faults", look{forced: true})
	p.wait("document.querySelector('.switch').checkVisibility()")
	off := eval[string](p, "getComputedStyle(document.querySelector('.knob')).backgroundColor")
	p.click("document.querySelector('.switch')")
	p.wait("document.querySelector('.switch').getAttribute('aria-checked') === 'true'")
	p.wait("getComputedStyle(document.querySelector('.knob')).backgroundColor !== " + quoted(off))
	p.turnTo("charts")
	p.wait("document.querySelectorAll('.chart-traffic .key').length === 2")
	keys := eval[[]string](p, "[...document.querySelectorAll('.chart-traffic .key')].map(e => getComputedStyle(e, '::before').backgroundColor)")
	require.NotEqual(t, keys[0], keys[1], "what a colour means")
}
