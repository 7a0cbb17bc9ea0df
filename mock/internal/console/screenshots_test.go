package console_test

import (
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

var screenshots = flag.String("screenshots", "", "the folder that TestScreenshots writes into")

// pages are the pages of the console.
var pages = []string{"live", "city", "time", "faults", "scenarios", "sandboxes", "charts"}

// TestScreenshots is `make screenshots`: each page in both languages and looks.
func TestScreenshots(t *testing.T) {
	if *screenshots == "" {
		t.Skip("writes files; `make screenshots` asks for them")
	}
	require.NoError(t, os.MkdirAll(*screenshots, 0o755))
	w := newWorld(t, cityWorld)
	w.bustles()
	w.lives()
	w.do(http.MethodPost, "/faults", map[string]any{"name": "console: flaky", "on": map[string]any{}, "probability": 0.2, "do": map[string]any{"httpStatus": 502}})
	for _, language := range []string{"zh", "en"} {
		for _, dark := range []bool{false, true} {
			theme := map[bool]string{false: "light", true: "dark"}[dark]
			p := w.console("live", look{language: language, dark: dark})
			p.wait(`document.querySelector('.state-live')`)
			for _, page := range pages {
				p.turnTo(page)
				if page == "live" {
					p.click(rowWith("token-unknown"))
					p.wait("document.querySelector('.pane h2')")
				}
				file := filepath.Join(*screenshots, page+"-"+language+"-"+theme+".png")
				require.NoError(t, os.WriteFile(file, p.screenshot(), 0o644)) //nolint:gosec // pictures for everyone
			}
		}
	}
}
