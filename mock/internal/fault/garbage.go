package fault

import (
	"encoding/binary"
	"math/rand/v2"
)

const maxGarbage = 64 << 10

func init() {
	register(effect{
		name:    "garbage",
		en:      "so many random bytes as the body, from the seed, at most 65536, in the platform's place",
		zh:      "代替平台返回若干随机字节作为应答体，由种子决定，最多 65536 个",
		answers: true,
		given:   func(do *Do) bool { return do.Garbage != 0 },
		check: func(c *checker, do *Do) {
			c.wants(do.Garbage >= 1 && do.Garbage <= maxGarbage, "/do/garbage", "want 1 to %d bytes", maxGarbage)
			c.wants(do.Body == nil && !do.Empty, "/do/garbage", "goes without body and empty")
		},
		request: func(do *Do, out *OnRequest, rng *rand.PCG) {
			if out.Body == nil && out.Garbage == nil {
				out.Garbage = random(rng, do.Garbage)
			}
		},
	})
}

func random(rng *rand.PCG, n int) []byte {
	all := make([]byte, 0, n+8)
	for len(all) < n {
		all = binary.BigEndian.AppendUint64(all, rng.Uint64())
	}
	return all[:n]
}
