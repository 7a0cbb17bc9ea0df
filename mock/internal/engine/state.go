package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/sign/diagnose"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/inspect"

	"github.com/etcp-mock/etcp-mock/mock/internal/clock"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
	"github.com/etcp-mock/etcp-mock/sign"
)

// StateVersion is of the shape of [State].
const StateVersion = 2

// State is a whole sandbox as one document: restored, here or on another server, every flow goes on. The key that seals quotes
// follows from the seed.
type State struct {
	Version  int               `json:"version"`
	Clock    clock.Reading     `json:"clock"` // one that runs goes on from Now
	Platform platform.Snapshot `json:"platform"`
	Pushes   push.State        `json:"pushes"` // attempts in flight are due again
	Faults   fault.State       `json:"faults"`
	Journal  JournalState      `json:"journal"`
}

// JournalState is a journal, oldest entry first.
type JournalState struct {
	Seq     uint64          `json:"seq"`
	Entries []journal.Entry `json:"entries"`
}

// Copy is everything in an engine as it was at one moment: what it takes to make a [State], later and without a lock.
type Copy struct {
	clock   clock.Reading
	state   *platform.Copy
	pushes  push.Copied
	faults  fault.State
	journal journal.Journal
}

// Copy takes everything out, as it is at a real instant. With many orders shaping it into a state takes twenty times as long.
func (e *Engine) Copy(wall time.Time) *Copy { return e.copy(wall, push.CopiedOf(e.pushes.Snapshot())) }

func (e *Engine) copy(wall time.Time, pushes push.Copied) *Copy {
	return &Copy{
		clock: e.clock.Read(wall), state: e.state.Copy(), pushes: pushes, faults: e.faults.State(),
		journal: e.journal.Snapshot(),
	}
}

// State shapes the copy. It shares nothing with the engine that changes.
func (c *Copy) State() State { return c.around(c.state.Snapshot()) }

func (c *Copy) around(s platform.Snapshot) State {
	return State{
		Version: StateVersion, Clock: c.clock, Platform: s, Pushes: c.pushes.State(), Faults: fault.State{List: slices.Clone(c.faults.List), Seq: c.faults.Seq, Rng: c.faults.Rng},
		Journal: JournalState{Seq: c.journal.Seq(), Entries: c.journal.Values()},
	}
}

// LastCopy takes everything out, as it was after the last input.
func (e *Engine) LastCopy() *Copy { return e.Copy(e.clock.Wall()) }

// LastState takes everything out, as it was after the last input.
func (e *Engine) LastState() State { return e.LastCopy().State() }

// Document is a state as JSON.
type Document struct {
	raw   json.RawMessage
	state *State // what raw says, until it is used
	made  *restored
}

// NewDocument writes a state, which must not be used after.
func NewDocument(state *State) (*Document, error) {
	raw, err := json.Marshal(state)
	if err != nil {
		return nil, fmt.Errorf("a state: %w", err)
	}
	return &Document{raw: raw}, nil
}

// ReadDocument is the document that was read as a state; raw is kept.
func ReadDocument(raw []byte, state *State) *Document { return &Document{raw: raw, state: state} }

// MarshalJSON gives the document as it is.
func (d *Document) MarshalJSON() ([]byte, error) { return d.raw, nil }

// UnmarshalJSON keeps the document; it is read when it is used.
func (d *Document) UnmarshalJSON(raw []byte) error {
	d.raw = append(json.RawMessage(nil), raw...)
	return nil
}

// read gives the state once; it is read from the text where it was given before.
func (d *Document) read() (*State, error) {
	if state := d.state; state != nil {
		d.state = nil
		return state, nil
	}
	state := &State{}
	if err := json.Unmarshal(d.raw, state); err != nil {
		return nil, strict.InvalidAt("", "no state: "+err.Error())
	}
	return state, nil
}

// Prepare makes of the document what it will be restored to: what costs much of that, before a lock is taken. Its error is
// [*strict.Invalid].
func (d *Document) Prepare() error {
	state, err := d.read()
	if err != nil {
		return err
	}
	made, err := state.check(false)
	if err != nil {
		return err
	}
	d.state, d.made = state, &made
	return nil
}

// Merchants are the numbers of the document's merchants.
func (d *Document) Merchants() []string {
	var state struct {
		Platform struct {
			Merchants []struct {
				No string `json:"no"`
			} `json:"merchants"`
		} `json:"platform"`
	}
	if d.state != nil {
		numbers := make([]string, len(d.state.Platform.Merchants))
		for i, m := range d.state.Platform.Merchants {
			numbers[i] = m.No
		}
		return numbers
	}
	_ = json.Unmarshal(d.raw, &state) // one that cannot be read is refused when it is applied
	numbers := make([]string, len(state.Platform.Merchants))
	for i, m := range state.Platform.Merchants {
		numbers[i] = m.No
	}
	return numbers
}

// restored is what a state is made into.
type restored struct {
	state  *platform.State
	pushes *push.Log
	faults *fault.Set
}

// restore puts a state in the place of what is, whole or not at all. Its error is [*strict.Invalid].
func (e *Engine) restore(d *Document, st Stamp) error {
	if d.made == nil {
		if err := d.Prepare(); err != nil {
			return err
		}
	}
	state, made := d.state, d.made
	d.state, d.made = nil, nil // the engine's from now on
	e.take(state, *made, st)
	return nil
}

