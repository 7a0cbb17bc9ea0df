package console_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

var screenshots = flag.String("screenshots", "", "the folder that TestScreenshots writes into")

// pages are the pages of the console.
var pages = []string{"live"}

// TestScreenshots is `make screenshots`: each page in both languages and looks.
func TestScreenshots(t *testing.T) {
	if *screenshots == "" {
		t.Skip("writes files; `make screenshots` asks for them")
	}
	require.NoError(t, os.MkdirAll(*screenshots, 0o755))
	w := newWorld(t, smallWorld)
	w.lives()
	for _, language := range []string{"zh", "en"} {
		for _, dark := range []bool{false, true} {
			theme := map[bool]string{false: "light", true: "dark"}[dark]
			for _, page := range pages {
				p := w.console(page, look{language: language, dark: dark})
				p.wait(`document.querySelector('.state-live')`)
				if page == "live" {
					p.wait(`document.querySelectorAll('.list .row').length > 8`)
					p.click(`[...document.querySelectorAll('.list .row')].find(r => r.textContent.includes('token-unknown'))`)
				}
				file := filepath.Join(*screenshots, page+"-"+language+"-"+theme+".png")
				require.NoError(t, os.WriteFile(file, p.screenshot(), 0o644)) //nolint:gosec // pictures for everyone
			}
		}
	}
}
