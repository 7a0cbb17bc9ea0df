package fault

import (
	"math/rand/v2"
	"unicode/utf8"
)

func init() {
	register(effect{
		name:    "message",
		en:      "this message, in the platform's place; left out: the code's own",
		zh:      "代替平台返回该 message；未给出时为 code 自己的文字",
		answers: true,
		size:    func(do *Do) int { return len(*do.Message) },
		given:   func(do *Do) bool { return do.Message != nil },
		check: func(c *checker, do *Do) {
			c.wants(len(*do.Message) <= maxText && utf8.ValidString(*do.Message), "/do/message", "want UTF-8 of at most %d bytes", maxText)
		},
		request: func(do *Do, out *OnRequest, _ *rand.PCG) {
			if out.Message == "" {
				out.Message = *do.Message
			}
		},
	})
}
