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
	if !eval[bool](p, "typeof axe === 'object'") {
		eval[bool](p, axe+"; true")
	}
	found := eval[[]string](p, `axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], resultTypes: ['violations']})
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
