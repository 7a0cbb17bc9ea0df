package fault

import "math/rand/v2"

func init() {
	register("drop", effect{
		given: func(do *Do) bool { return do.Drop },
		push:  func(_ *Do, out *OnPush, _ *rand.PCG) { out.Drop = true },
	})
}
