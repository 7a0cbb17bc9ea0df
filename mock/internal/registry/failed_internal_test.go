package registry

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
)

// That a store cannot be written is said once a minute, whatever is asked meanwhile; what is wrong with one sandbox alone is said each time.
func TestNotKept(t *testing.T) {
	said := 0
	r := &Registry{host: sandbox.Host{Failed: func(string, any, []byte) { said++ }}}
	for i := range 10_000 {
		r.notKept(fmt.Sprint("sb-", i%7), fmt.Errorf("write: %w: no space left on device", ledger.ErrUnavailable))
	}
	require.Positive(t, said)
	require.Less(t, said, 100)
	said = 0
	for range 3 {
		r.notKept("sb-1", &ledger.CorruptError{File: "x"})
	}
	require.Equal(t, 3, said)
}
