package strict

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/duration"
	"github.com/etcp-mock/etcp-mock/internal/zone"
)

// Duration is a length of time as the control API writes it: Go's notation with d for days, "45m", "26h30m", "8d", "1d12h".
// It is not negative and below a hundred years.
type Duration time.Duration

// Std is the duration as Go's own type.
func (d Duration) Std() time.Duration { return time.Duration(d) }

func (d Duration) String() string { return duration.Format(time.Duration(d)) }

// MarshalText prints it as String does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads it as [duration.Parse] does.
func (d *Duration) UnmarshalText(text []byte) error { return d.UnmarshalStrict(string(text)) }

// UnmarshalStrict makes Duration a TextUnmarshaler.
func (d *Duration) UnmarshalStrict(text string) error {
	parsed, err := duration.Parse(text)
	if err == nil {
		*d = Duration(parsed)
	}
	return err
}

// Shanghai is the zone of every time on the wire.
var Shanghai = zone.Shanghai

// TimeLayout is yyyy-MM-dd HH:mm:ss.
const TimeLayout = zone.Layout

// Time is an instant as the control API writes it: yyyy-MM-dd HH:mm:ss in Asia/Shanghai, of the years 1970 to 9999. RFC 3339 is read too.
type Time struct{ time.Time }

var errTime = errors.New(`want a time such as "2017-08-20 12:00:00" (Asia/Shanghai) or "2017-08-20T12:00:00+08:00"`)

// ParseTime reads a Time.
func ParseTime(text string) (time.Time, error) {
	var t time.Time
	var err error
	switch {
	case len(text) == len(TimeLayout) && text[10] == ' ': // time.Parse alone would take fractions and single digits
		t, err = time.ParseInLocation(TimeLayout, text, Shanghai)
	case len(text) > len(TimeLayout) && text[10] == 'T' && text[13] == ':' && text[16] == ':' && !strings.Contains(text, ","):
		t, err = time.Parse(time.RFC3339, text)
	default:
		err = errTime
	}
	if err != nil {
		why := ""
		var parse *time.ParseError
		if errors.As(err, &parse) && strings.HasSuffix(parse.Message, "out of range") {
			why = parse.Message[strings.LastIndex(parse.Message, ":")+1:] + ":"
		}
		return time.Time{}, fmt.Errorf("%w,%s got %q", errTime, why, clip(text))
	}
	t = t.In(Shanghai)
	if y := t.Year(); y < 1970 || y > 9999 {
		return time.Time{}, fmt.Errorf("want a time of the years 1970 to 9999, got %q", clip(text))
	}
	return t, nil
}

func (t Time) String() string { return t.In(Shanghai).Format(TimeLayout) }

// MarshalText prints it as String does.
func (t Time) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// MarshalJSON prints it as String does, in quotes.
func (t Time) MarshalJSON() ([]byte, error) { return []byte(strconv.Quote(t.String())), nil }

// UnmarshalText reads it as ParseTime does.
func (t *Time) UnmarshalText(text []byte) error { return t.UnmarshalStrict(string(text)) }

// UnmarshalJSON reads a string as ParseTime does.
func (t *Time) UnmarshalJSON(raw []byte) error {
	if problems := Decode(raw, t, Limits{}); problems != nil {
		return ProblemsError(problems)
	}
	return nil
}

// UnmarshalStrict makes Time a TextUnmarshaler.
func (t *Time) UnmarshalStrict(text string) error {
	parsed, err := ParseTime(text)
	if err == nil {
		t.Time = parsed
	}
	return err
}
