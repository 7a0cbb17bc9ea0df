package contract

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/contract/internal/wire"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// probeTimeout is how long the question may take whether a target answers at all.
const probeTimeout = 2 * time.Second

// outageOf says that a case failed for want of an answer to judge. Its Case is "" where the target gives none to anybody, and the run is over;
// else only this case met a page, a cut answer or a silence, and it is the case that has failed.
func (b *batch) outageOf(ctx context.Context, result *scenarios.CaseResult, seen *wire.Watch) *report.Outage {
	step := result.Failed()
	if step != nil && b.target.Control != nil && b.target.Recorded == nil && (step.Action == "sandbox" || result.Class == scenarios.ClassControl || result.Class == scenarios.ClassTransport && seen.Outage() == nil) {
		if o := b.askControl(ctx); o != nil {
			return o
		}
	}
	o := seen.Outage()
	if o != nil && result.Class != scenarios.ClassTransport && (result.Class != scenarios.ClassExpectation || o.Kind == "truncated") {
		o = nil
	}
	if o == nil {
		o = cmp.Or(noJSON(innermost(step)), refused(innermost(step)))
	}
	if o == nil || b.ask(ctx) {
		if o != nil {
			one := *o
			one.Case = result.Name
			o = &one
		}
		return o
	}
	one := *o
	one.Case = ""
	return &one
}

// probe ends a run before its first case where the target takes connections and answers none.
func (b *batch) probe(ctx context.Context, id string) {
	if b.target.Recorded != nil || b.target.IsInProcess() {
		return
	}
	t := &b.target
	o, refused := b.wire.First(ctx, t.URL, t.Control, t.MerchantNo, t.MerchantKey, b.runner.Now)
	b.mu.Lock()
	defer b.mu.Unlock()
	if o != nil && ctx.Err() == nil {
		o.Case = id
		b.report.Outage = o
	}
	if !refused.IsZero() {
		b.report.Warnings = append(b.report.Warnings, b.in(refused))
	}
}

// innermost is the step inside a failed one, a loop, say, that failed.
func innermost(step *scenarios.StepResult) *scenarios.StepResult {
	for step != nil && step.Exchange == nil {
		i := slices.IndexFunc(step.Steps, func(s *scenarios.StepResult) bool { return s.Status == scenarios.Failed })
		if i < 0 {
			break
		}
		step = step.Steps[i]
	}
	return step
}

// ask reports whether the target answers the simplest request with an envelope of the platform's.
func (b *batch) ask(ctx context.Context) bool {
	if b.target.Recorded != nil {
		return true // what was recorded is judged, whatever it is
	}
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.target.URL+schemas.PathPrefix+"carnum", http.NoBody)
	if err != nil {
		return false
	}
	res, err := b.wire.HTTP.Do(r)
	if err != nil {
		return false
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	return err == nil && wire.IsEnvelope(body)
}

// askControl says in which way the control API gives no answer; nil is that it does.
func (b *batch) askControl(ctx context.Context) *report.Outage {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	_, err := b.target.Control.Sandboxes(ctx, control.Page{Limit: 1})
	return wire.ControlOutage(err)
}
