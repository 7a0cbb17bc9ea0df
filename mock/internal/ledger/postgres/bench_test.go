//go:build unix

package postgres_test

import (
	"fmt"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// BenchmarkAppend appends inputs of 300 bytes, each waited for, to several sandboxes. The server of the tests does not
// sync: what is measured is the way there and back.
func BenchmarkAppend(b *testing.B) {
	for _, sandboxes := range []int{1, 16} {
		for _, writers := range []int{1, 64} {
			b.Run(fmt.Sprint("sandboxes=", sandboxes, "/writers=", writers), func(b *testing.B) {
				s := open(b, server.Database(b), "r1")
				logs := make([]ledger.Log, sandboxes)
				locks := make([]sync.Mutex, sandboxes)
				for i := range logs {
					var err error
					logs[i], err = s.Create(b.Context(), strconv.Itoa(i), nil)
					require.NoError(b, err)
				}
				input := make([]byte, 300)
				work := make(chan int, 1024)
				var wg sync.WaitGroup
				b.ResetTimer()
				for range writers {
					wg.Go(func() {
						for i := range work {
							locks[i].Lock()
							seq, err := logs[i].Append(input)
							locks[i].Unlock()
							if err == nil {
								err = logs[i].Wait(b.Context(), seq)
							}
							if err != nil {
								b.Error(err)
							}
						}
					})
				}
				for n := range b.N {
					work <- n % sandboxes
				}
				close(work)
				wg.Wait()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
			})
		}
	}
}
