package strict

import (
	"time"

	"github.com/etcp-mock/etcp-mock/internal/duration"
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
