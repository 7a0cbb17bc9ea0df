package fault

import (
	"math/rand/v2"
)

const maxBody = 1 << 20

func init() {
	register(effect{
		name:    "body",
		en:      "this body, at most 1 MiB, in place of the envelope",
		zh:      "代替平台返回该应答体（不是信封），最多 1 MiB",
		answers: true,
		size:    func(do *Do) int { return len(*do.Body) },
		given:   func(do *Do) bool { return do.Body != nil },
		check: func(c *checker, do *Do) {
			c.wants(len(*do.Body) <= maxBody, "/do/body", "is over 1 MiB")
		},
		request: func(do *Do, out *OnRequest, _ *rand.PCG) {
			if out.Body == nil && !out.Empty && out.Garbage == nil {
				out.Body = do.Body
			}
		},
	})
}
