package fault

import (
	"math/rand/v2"
)

func init() {
	register(effect{
		name:    "httpStatus",
		en:      "this HTTP status, 200 to 599, in the platform's place; left out: 200",
		zh:      "代替平台返回该 HTTP 状态码，200 到 599；未给出时为 200",
		answers: true,
		given:   func(do *Do) bool { return do.HTTPStatus != nil },
		check: func(c *checker, do *Do) {
			status := *do.HTTPStatus
			c.wants(status >= 200 && status <= 599, "/do/httpStatus", "want 200 to 599")
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
