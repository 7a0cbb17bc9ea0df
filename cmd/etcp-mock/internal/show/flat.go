package show

import (
	"encoding/json"
	"strings"

	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/input"
)

// Flat is a small object as name=value, one after the other; "" for an empty one.
func Flat(v any) string {
	var fields map[string]json.RawMessage
	raw, err := input.JSON(v)
	if err != nil || json.Unmarshal(raw, &fields) != nil {
		return ""
	}
	parts := []string{}
	for _, name := range orderedNames(raw) {
		parts = append(parts, name+"="+strings.Trim(string(fields[name]), `"`))
	}
	return strings.Join(parts, " ")
}

// orderedNames are the names of an object in their order.
func orderedNames(raw []byte) []string {
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	names := []string{}
	_, _ = dec.Token()
	for dec.More() {
		name, _ := dec.Token()
		var value json.RawMessage
		text, ok := name.(string)
		if !ok || dec.Decode(&value) != nil {
			break
		}
		names = append(names, text)
	}
	return names
}

// JSON is a value as JSON text.
func JSON(v any) string {
	raw, _ := input.JSON(v)
	return string(raw)
}
