package fault

import "math/rand/v2"

func init() {
	register("truncate", effect{
		given: func(do *Do) bool { return do.Truncate },
		check: func(c *checker, _ *effect, do *Do) {
			c.wants(!do.Empty && (do.Body == nil || *do.Body != ""), "/do/truncate", "there is nothing to truncate in an empty body")
		},
		request: func(_ *Do, out *OnRequest, _ *rand.PCG) { out.Truncate = true },
	})
}
