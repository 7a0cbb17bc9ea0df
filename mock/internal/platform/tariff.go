package platform

import "time"

// Tariff is what a car park charges (PROTOCOL §4).
type Tariff struct {
	FreeMinutes int  `json:"freeMinutes"`
	UnitMinutes int  `json:"unitMinutes"`
	UnitPrice   Fen  `json:"unitPrice"`
	DailyCap    *Fen `json:"dailyCap,omitempty"` // nil: no cap
}

// DayCharge is what one 24 h from entry came to, for people who ask why.
type DayCharge struct {
	Day    int           // 1 is the first 24 h
	Length time.Duration // the part of it that is charged
	Units  int64         // started units
	Fee    Fen
	Capped bool
}

const day = 24 * time.Hour

// Fee prices a stay. Up to and including the free time it costs nothing; past
// it the whole stay counts (tariff.free: threshold) or the stay without the
// free time (deducted). Each 24 h from entry is priced by itself: started units
// rounded up, then capped. The free time is given once.
func (t Tariff) Fee(stay time.Duration, free string) Fen {
	fee, _ := t.price(stay, free, false)
	return fee
}

// Explain prices a stay as Fee does and says how each day came about.
func (t Tariff) Explain(stay time.Duration, free string) (Fen, []DayCharge) {
	return t.price(stay, free, true)
}

func (t Tariff) price(stay time.Duration, free string, explain bool) (total Fen, days []DayCharge) {
	given := time.Duration(t.FreeMinutes) * time.Minute
	if stay <= given || t.UnitMinutes <= 0 {
		return 0, nil
	}
	if free != "deducted" {
		given = 0
	}
	unit := time.Duration(t.UnitMinutes) * time.Minute
	for n := 1; stay > 0; n++ {
		length := min(stay, day)
		stay -= length
		off := min(given, length)
		given -= off
		length -= off
		units := int64((length + unit - 1) / unit)
		fee, capped := Fen(units)*t.UnitPrice, false
		if t.DailyCap != nil && fee > *t.DailyCap {
			fee, capped = *t.DailyCap, true
		}
		total += fee
		if explain {
			days = append(days, DayCharge{Day: n, Length: length, Units: units, Fee: fee, Capped: capped})
		}
	}
	return total, days
}

// PerHour is the estimate shown in the list of car parks, in yuan an hour
// (§9.10 avgCostPrecise).
func (t Tariff) PerHour() Fen {
	if t.UnitMinutes <= 0 {
		return 0
	}
	return (t.UnitPrice*60*2 + Fen(t.UnitMinutes)) / (2 * Fen(t.UnitMinutes))
}
