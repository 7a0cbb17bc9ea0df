package engine

import "github.com/etcp-mock/etcp-mock/mock/internal/push"

// Rename gives the merchants of a state new numbers and keys, and takes their push URLs away. Pushes that were made stay as
// they were signed; those that are pending lead nowhere.
func (state *State) Rename(numbers, keys map[string]string) {
	name := func(no *string) {
		if renamed := numbers[*no]; renamed != "" {
			*no = renamed
		}
	}
	p := &state.Platform
	for i := range p.Merchants {
		m := &p.Merchants[i]
		if key := keys[m.No]; key != "" {
			m.Key = key
		}
		name(&m.No)
		m.Push = nil
	}
	p.Rename(name)
	for i := range state.Pushes.Items {
		item := &state.Pushes.Items[i]
		name(&item.MerchantNo)
		if item.Status == push.Pending {
			item.URL = ""
		}
	}
	for i := range state.Faults.List {
		name(&state.Faults.List[i].On.MerchantNo)
	}
	for i := range state.Journal.Entries {
		name(&state.Journal.Entries[i].MerchantNo)
	}
}
