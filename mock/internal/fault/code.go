package fault

import "math/rand/v2"

func init() {
	register("code", effect{
		given: func(do *Do) bool { return do.Code != nil },
		check: func(c *checker, e *effect, do *Do) {
			c.wants(e.allows(*do.Code), "/do/code", "want a code from %d to %d (§11)", e.Least, e.Most)
		},
		request: func(do *Do, out *OnRequest, _ *rand.PCG) {
			if out.Code == nil {
				out.Code = do.Code
			}
		},
	})
}
