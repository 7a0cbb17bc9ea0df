package scenarios

import (
	"encoding/json"
	"fmt"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
)

// Format writes a scenario that was made by a program, as JSON in the order it is to be read, as the YAML a person would
// write: steps under each other, small values on one line, quotes where they are needed. The notes stand above it, as
// comments.
func Format(scenario json.RawMessage, notes ...string) ([]byte, error) {
	text, err := syntax.WriteYAML(scenario, []string{"steps", "finally", "sandbox"}, notes...)
	if err != nil {
		return nil, fmt.Errorf("scenarios: %w", err)
	}
	return text, nil
}
