package console_test

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// The first contentful paint, beside that of a bare page of the same server (a line of text), without and with the files at hand: at
// most twice is wanted, on a machine that does nothing else.
func BenchmarkPage_firstPaint(b *testing.B) {
	w := newServer(b, smallFixture)
	p := w.console("live", look{})
	bare := p.another(w.URL+"/console/no-such-page", look{noErrors: true})
	const painted = "performance.getEntriesByName('first-contentful-paint')"
	for _, cold := range []bool{true, false} {
		b.Run(map[bool]string{true: "cold", false: "warm"}[cold], func(b *testing.B) {
			times := map[*tab][]float64{}
			for range b.N {
				for _, one := range []*tab{bare, p} {
					if cold {
						one.forgetsFiles()
					}
					one.reload()
					one.wait(painted + ".length")
					times[one] = append(times[one], eval[float64](one, painted+"[0].startTime"))
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(median(times[p]), "ms")
			b.ReportMetric(median(times[bare]), "bare-ms")
		})
	}
}

// The time from a request's answer to its row: at most 60 ms in the median is wanted.
func BenchmarkLive_untilARequestIsShown(b *testing.B) {
	w := newServer(b, smallFixture)
	p := w.console("live", look{})
	p.wait("document.querySelector('.state-live')")
	// The page itself notes when each row is drawn.
	eval[bool](p, `(() => { window.drawn = {}; new MutationObserver(() => { for (const r of document.querySelectorAll('.list .row:not([hidden])'))
		window.drawn[r.dataset.key] ??= Date.now(); }).observe(document.querySelector('.list'), {subtree: true, childList: true, characterData: true, attributes: true}); return true; })()`)
	beat := time.NewTicker(110 * time.Millisecond) // apart from each other, as a person's calls are
	defer beat.Stop()
	var took []float64
	sent := 0
	for b.Loop() {
		<-beat.C
		sent++
		w.call("parkingstatus", map[string]any{"parkingId": sent})
		answered := time.Now()
		drawn := fmt.Sprintf("window.drawn['request-r%d']", sent)
		p.wait(drawn)
		took = append(took, float64(time.UnixMilli(int64(eval[float64](p, drawn))).Sub(answered).Milliseconds()))
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(took), "ms")
	b.ReportMetric(slices.Max(took), "slowest-ms")
}

// The frames of sixty that are dropped in a flick through 20,000 rows, and through an empty page.
func BenchmarkLive_twentyThousandRows(b *testing.B) {
	w := newServer(b, smallFixture)
	w.call("parkingstatus", map[string]any{"parkingId": 1})
	p := w.withRows(20_000).console("live", look{})
	p.wait("document.querySelector('.count').textContent === '20000 rows'")
	eval[bool](p, `(() => { window.empty = document.createElement('div'); empty.append(document.createElement('p')); document.body.append(empty);
		empty.style.cssText = 'position: fixed; inset: 0 0 auto 0; height: 400px; overflow: auto; visibility: hidden'; empty.firstChild.style.height = '600000px'; return true; })()`)
	dropped := func(element string) float64 {
		return eval[float64](p, fmt.Sprintf(scrolls, 4000)+"("+element+", (took) => Math.max(0, Math.round(took / (1000 / 60)) - 1))")
	}
	var rows, nothing []float64
	for b.Loop() {
		nothing = append(nothing, dropped("empty"))
		rows = append(rows, dropped("document.querySelector('.list')"))
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(rows), "dropped")
	b.ReportMetric(median(nothing), "empty-dropped")
}

func median(of []float64) float64 {
	slices.Sort(of)
	return of[len(of)/2]
}
