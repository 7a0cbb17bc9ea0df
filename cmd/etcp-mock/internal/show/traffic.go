package show

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/chinese"
	"github.com/etcp-mock/etcp-mock/scenarios/traffic"
)

// TrafficReport prints what a city's day came to.
func (p *Printer) TrafficReport(r *traffic.Report) {
	p.Line("%s from %s to %s (seed %d)", p.Counted(r.Events, "1 event", "%d events"), r.From, r.To, r.Seed)
	p.Line("  events   %s", p.tally(r.Kinds, cityEvents, " "))
	p.Line("  calls    %s", p.tally(r.Calls, nil, " "))
	p.Line("  codes    %s", p.tally(r.Codes, nil, p.Either(": ", "："))) // a number beside a number
	p.Line("  city     %s, %s bound, %s parked now, %s turned away", p.Counted(r.Owners, "1 owner", "%d owners"), p.Counted(r.Vehicles, "1 vehicle", "%d vehicles"),
		p.Counted(r.Parked, "1 car", "%d cars"), strconv.Itoa(r.TurnedAway))
	p.Line("  money    ¥%s online, ¥%s in cash, ¥%s debited, ¥%s left owing", r.PaidOnline, r.PaidCash, r.Debited, r.Owing)
	if r.Unexpected == 0 {
		return
	}
	p.Line("%s", p.Red(p.Counted(r.Unexpected, "1 thing that should not have been:", "%d things that should not have been:")))
	for _, e := range r.Failed {
		p.Line("  %s", p.TrafficEvent(e)+p.Either(": "+cli.Clean(e.Failure), "："+cli.Clean(chinese.Of(e.Failure))))
	}
}

// TrafficEvent is an event of a city's day in a line.
func (p *Printer) TrafficEvent(e traffic.Event) string {
	return strings.TrimSpace(p.Dim(e.At.String()) + " " + cli.Clean(p.Either(e.Kind, cityEvents[e.Kind])) + " " + cli.Clean(e.PlateNumber))
}

// tally is how many there are of each, most first; zh are the names in Chinese of those that have one, and between stands before each number.
func (p *Printer) tally(counts map[string]int, zh map[string]string, between string) string {
	names := slices.Sorted(maps.Keys(counts))
	slices.SortStableFunc(names, func(a, b string) int { return counts[b] - counts[a] })
	for i, name := range names {
		names[i] = cli.Clean(p.Either(name, zh[name])) + between + strconv.Itoa(counts[name])
	}
	return strings.Join(names, p.Either(", ", "，"))
}
