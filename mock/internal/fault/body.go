package fault

import "math/rand/v2"

func init() {
	register("body", effect{
		size:  func(do *Do) int { return len(*do.Body) },
		given: func(do *Do) bool { return do.Body != nil },
		check: func(c *checker, e *effect, do *Do) {
			c.wants(len(*do.Body) <= e.Most, "/do/body", "is over 1 MiB")
		},
		request: func(do *Do, out *OnRequest, _ *rand.PCG) {
			if out.Body == nil && !out.Empty && out.Garbage == nil {
				out.Body = do.Body
			}
		},
	})
}
