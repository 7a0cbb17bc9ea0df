package fault

import (
	"fmt"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/internal/suggest"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// Problem is one thing that is wrong with a fault; the pointer (RFC 6901)
// begins at the fault.
type Problem = strict.Problem

// The bounds of a fault, beside MaxDelay and those of its effects.
const (
	maxText  = 200
	maxCount = 1_000_000_000
)

type checker struct{ problems []Problem }

func (c *checker) wants(right bool, pointer, format string, args ...any) {
	if !right {
		c.problems = append(c.problems, Problem{Pointer: pointer, Detail: fmt.Sprintf(format, args...)})
	}
}

// Check says everything that is wrong with a fault.
func (f *Fault) Check() []Problem {
	c := &checker{}
	c.wants(len(f.Name) <= maxText, "/name", "is over %d bytes", maxText)
	c.on(&f.On)
	c.wants(f.After >= 0 && f.After <= maxCount, "/after", "want 0 to %d matches", maxCount)
	c.wants(f.Times >= 0 && f.Times <= maxCount, "/times", "want 1 to %d matches, or 0 for no limit", maxCount)
	c.wants(f.Probability == nil || (*f.Probability >= 0 && *f.Probability <= 1), "/probability", "want a number from 0 to 1")
	c.do(&f.Do, f.On.Push != "")
	return c.problems
}

func (c *checker) on(on *On) {
	c.wants(len(on.MerchantNo) <= maxText, "/on/merchantNo", "is over %d bytes", maxText)
	if on.Endpoint != "" {
		if _, known := schemas.Lookup(on.Endpoint); !known {
			names := make([]string, 0, 12)
			for _, e := range schemas.Endpoints() {
				names = append(names, e.Name)
			}
			c.wants(false, "/on/endpoint", "no endpoint %q%s", excerpt.Given(on.Endpoint), hint(on.Endpoint, names))
		}
	}
	if on.Push != "" {
		if _, known := schemas.LookupPush(on.Push); !known {
			kinds := make([]string, 0, 4)
			for _, p := range schemas.Pushes() {
				kinds = append(kinds, p.Kind)
			}
			c.wants(false, "/on/push", "no kind of push %q%s", excerpt.Given(on.Push), hint(on.Push, kinds))
		}
	}
	_, err := on.where()
	c.wants(err == nil, "/on/where", "want an object: fields of data, or of a push's body")
	c.wants(on.Endpoint == "" || on.Push == "", "/on/push", "a fault is on requests or on pushes, so it has endpoint or push, not both")
}

// hint proposes the name that was probably meant.
func hint(given string, names []string) string {
	if near := suggest.Nearest(given, names); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return "; there are " + strings.Join(names, ", ")
}

func (c *checker) do(do *Do, push bool) {
	anything := false
	for i := range effects() {
		e := &effects()[i]
		if !e.given(do) {
			continue
		}
		anything = true
		pointer := "/do/" + e.Name
		switch {
		case push && !e.Pushes:
			c.wants(false, pointer, "is for requests, but on.push makes this a fault on pushes")
		case !push && !e.Requests:
			c.wants(false, pointer, "is for pushes, which on.push names the kind of")
		case e.check != nil:
			e.check(c, e, do)
		}
	}
	c.wants(anything, "/do", "says nothing to do: want some of %s, or for pushes %s",
		strings.Join(names(func(e *effect) bool { return e.Requests }), ", "), strings.Join(names(func(e *effect) bool { return e.Pushes }), ", "))
}
