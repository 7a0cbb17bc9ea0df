package registry

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
)

// newID makes up the id of a sandbox.
func (r *Registry) newID() string {
	id := "sb-" + randomHex(4)
	for range maxTries {
		if r.Prefer == nil || r.Prefer(id) {
			break
		}
		id = "sb-" + randomHex(4)
	}
	return id
}

// maxTries bounds how many ids are made up until one is preferred: among 20 replicas one in 400,000 searches ends without.
const maxTries = 256

func randomHex(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

func randomSeed() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:])
	return binary.BigEndian.Uint64(b[:]) >> 11 // fits a JSON number exactly
}
