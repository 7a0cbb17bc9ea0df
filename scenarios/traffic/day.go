package traffic

import (
	"fmt"
	"strconv"
	"time"

	"github.com/brianvoe/gofakeit/v6"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
)

// What a city does by the hour of its day: how many cars come, and how many go. People drive to work in the morning, to
// lunch at noon, and home in the evening.
var (
	arriving = [24]int{1, 1, 1, 1, 1, 2, 5, 12, 14, 9, 6, 7, 8, 6, 5, 4, 4, 5, 8, 7, 5, 3, 2, 1}
	leaving  = [24]int{2, 1, 1, 1, 1, 1, 2, 4, 5, 4, 5, 7, 8, 7, 5, 5, 7, 13, 14, 9, 7, 6, 4, 3}
)

// Bounds of traffic.
const (
	maxEvents = 100_000
	maxLength = 31 * 24 * time.Hour
)

// RatePattern is what [ParseRate] reads.
var RatePattern = lazyregexp.New(`^([0-9]{1,9}(?:\.[0-9]{1,6})?)/(s|m|h)$`)

// ParseRate reads how many events there are on average, as 5/s, 2/m or 0.5/h, in events a second.
func ParseRate(text string) (float64, error) {
	parts := RatePattern().FindStringSubmatch(text)
	if parts == nil {
		return 0, fmt.Errorf("rate %q: want events a second, minute or hour, such as 5/s, 2/m or 100/h", text)
	}
	n, err := strconv.ParseFloat(parts[1], 64)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("rate %q: want more than none", text)
	}
	return n / map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour}[parts[2]].Seconds(), nil
}

// timetable gives the times of a number of events between two, in order, to the second: as many as asked for, more of
// them where the hours are busy.
type timetable struct {
	f     *gofakeit.Faker
	total float64 // how busy all of it is
	step  float64 // and how much of that is between two events
	next  int

	hour      time.Time // the part of an hour that is looked at
	end, stop time.Time
	before    float64 // how busy it was until then
}

func newTimetable(f *gofakeit.Faker, from time.Time, length time.Duration, events int) *timetable {
	t := &timetable{f: f, hour: from, stop: from.Add(length)}
	for at := from; at.Before(t.stop); {
		end := endOfHour(at, t.stop)
		t.total += busy(at, end)
		at = end
	}
	t.step = t.total / float64(events)
	t.end = endOfHour(t.hour, t.stop)
	return t
}

func endOfHour(at, stop time.Time) time.Time {
	end := at.Truncate(time.Hour).Add(time.Hour)
	if end.After(stop) {
		return stop
	}
	return end
}

// busy is how much happens between two moments of one hour.
func busy(from, to time.Time) float64 {
	h := from.In(client.Zone).Hour()
	return float64(arriving[h]+leaving[h]) * to.Sub(from).Hours()
}

// at is when the next event is.
func (t *timetable) at() time.Time {
	want := (float64(t.next) + t.f.Float64Range(0, 1)) * t.step
	t.next++
	for t.end.Before(t.stop) && t.before+busy(t.hour, t.end) <= want {
		t.before += busy(t.hour, t.end)
		t.hour, t.end = t.end, endOfHour(t.end, t.stop)
	}
	share := min((want-t.before)/busy(t.hour, t.end), 1)
	return t.hour.Add(time.Duration(share * float64(t.end.Sub(t.hour)))).Truncate(time.Second)
}
