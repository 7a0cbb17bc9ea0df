package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// Open takes a sandbox that is kept and brings it to what it was after its last input. claimed are the merchant numbers that
// are claimed for it; those that it has no more are released. Its errors are the ledger's.
func Open(ctx context.Context, host *Host, id string, claimed []string) (opened *Sandbox, err error) {
	s := newSandbox(host, id)
	defer func() {
		if err != nil {
			s.giveUp()
			host.Keys.Set(s, nil)
		}
	}()
	log, err := host.Ledger.Take(ctx, id, ledger.Restore{Snapshot: s.restoreSnapshot, Record: s.replay})
	if err != nil {
		return nil, fmt.Errorf("sandbox %q: %w", id, err)
	}
	s.log = log
	v := s.engine.View()
	if v.Seq() == 0 {
		return nil, fmt.Errorf("sandbox %q: %w", id, &ledger.CorruptError{File: "the log", Detail: "it is empty"})
	}
	s.instance = v.Instance()
	s.publish()
	own := s.Merchants()
	if unused := slices.DeleteFunc(slices.Clone(claimed), func(no string) bool { return slices.Contains(own, no) }); len(unused) > 0 {
		if err := log.Release(ctx, unused...); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if v.Pushes().InFlight() > 0 {
		s.applyLocked(&engine.Resume{})
	} else if _, waiting := v.Pushes().NextDue(v.Policy()); waiting {
		s.applyLocked(&engine.Wake{})
	}
	return s, nil
}

func (s *Sandbox) restoreSnapshot(seq uint64, state []byte) error {
	c, err := engine.ReadCheckpoint(state)
	if err != nil {
		return fmt.Errorf("the snapshot cannot be read: %w", err)
	}
	if c.Seq != seq {
		return fmt.Errorf("the snapshot is of input %d, not %d", c.Seq, seq)
	}
	e, err := engine.FromCheckpoint(c, s.host.Explainer)
	if err != nil {
		return fmt.Errorf("the snapshot is no sandbox: %w", err)
	}
	s.engine, s.events.seq, s.snapshot = e, c.EventSeq, c.Seq
	s.history.Start(c)
	return nil
}

// replay applies an input that is kept. What it sends was sent, or is due again ([engine.Resume]).
func (s *Sandbox) replay(seq uint64, input []byte) error {
	r, err := engine.Decode(input)
	if err != nil {
		return err
	}
	fx := s.engine.Apply(r.Stamp, r.Input)
	if r.Wall.After(s.floor) {
		s.floor = r.Wall
	}
	if fx.Seq != seq || r.Seq != seq {
		return fmt.Errorf("input %d is the %dth", r.Seq, fx.Seq)
	}
	if errors.Is(fx.Err, engine.ErrCreated) || errors.Is(fx.Err, engine.ErrNotCreated) {
		return fmt.Errorf("input %d: %w", r.Seq, fx.Err)
	}
	r.Note(s.engine, &fx)
	keep := engine.KeepBy(s.engine.View().State().Rules())
	if s.history.Add(r, keep, s.engine.CheckpointCost()) {
		s.history.Checkpoint(s.engine.Checkpoint(), keep)
	}
	for i := range fx.Events {
		s.events.add(&fx.Events[i])
	}
	return nil
}

// readyLocked is why an input cannot be kept now, if so. Nothing has changed then.
func (s *Sandbox) readyLocked() error {
	if s.log == nil {
		return nil
	}
	err := s.log.Ready()
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ledger.ErrBehind):
		return err
	}
	return s.breakLocked(err)
}

// keepLocked hands an input that was applied, and is the newest of the history, to the ledger. Where that fails, what is in memory is ahead of what is kept: the
// sandbox is broken.
func (s *Sandbox) keepLocked(in engine.Input, fx *engine.Effects) error {
	if s.host.Ledger == nil {
		return nil
	}
	text, err := s.history.Newest(), error(nil)
	if text == nil {
		text, err = engine.Encode(nil, &engine.Record{Seq: fx.Seq, Stamp: fx.Stamp, Input: in})
	}
	if err == nil && s.log == nil {
		s.log, err = s.host.Ledger.Create(s.host.Context, s.id, s.merchantsLocked(), text)
		return err
	}
	if err == nil {
		_, err = s.log.Append(text)
	}
	if err != nil {
		return s.breakLocked(err)
	}
	return nil
}

// breakLocked ends a sandbox whose inputs cannot be kept: what is in memory may be ahead of what is kept, so nobody is given
// any of it, and the host opens the sandbox again.
func (s *Sandbox) breakLocked(err error) error {
	if s.closed || s.removing {
		return ErrClosed
	}
	if s.broken == nil {
		s.broken = err
		s.closeLocked()
		s.host.Sending.Go(func() {
			s.host.Broken(s, err)
		})
	}
	return s.broken
}

// await waits until an input is durable. Its errors are the ledger's.
func (s *Sandbox) await(ctx context.Context, seq uint64) error {
	if s.log == nil {
		return nil
	}
	err := s.log.Wait(ctx, seq)
	if err == nil || ctx.Err() != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return s.broken
	}
	return s.breakLocked(err)
}

