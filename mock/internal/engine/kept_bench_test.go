package engine

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
)

// BenchmarkKept is how many bytes of memory one of what a sandbox keeps takes, with texts of the usual length: an entry of the journal, a delivered push, a
// finished order, a token.
func BenchmarkKept(b *testing.B) {
	for _, kind := range keptKinds {
		b.Run(kind.name, func(b *testing.B) {
			for b.Loop() {
				b.ReportMetric(memoryOf(b, kind.make), "bytes/each")
			}
		})
	}
}

// keptKinds make one more of what is kept.
var keptKinds = []struct {
	name string
	make func(r *rig) func(n int)
}{
	{"entry", func(r *rig) func(int) {
		r.do(platform.SetRules{Rules: map[string]any{"journal.keep": 100_000.0}})
		requests := mixed(r)
		return func(n int) {
			in := *requests[n%(len(requests)-1)] // but for the sign-in, which gives a token
			in.Prepare(r.e.Settings())
			r.e.Apply(Stamp{noon, today}, &in)
		}
	}},
	{"push", func(r *rig) func(int) {
		return func(int) {
			fx := r.e.Apply(Stamp{noon, today}, &Command{platform.Trigger{MerchantNo: "M1", Kind: "exit"}})
			for _, a := range fx.Sends {
				r.e.Apply(Stamp{noon, today}, &Outcome{Attempt: a.Seq, ID: a.Item.ID, SentAt: a.At, Result: push.Result{Delivered: true, HTTPStatus: 200, Response: `{"code":0,"message":"ok"}`, Duration: time.Millisecond}})
			}
		}
	}},
	{"order", func(r *rig) func(int) {
		return func(n int) {
			v := notation.Vehicle{Plate: fmt.Sprintf("渝B%05d", n), Color: notation.DefaultPlateColor}
			r.e.Apply(Stamp{noon, today}, &Command{platform.Enter{Vehicle: v, ParkingID: "1"}})
			r.e.Apply(Stamp{noon, today}, &Command{platform.Exit{Vehicle: v, Payment: platform.PayCash}})
		}
	}},
	{"token", func(r *rig) func(int) {
		r.do(platform.SetRules{Rules: map[string]any{"journal.keep": 1.0}})
		return func(n int) {
			in := *r.request("M1", "usersigin", fmt.Sprintf(`{"mobilePhone":"138%08d","appId":"ETCP"}`, n%1000))
			in.Prepare(r.e.Settings())
			r.e.Apply(Stamp{noon, today}, &in)
		}
	}},
}

// memoryOf is by how many bytes the heap grows for each of ten thousand.
func memoryOf(b *testing.B, kind func(*rig) func(int)) float64 {
	b.Helper()
	r := newRig(b, city())
	one := kind(r)
	const some, many = 1_000, 10_000
	for n := range some {
		one(n)
	}
	before := heap()
	for n := range many {
		one(some + n)
	}
	grown := heap() - before
	require.NotNil(b, r.e)
	return grown / many
}

func heap() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
