package engine

import (
	"encoding/json"
	"fmt"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
)

type commandJSON struct {
	Command string          `json:"command"`
	Value   json.RawMessage `json:"value"`
}

// MarshalJSON writes the command's kind and its fields.
func (c *Command) MarshalJSON() ([]byte, error) {
	kind, raw, err := platform.EncodeCommand(c.Command)
	if err != nil {
		return nil, fmt.Errorf("engine: %w", err)
	}
	return json.Marshal(commandJSON{kind, raw})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (c *Command) UnmarshalJSON(raw []byte) error {
	var in commandJSON
	if err := json.Unmarshal(raw, &in); err != nil {
		return fmt.Errorf("engine: a command: %w", err)
	}
	var err error
	if c.Command, err = platform.DecodeCommand(in.Command, in.Value); err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	return nil
}
