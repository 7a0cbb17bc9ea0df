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
func FormatTime(t time.Time) string {
	t = t.In(Shanghai)
	year, month, day := t.Date()
	if year < 0 || year > 9999 {
		return t.Format(TimeLayout)
	}
	hour, minute, second := t.Clock() // 0.16 µs in all, where a layout took 0.29
	return string([]byte{
		digit(year / 1000), digit(year / 100), digit(year / 10), digit(year), '-', digit(int(month) / 10), digit(int(month)), '-', digit(day / 10), digit(day), ' ',
		digit(hour / 10), digit(hour), ':', digit(minute / 10), digit(minute), ':', digit(second / 10), digit(second),
	})
}

// digit is the last decimal digit of a number.
func digit(n int) byte { return '0' + byte(n%10) } //nolint:gosec // below 10

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
	if t, ok := fromDigits(text); ok {
		return t, nil
	}
	return time.ParseInLocation(layout, text, Shanghai) // which says what is wrong
}

// fromDigits reads the digits of a text as year, month, day, hour, minute and second, in half the time that a layout takes
// (0.10 µs for 0.21).
func fromDigits(text string) (t time.Time, ok bool) {
	var digits [14]int
	n := 0
	for i := range len(text) {
		if c := text[i]; c >= '0' && c <= '9' {
			digits[n] = int(c - '0')
			n++
		}
	}
	two := func(i int) int { return 10*digits[i] + digits[i+1] }
	year, month, day, hour, minute, second := 100*two(0)+two(2), time.Month(two(4)), two(6), two(8), two(10), two(12)
	if hour > 23 || minute > 59 || second > 59 {
		return t, false
	}
	t = time.Date(year, month, day, hour, minute, second, 0, Shanghai)
	_, m, d := t.Date()
	return t, m == month && d == day // else there is no such day
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
