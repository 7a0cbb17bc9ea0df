package mock

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger/file"
	"github.com/etcp-mock/etcp-mock/mock/internal/outgoing"
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
//
// Data that begins with postgres:// is the URL of a database, which several servers share; see [WithReplica]. Then sync is not
// used: an answer leaves when the database has committed what it rests on.
func WithData(data string, sync time.Duration) Option {
	return func(o *options) { o.data, o.sync = data, sync }
}

// Kept is what a server found where its data is.
type Kept struct {
	Sandboxes int
	Default   bool // the sandbox default is among them: seed and fixture did not apply
}

// Kept is what the server found where [WithData] has it look.
func (s *Server) Kept() Kept { return s.kept }

// openLedger opens what data names.
func (s *Server) openLedger(o *options) (ledger.Ledger, error) {
	switch {
	case o.data == "":
		return nil, nil //nolint:nilnil // nothing is kept
	case isShared(o.data):
		return s.openDatabase(o)
	case strings.Contains(o.data, "://"):
		return nil, &OptionError{OptionData, CodeInvalid, fmt.Errorf("want a directory or postgres://…, not %q", o.data[:strings.Index(o.data, "://")+3])}
	}
	store, err := file.Open(o.data, file.Options{Sync: o.sync, MaxOpen: max(outgoing.Descriptors()/4, 1)})
	if err != nil {
		return nil, &OptionError{OptionData, CodeUnavailable, err}
	}
	return store, nil
}

// open takes the sandboxes that are kept, and makes default where it is not among them.
func (s *Server) open(spec registry.Spec) error {
	ctx := context.Background()
	if s.member != nil {
		return s.openShared(ctx, spec)
	}
	if err := s.core.Sandboxes.Open(ctx); err != nil {
		return &OptionError{OptionData, CodeUnavailable, err}
	}
	s.kept.Sandboxes = len(s.core.Sandboxes.All())
	if _, s.kept.Default = s.core.Sandboxes.Get(registry.Default); s.kept.Default {
		return nil
	}
	_, err := s.core.Sandboxes.Create(registry.Default, spec)
	return fixtureError(err)
}

// openShared makes default where no replica has; what there is else is taken when it should be this replica's.
func (s *Server) openShared(ctx context.Context, spec registry.Spec) error {
	places, err := s.member.Ledger().Places(ctx)
	if err != nil {
		return &OptionError{OptionData, CodeUnavailable, err}
	}
	s.kept = Kept{Sandboxes: len(places), Default: slices.ContainsFunc(places, func(p ledger.Place) bool { return p.Sandbox == registry.Default })}
	if s.kept.Default {
		return nil
	}
	_, err = s.core.Sandboxes.Create(registry.Default, spec)
	if errors.Is(err, registry.ErrTaken) { // by another replica, meanwhile
		s.kept.Default = true
		return nil
	}
	return fixtureError(err)
}
