// Package inprocess is a mock that its own program calls by a handler, as the runner of scenarios does:
//
//	m, err := inprocess.New(inprocess.Options{})
//	if err != nil { … }
//	defer m.Close()
//	result, err := scenarios.Run(ctx, scenarios.InProcess(m.Handler()), scenario, scenarios.Options{})
//
// It has the platform's endpoints and the control API, and its sandboxes are in memory. It listens nowhere and has no console, no
// viewer of OpenAPI, no metrics and no data on disk: a program that needs no more links far less than with package mock.
package inprocess

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/control"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/guard"
	"github.com/etcp-mock/etcp-mock/mock/internal/outgoing"
	"github.com/etcp-mock/etcp-mock/mock/internal/registry"
	"github.com/etcp-mock/etcp-mock/mock/internal/server"
)

// Options change how a mock is made.
type Options struct {
	// Seed is what everything random in the sandbox default follows from; nil: that is another each time.
	Seed *uint64
	// Version and Commit are what GET /__admin/version says; without a version it says dev.
	Version, Commit string
}

// Mock is made by [New]. Its sandbox default has the merchant demo with the key demo-key, and a small city.
type Mock struct {
	server  *server.Server
	handler http.Handler
}

// New makes a mock that answers already.
func New(o Options) (*Mock, error) {
	dialer, err := outgoing.New(outgoing.Options{})
	if err != nil {
		return nil, fmt.Errorf("mock: %w", err)
	}
	s := server.New(server.Options{
		Log: slog.New(slog.DiscardHandler), Wall: time.Now, Dialer: dialer,
		Version: control.Version{Version: cmp.Or(o.Version, "dev"), Commit: o.Commit},
	})
	m := &Mock{server: s, handler: guard.New(guard.Options{}).Wrap(s.Handler)}
	s.Serve(s.Handler)
	if _, err := s.Sandboxes.Create(registry.Default, registry.Spec{Seed: o.Seed, Fixture: fixture.Demo()}); err != nil {
		m.Close()
		return nil, fmt.Errorf("mock: %w", err)
	}
	return m, nil
}

// Handler serves the mock, guarded as what listens on a loopback address is: a write that a browser marks as from elsewhere is refused.
func (m *Mock) Handler() http.Handler { return m.handler }

// Close ends the mock: runs of scenarios, streams of events, delays and push attempts under way are broken off.
func (m *Mock) Close() {
	m.server.Stop()
	m.server.Control.BreakOff()
	m.server.Sandboxes.Close()
}
