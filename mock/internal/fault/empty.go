package fault

import (
	"math/rand/v2"
)

func init() {
	register(effect{
		name:    "empty",
		en:      "no body at all, in the platform's place",
		zh:      "代替平台返回没有任何内容的应答体",
		answers: true,
		given:   func(do *Do) bool { return do.Empty },
		check: func(c *checker, do *Do) {
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
