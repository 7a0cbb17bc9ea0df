package report_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/contract/report"
)

// The page is read in a browser: what failed is open, buttons and words filter, nothing in it is taken for markup, and
// nothing is fetched.
func TestHTML_inABrowser(t *testing.T) {
	path, err := exec.LookPath("chromium")
	require.NoError(t, err, "the page is tested in a browser: run `make setup-packages`")
	r := sample()
	r.Cases[0].Title = `</script><img src="/x" onerror="document.title='broken'">`
	text := write(t, report.HTML, r)
	asked := make(chan string, 100)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.Path
		w.Header().Set("Content-Type", "text/html;charset=UTF-8")
		_, _ = w.Write([]byte(text))
	}))
	defer site.Close()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU)
	allocated, stop := chromedp.NewExecAllocator(t.Context(), opts...)
	defer stop()
	browser, cancel := chromedp.NewContext(allocated)
	defer cancel()
	ctx, over := context.WithTimeout(browser, time.Minute)
	defer over()
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(site.URL+"/")))
	shown := func() []string {
		rows, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](
			`[...document.querySelectorAll("main details")].filter(d => d.checkVisibility()).map(d => d.querySelector("code").innerText)`))
		require.NoError(t, err)
		return rows
	}
	do := func(script string) {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script+"; true"))
		require.NoError(t, err)
	}
	require.Equal(t, []string{"refuses", "should", "pays", "left"}, shown(), "what failed is first")
	open, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](
		`[...document.querySelectorAll("main details[open]")].map(d => d.querySelector("code").innerText)`))
	require.NoError(t, err)
	require.Equal(t, []string{"refuses", "should"}, open)
	title, err := chromedp.Run(ctx, chromedp.Evaluate[string]("document.title + document.images.length"))
	require.NoError(t, err)
	require.NotContains(t, title, "broken")
	require.Contains(t, title, "0", "no image")

	do(`document.querySelector("button.passed").click()`)
	require.Equal(t, []string{"refuses", "should", "left"}, shown())
	do(`document.getElementById("find").value = "PAYMENT §9.8"; document.getElementById("find").oninput()`)
	require.Equal(t, []string{"refuses"}, shown())
	do(`document.getElementById("find").value = "nobody"; document.getElementById("find").oninput()`)
	require.Empty(t, shown())
	none, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.getElementById("none").checkVisibility()`))
	require.NoError(t, err)
	require.True(t, none)
	site.Close()
	close(asked)
	for p := range asked {
		require.Contains(t, []string{"/", "/favicon.ico"}, p, "nothing else is fetched")
	}
}
