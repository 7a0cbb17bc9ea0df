package fault

import (
	"math/rand/v2"
	"unicode/utf8"
)

func init() {
	register("message", effect{
		size:  func(do *Do) int { return len(*do.Message) },
		given: func(do *Do) bool { return do.Message != nil },
		check: func(c *checker, e *effect, do *Do) {
			c.wants(len(*do.Message) <= e.Most && utf8.ValidString(*do.Message), "/do/message", "want UTF-8 of at most %d bytes", e.Most)
		},
		request: func(do *Do, out *OnRequest, _ *rand.PCG) {
			if out.Message == "" {
				out.Message = *do.Message
			}
		},
	})
}