// Durable waits until all that has happened is durable: what was read of the sandbox may be given away then. Where nothing is
// kept, that is at once. Its errors are the ledger's.
func (s *Sandbox) Durable(ctx context.Context) error {
	if s.log == nil {
		return nil
	}
	s.mu.Lock()
	seq, closed, broken := s.engine.View().Seq(), s.closed, s.broken
	s.mu.Unlock()
	switch {
	case broken != nil:
		return broken
	case closed:
		return nil // it was deleted, or the server stops
	}
	return s.await(ctx, seq)
}

// claimed keeps the merchant numbers of an input by which they change hands claimed in the ledger: before it those that are
// wanted, after it those that the sandbox has.
func (s *Sandbox) claimed(in engine.Input, wanted []string) engine.Effects {
	if s.log == nil {
		return s.Apply(in)
	}
	before := append(s.Merchants(), wanted...)
	if err := s.log.Claim(s.host.Context, wanted...); err != nil {
		return engine.Effects{Err: gone(err)}
	}
	fx := s.Apply(in)
	if err := s.await(s.host.Context, fx.Seq); err != nil && fx.Seq > 0 {
		return engine.Effects{Err: err}
	}
	after := s.Merchants()
	unused := slices.DeleteFunc(before, func(no string) bool { return slices.Contains(after, no) })
	if len(unused) > 0 {
		_ = s.log.Release(s.host.Context, unused...)
	}
	return fx
}

// gone is [ErrClosed] in place of a log's that ended with its sandbox.
func gone(err error) error {
	if errors.Is(err, ledger.ErrClosed) {
		return ErrClosed
	}
	return err
}

// snapshotLocked stores the fresh checkpoint in the background, which stands for the inputs before it. It is stored late, so that
// whoever takes the sandbox next makes the newest events again from the inputs after it: a stream of events is resumed there.
func (s *Sandbox) snapshotLocked() {
	if s.log == nil || s.storing || s.fresh == nil {
		return
	}
	c := s.fresh
	s.fresh, s.storing = nil, true
	s.host.Sending.Go(func() {
		defer s.survive(storing)
		s.store(s.host.Context, c)
	})
}

const storing = "storing a snapshot"

func (s *Sandbox) store(ctx context.Context, c *engine.Checkpoint) {
	err := s.log.Wait(ctx, c.Seq)
	if err == nil {
		err = s.log.Keep(ctx, c.Seq, yielding{c})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.storing = false
	if err == nil {
		s.snapshot = c.Seq
	} else if !s.closed {
		s.failed(storing, err, nil)
	}
}

// yielding lets others run between the pieces of a checkpoint that is written.
type yielding struct{ c *engine.Checkpoint }

func (y yielding) WriteTo(w io.Writer) (int64, error) { return y.c.WriteTo(yieldingWriter{w}) }

type yieldingWriter struct{ io.Writer }

func (y yieldingWriter) Write(b []byte) (int, error) {
	runtime.Gosched()
	return y.Writer.Write(b)
}

// Finish gives up a sandbox that was closed, for another to take. It stores a snapshot only where one is due, since that drops the log before
// it.
func (s *Sandbox) Finish(ctx context.Context) error {
	if s.log == nil {
		return nil
	}
	s.mu.Lock()
	due, broken := s.nextSnapshot(s.engine.Checkpoint()), s.broken
	s.mu.Unlock()
	if broken != nil {
		return nil // what is kept is whole
	}
	if due != nil {
		s.store(ctx, due)
	}
	return s.log.Close(ctx)
}

// GiveUp ends serving the sandbox, once what has happened is durable, for another process to take it. Calls that are on their way
// are refused with [ErrMoved].
func (s *Sandbox) GiveUp(ctx context.Context) error {
	s.mu.Lock()
	if s.broken == nil {
		s.broken = ErrMoved
	}
	s.closeLocked()
	s.mu.Unlock()
	return s.log.Close(ctx)
}

// Epoch is what the sandbox was taken with from its ledger.
func (s *Sandbox) Epoch() uint64 { return s.log.Epoch() }

// Ended tells whether the sandbox is served no more.
func (s *Sandbox) Ended() bool { return s.ended.Load() != 0 }

// EndedFor is how long ago that was.
func (s *Sandbox) EndedFor() time.Duration { return time.Since(time.Unix(0, s.ended.Load())) }

// Remove deletes what is kept of the sandbox. What happens in it meanwhile, a push that is answered for one, is refused with [ErrClosed].
func (s *Sandbox) Remove(ctx context.Context) error {
	if s.log == nil {
		return nil
	}
	s.mu.Lock()
	broken := s.broken
	s.removing = broken == nil
	s.mu.Unlock()
	if broken != nil {
		return broken
	}
	err := s.log.Delete(ctx)
	if err != nil {
		s.mu.Lock()
		s.removing = false
		s.mu.Unlock()
	}
	return gone(err)
}

// afterPause is how long a broken sandbox is left alone before it is opened again the first time, and at most.
const (
	firstPause = 100 * time.Millisecond
	lastPause  = 2 * time.Second
)

// Reopen opens a broken sandbox again as soon as the store lets it, or ends with the context. Its error is ErrUnknown where it
// was deleted meanwhile, a [*ledger.CorruptError], or the context's.
func Reopen(ctx context.Context, s *Sandbox) (*Sandbox, error) {
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		}
		again, err := Open(ctx, s.host, s.id, nil)
		if err == nil || !errors.Is(err, ledger.ErrUnavailable) && !errors.Is(err, ledger.ErrUncertain) {
			return again, err
		}
	}
}
