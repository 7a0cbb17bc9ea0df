package events

import (
	"testing"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/sandbox"
)

// What an open console costs at 5,000 requests a second without what it takes to shape and send it: 80 ms of events, thinned and encoded as
// while that rate goes on. Twelve times ns/op is what it takes of a second.
func BenchmarkDigest_400Requests(b *testing.B) {
	var news sandbox.News
	var kept journal.Journal
	for i := range 400 {
		e := &journal.Entry{
			ID: "r1", At: time.Unix(1503201600, 0), Endpoint: "parkingstatus", Method: "POST", MerchantNo: "demo", TimeStamp: "20170820120000",
			Data: `{"parkingId":"1"}`, Sign: "A3DE1813F4DDBADFC18555E18A2E579D", HTTPStatus: 200,
			Response: `{"code":0,"data":{"status":"充足","time":"2017-08-20 12:00:00","totalSpace":"114"},"message":"ok"}`,
		}
		news.Events = append(news.Events, engine.Event{Seq: uint64(i + 1), Kind: engine.EventRequest, Value: kept.Add(e, journal.Limits{Keep: 400})})
	}
	digest := broadcast{digest: true, shape: plainly}
	hides := mask.New("a key", "another")
	b.ReportAllocs()
	for b.Loop() {
		digest.shape.frames("instance", hides, 0, news, digest.most(len(news.Events), true))
	}
}
