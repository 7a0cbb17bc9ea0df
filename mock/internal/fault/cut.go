package fault

import "math/rand/v2"

// When a connection is cut: before the request is carried out, or after, so
// that only its answer is lost.
const (
	Before = "before"
	After  = "after"
)

func init() {
	register("cut", effect{
		given: func(do *Do) bool { return do.Cut != "" },
		check: func(c *checker, _ *effect, do *Do) {
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
