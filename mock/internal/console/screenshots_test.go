package console_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

var screenshots = flag.String("screenshots", "", "the folder that TestScreenshots writes into")

// pages are the pages of the console.
var pages = []string{"live", "orders", "stay", "sms", "city", "time", "faults", "scenarios", "sandboxes", "log", "charts"}

// TestScreenshots is `make screenshots`: each page in both languages and looks.
func TestScreenshots(t *testing.T) {
	if *screenshots == "" {
		t.Skip("writes files; `make screenshots` asks for them")
	}
	require.NoError(t, os.MkdirAll(*screenshots, 0o755))
	s := newServer(t, cityFixture)
	s.stays()
	for _, language := range []string{"zh", "en"} {
		for _, dark := range []bool{false, true} {
			p := s.console("stay/渝ATX061", look{language: language, dark: dark, width: 1280, height: 1180})
			p.wait(`document.querySelector('.state-live') && document.querySelector('.fee-curve') && document.querySelector('.node.next')`)
			require.NoError(t, os.WriteFile(filepath.Join(*screenshots, "stay-"+language+"-"+map[bool]string{false: "light", true: "dark"}[dark]+".png"), p.screenshot(), 0o644))
		}
	}
	w := newServer(t, cityFixture)
	w.bustles()
	w.lives()
	w.do(http.MethodPost, "/faults", map[string]any{"name": "console: flaky", "on": map[string]any{"endpoint": "surroundingparking"}, "probability": 0.2, "do": map[string]any{"httpStatus": 502}})
	for _, language := range []string{"zh", "en"} {
		for _, dark := range []bool{false, true} {
			theme := map[bool]string{false: "light", true: "dark"}[dark]
			p := w.console("live", look{language: language, dark: dark})
			p.wait(`document.querySelector('.state-live')`)
			w.passes()
			for _, page := range pages {
				if page == "stay" {
					continue // above
				}
				p.turnTo(page)
				if page == "live" {
					p.wait(rowWith(" · ¥")) // a car of this pass
					p.wait(rowWith("token-unknown"))
					p.wait(`/^\d+ (条|rows)$/.test(document.querySelector('.count').textContent)`)
					p.click(rowWith("token-unknown"))
					p.wait("document.querySelector('.pane h2')")
					p.wait(`/^\d+ (条|rows)$/.test(document.querySelector('.count').textContent)`)
				}
				if page == "scenarios" {
					p.click(`document.querySelector('.scenario-list .button')`)
					p.wait(`document.querySelector('.result .verdict .status-passed')`)
					eval[int](p, "document.querySelector('main').scrollTop = 0")
				}
				file := filepath.Join(*screenshots, page+"-"+language+"-"+theme+".png")
				require.NoError(t, os.WriteFile(file, p.screenshot(), 0o644))
			}
		}
	}
}

// passes lets a few minutes of a day pass while the page looks on.
func (w *served) passes() {
	w.tb.Helper()
	token := w.Bind(w.tb, "13800000001", "渝ATX061")
	for i := range 12 {
		plate := fmt.Sprintf("渝A%05d", 24601+i*137)
		w.do(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": plate, "parkingId": "5"})
		w.call("parkingstatus", map[string]any{"parkingId": 1 + i%5})
		w.call("orderunpay", map[string]any{"token": token, "plateNumber": plate})
		if i%3 == 0 {
			w.call("bindcar", map[string]any{"token": token, "plateNumber": "渝A8K216"})
		}
		w.do(http.MethodPost, "/clock/advance", map[string]any{"by": "3m"})
		w.do(http.MethodPost, "/cars/exit", map[string]any{"plateNumber": plate})
	}
	for _, phone := range []string{"13900000002", "13700000003", "13800000001"} {
		w.call("uservalidatecode", map[string]any{"mobilePhone": phone})
	}
	w.call("bindcar", map[string]any{"token": "not-a-token", "plateNumber": "渝ATX061"})
}
