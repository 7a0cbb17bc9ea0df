package notation

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// Fen is an amount of money in hundredths of a yuan: exact, never a float.
type Fen int64

// maxAmount is above any fee there can be, so that sums of amounts stay exact.
const maxAmount = Fen(100_000_000_000_000_000)

// Valid tells whether an amount is one that somebody may owe or have paid: none is negative.
func (f Fen) Valid() bool { return f >= 0 && f <= maxAmount }

// The bounds of the whole part of an amount that somebody gives, and of one that the highest tariff makes of the longest stay: no sum of
// amounts can overflow.
const (
	maxYuanDigits     = 10
	maxComputedDigits = 15
)

var errMoney = errors.New("not a plain decimal of yuan with at most two places")

// ParseFen reads a plain decimal of yuan with at most two places: "8", "8.5",
// "10.34". Signs, exponents, bare points and a third place are refused
// (§9.8: "8.000", "8e0", "+8" and ".5" are malformed).
func ParseFen(text string) (Fen, error) { return parseFen(text, maxYuanDigits) }

func parseFen(text string, digits int) (Fen, error) {
	whole, fraction, pointed := strings.Cut(text, ".")
	if whole == "" || len(whole) > digits || !Digits(whole) {
		return 0, errMoney
	}
	if pointed && (fraction == "" || len(fraction) > 2 || !Digits(fraction)) {
		return 0, errMoney
	}
	yuan, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return 0, errMoney
	}
	fen := yuan * 100
	for i, c := range []byte(fraction) {
		if i == 0 {
			fen += int64(c-'0') * 10
		} else {
			fen += int64(c - '0')
		}
	}
	return Fen(fen), nil
}

// Digits says whether a text has decimal digits only.
func Digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// Plain prints yuan with as few places as they need: "8", "5.5", "10.34".
func (f Fen) Plain() string {
	return string(f.append(nil, 0))
}

// Append appends what Plain prints.
func (f Fen) Append(to []byte) []byte { return f.append(to, 0) }

// OnePlace prints yuan with at least one place, as §9.6 does: "5.5", "5.0".
func (f Fen) OnePlace() string {
	return string(f.append(nil, 1))
}

func (f Fen) append(b []byte, places int) []byte {
	if f < 0 {
		b, f = append(b, '-'), -f
	}
	b = strconv.AppendInt(b, int64(f/100), 10)
	cents := byte(f % 100) //nolint:gosec // below 100
	switch {
	case cents == 0 && places == 0:
		return b
	case cents%10 == 0:
		return append(b, '.', '0'+cents/10)
	default:
		return append(b, '.', '0'+cents/10, '0'+cents%10)
	}
}

// YuanHalfUp rounds to whole yuan, half up (push.receivable_fee: integer, §10.2).
func (f Fen) YuanHalfUp() int64 { return (int64(f) + 50) / 100 }

// MarshalJSON prints a JSON number of yuan: 2, 5.5 (§9.7).
func (f Fen) MarshalJSON() ([]byte, error) { return f.append(nil, 0), nil }

// UnmarshalJSON reads what MarshalJSON wrote, or the same as a string.
func (f *Fen) UnmarshalJSON(b []byte) error {
	return f.UnmarshalText([]byte(strings.Trim(string(b), `"`)))
}

// UnmarshalText reads a decimal of yuan as Plain prints it, which may be negative, and more than somebody may give.
func (f *Fen) UnmarshalText(b []byte) error {
	text, negative := strings.CutPrefix(string(b), "-")
	value, err := parseFen(text, maxComputedDigits)
	if err != nil {
		return err
	}
	if *f = value; negative {
		*f = -value
	}
	return nil
}

// UnmarshalStrictJSON reads "5.5" or 5.5: a decimal of yuan that is not negative.
func (f *Fen) UnmarshalStrictJSON(raw json.RawMessage) error {
	value, err := ParseFen(strings.Trim(string(raw), `"`))
	if err != nil {
		return errors.New(`want yuan as a decimal text with at most two places, such as "5.5"`)
	}
	*f = value
	return nil
}
