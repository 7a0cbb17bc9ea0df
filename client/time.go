package client

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/zone"
)

// The layouts of the document.
const (
	TimeLayout  = zone.Layout      // yyyy-MM-dd HH:mm:ss, in answers, pushes and payTime
	StampLayout = zone.StampLayout // yyyyMMddHHmmss, of time_stamp (§3.2)
)

// Zone is Asia/Shanghai, in which every time of the platform is told. It is a fixed +08:00, so that a program without a time zone
// database has it too; China has had no summer time since 1991.
var Zone = zone.Shanghai

// Time is an instant as the platform prints it: yyyy-MM-dd HH:mm:ss in Asia/Shanghai. The zero value is an empty string.
type Time struct{ time.Time }

// At is t as the platform would print it: in Asia/Shanghai, to the second.
func At(t time.Time) Time { return Time{t.In(Zone).Truncate(time.Second)} }

// ParseTime reads yyyy-MM-dd HH:mm:ss.
func ParseTime(text string) (Time, error) {
	t, err := time.ParseInLocation(TimeLayout, text, Zone)
	if err != nil || t.Format(TimeLayout) != text { // time.Parse is looser
		return Time{}, fmt.Errorf("time %q: not yyyy-MM-dd HH:mm:ss", text)
	}
	return Time{t}, nil
}

// String is yyyy-MM-dd HH:mm:ss in Asia/Shanghai, or "" for the zero value.
func (t Time) String() string {
	if t.IsZero() {
		return ""
	}
	return t.In(Zone).Format(TimeLayout)
}

// MarshalJSON gives the time as a string.
func (t Time) MarshalJSON() ([]byte, error) { return []byte(`"` + t.String() + `"`), nil }

// UnmarshalJSON reads yyyy-MM-dd HH:mm:ss; "" and null are the zero value.
func (t *Time) UnmarshalJSON(raw []byte) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return err
	}
	if text == "" {
		*t = Time{}
		return nil
	}
	var err error
	*t, err = ParseTime(text)
	return err
}
