package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A refusal is shown once, in the page's language, beside what caused it; a value that is wrong stays to be put right.
func TestNotices_standBesideWhatCausedThem(t *testing.T) {
	w := newServer(t, smallFixture)
	w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": "渝ATX061", "parkingId": "1"})
	p := w.console("time", look{language: "zh"})
	p.fill("前进", "yesterday")
	p.pressIn("main", "前进")
	p.has(".toast.bad", "应为时长")
	gap := `(() => { const t = document.querySelector('.toast').getBoundingClientRect(), b = [...document.querySelectorAll('main .form .button')].find(e => e.textContent === '前进').getBoundingClientRect();
		return Math.max(0, t.top - b.bottom, b.top - t.bottom); })()`
	require.LessOrEqual(t, eval[float64](p, gap), 12.0)
	p.fill("设为", "2016-01-01 00:00:00")
	p.pressIn("main", "设置")
	p.has(".toast.bad", "时钟才能往回拨")
	require.Equal(t, 1, eval[int](p, "document.querySelectorAll('.toast').length"))
	p.keys(keyEscape)
	p.wait("!document.querySelector('.toast')")

	p.turnToAny("sandboxes")
	p.fill("bind.max", "many")
	p.wait(`document.querySelector('[aria-label="bind.max"]').getAttribute('aria-invalid') === 'true'`)
	p.has(".field-error", "")
	require.Equal(t, "many", eval[string](p, `document.querySelector('[aria-label="bind.max"]').value`))
	require.Zero(t, eval[int](p, "document.querySelectorAll('.toast').length"), "no success is claimed")
	require.EqualValues(t, 3, w.do(http.MethodGet, "/rules", nil)["bind.max"].(map[string]any)["value"])
	p.fill("bind.max", "4")
	p.has(".toast", "bind.max = 4")
	p.wait(`!document.querySelector('[aria-label="bind.max"]').hasAttribute('aria-invalid')`)
}

// What is still being read is not called empty.
func TestPages_sayThatTheyLoad(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	looked := make(chan struct{})
	slow := w.behind(func(r *http.Request) { // the lists take as long as the page is looked at
		if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/__admin/sandboxes/default/") && !strings.HasSuffix(r.URL.Path, "/events") {
			select {
			case <-looked:
			case <-r.Context().Done():
			}
		}
	}, nil)
	p := slow.console("live", look{})
	// The page itself notes what it says while it loads.
	said := eval[[]string](p, `(async () => { const said = new Set(); for (const page of ['live', 'orders', 'city', 'time', 'faults', 'sandboxes', 'charts']) { location.hash = '#/' + page; await new Promise(r => setTimeout(r, 60));
		for (const e of document.querySelectorAll('main .empty, main .muted, main .count')) if (e.checkVisibility() && /^(No |Nothing|There are none)/.test(e.textContent.trim())) said.add(page + ': ' + e.textContent.trim()); } return [...said]; })()`)
	close(looked)
	require.Empty(t, said)
}

// What is wrong with JSON that was typed is said in the page's language, with the place, and not in the browser's words.
func TestNotices_sayWhereJSONIsWrong(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	p := w.console("faults", look{language: "zh"})
	p.fill("条件（JSON）", `{"plateNumber": 渝}`)
	p.has(".fault-form .bad-text", "不是有效的 JSON：“渝”处有误")
	p.press("添加故障")
	p.has(".toast.bad", "不是有效的 JSON")
	p.fill("条件（JSON）", `{"plateNumber":`)
	p.has(".fault-form .bad-text", "内容不完整")
	require.Empty(t, w.items("/faults"))
	p.turnToAny("sandboxes")
	p.press("新建沙箱")
	p.fill("初始数据（JSON）", "{\n1")
	p.press("创建")
	p.has("dialog .bad-text", "不是有效的 JSON：第 2 行第 1 列有误")
}
