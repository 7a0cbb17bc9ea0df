package platform

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// The bounds of what is remembered of phones, so that a flood of invented ones does not grow for ever.
const (
	maxCodes  = 200_000 // sms codes: beyond them the oldest are forgotten, which have expired unless all came within sms.ttl
	maxIdlers = 200_000 // users: beyond them those are forgotten who have nothing bound, and whose history no month reaches
)

// forgetCodes makes room for a tenth at once, so that a flood does not sort at every code.
func (w *State) forgetCodes() {
	if len(w.sms) <= maxCodes {
		return
	}
	phones := slices.SortedFunc(maps.Keys(w.sms), func(a, b string) int {
		return cmp.Or(w.sms[a].SentAt.Compare(w.sms[b].SentAt), cmp.Compare(a, b))
	})
	for _, phone := range phones[:len(phones)-maxCodes+maxCodes/10] {
		delete(w.sms, phone)
		w.copying.sms.touch(phone)
	}
}

// forgetIdlers looks for users to forget once in so many new ones.
func (w *State) forgetIdlers(at time.Time) {
	if n := len(w.users); n < maxIdlers || n%(maxIdlers/10) != 0 {
		return
	}
	maps.DeleteFunc(w.users, func(phone string, u *user) bool {
		idle := len(u.Bound) == 0 && !slices.ContainsFunc(u.History, func(e bindEvent) bool { return e.within(at) })
		if idle {
			w.copying.users.touch(phone)
		}
		return idle
	})
}

// historyReach is longer than the month of §9.4, of whichever kind.
const historyReach = 63 * 24 * time.Hour

// within tells whether a month may still reach a binding.
func (e bindEvent) within(at time.Time) bool { return at.Sub(e.At) <= historyReach }

// reached is the history without what no month reaches any more.
func (u *user) reached(at time.Time) []bindEvent {
	if !slices.ContainsFunc(u.History, func(e bindEvent) bool { return !e.within(at) }) {
		return u.History
	}
	return slices.DeleteFunc(slices.Clone(u.History), func(e bindEvent) bool { return !e.within(at) })
}
