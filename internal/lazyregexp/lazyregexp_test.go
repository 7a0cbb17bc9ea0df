package lazyregexp

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// An expression is compiled once, however many ask for it at the same time.
func TestNew_compilesOnce(t *testing.T) {
	inTest = false
	t.Cleanup(func() { inTest = true })
	plate := New(`^[A-Z]\d+$`)
	found := make([]any, 8)
	var wg sync.WaitGroup
	for i := range found {
		wg.Go(func() { found[i] = plate() })
	}
	wg.Wait()
	for _, f := range found {
		require.Same(t, found[0], f)
	}
	require.True(t, plate().MatchString("A123"))
	require.False(t, plate().MatchString("123"))
}

// A wrong expression stops a test at once, and anything else when it is used.
func TestNew_wrong(t *testing.T) {
	require.True(t, inTest, "this process is a test")
	require.Panics(t, func() { New(`(`) })
	inTest = false
	t.Cleanup(func() { inTest = true })
	wrong := New(`(`)
	require.Panics(t, func() { wrong() })
}
