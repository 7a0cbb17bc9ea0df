package console_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFrame_theClockIsAlwaysInReach(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.console("live", look{})
	p.has(".clock-time", "2017-08-20 12:00:00")
	p.has(".clock-mode", "frozen")
	for _, page := range pages {
		p.turnToAny(page)
		p.wait("document.querySelector('.clock-time').checkVisibility()")
	}
	p.pressIn(".clock", "+15m: Step 15m")
	p.has(".clock-time", "2017-08-20 12:15:00")
	p.pressIn(".clock", "+1d: Step 1d")
	p.has(".clock-time", "2017-08-21 12:15:00")
	p.pressIn(".clock", "Run at 60×")
	p.wait("document.querySelector('.clock-mode').textContent === '60×'")
	p.wait("document.querySelector('.clock-time').textContent > '2017-08-21 12:15:30'")
	p.pressIn(".clock", "Freeze")
	p.has(".clock-mode", "frozen")
	require.Equal(t, "frozen", w.do(http.MethodGet, "/clock", nil)["mode"])
	w.do(http.MethodPut, "/clock", map[string]any{"now": "2017-09-01 00:00:00"})
	p.has(".clock-time", "2017-09-01 00:00:00") // moved by another
}

func TestFrame_speaksTheBrowsersLanguageAndTheOther(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	zh := w.console("time", look{language: "zh-CN"})
	zh.has("nav", "实时")
	require.Equal(t, "zh-CN", eval[string](zh, "document.documentElement.lang"))
	zh.press("English")
	zh.has("nav", "Live")
	zh.reload()
	zh.has("nav", "Live") // kept
	fr := w.console("time", look{language: "fr-FR"})
	fr.has("nav", "Live")
	fr.press("中文")
	fr.has("nav", "故障")
}

func TestFrame_switchesItsLook(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.console("time", look{dark: true})
	background := "getComputedStyle(document.body).backgroundColor"
	dark := eval[string](p, background)
	p.press("Appearance: Like the system")
	p.wait(background + " !== " + quoted(dark))
	p.press("Appearance: Light")
	p.wait(background + " === " + quoted(dark))
}

// What the server says of inputs and of failed attempts is in the page's language.
func TestPages_showTheServersTextsInChinese(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.lives()
	p := w.console("live", look{language: "zh"})
	p.choose(rowWith("code 为 4，应为 0"))
	p.has(".pane .timeline .bad", "code 为 4，应为 0")
	p.goTo("log")
	p.has("table.log td", "驶入停车场 1")
	p.has("table.log td", "本次投递失败：code 为 4，应为 0")
	require.Empty(t, eval[[]string](p, `[...document.querySelectorAll('table.log tbody tr')].filter(r => r.cells[2].firstChild.title !== 'request').map(r => r.cells[4].textContent).filter(text => !/\p{sc=Han}/u.test(text) || /[a-z]{3,} [a-z]{2,} [a-z]{2,}/.test(text))`))
}
