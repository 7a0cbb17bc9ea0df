package fault

import (
	"encoding/binary"
	"math/rand/v2"
)

func init() {
	register("garbage", effect{
		given: func(do *Do) bool { return do.Garbage != 0 },
		check: func(c *checker, e *effect, do *Do) {
			c.wants(e.allows(do.Garbage), "/do/garbage", "want %d to %d bytes", e.Least, e.Most)
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
