package sandbox

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fixture"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/sign"
)

// BenchmarkLockHeld is how long a request holds its sandbox's lock, by endpoint: the time of all that happens with it held (applying,
// the journal, the log, the events), while what is prepared without it is not counted. It is the median: a mean would count how long
// a busy machine ran something else meanwhile.
func BenchmarkLockHeld(b *testing.B) {
	host := &Host{Wall: time.Now, Context: b.Context()}
	s, err := New(host, &engine.Create{ID: "s", Instance: "b", Spec: fixture.Spec{Seed: 7, Fixture: fixture.Demo()}})
	require.NoError(b, err)
	defer s.Close()
	request := func(endpoint, data string) *engine.Request {
		key, _ := s.Settings().Key("demo")
		stamp := time.Now().In(notation.Shanghai).Format(notation.StampLayout)
		return &engine.Request{
			Endpoint: endpoint, Method: "POST", MerchantNo: "demo", TimeStamp: stamp, Data: data, Sign: sign.Request(data, key, stamp), RemoteAddr: "127.0.0.1:4711",
		}
	}
	var user struct{ Data struct{ Token string } }
	require.NoError(b, json.Unmarshal([]byte(s.Request(request("usersigin", `{"mobilePhone":"13800000001","appId":"ETCP"}`)).Answer), &user))
	token := `{"token":"` + user.Data.Token + `"`
	for _, row := range []struct{ name, endpoint, data string }{
		{"read/carnum", "carnum", token + "}"},
		{"read/orderunpay", "orderunpay", token + `,"plateNumber":"渝ATX061"}`},
		{"read/parkingstatus", "parkingstatus", `{"parkingId":"1"}`},
		{"write/bindcar", "bindcar", token + `,"plateNumber":"渝ATX061"}`},
		{"write/usersigin", "usersigin", `{"mobilePhone":"13900000001","appId":"ETCP"}`},
	} {
		b.Run(row.name, func(b *testing.B) {
			whole := request(row.endpoint, row.data)
			var held []time.Duration
			for b.Loop() {
				r := *whole
				r.Prepare(s.settings.Load())
				s.mu.Lock()
				began := time.Now()
				fx := s.applyLocked(&r)
				held = append(held, time.Since(began))
				s.mu.Unlock()
				if fx.Entry.Code != 0 {
					b.Fatal(fx.Answer)
				}
			}
			slices.Sort(held)
			b.ReportMetric(float64(held[len(held)/2].Nanoseconds()), "held-ns/median")
		})
	}
}
