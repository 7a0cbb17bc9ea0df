package mock

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger/file"
	"github.com/etcp-mock/etcp-mock/mock/internal/registry"
)

// SyncAlways has a server with data sync each answer to disk before it leaves.
const SyncAlways = file.Always

// DefaultSync is how often a server with data syncs to disk, unless it is told: 100 ms.
const DefaultSync = file.DefaultSync

// WithData keeps all sandboxes in a directory, which is made where there is none: state, clocks, faults, journal, pushes. What
// was answered survives the death of the process, at a power cut but for what was not synced yet; sync is how often that
// happens, or [SyncAlways]. A seed, a fixture and WithHostile apply only when the sandbox default is made; see [Server.Kept].
// One server at a time has a directory: [New] refuses a second with the process id of the first.
func WithData(dir string, sync time.Duration) Option {
	return func(o *options) { o.data, o.sync = dir, sync }
}

// Kept is what a server found in its directory.
type Kept struct {
	Sandboxes int
	Default   bool // the sandbox default is among them: seed and fixture did not apply
}

// Kept is what the server found in the directory of [WithData].
func (s *Server) Kept() Kept { return s.kept }

func openLedger(o options) (ledger.Ledger, error) {
	if o.data == "" {
		return nil, nil //nolint:nilnil // nothing is kept
	}
	if strings.Contains(o.data, "://") {
		return nil, fmt.Errorf("mock: data: want a directory, not %q", o.data[:strings.Index(o.data, "://")+3])
	}
	store, err := file.Open(o.data, file.Options{Sync: o.sync})
	if err != nil {
		return nil, fmt.Errorf("mock: data: %w", err)
	}
	return store, nil
}

// open takes the sandboxes that are kept, and makes default where it is not among them.
func (s *Server) open(spec registry.Spec) error {
	if err := s.sandboxes.Open(context.Background()); err != nil {
		return fmt.Errorf("mock: data: %w", err)
	}
	s.kept.Sandboxes = len(s.sandboxes.All())
	if _, s.kept.Default = s.sandboxes.Get(registry.Default); s.kept.Default {
		return nil
	}
	_, err := s.sandboxes.Create(registry.Default, spec)
	return fixtureError(err)
}
