package fault

import "math/rand/v2"

func init() {
	register("duplicate", effect{
		given: func(do *Do) bool { return do.Duplicate != nil },
		check: func(c *checker, e *effect, do *Do) {
			c.wants(e.allows(*do.Duplicate), "/do/duplicate", "want %d to %d deliveries in all", e.Least, e.Most)
		},
		push: func(do *Do, out *OnPush, _ *rand.PCG) {
			if out.Duplicates == 0 {
				out.Duplicates = *do.Duplicate - 1
			}
		},
	})
}
