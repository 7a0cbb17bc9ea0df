package show

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/scenarios/traffic"
)

// Counted is a number with its noun: 1 event, 2 events.
func Counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// TrafficReport prints what a city's day came to.
func (p *Printer) TrafficReport(r *traffic.Report) {
	p.Line("%s from %s to %s (seed %d)", Counted(r.Events, "event"), r.From, r.To, r.Seed)
	p.Line("  events   %s", tally(r.Kinds))
	p.Line("  calls    %s", tally(r.Calls))
	p.Line("  codes    %s", tally(r.Codes))
	p.Line("  city     %s, %s bound, %s parked now, %s turned away", Counted(r.Owners, "owner"), Counted(r.Vehicles, "vehicle"),
		Counted(r.Parked, "car"), strconv.Itoa(r.TurnedAway))
	p.Line("  money    ¥%s online, ¥%s in cash, ¥%s debited, ¥%s left owing", r.PaidOnline, r.PaidCash, r.Debited, r.Owing)
	if r.Unexpected == 0 {
		return
	}
	p.Line("%s", p.Red(Counted(r.Unexpected, "thing")+" that should not have been:"))
	for _, text := range r.Failures {
		p.Line("  %s", cli.Clean(text))
	}
}

// tally is how many there are of each, most first.
func tally(counts map[string]int) string {
	names := slices.Sorted(maps.Keys(counts))
	slices.SortStableFunc(names, func(a, b string) int { return counts[b] - counts[a] })
	for i, name := range names {
		names[i] = name + " " + strconv.Itoa(counts[name])
	}
	return strings.Join(names, ", ")
}
