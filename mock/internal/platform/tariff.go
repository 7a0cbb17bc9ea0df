package platform

import (
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

// Tariff is what a car park charges.
type Tariff struct {
	FreeMinutes int           `json:"freeMinutes"`
	UnitMinutes int           `json:"unitMinutes"`
	UnitPrice   notation.Fen  `json:"unitPrice"`
	DailyCap    *notation.Fen `json:"dailyCap,omitempty"` // nil: no cap
}

// clone shares nothing with the tariff.
func (t Tariff) clone() Tariff {
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

const day = 24 * time.Hour

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
	whole, rest := stay/day, stay%day
	whole -= given / day // days that are free altogether
	given %= day
	if whole == 0 {
		return t.charge(rest - given).Fee
	}
	return t.charge(day-given).Fee + notation.Fen(whole-1)*t.charge(day).Fee + t.charge(rest).Fee
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
		length := min(stay, day)
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
