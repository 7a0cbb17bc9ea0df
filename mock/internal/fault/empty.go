package fault

import "math/rand/v2"

func init() {
	register("empty", effect{
		given: func(do *Do) bool { return do.Empty },
		check: func(c *checker, _ *effect, do *Do) {
			c.wants(do.Body == nil, "/do/empty", "goes without body")
		},
		request: func(_ *Do, out *OnRequest, _ *rand.PCG) {
			if out.Body == nil && out.Garbage == nil {
				none := ""
				out.Empty, out.Body = true, &none
			}
		},
	})
}
