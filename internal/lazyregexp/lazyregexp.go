// Package lazyregexp gives regular expressions that are compiled at their first
// use: the some sixty of them that a process may need cost it about 4 ms, which
// most of its starts need not pay.
package lazyregexp

import (
	"os"
	"regexp"
	"strings"
	"sync"
)

// inTest is whether this process is a test, where each expression is compiled at
// once, so that a wrong one does not wait for a user.
var inTest = strings.HasSuffix(strings.TrimSuffix(os.Args[0], ".exe"), ".test")

// New gives a function that compiles the expression when it is first called, and
// the same compiled one from then on. It panics where the expression is wrong.
// It may be called from several goroutines at once.
func New(expression string) func() *regexp.Regexp {
	compiled := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
	if inTest {
		compiled()
	}
	return compiled
}
