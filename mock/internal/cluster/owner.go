package cluster

import "hash/fnv"

// Owner is which of the replicas should own a sandbox, by rendezvous hashing: each replica has a score for the sandbox,
// and the highest wins. It does not depend on the order of the replicas; with none it is "".
func Owner(sandbox string, replicas []string) string {
	best, owner := uint64(0), ""
	for _, name := range replicas {
		if s := score(name, sandbox); owner == "" || s > best || s == best && name < owner {
			best, owner = s, name
		}
	}
	return owner
}

func score(replica, sandbox string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(replica + "\x00" + sandbox)) // never fails
	x := h.Sum64()
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9 // FNV alone leaves similar names with similar scores
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
