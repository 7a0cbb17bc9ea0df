package fault

import (
	"math/rand/v2"
)

func init() {
	register(effect{
		name:  "corruptSign",
		en:    "the signature is that of another text, which `signed` shows; `body` shows what is sent",
		zh:    "签名是另一段文本的签名，见 `signed`；实际发送的内容见 `body`",
		given: func(do *Do) bool { return do.CorruptSign },
		push:  func(_ *Do, out *OnPush, _ *rand.PCG) { out.CorruptSign = true },
	})
}
