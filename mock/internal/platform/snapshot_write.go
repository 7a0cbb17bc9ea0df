package platform

import (
	"maps"
	"slices"

	"github.com/etcp-mock/etcp-mock/mock/internal/pack"
)

// Write writes the snapshot as JSON, piece by piece. The pieces are what encoding/json gives of the whole.
func (s *Snapshot) Write(j *pack.JSON) {
	j.Object(func() {
		j.Member("seed", s.Seed)
		j.Member("rng", s.Rng)
		j.Member("start", s.Start)
		j.Member("rules", s.Rules)
		j.Member("orderSeq", s.OrderSeq)
		writeList(j, "merchants", s.Merchants)
		writeList(j, "parkings", s.Parkings)
		writeList(j, "registry", s.Registry)
		writeMap(j, "sms", s.SMS)
		writeList(j, "tokens", s.Tokens)
		writeList(j, "bindings", s.Bindings)
		writeMap(j, "users", s.Users)
		writeList(j, "orders", s.Orders)
		writeMap(j, "byPhone", s.ByPhone)
		writeList(j, "finished", s.Finished)
		writeMap(j, "external", s.External)
	})
}

func writeList[T any](j *pack.JSON, name string, list []T) {
	j.Items(name, list != nil, len(list), func(i int) any { return &list[i] })
}

func writeMap[T any](j *pack.JSON, name string, from map[string]T) {
	keys := slices.Sorted(maps.Keys(from))
	j.Pairs(name, len(keys), func(i int) (string, any) { return keys[i], from[keys[i]] })
}
