package fault

import (
	"math/rand/v2"
)

const (
	minDuplicate = 2
	maxDuplicate = 100
)

func init() {
	register(effect{
		name:  "duplicate",
		en:    "so many deliveries in all, each recorded as an attempt: the further ones follow as soon as the first has succeeded",
		zh:    "总共投递这么多次，每次都记为一次投递：首次成功后立即投递其余的",
		given: func(do *Do) bool { return do.Duplicate != nil },
		check: func(c *checker, do *Do) {
			c.wants(*do.Duplicate >= minDuplicate && *do.Duplicate <= maxDuplicate, "/do/duplicate", "want %d to %d deliveries in all", minDuplicate, maxDuplicate)
		},
		push: func(do *Do, out *OnPush, _ *rand.PCG) {
			if out.Duplicates == 0 {
				out.Duplicates = *do.Duplicate - 1
			}
		},
	})
}
