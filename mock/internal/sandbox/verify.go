package sandbox

import (
	"context"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/verify"
)

// VerifyRequests counts the journal's entries that match. It waits until the count holds; for a Max until the time is over. Its
// errors are [ErrReset], [ErrClosed] and the context's.
func (s *Sandbox) VerifyRequests(ctx context.Context, want verify.RequestWant, count verify.Count) (verify.Verification, error) {
	return s.verify(ctx, count, func(v engine.View) func() verify.Found {
		all := v.Journal().Snapshot()
		return func() verify.Found { return want.Requests(all.Values()) }
	})
}

// VerifyPushes does for pushes what VerifyRequests does for requests.
func (s *Sandbox) VerifyPushes(ctx context.Context, want verify.PushWant, count verify.Count) (verify.Verification, error) {
	return s.verify(ctx, count, func(v engine.View) func() verify.Found {
		all := v.Pushes().Briefs()
		return func() verify.Found { return want.Pushes(all) }
	})
}

// verify has take copy what is searched with the lock held, and searches it without: looking for what comes nearest among 10,000 pushes takes tens
// of milliseconds.
func (s *Sandbox) verify(ctx context.Context, count verify.Count, take func(engine.View) (search func() verify.Found)) (out verify.Verification, err error) {
	err = s.Watch(ctx, count.Within, func(v engine.View, last bool, finish func()) (settled bool) {
		search := take(v)
		finish()
		out, settled = count.Judge(search(), last)
		return settled
	})
	return out, err
}

// VerifySequence looks for steps in the order in which they were applied, as far back as the log is kept, and waits until they
// have come, in real time within at most. Its errors are [ErrReset], [ErrClosed] and the context's.
func (s *Sandbox) VerifySequence(ctx context.Context, steps []verify.Step, strict bool, within time.Duration) (out verify.SequenceResult, err error) {
	err = s.Watch(ctx, within, func(v engine.View, _ bool, finish func()) bool {
		all := s.happeningsLocked(v)
		finish()
		out = verify.Sequence(all, steps, strict)
		return out.OK
	})
	return out, err
}

// happeningsLocked is what led to what is now, in order, as far as it is kept: what happened since the sandbox was made, reset or
// restored, without what was undone. What stays of an undo is what was before the point it went back to, and what came since.
func (s *Sandbox) happeningsLocked(v engine.View) []verify.Happening {
	var out []verify.Happening
	happened, made := s.history.Lineage()
	for _, r := range happened {
		if r.Request != 0 {
			if e := v.Journal().Get(journalID(r.Request)); e != nil {
				out = append(out, verify.Happening{Request: e})
			}
		}
		switch c := r.Command.(type) {
		case platform.Enter:
			out = append(out, verify.Happening{Car: "enter", Plate: c.Vehicle.Plate})
		case platform.Exit:
			out = append(out, verify.Happening{Car: "exit", Plate: c.Vehicle.Plate})
		}
		for ; made < r.Pushes; made++ {
			if item, kept := v.Pushes().Get(pushID(made + 1)); kept {
				brief := item.Brief()
				out = append(out, verify.Happening{Push: &brief})
			}
		}
	}
	return out
}
