package file

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// BenchmarkAppend appends inputs of 300 bytes to one sandbox, each waited for.
func BenchmarkAppend(b *testing.B) {
	input := make([]byte, 300)
	for _, mode := range []struct {
		name string
		opts Options
	}{{"deferred", Options{Sync: DefaultSync}}, {"always", Options{Sync: Always}}} {
		for _, writers := range []int{1, 16, 64} {
			b.Run(fmt.Sprint(mode.name, "/writers=", writers), func(b *testing.B) {
				s := open(b, filepath.Join(b.TempDir(), "data"), mode.opts)
				log, err := s.Create(b.Context(), "default", nil)
				require.NoError(b, err)
				var mu sync.Mutex // of the sandbox
				var wg sync.WaitGroup
				work := make(chan struct{}, 1024)
				b.ResetTimer()
				for range writers {
					wg.Go(func() {
						for range work {
							mu.Lock()
							seq, err := log.Append(input)
							mu.Unlock()
							if err == nil {
								err = log.Wait(b.Context(), seq)
							}
							if err != nil {
								b.Error(err)
							}
						}
					})
				}
				for range b.N {
					work <- struct{}{}
				}
				close(work)
				wg.Wait()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
			})
		}
	}
}

// BenchmarkRead reads inputs of 300 bytes back.
func BenchmarkRead(b *testing.B) {
	const records = 200_000
	s := open(b, filepath.Join(b.TempDir(), "data"), Options{Sync: DefaultSync})
	log, err := s.Create(b.Context(), "default", nil)
	require.NoError(b, err)
	input := make([]byte, 300)
	for range records {
		_, err := log.Append(input)
		require.NoError(b, err)
	}
	require.NoError(b, log.Close(b.Context()))
	b.ResetTimer()
	for range b.N {
		n := 0
		_, err := s.Take(b.Context(), "default", ledger.Restore{Record: func(uint64, []byte) error { n++; return nil }})
		require.NoError(b, err)
		require.Equal(b, records, n)
	}
	b.ReportMetric(float64(b.N*records)/b.Elapsed().Seconds(), "records/s")
}
