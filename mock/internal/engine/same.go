package engine

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

// Mark is the same for equal states, and rarely for others; it costs little.
func (e *Engine) Mark() string {
	return e.state.Mark() + " " + strconv.FormatUint(e.pushes.Seq(), 10) + " " + strconv.FormatUint(e.journal.Seq(), 10)
}

// Mark is that of the engine the state was taken of.
func (state *State) Mark() string {
	return state.Platform.Mark() + " " + strconv.FormatUint(state.Pushes.Seq, 10) + " " + strconv.FormatUint(state.Journal.Seq, 10)
}

// Same tells whether two states are the same but for the time.
func (state *State) Same(other *State) bool {
	return bytes.Equal(state.timeless(), other.timeless())
}

func (state *State) timeless() []byte {
	c := *state
	c.Clock.Now = time.Time{}
	raw, err := json.Marshal(c)
	if err != nil {
		return nil
	}
	return raw
}

// Read gives the state that the document says.
func (d *Document) Read() (*State, error) { return (&Document{raw: d.raw, state: nil}).read() }
