// Package mocktest gives a test a mock of its own.
//
//	func TestCheckout(t *testing.T) {
//		m := mocktest.New(t)
//		pay := NewCheckout(m.URL, m.MerchantNo, m.MerchantKey)
//		m.Enter("渝ATX061")
//		m.Advance("1h30m")
//		…
//	}
package mocktest

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/etcp-mock/etcp-mock/mock"
)

// Mock is a server on a free loopback port with a sandbox of the test's own.
type Mock struct {
	URL         string // of the server
	MerchantNo  string
	MerchantKey string
	Server      *mock.Server

	tb      testing.TB
	sandbox string
	parking string
}

// New starts a mock that ends with the test. Its clock is frozen at 2017-08-20
// 12:00:00 in Asia/Shanghai, its seed is 1: the same test sees the same codes,
// ids and tokens each time. What the mock refused is logged if the test fails.
func New(tb testing.TB, opts ...mock.Option) *Mock {
	tb.Helper()
	server, err := mock.New(append([]mock.Option{mock.WithSeed(1)}, opts...)...)
	if err != nil {
		tb.Fatalf("mocktest: %v", err)
	}
	if err := server.Start("127.0.0.1:0"); err != nil {
		tb.Fatalf("mocktest: %v", err)
	}
	m := &Mock{URL: server.URL(), Server: server, tb: tb, sandbox: "default"}
	tb.Cleanup(func() {
		if tb.Failed() {
			m.logRefusals()
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := server.Close(ctx); err != nil {
			tb.Errorf("mocktest: %v", err)
		}
	})
	m.use("default")
	m.Admin(http.MethodPut, "/clock", map[string]any{"mode": "frozen"}, nil)
	m.Admin(http.MethodPut, "/clock", map[string]any{"now": "2017-08-20 12:00:00"}, nil)
	return m
}

// use takes a sandbox's first merchant and car park for the test's own.
func (m *Mock) use(id string) {
	m.tb.Helper()
	m.sandbox = id
	var merchants, parkings struct {
		Items []struct{ No, Key, ID string }
	}
	m.Admin(http.MethodGet, "/merchants", nil, &merchants)
	m.Admin(http.MethodGet, "/parkings", nil, &parkings)
	if len(merchants.Items) > 0 {
		m.MerchantNo, m.MerchantKey = merchants.Items[0].No, merchants.Items[0].Key
	}
	if len(parkings.Items) > 0 {
		m.parking = parkings.Items[0].ID
	}
}

// Admin calls the control API below the test's sandbox and decodes the answer.
func (m *Mock) Admin(method, path string, body, into any) {
	m.tb.Helper()
	payload, err := json.Marshal(body)
	if err != nil {
		m.tb.Fatalf("mocktest: %v", err)
	}
	if body == nil {
		payload = nil
	}
	r := httptest.NewRequestWithContext(context.Background(), method, "/__admin/sandboxes/"+m.sandbox+path, bytes.NewReader(payload))
	r.Host = "127.0.0.1"
	w := httptest.NewRecorder()
	m.Server.Handler().ServeHTTP(w, r)
	if w.Code >= http.StatusBadRequest {
		m.tb.Fatalf("mocktest: %s %s: %s", method, path, strings.TrimSpace(w.Body.String()))
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
		m.tb.Fatalf("mocktest: %s %s: %v", method, path, err)
	}
}

// PushTo has the merchant's pushes sent to a URL.
func (m *Mock) PushTo(url string) {
	m.tb.Helper()
	m.Admin(http.MethodPut, "/merchants/"+m.MerchantNo, map[string]any{"key": m.MerchantKey, "push": map[string]any{"url": url}}, nil)
}

// Enter drives a car into the first car park and gives the order's id.
func (m *Mock) Enter(plate string) (orderID string) {
	m.tb.Helper()
	var order struct{ OrderID string }
	m.Admin(http.MethodPost, "/cars/enter", map[string]any{"plateNumber": plate, "parkingId": m.parking}, &order)
	return order.OrderID
}

// Exit drives a car out; what it owes is paid in cash.
func (m *Mock) Exit(plate string) {
	m.tb.Helper()
	m.Admin(http.MethodPost, "/cars/exit", map[string]any{"plateNumber": plate}, nil)
}

// Advance moves the clock forward: "45m", "1h30m", "8d". Pushes that fall due on
// the way are delivered first.
func (m *Mock) Advance(by string) {
	m.tb.Helper()
	m.Admin(http.MethodPost, "/clock/advance", map[string]any{"by": by}, nil)
}

// SMS is the latest code sent to a phone.
func (m *Mock) SMS(phone string) string {
	m.tb.Helper()
	var sms struct{ Code string }
	m.Admin(http.MethodGet, "/sms/"+phone, nil, &sms)
	return sms.Code
}

// Drain waits until every push that is due has been answered.
func (m *Mock) Drain() {
	m.tb.Helper()
	m.Admin(http.MethodPost, "/pushes/drain", map[string]any{"timeout": "5s"}, nil)
}

func (m *Mock) logRefusals() {
	m.tb.Helper()
	var journal struct {
		Items []struct{ ID, Endpoint, Reason, Explanation string }
	}
	m.Admin(http.MethodGet, "/requests?limit=1000", nil, &journal)
	for _, e := range journal.Items {
		if e.Reason != "" {
			m.tb.Logf("mock: %s %s refused, %s: %s", e.ID, e.Endpoint, e.Reason, e.Explanation)
		}
	}
}
