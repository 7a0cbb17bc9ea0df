// Package collector sets how far the heap of a server may grow between two garbage collections.
package collector

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// growth is by how much the heap may grow at least, in bytes; a heap of more than twice of that may grow by half. With Go's usual target, as
// much again as is in use, a small server collects several times as often, and one of 46 MB in use held 160 MB.
const growth = 24 << 20

// change is a difference of the target, in percent, for which it is worth to be set again: that stops the program for a moment.
const change = 10

// Tune has the target follow what is in use, after each collection, for the rest of the program; where GOGC is set it does nothing.
func Tune() {
	if os.Getenv("GOGC") != "" {
		return
	}
	t := &tuner{sample: []metrics.Sample{{Name: "/gc/heap/live:bytes"}}}
	t.adjust()
	runtime.SetFinalizer(&sentinel{t: t}, (*sentinel).collected)
}

// sentinel is reachable from nowhere, so that each collection finds it.
type sentinel struct{ t *tuner }

func (s *sentinel) collected() {
	s.t.adjust()
	runtime.SetFinalizer(s, (*sentinel).collected)
}

type tuner struct {
	sample  []metrics.Sample
	percent int
}

func (t *tuner) adjust() {
	metrics.Read(t.sample)
	next := target(t.sample[0].Value.Uint64())
	if next > t.percent+change || next < t.percent-change {
		t.percent = next
		debug.SetGCPercent(next)
	}
}

// The bounds of the target, in percent.
const (
	least = 50
	most  = 800
)

// target is by how many percent a heap may grow of which so many bytes are in use.
func target(live uint64) int {
	if live == 0 {
		return most
	}
	return int(min(max(100*growth/live, least), most))
}
