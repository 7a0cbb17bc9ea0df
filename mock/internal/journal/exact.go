package journal

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// Exact is a text from outside that keeps its bytes in JSON: as a text where it is UTF-8, else as {"base64":"…"}.
type Exact string

type exactBytes struct {
	Base64 []byte `json:"base64"`
}

// MarshalJSON writes the text, or its bytes where it is no UTF-8.
func (e Exact) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(e)) {
		return json.Marshal(string(e))
	}
	return json.Marshal(exactBytes{[]byte(e)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (e *Exact) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '{' {
		var b exactBytes
		if err := json.Unmarshal(text, &b); err != nil {
			return fmt.Errorf("an exact text: %w", err)
		}
		*e = Exact(b.Base64)
		return nil
	}
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		return fmt.Errorf("an exact text: %w", err)
	}
	*e = Exact(s)
	return nil
}
