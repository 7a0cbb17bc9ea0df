package engine

import (
	"bytes"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const drawnSteps = 40

// The same inputs give the same effects and the same state, also where they come from their bytes: the log is all there is.
func TestLaw_theLogIsAllThereIs(t *testing.T) {
	_, byWord := everyKind(t)
	kinds := map[string]int{}
	missing := func() (all []string) {
		for kind := range byWord {
			if kinds[kind] == 0 {
				all = append(all, kind)
			}
		}
		return all
	}
	law := func(rt *rapid.T) {
		r := drawn(rt, drawnSteps, nil)
		e := New(echo{})
		replayed(rt, e, r.log, func(i int, fx *Effects) {
			same(rt, r.shown[i], shownOf(rt, fx), "effects of input %d", i+1)
			same(rt, r.states[i], stateOf(rt, e), "state after input %d", i+1)
		})
		for kind, n := range r.kinds {
			kinds[kind] += n
		}
	}
	rapid.Check(t, law)
	for range 20 { // a kind may be missing by chance
		if len(missing()) > 0 {
			rapid.Check(t, law)
		}
	}
	require.Empty(t, missing(), "kinds of inputs that were never drawn")
}

// Encoded, decoded and encoded again, a record is the same bytes.
func TestLaw_recordsComeBackAsTheyWere(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		for _, raw := range drawn(rt, 20, nil).log {
			record, err := Decode(raw)
			require.NoError(rt, err)
			again, err := Encode(nil, &record)
			require.NoError(rt, err)
			require.Equal(rt, string(raw), string(again))
			require.NotEmpty(rt, record.Summary().EN)
		}
	})
}

// From a checkpoint taken anywhere, with attempts in flight, written and read again, the inputs behind it lead to the same.
func TestLaw_aCheckpointAndTheTail(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		after, text, written := rapid.IntRange(1, drawnSteps).Draw(rt, "checkpoint"), "", bytes.Buffer{}
		take := func(r *rig) {
			after, text = len(r.log), stateOf(rt, r.e)
			n, err := r.e.Checkpoint().WriteTo(&written)
			require.NoError(rt, err)
			require.EqualValues(rt, written.Len(), n)
		}
		r := drawn(rt, drawnSteps, func(r *rig) {
			if len(r.log) >= after && text == "" {
				take(r)
			}
		})
		if text == "" {
			take(r)
		}
		c, err := ReadCheckpoint(written.Bytes())
		require.NoError(rt, err)
		e, err := FromCheckpoint(c, echo{})
		require.NoError(rt, err)
		same(rt, text, stateOf(rt, e), "the checkpoint and its engine")
		replayed(rt, e, r.log[after:], func(i int, fx *Effects) {
			same(rt, r.shown[after+i], shownOf(rt, fx), "effects of input %d", after+i+1)
			same(rt, r.states[after+i], stateOf(rt, e), "state after input %d", after+i+1)
		})
	})
}

// A checkpoint in steps, between which inputs of every kind are applied, is the one that is taken at once when its last step ends.
func TestLaw_aCheckpointInSteps(t *testing.T) {
	whole := 0
	rapid.Check(t, func(rt *rapid.T) {
		var copying *Checkpointing
		length := rapid.IntRange(1, 8).Draw(rt, "length")
		drawn(rt, drawnSteps, func(r *rig) {
			if copying == nil {
				copying = r.e.BeginCheckpoint()
				return
			}
			c := copying.Step(length)
			if c == nil {
				return
			}
			whole++
			copying = nil
			same(rt, stateOf(rt, r.e), textOf(rt, c), "in steps of %d", length)
		})
	})
	require.Positive(t, whole)
}

// The engine at any kept point is what it was right after that input, however much was dropped; before that it is forgotten.
func TestLaw_historyIsAtAnyPoint(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		keep := rapid.SampledFrom([]int{1, 5, 15, 1000}).Draw(rt, "keep")
		r := drawn(rt, drawnSteps, func(r *rig) {
			if rapid.IntRange(0, 5).Draw(rt, "checkpoint") == 0 {
				c := r.e.Checkpoint()
				r.history.Checkpoint(c, Keep{keep, 32 << 20})
			}
		})
		h := r.history
		require.EqualValues(rt, len(r.log), h.Last())
		for seq := uint64(1); seq <= h.Last(); seq++ {
			e, err := h.At(seq, echo{})
			if seq+1 < h.First() {
				require.ErrorIs(rt, err, ErrForgotten)
				continue
			}
			require.NoError(rt, err)
			same(rt, r.states[seq-1], stateOf(rt, e), "at %d", seq)
		}
		require.True(rt, h.Whole() || len(h.Records(0, 1000)) >= min(keep, len(r.log)), "fewer inputs than are to be kept")
		first := h.First()
		_, err := h.Replay(h.Last(), echo{}, func(_ *Engine, record *Record, fx *Effects) {
			same(rt, r.shown[record.Seq-1], shownOf(rt, fx), "effects of input %d", record.Seq)
			require.Equal(rt, first, record.Seq)
			first++
		})
		require.NoError(rt, err)
		require.Equal(rt, h.Last()+1, first, "every input that is kept was shown")
		require.Equal(rt, r.states[len(r.states)-1], stateOf(rt, r.e), "going back changes nothing")
	})
}

// A copy of a history stays as it is when the original grows.
func TestHistory_copiesStay(t *testing.T) {
	r := newRig(t, city())
	for range 10 {
		r.apply(&Wake{})
	}
	copied := r.history
	seqs := func(h *History) (all []uint64) {
		for _, record := range h.Records(0, 100) {
			all = append(all, record.Seq)
		}
		return all
	}
	want := slices.Clone(seqs(&copied))
	for range 10 {
		r.apply(&ClearJournal{})
	}
	c := r.e.Checkpoint()
	r.history.Checkpoint(c, Keep{1, 32 << 20})
	for range 10 {
		r.apply(&ClearJournal{})
	}
	require.Equal(t, want, seqs(&copied))
	require.EqualValues(t, 11, copied.Last())
	e, err := copied.At(11, nil)
	require.NoError(t, err)
	require.Equal(t, r.states[10], stateOf(t, e))
}