// check makes what the state says, or lists everything that is wrong with it. Only of a checkpoint attempts may be in flight.
func (state *State) check(checkpoint bool) (out restored, err error) {
	e := &strict.Invalid{}
	if state.Version != StateVersion {
		e.Add("/version", fmt.Sprintf("want %d, got %d", StateVersion, state.Version))
		return out, e
	}
	now := state.Clock.Now
	e.Join("/clock", clock.Change{Now: &now, Mode: &state.Clock.Mode, Rate: &state.Clock.Rate}.Check())
	for i, m := range state.Platform.Merchants {
		f := fixture.Merchant{No: m.No, Key: m.Key, Name: m.Name}
		if m.Push != nil {
			hook := fixture.Hook(*m.Push)
			f.Push = &hook
		}
		_, err := fixture.CheckMerchant(f)
		e.Join("/platform/merchants/"+strconv.Itoa(i), err)
	}
	out.state, err = platform.FromSnapshot(state.Platform)
	if wrong, ok := errors.AsType[*platform.SnapshotError](err); ok { // of a merchant it may be known already
		problem := strict.Problem{Pointer: "/platform" + wrong.Pointer, Detail: wrong.Detail}
		if !slices.Contains(e.Problems, problem) {
			e.Add(problem.Pointer, problem.Detail)
		}
	}
	out.pushes = push.NewLog()
	if err := out.pushes.Restore(state.Pushes); err != nil {
		e.Add("/pushes", strings.TrimPrefix(err.Error(), push.ErrState.Error()+": "))
	}
	for i := range state.Pushes.Items {
		if state.Pushes.Items[i].Flight != 0 && !checkpoint {
			e.Add("/pushes/items/"+strconv.Itoa(i)+"/flight", "an attempt in flight is none of a state")
		}
	}
	checkJournal(e, &state.Journal)
	if err := e.Err(); err != nil {
		return out, err
	}
	if out.faults, err = fault.FromState(state.Faults, platform.NewRand(out.state.Seed(), "faults")); err != nil {
		e.Add("/faults", strings.TrimPrefix(err.Error(), fault.ErrState.Error()+": "))
	}
	return out, e.Err()
}

// lastYear is up to which year a request of a journal may be: in any zone it has four digits.
const lastYear = 9900

func checkJournal(e *strict.Invalid, j *JournalState) {
	before := uint64(0)
	for i := range j.Entries {
		if e.Full() {
			return
		}
		for _, moment := range []struct {
			name string
			at   time.Time
		}{{"at", j.Entries[i].At}, {"wallAt", j.Entries[i].WallAt}} {
			if moment.at.Year() > lastYear {
				e.Add("/journal/entries/"+strconv.Itoa(i)+"/"+moment.name, "want a time up to the year "+strconv.Itoa(lastYear))
			}
		}
		n := journal.Number(j.Entries[i].ID)
		if n <= before || n > j.Seq || j.Entries[i].ID != "r"+strconv.FormatUint(n, 10) {
			e.Add("/journal/entries/"+strconv.Itoa(i)+"/id", "want r and a number that grows, up to seq")
		}
		before = n
	}
}

// take puts what was made of a state in the place of what is.
func (e *Engine) take(state *State, made restored, st Stamp) {
	made.pushes.SetAttempts(e.pushes.Attempts())
	e.state, e.pushes, e.faults = made.state, made.pushes, made.faults
	e.clock = clock.New(state.Clock.Now, st.Wall).WithMode(state.Clock.Mode).WithRate(state.Clock.Rate)
	e.journal = journal.Of(state.Journal.Entries, state.Journal.Seq, journalLimits(e.state.Rules()))
	e.explainAgain()
}

// explainAgain makes what was left out of a restored journal explainable, with the keys and rules that the state has now.
func (e *Engine) explainAgain() {
	if e.explainer == nil {
		return
	}
	whitespace := sign.Whitespace(e.state.Rules().SignWhitespace)
	e.journal.ExplainBy(func(entry *journal.Entry) *journal.Lazy {
		switch {
		case entry.Refusal == nil:
		case entry.Refusal.Reason == "unknown-merchant":
			given := entry.MerchantNo
			return journal.NewLazy(func() reasons.Explanation { return e.explainer.Merchant(given) }, 0, true)
		case entry.Refusal.Reason == "sign-mismatch" && entry.Trimmed:
			return journal.TrimmedLazy()
		case entry.Refusal.Reason == "sign-mismatch":
			key, _ := e.state.MerchantKey(entry.MerchantNo)
			data := entry.Data
			if entry.Raw != nil && entry.Raw.Data != "" && strings.Contains(data, "\uFFFD") {
				data = inspect.Unescape(string(entry.Raw.Data)) // the bytes that JSON could not keep
			}
			return e.lazySign(diagnose.Request{
				MerchantNo: entry.MerchantNo, Key: key, Data: data, Stamp: entry.TimeStamp, Sign: entry.Sign, Whitespace: whitespace,
			}, entry.Raw)
		}
		return nil
	})
}
