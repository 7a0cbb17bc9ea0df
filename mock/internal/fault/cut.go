package fault

import (
	"math/rand/v2"
)

// When a connection is cut: before the request is carried out, or after, so
// that only its answer is lost.
const (
	Before = "before"
	After  = "after"
)

func init() {
	register(effect{
		name:  "cut",
		en:    "the connection is reset: `before` anything is carried out, or `after`, so that only the answer is lost. The journal has what it would have been, with `cut`, and `httpStatus` 0. Of the others it goes with `delay` only",
		zh:    "连接被重置：`before` 在执行之前；`after` 在执行之后，只丢失应答。请求日志中仍有原本的应答，并带 `cut`，`httpStatus` 为 0。只能与 `delay` 同用",
		given: func(do *Do) bool { return do.Cut != "" },
		check: func(c *checker, do *Do) {
			c.wants(do.Cut == Before || do.Cut == After, "/do/cut", "want before or after (the state has changed)")
			c.wants(!do.answers() && !do.Truncate && do.Dribble == nil && len(do.Headers) == 0, "/do/cut", "a connection that is cut gives no answer, so of the others it goes only with delay")
		},
		request: func(do *Do, out *OnRequest, _ *rand.PCG) {
			if out.Cut == "" {
				out.Cut = do.Cut
			}
		},
	})
}
