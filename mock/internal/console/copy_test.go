package console_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// keepsCopies has the page note what it copies, for tests beside each other have one clipboard.
func (t *tab) keepsCopies() {
	t.tb.Helper()
	eval[bool](t, "(window.copied = '', navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }, true)")
}

// copies waits for a text that was copied since the last call, and gives it.
func (t *tab) copies() string {
	t.tb.Helper()
	t.wait("window.copied")
	return eval[string](t, "(() => { const text = window.copied; window.copied = ''; return text; })()")
}

// runs runs a text that was copied, as its reader would, with the merchant's key in the environment.
func runs(t *testing.T, language, text string) string {
	t.Helper()
	folder := t.TempDir()
	file := func(name string) string {
		t.Helper()
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	command := map[string]func() []string{
		"curl":    func() []string { return []string{"bash", "-c", text} },
		"Go":      func() []string { return []string{"go", "run", file("call.go")} },
		"Python":  func() []string { return []string{"python3", "-c", text} },
		"Node.js": func() []string { return []string{"node", file("call.mjs")} },
		"Java": func() []string {
			return []string{"java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8", file("Call.java")}
		},
	}[language]()
	run := exec.CommandContext(t.Context(), command[0], command[1:]...)
	run.Env = append(os.Environ(), "ETCP_KEY="+merchantKey)
	out, err := run.CombinedOutput()
	require.NoError(t, err, "%s: %s", language, out)
	return string(out)
}

// awkward is data that a shell, a URL and a string of any language would each spoil in a way of its own.
const awkward = `{"parkingId": "1' \" $HOME ${x} \\ %41+& 渝\n😀"}`

// What is copied in each language does the request again when it is run: the same data, with a sign that is right.
func TestCopy_everyLanguageRuns(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	token := w.Bind(t, "13800000001", "渝ATX061")
	w.SendText(t, "parkingstatus", awkward, "") // POST
	w.SendText(t, "carnum", `{"token":"`+token+`"}`, "")
	p := w.console("live", look{})
	p.keepsCopies()
	for _, endpoint := range []string{"parkingstatus", "carnum"} {
		p.choose(rowWith(endpoint))
		p.has(".pane h2", endpoint)
		want, _ := w.items("/requests?endpoint=" + endpoint + "&order=newest&limit=1")[0]["dataText"].(string)
		for _, language := range []string{"curl", "Go", "Python", "Node.js", "Java"} {
			p.fill("Copy as code, signed afresh", language)
			p.press("Copy: Copy as code, signed afresh")
			before := len(w.items("/requests"))
			out := runs(t, language, p.copies())
			require.Contains(t, out, `"code"`, language)
			entries := w.items("/requests?order=newest&limit=1")
			require.Len(t, w.items("/requests"), before+1, language)
			require.Equal(t, endpoint, entries[0]["endpoint"], language)
			require.NotContains(t, entries[0]["reason"], "sign", language)
			got, _ := entries[0]["dataText"].(string)
			require.Equal(t, want, got, language)
		}
	}
}

// Whatever can be copied is copied as it is shown, and c copies the open request from the keyboard.
func TestCopy_everyButton(t *testing.T) {
	t.Parallel()
	w := newServer(t, smallFixture)
	w.lives()
	p := w.console("live", look{})
	p.keepsCopies()
	p.wait(rowWith("token-unknown"))
	eval[bool](p, "(document.querySelector('.list').focus(), true)")
	p.keys("c")
	p.has(".toast", "Open a request first")
	p.choose(rowWith("parkingstatus"))
	p.has(".pane h2", "parkingstatus")
	p.keys("c")
	require.Contains(t, runs(t, "curl", p.copies()), `"totalSpace"`)
	p.press("Copy a link to this")
	link := p.copies()
	require.Contains(t, link, "row=request-")
	p.press("Copy: The signed text")
	require.Contains(t, p.copies(), "•••")
	p.press("Copy: curl, exactly as it was")
	require.Contains(t, runs(t, "curl", p.copies()), `"totalSpace"`) // its time_stamp is of a moment ago
	p.press("Copy: Make this a scenario step")
	require.Contains(t, p.copies(), "- call: parkingstatus")
	p.choose(rowWith("code is 4"))
	p.press("Copy: Body")
	require.Contains(t, p.copies(), "signment")

	other := p.another(link, look{})
	other.has(".pane h2", "parkingstatus") // the link is all a colleague needs

	p.turnTo("stay")
	p.press("Copy the order id")
	order, _ := w.items("/orders?plateNumber=" + "%E6%B8%9DATX061")[0]["orderId"].(string)
	require.Equal(t, order, p.copies())
	p.click("[...document.querySelectorAll('.node-card')].find(e => e.textContent.includes('Quote'))")
	p.has(".pane h2", "orderunpay")
	p.keys("c")
	require.Contains(t, p.copies(), "orderunpay")
	w.call("uservalidatecode", map[string]any{"mobilePhone": "13800000001"})
	p.turnToAny("sms")
	p.press("Copy the code of 13800000001")
	require.Equal(t, eval[string](p, "document.querySelector('.sms-code').textContent"), p.copies())
	p.turnToAny("sandboxes")
	p.press("Copy: key of merchant M1")
	require.Equal(t, merchantKey, p.copies())
}
