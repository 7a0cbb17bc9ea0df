package client

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Fen is an amount of money: a hundredth of a yuan. In JSON it is a string in yuan, as §9.8's example sends it; a
// string and a number are both read, since the platform answers sometimes the one (§9.6), sometimes the other (§9.7).
type Fen int64

// Yuan is a hundred [Fen].
const Yuan Fen = 100

// ParseYuan reads a plain decimal of yuan with at most two places that are not zero: "8", "8.0", "10.34", "8.000". No
// sign but a minus, no exponent, no bare point.
func ParseYuan(text string) (Fen, error) {
	digits, negative := strings.CutPrefix(text, "-")
	whole, places, point := strings.Cut(digits, ".")
	if !allDigits(whole) || point && !allDigits(places) {
		return 0, fmt.Errorf("amount %q: not a plain decimal", text)
	}
	places = strings.TrimRight(places, "0")
	if len(places) > 2 {
		return 0, fmt.Errorf("amount %q: more than two places", text)
	}
	n, err := strconv.ParseInt(whole+(places + "00")[:2], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("amount %q: out of range", text)
	}
	if negative {
		n = -n
	}
	return Fen(n), nil
}

func allDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}

// String is the amount in yuan as the document prints it: at least one place, "8.0", "5.5", "10.34".
func (f Fen) String() string {
	sign, n := "", uint64(f) //nolint:gosec // a negative one is made positive below
	if f < 0 {
		sign, n = "-", -n
	}
	text := fmt.Sprintf("%s%d.%02d", sign, n/100, n%100)
	return strings.TrimSuffix(text, "0")
}

// MarshalJSON gives the amount in yuan as a string.
func (f Fen) MarshalJSON() ([]byte, error) { return []byte(`"` + f.String() + `"`), nil }

// UnmarshalJSON reads yuan, as a string or a number.
func (f *Fen) UnmarshalJSON(raw []byte) error {
	text, err := scalar(raw)
	if err != nil {
		return err
	}
	*f, err = ParseYuan(text)
	return err
}

// ID is an identifier that the platform sends as a string in one place and as a number in another (parkingId, parkId).
type ID string

// UnmarshalJSON reads a string, or a number by its text.
func (id *ID) UnmarshalJSON(raw []byte) error {
	text, err := scalar(raw)
	*id = ID(text)
	return err
}

// Count is a whole number that the platform sends as text (totalSpace, minFreeTime).
type Count int

// UnmarshalJSON reads a string or a number of decimal digits; nothing else, and no text that is empty.
func (c *Count) UnmarshalJSON(raw []byte) error {
	text, err := scalar(raw)
	if err != nil {
		return err
	}
	if !allDigits(text) {
		return fmt.Errorf("count %q: not a whole number", text)
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return fmt.Errorf("count %q: out of range", text)
	}
	*c = Count(n)
	return nil
}

// scalar is the text of a JSON string or number.
func scalar(raw []byte) (string, error) {
	if len(raw) > 0 && raw[0] == '"' {
		var text string
		err := json.Unmarshal(raw, &text)
		return text, err
	}
	var n json.Number
	if err := json.Unmarshal(raw, &n); err != nil || n == "" {
		return "", fmt.Errorf("%.40s: neither a string nor a number", raw)
	}
	return n.String(), nil
}
