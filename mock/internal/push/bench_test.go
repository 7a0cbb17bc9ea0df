package push_test

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// BenchmarkSender sends a backlog to one fast merchant, which shares the processors.
func BenchmarkSender(b *testing.B) {
	for _, senders := range []int{1, 8, 32, 64} {
		b.Run(fmt.Sprint("senders=", senders), func(b *testing.B) {
			p := item("p1", "M1", "渝A1")
			p.URL = merchant(b, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				_, _ = io.WriteString(w, `{"code":0,"message":"ok"}`)
			})
			s := sender(b)
			work := make(chan struct{}, 1024)
			var wg sync.WaitGroup
			b.ReportAllocs()
			for range senders {
				wg.Go(func() {
					for range work {
						if r := s.Send(b.Context(), push.Attempt{Item: p}, 5*time.Second); !r.Delivered {
							b.Error(r.Error)
						}
					}
				})
			}
			for b.Loop() {
				work <- struct{}{}
			}
			close(work)
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pushes/s")
		})
	}
}

// BenchmarkLog takes one push through its life, beside many that are pending.
func BenchmarkLog(b *testing.B) {
	for _, pending := range []int{0, 1_000, 100_000} {
		b.Run(fmt.Sprint("pending=", pending), func(b *testing.B) {
			l := push.NewLog()
			policy := defaultPolicy()
			for n := range pending {
				l.Add(item(fmt.Sprint("old", n), "M1", fmt.Sprint("渝B", n/2)), noon)
			}
			for _, a := range l.Due(noon, policy) {
				l.Outcome(a, noon, bad, policy)
			}
			template := item("", "M1", "")
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				template.PlateNumber = fmt.Sprint("渝A", n)
				l.Add(template, noon)
				l.DueOrInFlight(noon, policy)
				for _, a := range l.Due(noon, policy) {
					l.Outcome(a, noon, good, policy)
				}
				l.NextDue(policy)
			}
		})
	}
}
