package contract

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/etcp-mock/etcp-mock/contract/internal/wire"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// Diff runs the same cases against two targets and reports where they answer differently, whatever the cases expect. Values that
// the schemas annotate as volatile (tokens, ids, times, sealed values) are compared by their type only. A case that one of the
// two cannot run is skipped.
func (o Runner) Diff(ctx context.Context, a, b scenarios.Target, cases ...scenarios.Case) (*report.Report, error) {
	progress := o.Progress
	o.Progress = nil
	one, two, err := o.both(ctx, a, b, cases)
	if err != nil {
		return nil, err
	}
	first, second := one.calls, two.calls
	out := &report.Report{
		Command: "diff", Target: a.URL + " " + b.URL, Seed: o.Seed, Started: one.Started, Duration: one.Duration + two.Duration,
		Requests: one.Requests + two.Requests, Outage: cmp.Or(one.Outage, two.Outage),
	}
	for i := range one.Cases {
		c := one.Cases[i]
		c.Failures, c.Duration = nil, c.Duration+two.Cases[i].Duration
		switch other := two.Cases[i]; {
		case c.Status == report.Skipped:
		case other.Status == report.Skipped:
			c.Status, c.Reason = report.Skipped, other.Reason
		default:
			c.Status = report.Passed
			if c.Failures = differences(first[c.ID], second[c.ID]); len(c.Failures) > 0 {
				c.Status = report.Failed
			}
		}
		if progress != nil {
			progress(&c)
		}
		out.Cases = append(out.Cases, c)
	}
	return out, nil
}

// ran is what came of a target's cases, with the calls of each.
type ran struct {
	*report.Report

	calls map[string][]*scenarios.StepResult
}

// both runs the cases against two targets, the one that may fail to answer first: where it does, the other is not asked.
func (o Runner) both(ctx context.Context, a, b scenarios.Target, cases []scenarios.Case) (one, two ran, err error) {
	if a.Control != nil && b.Control == nil || a.IsInProcess() && !b.IsInProcess() {
		two, one, err = o.both(ctx, b, a, cases)
		return one, two, err
	}
	if one, err = o.recorded(ctx, a, cases); err != nil {
		return one, two, err
	}
	if one.Outage != nil {
		nothing := *one.Report
		nothing.Requests, nothing.Duration = 0, 0
		return one, ran{Report: &nothing}, nil
	}
	if a.Control == nil && b.Control != nil {
		o.Rate = 0 // it is a platform's
	}
	two, err = o.recorded(ctx, b, cases)
	return one, two, err
}

// recorded runs cases and keeps what was answered.
func (o Runner) recorded(ctx context.Context, t scenarios.Target, cases []scenarios.Case) (ran, error) {
	var mu sync.Mutex
	all := map[string][]*scenarios.StepResult{}
	o.Result = func(id string, result *scenarios.CaseResult) {
		mu.Lock()
		defer mu.Unlock()
		all[id] = calls(result.Steps)
	}
	r, err := o.Run(ctx, t, cases...)
	return ran{r, all}, err
}

// calls are the steps that called an endpoint or saw a push, those inside steps too.
func calls(steps []*scenarios.StepResult) []*scenarios.StepResult {
	var out []*scenarios.StepResult
	for _, s := range steps {
		if s.Exchange != nil && s.Exchange.Endpoint != "" || sawPush(s) {
			out = append(out, s)
		}
		out = append(out, calls(s.Steps)...)
	}
	return out
}

// sawPush says that a step's answer is a push.
func sawPush(s *scenarios.StepResult) bool {
	fields, _ := s.Answer.(map[string]any)
	_, signed := fields["signment"]
	_, known := schemas.LookupPush(s.Subject)
	return known && signed
}

// comparedHeaders are the headers of an answer that the document fixes.
var comparedHeaders = []string{"Content-Type", "Allow"}

// differences are where two runs of a case were answered differently: each with both values. What one run did not come to, since the case ended there, is
// a difference, too.
func differences(a, b []*scenarios.StepResult) []report.Failure {
	var all []report.Failure
	for i := range max(len(a), len(b)) {
		var one, two *scenarios.StepResult
		if i < len(a) {
			one = a[i]
		}
		if i < len(b) {
			two = b[i]
		}
		all = append(all, stepDifferences(one, two)...)
	}
	return all
}

