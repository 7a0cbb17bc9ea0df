// Package registrytest makes registries of sandboxes for tests of what works on them.
package registrytest

import (
	"testing"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/mock/internal/registry"
)

// New makes an empty registry, which keeps nothing and is closed when the test ends.
func New(tb testing.TB) *registry.Registry {
	tb.Helper()
	r := registry.New(time.Now, push.NewSender(push.SenderOptions{}), registry.Options{})
	tb.Cleanup(r.Close)
	return r
}
