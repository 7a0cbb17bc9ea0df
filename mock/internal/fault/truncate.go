package fault

import (
	"math/rand/v2"
)

func init() {
	register(effect{
		name:  "truncate",
		en:    "the whole length is declared, and half of it sent",
		zh:    "声明完整长度，只发送一半",
		given: func(do *Do) bool { return do.Truncate },
		check: func(c *checker, do *Do) {
			c.wants(!do.Empty && (do.Body == nil || *do.Body != ""), "/do/truncate", "there is nothing to truncate in an empty body")
		},
		request: func(_ *Do, out *OnRequest, _ *rand.PCG) { out.Truncate = true },
	})
}
