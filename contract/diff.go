package contract

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
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
	one, first, err := o.recorded(ctx, a, cases)
	if err != nil {
		return nil, err
	}
	two, second, err := o.recorded(ctx, b, cases)
	if err != nil {
		return nil, err
	}
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

// recorded runs cases and keeps what was answered.
func (o Runner) recorded(ctx context.Context, t scenarios.Target, cases []scenarios.Case) (*report.Report, map[string][]*scenarios.StepResult, error) {
	var mu sync.Mutex
	all := map[string][]*scenarios.StepResult{}
	o.Result = func(id string, result *scenarios.CaseResult) {
		mu.Lock()
		defer mu.Unlock()
		all[id] = calls(result.Steps)
	}
	r, err := o.Run(ctx, t, cases...)
	return r, all, err
}

// calls are the steps that called an endpoint, those inside steps too.
func calls(steps []*scenarios.StepResult) []*scenarios.StepResult {
	var out []*scenarios.StepResult
	for _, s := range steps {
		if s.Exchange != nil && s.Exchange.Endpoint != "" {
			out = append(out, s)
		}
		out = append(out, calls(s.Steps)...)
	}
	return out
}

// differences are where two runs of a case were answered differently.
func differences(a, b []*scenarios.StepResult) []report.Failure {
	var all []report.Failure
	for i := range min(len(a), len(b)) {
		one, two := a[i].Exchange, b[i].Exchange
		found := compareAnswers(a[i].Subject, one.Envelope, two.Envelope)
		if one.HTTPStatus != two.HTTPStatus {
			found = append(found, difference{"HTTP status", strconv.Itoa(one.HTTPStatus), strconv.Itoa(two.HTTPStatus)})
		}
		for _, d := range found {
			all = append(all, report.Failure{
				Message: fmt.Sprintf("%s: %s differs", a[i].Name, cmp.Or(d.path, "the answer")), File: a[i].File, Line: a[i].Line, Column: a[i].Column,
				Path: d.path, Expected: d.a, Actual: d.b, Sent: one.Data, Reason: strings.Trim(a[i].MockReason+" "+b[i].MockReason, " "), Curl: b[i].Curl,
			})
		}
		if len(found) > 0 && (one.Code == nil || two.Code == nil || *one.Code != *two.Code) {
			return all // what follows rests on it
		}
	}
	if len(a) != len(b) && len(all) == 0 {
		all = append(all, report.Failure{Message: fmt.Sprintf("one run makes %d calls, the other %d", len(a), len(b))})
	}
	return all
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
		if two, is := b.(map[string]any); is {
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
		if two, is := b.([]any); is {
			if len(one) != len(two) {
				c.found = append(c.found, difference{path, fmt.Sprintf("%d items", len(one)), fmt.Sprintf("%d items", len(two))})
			}
			for i := range min(len(one), len(two)) {
				c.compare(pointer+"/*", path+"["+strconv.Itoa(i)+"]", one[i], two[i])
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
