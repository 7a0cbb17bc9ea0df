package registry

import (
	"fmt"
	"maps"
	"slices"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

// Fork makes a new sandbox as another was right after a point of its log, "" for now. Its merchants get new numbers, unless
// numbers says which (old to new), and new keys; they have no push URL, so that nothing that is pending is delivered twice. Its
// errors match [engine.ErrNoPoint], [engine.ErrForgotten], [ErrTaken] and [ErrFull], or are [*strict.Invalid].
func (r *Registry) Fork(s *sandbox.Sandbox, at, id string, numbers map[string]string) (*sandbox.Sandbox, error) {
	if id == "" {
		id = r.newID()
	}
	state, spec, err := s.ForkPoint(at)
	if err != nil {
		return nil, err
	}
	renamed := map[string]string{}
	keys := map[string]string{}
	for _, m := range state.Platform.Merchants {
		if renamed[m.No] = numbers[m.No]; renamed[m.No] == "" {
			renamed[m.No] = randomHex(16)
		}
		keys[m.No] = randomHex(16)
	}
	for _, old := range slices.Sorted(maps.Keys(numbers)) {
		if _, known := renamed[old]; !known {
			return nil, strict.InvalidAt("/merchants"+strict.Pointer(old), "no merchant "+old+" then")
		}
	}
	state.Rename(renamed, keys)
	d, err := engine.NewDocument(&state)
	if err != nil {
		return nil, fmt.Errorf("fork: %w", err)
	}
	return r.add(&engine.Create{ID: id, Instance: randomHex(4), Spec: renameSpec(spec, renamed, keys), State: d})
}

// renameSpec is what the fork is reset to: the fixture of the original, with its own merchants.
func renameSpec(spec fixture.Spec, numbers, keys map[string]string) fixture.Spec {
	if no := numbers[spec.FirstMerchant]; no != "" {
		spec.FirstMerchant = no
	} else if spec.FirstMerchant != "" {
		spec.FirstMerchant = randomHex(16)
	}
	if spec.Fixture == nil {
		return spec
	}
	f := *spec.Fixture
	f.Merchants = slices.Clone(f.Merchants)
	name := func(old string) string {
		if numbers[old] == "" {
			numbers[old] = randomHex(16) // it was deleted since
		}
		return numbers[old]
	}
	for i := range f.Merchants {
		m := &f.Merchants[i]
		old := m.No
		if m.No, m.Push = name(old), nil; keys[old] != "" {
			m.Key = keys[old]
		}
	}
	f.Users = slices.Clone(f.Users)
	for i := range f.Users {
		f.Users[i].Plates = slices.Clone(f.Users[i].Plates)
		for j := range f.Users[i].Plates {
			if no := &f.Users[i].Plates[j].MerchantNo; *no != "" {
				*no = name(*no)
			}
		}
	}
	f.Faults = slices.Clone(f.Faults)
	for i := range f.Faults {
		if no := &f.Faults[i].On.MerchantNo; numbers[*no] != "" {
			*no = numbers[*no]
		}
	}
	spec.Fixture = &f
	return spec
}
