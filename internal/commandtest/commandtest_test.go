package commandtest_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/commandtest"
)

// What several write at once is all there, each text in one piece.
func TestOutput(t *testing.T) {
	t.Parallel()
	var out commandtest.Output
	var writers sync.WaitGroup
	for i := range 8 {
		writers.Go(func() {
			for range 50 {
				fmt.Fprintf(&out, "line %d\n", i)
				_ = out.String()
			}
		})
	}
	writers.Wait()
	for i := range 8 {
		require.Equal(t, 50, strings.Count(out.String(), fmt.Sprintf("line %d\n", i)))
	}
}

type run func() int

func (r run) Run() int { return r() }

// Tests that leave a goroutine behind have failed, and those that have failed have failed in their own way.
func TestTight(t *testing.T) {
	require.Zero(t, commandtest.Tight{Tests: run(func() int { return 0 })}.Run())
	require.Equal(t, 3, commandtest.Tight{Tests: run(func() int { return 3 })}.Run())
	stop := make(chan struct{})
	defer close(stop)
	leaving := run(func() int {
		go func() { <-stop }()
		return 0
	})
	require.Equal(t, 1, commandtest.Tight{Tests: leaving}.Run())
}
