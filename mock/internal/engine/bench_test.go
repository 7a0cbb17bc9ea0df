package engine

import (
	"fmt"
	"testing"

	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
)

// mixed are requests of every cost: a read, a list, a binding, a sign-in.
func mixed(r *rig) []*Request {
	token := r.token()
	data := func(rest string) string { return `{"token":"` + token + `"` + rest + `}` }
	return []*Request{
		r.request("M1", "carnum", data("")),
		r.request("M1", "orderunpay", data(`,"plateNumber":"渝ATX061"`)),
		r.request("M1", "bindcar", data(`,"plateNumber":"渝ATX061"`)),
		r.request("M1", "parkingstatus", `{"parkingId":"1"}`),
		r.request("M1", "usersigin", `{"mobilePhone":"13900000001","appId":"ETCP"}`),
	}
}

// BenchmarkApply is a request's time under the lock (what is prepared without it apart), by endpoint.
func BenchmarkApply(b *testing.B) {
	r := newRig(b, city())
	for _, request := range mixed(r) {
		b.Run(request.Endpoint, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				in := *request
				in.Prepare(r.e.Settings())
				b.StartTimer()
				r.e.Apply(Stamp{noon, today}, &in)
			}
		})
	}
	r.e.journal.Clear()
}

// BenchmarkReplay reads a log of mixed requests and applies it: inputs a second, as after a restart.
func BenchmarkReplay(b *testing.B) {
	const inputs = 50_000
	r := newRig(b, city())
	var log [][]byte
	kinds := mixed(r)
	log = append(log, r.log...)
	for i := range inputs {
		raw, err := Encode(nil, &Record{Seq: uint64(len(log) + 1), Stamp: Stamp{noon, today}, Input: kinds[i%len(kinds)]})
		if err != nil {
			b.Fatal(err)
		}
		log = append(log, raw)
	}
	b.ResetTimer()
	for b.Loop() {
		e := New(nil)
		for _, raw := range log {
			record, err := Decode(raw)
			if err != nil {
				b.Fatal(err)
			}
			e.Apply(record.Stamp, record.Input)
		}
	}
	b.ReportMetric(float64(b.N)*float64(len(log))/b.Elapsed().Seconds(), "inputs/s")
}

// BenchmarkCheckpoint copies a sandbox with many finished stays, as the log does now and then with the lock held.
func BenchmarkCheckpoint(b *testing.B) {
	for _, stays := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint("stays=", stays), func(b *testing.B) {
			r := newRig(b, city())
			for i := range stays {
				v := notation.Vehicle{Plate: fmt.Sprintf("渝B%05d", i%100_000), Color: "1"}
				r.e.Apply(Stamp{noon, today}, &Command{platform.Enter{Vehicle: v, ParkingID: "1"}})
				r.e.Apply(Stamp{noon, today}, &Command{platform.Exit{Vehicle: v}})
			}
			b.ReportAllocs()
			for b.Loop() {
				r.e.Checkpoint()
			}
		})
	}
}
