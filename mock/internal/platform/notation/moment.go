package notation

import (
	"time"

	"github.com/etcp-mock/etcp-mock/internal/zone"
)

// Shanghai is the zone of every time on the wire: UTC+8 without daylight
// saving since 1991. A fixed zone needs no zone database on the machine.
var Shanghai = zone.Shanghai

const (
	// TimeLayout is the document's yyyy-MM-dd HH:mm:ss (§9.8).
	TimeLayout = "2006-01-02 15:04:05"
	// StampLayout is the document's yyyyMMddHHmmss (§3.2).
	StampLayout = "20060102150405"
)

// FormatTime prints an instant as the platform does.
func FormatTime(t time.Time) string { return t.In(Shanghai).Format(TimeLayout) }

// ParseTime reads yyyy-MM-dd HH:mm:ss in Asia/Shanghai; nothing looser, and no
// day that does not exist.
func ParseTime(text string) (time.Time, error) {
	return parseExact(TimeLayout, text)
}

// ParseStamp reads a time_stamp, yyyyMMddHHmmss in Asia/Shanghai (§3.2).
func ParseStamp(text string) (time.Time, error) {
	return parseExact(StampLayout, text)
}

func parseExact(layout, text string) (time.Time, error) {
	if !shaped(layout, text) { // time.Parse is looser: fractions of a second, spaces, one digit for the hour
		return time.Time{}, &time.ParseError{Layout: layout, Value: text, Message: ": another shape"}
	}
	return time.ParseInLocation(layout, text, Shanghai)
}

// shaped says whether a text has digits where the layout has them, and is the
// layout elsewhere.
func shaped(layout, text string) bool {
	if len(text) != len(layout) {
		return false
	}
	for i := range len(layout) {
		if digit := layout[i] >= '0' && layout[i] <= '9'; digit && (text[i] < '0' || text[i] > '9') || !digit && text[i] != layout[i] {
			return false
		}
	}
	return true
}

// Second drops what the wire cannot show, so that printed times subtract to
// the printed duration (§10.2 stayedTime).
func Second(t time.Time) time.Time { return t.In(Shanghai).Truncate(time.Second) }

// MonthBefore is one month earlier; where that day does not exist, the last
// day of that month (31 March → 28 or 29 February).
func MonthBefore(t time.Time) time.Time {
	t = t.In(Shanghai)
	back := t.AddDate(0, -1, 0)
	if back.Day() != t.Day() { // AddDate spilled over into the next month
		back = back.AddDate(0, 0, -back.Day())
	}
	return back
}
