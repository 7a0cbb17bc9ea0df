package fault

import (
	"math/rand/v2"
)

const maxCode = 999_999

func init() {
	register(effect{
		name:    "code",
		en:      "this code, in the platform's place, also one that §11 does not have, to try what a client does with a code it does not know; left out beside others that answer: 2. The reason is `injected-fault`, and nothing is carried out",
		zh:      "代替平台返回该 code，也可以是 §11 没有的，用来试验客户端遇到未知 code 时的表现；与其他应答类效果同用而未给出时为 2。原因为 `injected-fault`，请求不会执行",
		answers: true,
		given:   func(do *Do) bool { return do.Code != nil },
		check: func(c *checker, do *Do) {
			c.wants(*do.Code >= 0 && *do.Code <= maxCode, "/do/code", "want a code from 0 to %d (§11)", maxCode)
		},
		request: func(do *Do, out *OnRequest, _ *rand.PCG) {
			if out.Code == nil {
				out.Code = do.Code
			}
		},
	})
}
