// Package tariff prices a stay in a car park (§9.8, §9.10). It is pure.
package tariff

import (
	"fmt"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

// Tariff is what a car park charges.
type Tariff struct {
	FreeMinutes int           `json:"freeMinutes"`
	UnitMinutes int           `json:"unitMinutes"`
	UnitPrice   notation.Fen  `json:"unitPrice"`
	DailyCap    *notation.Fen `json:"dailyCap,omitempty"` // nil: no cap
}

// Clone shares nothing with the tariff.
func (t Tariff) Clone() Tariff {
	if t.DailyCap != nil {
		most := *t.DailyCap
		t.DailyCap = &most
	}
	return t
}

// DayCharge is what one 24 h from entry came to, for people who ask why.
type DayCharge struct {
	Day    int           // 1 is the first 24 h
	Length time.Duration // the part of it that is charged
	Units  int64         // started units
	Fee    notation.Fen
	Capped bool
}

// Day is what a tariff caps: 24 h from entry.
const Day = 24 * time.Hour

// Fee prices a stay. Up to and including the free time it costs nothing; past
// it the whole stay counts (tariff.free: threshold) or the stay without the
// free time (deducted). Each 24 h from entry is priced by itself: started units
// rounded up, then capped. The free time is given once.
func (t Tariff) Fee(stay time.Duration, free string) notation.Fen {
	given := time.Duration(t.FreeMinutes) * time.Minute
	if stay <= given || t.UnitMinutes <= 0 {
		return 0
	}
	if free != "deducted" {
		given = 0
	}
	whole, rest := stay/Day, stay%Day
	whole -= given / Day // days that are free altogether
	given %= Day
	if whole == 0 {
		return t.charge(rest - given).Fee
	}
	return t.charge(Day-given).Fee + notation.Fen(whole-1)*t.charge(Day).Fee + t.charge(rest).Fee
}

// FeeBetween prices the stay from one time to another, both in whole seconds.
func (t Tariff) FeeBetween(from, to time.Time, free string) notation.Fen {
	days, stay := split(from, to)
	return t.Fee(stay, free) + notation.Fen(days)*t.charge(Day).Fee
}

// split takes days off a stay of over two hundred years, so that a time.Duration can hold the rest and what is reckoned with it: it ends at 292 years,
// where a sandbox's clock shows times from 1970 to 8999. The days cost the same each: what is left is longer than the longest free time.
func split(from, to time.Time) (days int64, rest time.Duration) {
	const left = 2 * maxMinutes * time.Minute
	if rest = to.Sub(from); rest < 200*365*Day {
		return 0, rest
	}
	seconds := to.Unix() - from.Unix()
	days = (seconds - int64(left/time.Second)) / int64(Day/time.Second)
	return days, time.Duration(seconds-days*int64(Day/time.Second)) * time.Second
}

// Days counts the 24 h that a stay has begun.
func Days(from, to time.Time) int64 {
	days, rest := split(from, to)
	return days + int64((rest+Day-1)/Day)
}

// charge prices what is charged of one 24 h.
func (t Tariff) charge(length time.Duration) DayCharge {
	unit := time.Duration(t.UnitMinutes) * time.Minute
	units := int64((length + unit - 1) / unit)
	c := DayCharge{Length: length, Units: units, Fee: notation.Fen(units) * t.UnitPrice}
	if t.DailyCap != nil && c.Fee > *t.DailyCap {
		c.Fee, c.Capped = *t.DailyCap, true
	}
	return c
}

// Explain says how each of the first days of a stay came about, in the sum that is its fee.
func (t Tariff) Explain(stay time.Duration, free string, most int) (days []DayCharge) {
	given := time.Duration(t.FreeMinutes) * time.Minute
	if stay <= given || t.UnitMinutes <= 0 {
		return nil
	}
	if free != "deducted" {
		given = 0
	}
	for n := 1; stay > 0 && n <= most; n++ {
		length := min(stay, Day)
		off := min(given, length)
		stay, given = stay-length, given-off
		c := t.charge(length - off)
		c.Day = n
		days = append(days, c)
	}
	return days
}

// PerHour is what one hour costs by the price of a unit, in the list of car parks
// (§9.10 avgCostPrecise): never more than the cap of a day.
func (t Tariff) PerHour() notation.Fen {
	if t.UnitMinutes <= 0 {
		return 0
	}
	perHour := (t.UnitPrice*60*2 + notation.Fen(t.UnitMinutes)) / (2 * notation.Fen(t.UnitMinutes))
	if t.DailyCap != nil {
		return min(perHour, *t.DailyCap)
	}
	return perHour
}

// NextStep is the shortest stay longer than another, in whole seconds, for which the fee may be another one.
func (t Tariff) NextStep(stay time.Duration, free string) (next time.Duration, ok bool) {
	if t.UnitMinutes <= 0 || t.UnitPrice <= 0 || (t.DailyCap != nil && *t.DailyCap <= 0) {
		return 0, false
	}
	given := time.Duration(t.FreeMinutes) * time.Minute
	if stay <= given {
		return given + time.Second, true
	}
	if free != "deducted" {
		given = 0
	}
	from := (stay - 1) / Day * Day // the 24 h that it ends in
	until := from + Day
	from = max(from, given)
	if t.charge(stay - from).Capped {
		return until + time.Second, true
	}
	unit := time.Duration(t.UnitMinutes) * time.Minute
	counted := (stay - from + unit - 1) / unit * unit
	return min(from+counted, until) + time.Second, true
}

// NextChange is the first time after another, in whole seconds, at which the fee of a stay that began at from may be another one.
func (t Tariff) NextChange(from, at time.Time, free string) (next time.Time, ok bool) {
	days, stay := split(from, at)
	step, ok := t.NextStep(stay, free)
	return from.AddDate(0, 0, int(days)).Add(step), ok
}

const (
	maxMinutes   = 60 * 24 * 366
	maxUnitPrice = notation.Fen(100_000 * 100)
)

// Validate says everything that is wrong with a tariff.
func (t *Tariff) Validate() (found []strict.Problem) {
	unless := func(ok bool, pointer, detail string) {
		if !ok {
			found = append(found, strict.Problem{Pointer: pointer, Detail: detail})
		}
	}
	minutes := func(pointer string, n, least int) {
		if n < least || n > maxMinutes {
			unless(false, pointer, fmt.Sprintf("want %d to %d minutes", least, maxMinutes))
		}
	}
	minutes("/freeMinutes", t.FreeMinutes, 0)
	minutes("/unitMinutes", t.UnitMinutes, 1)
	unless(t.UnitPrice >= 0 && t.UnitPrice <= maxUnitPrice, "/unitPrice", "want 0 to 100000 yuan")
	unless(t.DailyCap == nil || t.DailyCap.Valid(), "/dailyCap", "want 0 yuan or more")
	return found
}
