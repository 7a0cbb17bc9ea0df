package registry

import (
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
)

// Spec is what a sandbox is asked for with. Where Seed is given it goes before the fixture's, and that before Fallback; where
// none is, it is random.
type Spec struct {
	Seed     *uint64
	Fallback *uint64
	Fixture  *fixture.Fixture // nil: one fresh merchant and a few car parks
}

// Create makes a sandbox, whole or not at all; "" is an id of its own. Its errors are [*strict.Invalid], [ErrTaken] and
// [ErrFull].
func (r *Registry) Create(id string, spec Spec) (*sandbox.Sandbox, error) {
	if id == "" {
		id = r.newID()
	}
	return r.add(&engine.Create{ID: id, Instance: randomHex(4), Spec: r.drawn(id, spec)})
}

// Wall is the real time.
func (r *Registry) Wall() time.Time { return r.host.Wall() }

// ResetTo makes a sandbox anew from something else; where it fails, nothing has changed. Its errors are [*strict.Invalid] and [ErrTaken].
func (r *Registry) ResetTo(s *sandbox.Sandbox, spec Spec) error {
	return s.ResetTo(r.drawn(s.ID(), spec))
}

// drawn is what a sandbox is made from, with all that is random in it.
func (r *Registry) drawn(id string, spec Spec) fixture.Spec {
	made := fixture.Spec{Fixture: spec.Fixture, Unreliable: r.Unreliable && (spec.Fixture == nil || id == Default)}
	switch {
	case spec.Seed != nil:
		made.Seed = *spec.Seed
	case spec.Fixture != nil && spec.Fixture.Seed != nil:
		made.Seed = *spec.Fixture.Seed
	case spec.Fallback != nil:
		made.Seed = *spec.Fallback
	default:
		made.Seed = randomSeed()
	}
	if spec.Fixture == nil {
		made.FirstMerchant = randomHex(16)
	} else {
		made.Fixture = spec.Fixture.WithFreshMerchants(made.Seed, func() string { return randomHex(16) })
	}
	return made
}
