package fault

import (
	"math/rand/v2"
)

func init() {
	register(effect{
		name:  "reorder",
		en:    "it is held until the merchant's next push, of whatever vehicle, is delivered or failed; 24 hours of the sandbox's clock at most. A push that another is held behind is not held itself, so a lasting `reorder` swaps pairs. What is held is not due: a drain does not wait for it",
		zh:    "推迟到该商户的下一条推送（不论车辆）送达或失败之后，最多沙箱时钟的 24 小时。已有推送在等它的推送自身不会被推迟，因此持续的 `reorder` 会两两交换。被推迟的不算到期，drain 不会等它",
		given: func(do *Do) bool { return do.Reorder },
		push:  func(_ *Do, out *OnPush, _ *rand.PCG) { out.Reorder = true },
	})
}
