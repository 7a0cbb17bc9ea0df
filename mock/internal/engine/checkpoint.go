package engine

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/pack"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// Checkpoint is an engine at one point of its log: with the inputs that came after it, it is the engine again.
type Checkpoint struct {
	Seq        uint64       `json:"seq"`
	EventSeq   uint64       `json:"eventSeq"`
	Generation uint64       `json:"generation"`
	Attempts   uint64       `json:"attempts"`
	ID         string       `json:"id"`
	Instance   string       `json:"instance"`
	Spec       fixture.Spec `json:"spec"`
	Wall       time.Time    `json:"wall"` // the real instant at which the clock shows State.Clock.Now
	State      State        `json:"state"`

	copy *Copy // what State is made of, once it is wanted
}

// Checkpoint takes everything out, as it was after the last input; [Checkpoint.Shaped] makes something of it.
func (e *Engine) Checkpoint() *Checkpoint {
	wall := e.clock.Wall()
	c := e.head(wall)
	c.copy = e.copy(wall, push.CopiedOf(e.pushes.Checkpoint()))
	return c
}

// head is a checkpoint without its state.
func (e *Engine) head(wall time.Time) *Checkpoint {
	return &Checkpoint{
		Seq: e.seq, EventSeq: e.eventSeq, Generation: e.generation, Attempts: e.pushes.Attempts(), ID: e.id, Instance: e.instance, Spec: e.spec, Wall: wall,
	}
}

// Checkpointing is a checkpoint that is being made while inputs are applied: each [Checkpointing.Step] copies a part of the engine, and
// whoever owns it lets others have it between two steps.
type Checkpointing struct {
	e        *Engine
	platform *platform.Copying
	pushes   *push.Copying

	generation uint64
}

// BeginCheckpoint begins a checkpoint in steps, and gives up one that was begun before.
func (e *Engine) BeginCheckpoint() *Checkpointing {
	return &Checkpointing{e: e, platform: e.state.BeginCopy(), pushes: e.pushes.BeginCopy(), generation: e.generation}
}

// Step copies up to n things, and gives the checkpoint once it is whole: as of the last input that was applied by then. Where another
// state has taken the place of the one that was being copied, it begins with that.
func (c *Checkpointing) Step(n int) *Checkpoint {
	e := c.e
	if c.generation != e.generation {
		*c = *e.BeginCheckpoint()
	}
	if n -= c.platform.Step(n); n > 0 {
		n -= c.pushes.Step(n)
	}
	if n == 0 {
		return nil
	}
	wall := e.clock.Wall()
	out := e.head(wall)
	out.copy = &Copy{
		clock: e.clock.Read(wall), state: c.platform.End(), pushes: c.pushes.End(), faults: e.faults.State(), journal: e.journal.Snapshot(),
	}
	return out
}

// CopyOf is what [Engine.Copy] gives, of a checkpoint of the engine as it is now. It may be used by several at once.
func (e *Engine) CopyOf(c *Checkpoint, wall time.Time) *Copy {
	out := *c.copy
	out.clock, out.pushes = e.clock.Read(wall), c.copy.pushes.Landed()
	return &out
}

// Shaped is the checkpoint with its State, a value of its own: nothing of it is shared that changes. It may be asked for by
// several at once.
func (c *Checkpoint) Shaped() *Checkpoint {
	out := *c
	if c.copy != nil {
		out.State, out.copy = c.copy.State(), nil
		return &out
	}
	out.State.Journal.Entries = slices.Clone(c.State.Journal.Entries)
	return &out
}

// pushes is how many pushes had been made.
func (c *Checkpoint) pushes() uint64 {
	if c.copy != nil {
		return c.copy.pushes.Seq()
	}
	return c.State.Pushes.Seq
}

// FromCheckpoint is the engine that the checkpoint was taken of; the checkpoint can be used again. Its error is
// [*strict.Invalid].
func FromCheckpoint(c *Checkpoint, explainer Explainer) (*Engine, error) {
	c = c.Shaped()
	made, err := c.State.check(true)
	if err != nil {
		return nil, err
	}
	e := New(explainer)
	e.seq, e.eventSeq, e.generation = c.Seq, c.EventSeq, c.Generation
	e.id, e.instance, e.spec = c.ID, c.Instance, c.Spec
	e.take(&c.State, made, Stamp{At: c.State.Clock.Now, Wall: c.Wall})
	e.pushes.SetAttempts(c.Attempts)
	e.now = e.clock.Base()
	e.publish()
	return e, nil
}

// checkpointVersion is the first byte of a checkpoint that was written.
const checkpointVersion = 1

// WriteTo writes the checkpoint, in pieces. It may be written by several at once.
func (c *Checkpoint) WriteTo(to io.Writer) (int64, error) {
	out := *c
	if c.copy != nil {
		out.State, out.copy = c.copy.around(c.copy.state.Shared()), nil
	}
	n := &counter{to: to}
	w := pack.Writer{Bytes: []byte{checkpointVersion}, To: n}
	err := w.Write(&out)
	if err == nil {
		err = w.Flush()
	}
	return n.n, err
}

type counter struct {
	to io.Writer
	n  int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.to.Write(b)
	c.n += int64(n)
	return n, err
}

// ReadCheckpoint reads what [Checkpoint.WriteTo] wrote.
func ReadCheckpoint(from []byte) (*Checkpoint, error) {
	if len(from) == 0 || from[0] != checkpointVersion {
		return nil, errors.New("it is one of another version")
	}
	c := &Checkpoint{}
	r := pack.ValueReader{Reader: pack.Reader{Rest: string(from[1:])}}
	if err := r.Read(c); err != nil {
		return nil, err
	}
	if r.Rest != "" {
		return nil, fmt.Errorf("%d bytes too many", len(r.Rest))
	}
	return c, nil
}
