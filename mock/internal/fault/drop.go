package fault

import (
	"math/rand/v2"
)

func init() {
	register(effect{
		name:  "drop",
		en:    "the first attempt fails without reaching the merchant; the schedule goes on from there",
		zh:    "首次投递失败，不会到达商户；之后按重试计划继续",
		given: func(do *Do) bool { return do.Drop },
		push:  func(_ *Do, out *OnPush, _ *rand.PCG) { out.Drop = true },
	})
}
