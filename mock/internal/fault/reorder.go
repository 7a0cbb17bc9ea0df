package fault

import "math/rand/v2"

func init() {
	register("reorder", effect{
		given: func(do *Do) bool { return do.Reorder },
		push:  func(_ *Do, out *OnPush, _ *rand.PCG) { out.Reorder = true },
	})
}
