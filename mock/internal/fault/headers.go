package fault

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
)

// maxHeaderValue is how long the value of a header may be, in bytes.
const maxHeaderValue = 1000

// Header is a header of an answer.
type Header struct{ Name, Value string }

// ownHeaders belong to the connection, which would break without them.
var ownHeaders = []string{"Connection", "Content-Length", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding", "Upgrade"}

func init() {
	register("headers", effect{
		size: func(do *Do) (size int) {
			for name, value := range do.Headers {
				size += len(name) + len(value)
			}
			return size
		},
		given: func(do *Do) bool { return len(do.Headers) > 0 },
		check: func(c *checker, e *effect, do *Do) {
			c.wants(len(do.Headers) <= e.Most, "/do/headers", "want at most %d", e.Most)
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
