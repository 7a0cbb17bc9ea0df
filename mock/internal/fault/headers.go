package fault

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
)

// The bounds of headers.
const (
	maxHeaders     = 20
	maxHeaderValue = 1000 // bytes
)

// Header is a header of an answer.
type Header struct{ Name, Value string }

// ownHeaders belong to the connection, which would break without them.
var ownHeaders = []string{"Connection", "Content-Length", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding", "Upgrade"}

func init() {
	register(effect{
		name: "headers",
		en:   "headers by name, set on whatever the answer is, `Content-Type` too; with `httpStatus` 429, `Retry-After`. At most 20 of 1000 bytes, and none that the connection needs itself, such as `Content-Length`",
		zh:   "按名称设置应答头，无论应答是什么，`Content-Type` 也可以；配合 `httpStatus` 429 可用 `Retry-After`。最多 20 个，每个 1000 字节，不能是连接自身所需的，如 `Content-Length`",
		size: func(do *Do) (size int) {
			for name, value := range do.Headers {
				size += len(name) + len(value)
			}
			return size
		},
		given: func(do *Do) bool { return len(do.Headers) > 0 },
		check: func(c *checker, do *Do) {
			c.wants(len(do.Headers) <= maxHeaders, "/do/headers", "want at most %d", maxHeaders)
			for _, name := range slices.Sorted(maps.Keys(do.Headers)) {
				c.header(name, do.Headers[name])
			}
		},
		request: func(do *Do, out *OnRequest, _ *rand.PCG) {
			for _, name := range slices.Sorted(maps.Keys(do.Headers)) {
				if !slices.ContainsFunc(out.Headers, func(h Header) bool { return strings.EqualFold(h.Name, name) }) {
					out.Headers = append(out.Headers, Header{name, do.Headers[name]})
				}
			}
		},
	})
}

func (c *checker) header(name, value string) {
	pointer := "/do/headers/" + jsonvalue.EscapePointer(name)
	token := name != "" && len(name) <= maxText && !strings.ContainsFunc(name, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`()<>@,;:\"/[]?={}`, r)
	})
	c.wants(token, pointer, "want the name of a header")
	c.wants(!slices.ContainsFunc(ownHeaders, func(own string) bool { return strings.EqualFold(own, name) }), pointer, "the connection sets it itself")
	c.wants(len(value) <= maxHeaderValue, pointer, "is over %d bytes", maxHeaderValue)
	c.wants(!strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }), pointer, "has a line end or another control character")
}
