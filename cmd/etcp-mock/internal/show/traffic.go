package show

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/scenarios/traffic"
)

// TrafficReport prints what a city's day came to.
func (p *Printer) TrafficReport(r *traffic.Report) {
	p.Line("%s from %s to %s (seed %d)", p.Counted(r.Events, "1 event", "%d events"), r.From, r.To, r.Seed)
	p.Line("  events   %s", tally(r.Kinds))
	p.Line("  calls    %s", tally(r.Calls))
	p.Line("  codes    %s", tally(r.Codes))
	p.Line("  city     %s, %s bound, %s parked now, %s turned away", p.Counted(r.Owners, "1 owner", "%d owners"), p.Counted(r.Vehicles, "1 vehicle", "%d vehicles"),
		p.Counted(r.Parked, "1 car", "%d cars"), strconv.Itoa(r.TurnedAway))
	p.Line("  money    ¥%s online, ¥%s in cash, ¥%s debited, ¥%s left owing", r.PaidOnline, r.PaidCash, r.Debited, r.Owing)
	if r.Unexpected == 0 {
		return
	}
	p.Line("%s", p.Red(p.Counted(r.Unexpected, "1 thing that should not have been:", "%d things that should not have been:")))
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
