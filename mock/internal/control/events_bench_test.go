package control_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// discarder is a reader that takes whatever comes at once.
type discarder struct{ header http.Header }

func (d discarder) Header() http.Header         { return d.header }
func (d discarder) Write(b []byte) (int, error) { return len(b), nil }
func (d discarder) WriteHeader(int)             {}
func (d discarder) Flush()                      {}

// benchmarkReaders answers requests through the whole handler while readers follow the events. One
// that lags is dropped, and comes back a second later as an EventSource does.
func benchmarkReaders(b *testing.B, readers int) {
	b.Helper()
	server, err := mock.New(mock.WithFixture([]byte(servertest.Fixture)))
	require.NoError(b, err)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for range readers {
		running.Go(func() {
			for ctx.Err() == nil {
				r := httptest.NewRequestWithContext(ctx, http.MethodGet, servertest.Default+"/events", http.NoBody)
				r.Host = "127.0.0.1"
				server.Handler().ServeHTTP(discarder{http.Header{}}, r)
				select {
				case <-time.After(time.Second):
				case <-ctx.Done():
				}
			}
		})
	}
	stamp := time.Now().In(time.FixedZone("", 8*3600)).Format("20060102150405")
	const data = `{"parkingId":"1"}`
	form := url.Values{"merchant_no": {"M1"}, "time_stamp": {stamp}, "data": {data}, "sign": {sign.Request(data, servertest.Key, stamp)}}.Encode()
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, schemas.PathPrefix+"parkingstatus?"+form, http.NoBody)
		w := discarder{http.Header{}}
		server.Handler().ServeHTTP(w, r)
	}
	cancel()
	running.Wait()
	require.NoError(b, server.Close(context.Background()))
}
