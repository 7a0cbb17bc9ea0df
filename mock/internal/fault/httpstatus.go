package fault

import "math/rand/v2"

func init() {
	register("httpStatus", effect{
		given: func(do *Do) bool { return do.HTTPStatus != nil },
		check: func(c *checker, e *effect, do *Do) {
			status := *do.HTTPStatus
			c.wants(e.allows(status), "/do/httpStatus", "want %d to %d", e.Least, e.Most)
			if status == 204 || status == 304 {
				c.wants(!do.Truncate && do.Body == nil && do.Garbage == 0, "/do/httpStatus", "an answer with HTTP %d has no body", status)
			}
		},
		request: func(do *Do, out *OnRequest, _ *rand.PCG) {
			if out.HTTPStatus == 0 {
				out.HTTPStatus = *do.HTTPStatus
			}
		},
	})
}