// stepDifferences compares two results of one step; nil is a run that did not come to it.
func stepDifferences(one, two *scenarios.StepResult) []report.Failure {
	at := cmp.Or(one, two)
	base := report.Failure{File: at.File, Line: at.Line, Column: at.Column}
	var found []difference
	switch {
	case one == nil || two == nil:
		found = []difference{{"", summary(one), summary(two)}}
	case sawPush(one) != sawPush(two) || one.Subject != two.Subject:
		found = []difference{{"", one.Name, two.Name}}
	case sawPush(one):
		c := comparison{volatile: schemas.VolatilePush(one.Subject)}
		c.compare("", "", one.Answer, two.Answer)
		found = c.found
	default:
		found = answerDifferences(one, two)
		base.Sent, base.Reason = one.Exchange.Data, strings.Trim(one.MockReason+" "+two.MockReason, " ")
		base.Curl = two.Curl
	}
	failures := make([]report.Failure, len(found))
	for i, d := range found {
		failures[i] = base
		failures[i].Message = fmt.Sprintf("%s: %s differs", at.Name, cmp.Or(d.path, "the answer"))
		failures[i].Path, failures[i].Expected, failures[i].Actual, failures[i].OfTwo = d.path, d.a, d.b, true
	}
	return failures
}

func answerDifferences(one, two *scenarios.StepResult) []difference {
	a, b := one.Exchange, two.Exchange
	found := compareAnswers(one.Subject, a.Envelope, b.Envelope)
	if a.HTTPStatus != b.HTTPStatus {
		found = append(found, difference{"HTTP status", strconv.Itoa(a.HTTPStatus), strconv.Itoa(b.HTTPStatus)})
	}
	for _, name := range comparedHeaders {
		if left, right := headerValue(a.Header, name), headerValue(b.Header, name); left != right {
			found = append(found, difference{"header " + name, left, right})
		}
	}
	return found
}

// headerValue is a header's value without what its letter case and spaces make of it.
func headerValue(h http.Header, name string) string {
	return strings.ToLower(strings.ReplaceAll(h.Get(name), " ", ""))
}

// summary is a step's result in a line; a run that did not come to it says so.
func summary(s *scenarios.StepResult) string {
	switch {
	case s == nil:
		return "(not reached: the case had ended)"
	case s.Exchange != nil:
		return wire.Head([]byte(s.Exchange.Body))
	}
	return shown(s.Answer)
}

type difference struct{ path, a, b string }

// compareAnswers compares two answers of an endpoint; volatile values by their type.
func compareAnswers(endpoint string, a, b []byte) []difference {
	one, errOne := jsonvalue.Decode(a)
	two, errTwo := jsonvalue.Decode(b)
	if errOne != nil || errTwo != nil {
		if bytes.Equal(a, b) {
			return nil
		}
		return []difference{{"", wire.Head(a), wire.Head(b)}}
	}
	c := comparison{volatile: schemas.Volatile(endpoint)}
	c.compare("", "", one, two)
	return c.found
}

// comparison walks two JSON values at once.
type comparison struct {
	volatile []string // JSON pointers, * for any index
	found    []difference
}

func (c *comparison) compare(pointer, path string, a, b any) {
	if slices.Contains(c.volatile, pointer) {
		if jsonvalue.TypeOf(a) != jsonvalue.TypeOf(b) {
			c.found = append(c.found, difference{path, jsonvalue.TypeOf(a), jsonvalue.TypeOf(b)})
		}
		return
	}
	switch one := a.(type) {
	case map[string]any:
		if two, ok := b.(map[string]any); ok {
			names := map[string]bool{}
			for name := range one {
				names[name] = true
			}
			for name := range two {
				names[name] = true
			}
			for _, name := range slices.Sorted(maps.Keys(names)) {
				left, inOne := one[name]
				right, inTwo := two[name]
				at := strings.TrimPrefix(path+"."+name, ".")
				if inOne != inTwo {
					c.found = append(c.found, difference{at, presence(left, inOne), presence(right, inTwo)})
					continue
				}
				c.compare(pointer+"/"+name, at, left, right)
			}
			return
		}
	case []any:
		if two, ok := b.([]any); ok {
			if len(one) != len(two) {
				c.found = append(c.found, difference{path, fmt.Sprintf("%d items", len(one)), fmt.Sprintf("%d items", len(two))})
			}
			for i := range max(len(one), len(two)) {
				at := path + "[" + strconv.Itoa(i) + "]"
				switch {
				case i >= len(one):
					c.found = append(c.found, difference{at, presence(nil, false), shown(two[i])})
				case i >= len(two):
					c.found = append(c.found, difference{at, shown(one[i]), presence(nil, false)})
				default:
					c.compare(pointer+"/*", at, one[i], two[i])
				}
			}
			return
		}
	}
	if left, right := shown(a), shown(b); left != right && !jsonvalue.SameNumber(a, b) {
		c.found = append(c.found, difference{path, left, right})
	}
}

func presence(v any, there bool) string {
	if !there {
		return "(absent)"
	}
	return shown(v)
}
