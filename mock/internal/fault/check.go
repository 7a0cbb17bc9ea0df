package fault

import (
	"fmt"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/internal/suggest"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// Problem is one thing that is wrong with a fault; the pointer (RFC 6901)
// begins at the fault.
type Problem struct{ Pointer, Detail string }

// The bounds of a fault, beside MaxDelay.
const (
	maxText      = 200
	maxBody      = 1 << 20
	maxCount     = 1_000_000_000
	maxCode      = 999_999
	maxSigma     = 5
	minDuplicate = 2
	maxDuplicate = 100
)

type checker struct{ problems []Problem }

func (c *checker) wants(right bool, pointer, format string, args ...any) {
	if !right {
		c.problems = append(c.problems, Problem{pointer, fmt.Sprintf(format, args...)})
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
			c.wants(false, "/on/endpoint", "no endpoint %q%s", clip(on.Endpoint), hint(on.Endpoint, names))
		}
	}
	if on.Push != "" {
		if _, known := schemas.LookupPush(on.Push); !known {
			kinds := make([]string, 0, 4)
			for _, p := range schemas.Pushes() {
				kinds = append(kinds, p.Kind)
			}
			c.wants(false, "/on/push", "no kind of push %q%s", clip(on.Push), hint(on.Push, kinds))
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
	return fmt.Sprintf("; there are %v", names)
}

func clip(text string) string { return excerpt.Runes(text, 60) }

func (c *checker) do(do *Do, push bool) {
	fields, why := []given{
		{"duplicate", do.Duplicate != nil}, {"reorder", do.Reorder}, {"corruptSign", do.CorruptSign}, {"drop", do.Drop},
	}, "is for pushes, which on.push names the kind of"
	if push {
		fields, why = []given{
			{"code", do.Code != nil},
			{"message", do.Message != nil},
			{"httpStatus", do.HTTPStatus != nil},
			{"cut", do.Cut != ""},
			{"body", do.Body != nil},
			{"truncate", do.Truncate},
		}, "is for requests, but on.push makes this a fault on pushes"
	} else {
		c.answer(do)
	}
	for _, field := range fields {
		c.wants(!field.is, "/do/"+field.name, "%s", why)
	}
	c.wants(do.toPush() || do.toRequest() || do.Delay != nil, "/do",
		"says nothing to do: want some of code, message, httpStatus, delay, cut, body, truncate, or for pushes delay, duplicate, reorder, corruptSign, drop")
	c.wants(do.Duplicate == nil || (*do.Duplicate >= minDuplicate && *do.Duplicate <= maxDuplicate), "/do/duplicate", "want %d to %d deliveries in all", minDuplicate, maxDuplicate)
	if do.Delay != nil {
		c.delay(do.Delay)
	}
}

// given is whether a field says anything.
type given struct {
	name string
	is   bool
}

func (c *checker) answer(do *Do) {
	c.wants(do.Code == nil || (*do.Code >= 0 && *do.Code <= maxCode), "/do/code", "want a code from 0 to %d (§11)", maxCode)
	c.wants(do.Message == nil || (len(*do.Message) <= maxText && utf8.ValidString(*do.Message)), "/do/message", "want UTF-8 of at most %d bytes", maxText)
	c.wants(do.Body == nil || len(*do.Body) <= maxBody, "/do/body", "is over 1 MiB")
	c.wants(do.Cut == "" || do.Cut == Before || do.Cut == After, "/do/cut", "want before or after (the state has changed)")
	c.wants(do.Cut == "" || (!do.answers() && !do.Truncate), "/do/cut", "a connection that is cut gives no answer, so of the others it goes only with delay")
	if do.HTTPStatus == nil {
		c.wants(!do.Truncate || do.Body == nil || *do.Body != "", "/do/truncate", "there is nothing to truncate in an empty body")
		return
	}
	status := *do.HTTPStatus
	c.wants(status >= 200 && status <= 599, "/do/httpStatus", "want 200 to 599")
	if status == 204 || status == 304 {
		c.wants(!do.Truncate && do.Body == nil, "/do/httpStatus", "an answer with HTTP %d has no body", status)
	}
}

func (c *checker) delay(d *Delay) {
	within := func(pointer string, given *strict.Duration) {
		c.wants(given == nil || given.Std() <= MaxDelay, pointer, "want at most 10m")
	}
	within("/do/delay", d.By)
	within("/do/delay/min", d.Min)
	within("/do/delay/max", d.Max)
	within("/do/delay/median", d.Median)
	c.wants(d.Min == nil || d.Max == nil || *d.Min <= *d.Max, "/do/delay/min", "is above max")
	c.wants(d.Sigma >= 0 && d.Sigma <= maxSigma, "/do/delay/sigma", "want a number from 0 to %d", maxSigma)
}
