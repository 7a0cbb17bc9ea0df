package fault

import "math/rand/v2"

func init() {
	register("corruptSign", effect{
		given: func(do *Do) bool { return do.CorruptSign },
		push:  func(_ *Do, out *OnPush, _ *rand.PCG) { out.CorruptSign = true },
	})
}
