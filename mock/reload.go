package mock

import (
	"errors"

	"github.com/etcp-mock/etcp-mock/mock/internal/control"
	"github.com/etcp-mock/etcp-mock/mock/internal/registry"
)

// ReloadFixture makes the sandbox default anew from another fixture, as JSON: state, clock, faults, journal and pushes. The seed stays
// where the fixture has none of its own. Where the fixture is wrong the sandbox stays as it is: then the error is a [*FixtureError], or
// says that a merchant belongs to another sandbox.
func (s *Server) ReloadFixture(fixture []byte) error {
	start, err := control.ReadFixture(fixture, s.core.Sandboxes.Wall())
	if err != nil {
		return fixtureError(err)
	}
	sandbox, here := s.core.Sandboxes.Get(registry.Default)
	if !here {
		return errors.New("mock: the sandbox default belongs to another replica")
	}
	seed := sandbox.Spec().Seed
	return fixtureError(s.core.Sandboxes.ResetTo(sandbox, registry.Spec{Seed: s.seed, Fallback: &seed, Fixture: start}))
}
