package fake

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Following gives bytes in hexadecimal that follow from a salt and a seed, others each time.
func Following(salt string, seed uint64) func(bytes int) string {
	n := 0
	return func(bytes int) string {
		n++
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %d", salt, seed, n))
		return hex.EncodeToString(sum[:bytes])
	}
}

// Fresh gives bytes in hexadecimal that nobody has.
func Fresh(bytes int) string {
	b := make([]byte, bytes)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
