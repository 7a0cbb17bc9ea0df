package recording

import (
	"maps"
	"slices"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/rules"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// precision is how exactly instants are written: whole seconds, which is what the platform shows and what people read, so that calls which came
// a few milliseconds apart stand beside each other. It is milliseconds where a part of a second may have decided something: an age that was
// within a second of what a rule allows, or a quote that came after a payment in the same second, which only counts since it came later.
//
// Instants are cut off, not what lies between them, so that each is in the second it was in.
func (a *acts) precision() time.Duration {
	moments := instants(a.list, a.start)
	if len(moments) == 0 || a.quotedAfterPaying() {
		return time.Millisecond
	}
	for _, age := range a.ages() {
		if age%time.Second != 0 {
			return time.Millisecond
		}
		for _, m := range moments {
			if besides(moments, m.Add(-age)) {
				return time.Millisecond
			}
		}
	}
	for _, m := range moments {
		if besides(moments, notation.MonthBefore(m)) {
			return time.Millisecond
		}
	}
	return time.Second
}

// instants are when something happened, in order.
func instants(list []act, start time.Time) []time.Time {
	out := []time.Time{start}
	for i := range list {
		out = append(out, list[i].at)
	}
	slices.SortFunc(out, time.Time.Compare)
	return slices.CompactFunc(out, time.Time.Equal)
}

// besides reports whether something happened in the second of an instant, but not at the instant.
func besides(moments []time.Time, at time.Time) bool {
	second := at.Truncate(time.Second)
	i, _ := slices.BinarySearchFunc(moments, second, time.Time.Compare)
	for ; i < len(moments) && moments[i].Before(second.Add(time.Second)); i++ {
		if !moments[i].Equal(at) {
			return true
		}
	}
	return false
}

// ages are the lengths of time that the platform compares to parts of a second: those of all rules that held in the course of it.
func (a *acts) ages() (ages []time.Duration) {
	set := rules.Clone(a.fixture.Rules)
	add := func() {
		if held, err := rules.New(set); err == nil {
			ages = append(ages, held.SMSInterval, held.SMSTTL, held.TokenTTL, held.QuoteTTL)
		}
	}
	add()
	for i := range a.list {
		done, ok := a.list[i].what.(commanded)
		if !ok {
			continue
		}
		if changed, ok := done.command.(platform.SetRules); ok {
			if set == nil {
				set = map[string]any{}
			}
			maps.Copy(set, changed.Rules)
			add()
		}
	}
	slices.Sort(ages)
	return slices.Compact(ages)
}

// quotedAfterPaying reports whether somebody asked for a fee in the second in which one had been paid, later in it.
func (a *acts) quotedAfterPaying() bool {
	paid := map[int64]time.Time{} // the first of each second
	for i := range a.list {
		at := a.list[i].at
		first, also := paid[at.Unix()]
		switch what := a.list[i].what.(type) {
		case commanded:
			if _, leaves := what.command.(platform.Exit); leaves && !also {
				paid[at.Unix()] = at
			}
		case requested:
			switch {
			case what.Code != schemas.CodeOK:
			case what.Endpoint == "orderpaid" && !also:
				paid[at.Unix()] = at
			case what.Endpoint == "orderunpay" && also && at.After(first):
				return true
			}
		}
	}
	return false
}
