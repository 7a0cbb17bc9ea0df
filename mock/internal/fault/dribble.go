package fault

import (
	"math/rand/v2"
	"time"
)

const maxDribble = 10 * time.Second

func init() {
	register("dribble", effect{
		given: func(do *Do) bool { return do.Dribble != nil },
		check: func(c *checker, _ *effect, do *Do) {
			c.wants(*do.Dribble > 0 && do.Dribble.Std() <= maxDribble, "/do/dribble", "want more than 0 and at most 10s a byte")
			c.wants(!do.Empty && (do.Body == nil || *do.Body != ""), "/do/dribble", "there is nothing to send in an empty body")
		},
		request: func(do *Do, out *OnRequest, _ *rand.PCG) {
			if out.Dribble == 0 {
				out.Dribble = do.Dribble.Std()
			}
		},
	})
}

// Pause is how long to wait before each byte of a body of so many: what Dribble says, but all together no longer than
// [MaxDelay]. 0: the body is sent at once.
func (on *OnRequest) Pause(length int) time.Duration {
	if length == 0 {
		return 0
	}
	return min(on.Dribble, MaxDelay/time.Duration(length))
}
