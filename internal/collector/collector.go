// Package collector sets how far the heap of a server may grow between two garbage collections, and gives memory back to the system while it rests.
package collector

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// growth is by how much the heap may grow at least, in bytes; a heap of more than twice of that may grow by half. With Go's usual target, as
// much again as is in use, a small server collects several times as often, and one of 46 MB in use held 160 MB.
const growth = 24 << 20

// runGrowth is that of a command that runs cases or makes up requests, and ends. With twice of growth contract fuzz takes a seventh less processor
// time, and contract run, which is over after 120 MB, hardly any less, for 24 MB more; twice as much again gains 3 %.
const runGrowth = 2 * growth

// change is a difference of the target, in percent, for which it is worth to be set again: that stops the program for a moment.
const change = 10

// Tune has the target follow what is in use, after each collection, and memory given back once little is allocated for some seconds, for the rest of the program; where GOGC is set it does nothing.
func Tune() { tune(growth, most) }

// TuneRun is Tune for a command that runs for a while and ends, whose heap may grow by more.
func TuneRun() { tune(runGrowth, mostOfRun) }

func tune(growth uint64, most int) {
	if os.Getenv("GOGC") != "" {
		return
	}
	t := &tuner{growth: growth, most: most, sample: []metrics.Sample{{Name: "/gc/heap/live:bytes"}}}
	t.begin()
	runtime.SetFinalizer(&sentinel{t: t}, (*sentinel).collected)
	i := &idler{sample: []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/memory/classes/heap/free:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}, {Name: "/gc/heap/live:bytes"}}}
	time.AfterFunc(look, i.look)
}

// sentinel is reachable from nowhere, so that each collection finds it.
type sentinel struct{ t *tuner }

func (s *sentinel) collected() {
	s.t.adjust()
	runtime.SetFinalizer(s, (*sentinel).collected)
}

type tuner struct {
	growth  uint64 // in bytes
	most    int    // in percent
	sample  []metrics.Sample
	percent int
}

// begin sets the first target by what there is, be it in use or not: nothing was collected yet, or it was before a fixture of 100 MB was read. With
// the target of a small heap, the next collection would come after 900 MB; that it is set to another then is found out some time after a collection.
func (t *tuner) begin() {
	objects := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(objects)
	t.aim(objects[0].Value.Uint64())
}

func (t *tuner) adjust() {
	metrics.Read(t.sample)
	t.aim(t.sample[0].Value.Uint64())
}

// aim sets the target for a heap of which so many bytes are in use.
func (t *tuner) aim(live uint64) {
	next := t.target(live)
	if next > t.percent+change || next < t.percent-change {
		t.percent = next
		debug.SetGCPercent(next)
	}
}

const (
	// look is how often it is looked whether the program rests.
	look = 5 * time.Second
	// rests is how much a program that rests may allocate between two looks, in bytes.
	rests = 1 << 20
	// worth is how much has to come free for a program that rests to be collected, in bytes.
	worth = 8 << 20
)

// idler gives the system back what a program that rests does not use: what it may grow by between two collections is mapped memory otherwise.
type idler struct {
	sample    []metrics.Sample
	allocated uint64
	rested    bool // it was collected since it rests
}

func (i *idler) look() {
	metrics.Read(i.sample)
	value := func(n int) uint64 { return i.sample[n].Value.Uint64() }
	if i.wants(value(0), value(1)+value(2)-min(value(3), value(2))) {
		debug.FreeOSMemory()
		metrics.Read(i.sample)
		i.allocated = value(0)
	}
	time.AfterFunc(look, i.look)
}

// wants says whether to collect now, by how much was allocated in all and how much is mapped that is not in use.
func (i *idler) wants(allocated, unused uint64) bool {
	busy := allocated-i.allocated > rests
	i.allocated = allocated
	if busy {
		i.rested = false
		return false
	}
	if i.rested || unused < worth {
		return false
	}
	i.rested = true
	return true
}

// The bounds of the target, in percent.
const (
	least     = 50
	most      = 800
	mostOfRun = 1200 // of the smallest heap that Go collects, 4 MB, it is what runGrowth says
)

// target is by how many percent a heap may grow of which so many bytes are in use.
func (t *tuner) target(live uint64) int {
	if live == 0 {
		return t.most
	}
	return min(max(int(100*t.growth/live), least), t.most) //nolint:gosec // far from the end of an int
}
