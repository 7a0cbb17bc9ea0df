// Package mocktest gives a test a mock of its own, and words to tell it what happens.
//
//	func TestCheckout(t *testing.T) {
//		m := mocktest.New(t)
//		shop := NewShop(m.URL, m.MerchantNo, m.MerchantKey) // what is tested
//		m.PushTo(shop.WebhookURL())
//
//		m.Owner("13800000001", "渝ATX061") // has bound the vehicle
//		m.Enter("渝ATX061")
//		m.Advance("1h30m")
//		shop.Pay("渝ATX061")
//		m.Saw("orderpaid", map[string]any{"externalOrderId": "S1"})
//		m.Exit("渝ATX061")
//	}
//
// Everything random follows from a seed and the clock stands until the test moves it, so that a test sees the same codes,
// ids and times each time it runs. A call that the mock refuses, a name that does not exist and a push that does not come
// ([Inbox.Next]) end the test; what does not hold ([Mock.Saw], [Mock.NeverSaw], [Mock.InOrder], [Mock.Pushed], [Inbox.Empty])
// fails it, and the test goes on. When a test fails, what the mock refused and which pushes did not arrive is in its log, each
// with the reason, and a push with what its URL answered. All of it is in the language of the environment, English or Chinese,
// as that of the commands is (ETCP_MOCK_LANG).
//
// Tests that run in parallel have a mock each with [New], which takes a millisecond, or share a server and have a sandbox
// each with [On].
package mocktest

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/mock"
)

// Start is what the clock of a test shows first, in Asia/Shanghai.
const Start = "2017-08-20 12:00:00"

// usualFixture is the fixture of a test that brings none: the merchant demo and a few car parks.
const usualFixture = `{
	"clock": "` + Start + `",
	"merchants": [{"no": "demo", "key": "demo-key", "name": "演示商户"}],
	"parkings": [
		{"id": "1", "name": "ETCP 智慧停车场", "city": "重庆市", "lat": "29.563010", "lon": "106.551557", "totalSpace": 114,
			"tariff": {"freeMinutes": 15, "unitMinutes": 60, "unitPrice": "5", "dailyCap": "50"}},
		{"id": "2", "name": "解放碑地下停车场", "city": "重庆市", "lat": "29.559434", "lon": "106.577015", "parkingType": "7", "totalSpace": 320,
			"tariff": {"freeMinutes": 30, "unitMinutes": 30, "unitPrice": "4", "dailyCap": "80"}},
		{"id": "3", "name": "洪崖洞路边停车场", "city": "重庆市", "lat": "29.562080", "lon": "106.580300", "electronicPayment": false, "totalSpace": 1,
			"tariff": {"freeMinutes": 0, "unitMinutes": 60, "unitPrice": "10"}}]}`

// Mock is a sandbox of the test's own, on a server on a free loopback port.
type Mock struct {
	URL         string // of the server
	MerchantNo  string // the sandbox's first merchant
	MerchantKey string
	Server      *mock.Server

	tb      testing.TB
	sandbox string
	parking string
}

// New starts a server that ends with the test. Without [mock.WithFixture] its clock stands at [Start], its merchant is demo
// with the key demo-key, and it has a few car parks; the seed is 1 unless [mock.WithSeed] or the fixture says otherwise.
func New(tb testing.TB, opts ...mock.Option) *Mock {
	tb.Helper()
	server, err := mock.New(append([]mock.Option{mock.WithDefaultSeed(1), mock.WithFixture([]byte(usualFixture))}, opts...)...)
	if err != nil {
		tb.Fatalf("mocktest: %v", err)
	}
	if err := server.Start("127.0.0.1:0"); err != nil {
		tb.Fatalf("mocktest: %v", err)
	}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := server.Close(ctx); err != nil {
			tb.Errorf("mocktest: %v", err)
		}
	})
	m := &Mock{URL: server.URL(), Server: server, tb: tb, sandbox: "default"}
	m.begin()
	return m
}

// On makes a sandbox on a server that is shared, with a merchant that nobody else has; it ends with the test.
//
//	var server *mock.Server // started in TestMain
//
//	func TestOne(t *testing.T) {
//		t.Parallel()
//		m := mocktest.On(t, server)
func On(tb testing.TB, server *mock.Server) *Mock {
	tb.Helper()
	m := &Mock{URL: server.URL(), Server: server, tb: tb}
	var made struct{ ID string }
	m.ask(http.MethodPost, "/__admin/sandboxes", map[string]any{"seed": 1}, &made)
	m.sandbox = made.ID
	tb.Cleanup(func() { m.ask(http.MethodDelete, "/__admin/sandboxes/"+made.ID, nil, nil) })
	m.Admin(http.MethodPut, "/clock", map[string]any{"mode": "frozen"}, nil)
	m.Admin(http.MethodPut, "/clock", map[string]any{"now": Start}, nil)
	m.begin()
	return m
}

// begin takes the sandbox's first merchant and car park for the test's own.
func (m *Mock) begin() {
	m.tb.Helper()
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
	m.tb.Cleanup(func() {
		if m.tb.Failed() {
			m.logTroubles()
		}
	})
}

// Admin calls the control API below the test's sandbox, such as GET /orders, and decodes the answer into into, where that
// is not nil. Whatever the other helpers do not say, it does.
func (m *Mock) Admin(method, path string, body, into any) {
	m.tb.Helper()
	if path != "" && path[0] != '/' && path[0] != '?' {
		path = "/" + path
	}
	m.ask(method, "/__admin/sandboxes/"+m.sandbox+path, body, into)
}

// Recording is what was done to the mock so far, as the text of a scenario file that does it again: written to a file, etcp-mock scenario run takes it.
func (m *Mock) Recording() string {
	m.tb.Helper()
	return string(m.text(http.MethodGet, "/__admin/sandboxes/"+m.sandbox+"/recording", nil))
}

func (m *Mock) ask(method, path string, body, into any) {
	m.tb.Helper()
	text := m.text(method, path, body)
	if into == nil {
		return
	}
	if err := json.Unmarshal(text, into); err != nil {
		m.tb.Fatalf("mocktest: %s %s: %v", method, path, err)
	}
}

func (m *Mock) text(method, path string, body any) []byte {
	m.tb.Helper()
	var payload []byte
	if body != nil {
		var err error
		if payload, err = json.Marshal(body); err != nil {
			m.tb.Fatalf("mocktest: %v", err)
		}
	}
	r := httptest.NewRequestWithContext(context.Background(), method, path, bytes.NewReader(payload))
	r.Host = "127.0.0.1"
	token, _ := m.Server.AdminToken()
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept-Language", language())
	w := httptest.NewRecorder()
	m.Server.Handler().ServeHTTP(w, r)
	if w.Code >= http.StatusBadRequest {
		var problem control.ProblemError
		if json.Unmarshal(w.Body.Bytes(), &problem) != nil || problem.Status == 0 {
			m.tb.Fatalf("mocktest: %s %s: HTTP %d: %s", method, path, w.Code, strings.TrimSpace(w.Body.String()))
		}
		m.tb.Fatalf("mocktest: %s %s: HTTP %d: %v", method, path, w.Code, &problem)
	}
	return w.Body.Bytes()
}

// Advance moves the clock forward: "45m", "1h30m", "8d". What falls due on the way happens first, in its order: pushes are
// sent, and sent again, and their answers awaited.
func (m *Mock) Advance(by string) {
	m.tb.Helper()
	m.Admin(http.MethodPost, "/clock/advance", map[string]any{"by": by}, nil)
}

// Now is what the clock shows, yyyy-MM-dd HH:mm:ss in Asia/Shanghai.
func (m *Mock) Now() string {
	m.tb.Helper()
	var clock struct{ Now string }
	m.Admin(http.MethodGet, "/clock", nil, &clock)
	return clock.Now
}

// Rule sets one of the choices that the platform's document leaves open, such as push.schedule to []string{"1m"}.
func (m *Mock) Rule(name string, value any) {
	m.tb.Helper()
	m.Admin(http.MethodPatch, "/rules", map[string]any{name: value}, nil)
}

// Fault has requests or pushes go wrong, as the control API's faults say, and gives the fault's id:
//
//	m.Fault(map[string]any{"endpoint": "orderpaid"}, map[string]any{"cut": "after"})
//
// How often it hits stands beside on and do: times, after, probability.
//
//	m.Fault(map[string]any{"endpoint": "orderpaid"}, map[string]any{"code": 1}, map[string]any{"times": 1})
func (m *Mock) Fault(on, do map[string]any, more ...map[string]any) (id string) {
	m.tb.Helper()
	fault := map[string]any{}
	for _, fields := range more {
		maps.Copy(fault, fields)
	}
	fault["on"], fault["do"] = on, do
	var made struct{ ID string }
	m.Admin(http.MethodPost, "/faults", fault, &made)
	return made.ID
}

// NoFaults takes all faults away.
func (m *Mock) NoFaults() {
	m.tb.Helper()
	m.Admin(http.MethodDelete, "/faults", nil, nil)
}

func (m *Mock) logTroubles() {
	m.tb.Helper()
	var refused control.List[control.Request]
	var pushes control.List[control.Push]
	m.Admin(http.MethodGet, "/requests?order=newest&limit=100", nil, &refused)
	m.Admin(http.MethodGet, "/pushes?limit=1000", nil, &pushes)
	chinese := language() == lang.Chinese
	for _, e := range refused.Items {
		switch {
		case e.Reason == "":
		case chinese:
			m.tb.Logf("模拟平台：%s %s 被拒绝，%s：%s", e.ID, e.Endpoint, e.Reason, e.ExplanationZh)
		default:
			m.tb.Logf("mock: %s %s refused, %s: %s", e.ID, e.Endpoint, e.Reason, e.Explanation)
		}
	}
	for _, p := range pushes.Items {
		switch n := len(p.Attempts); {
		case p.Status == "delivered" || n == 0:
		case chinese:
			m.tb.Logf("模拟平台：推送 %s（%s，%s）没有送达 %s：%s%s", p.ID, p.Kind, p.PlateNumber, p.URL, p.Attempts[n-1].ErrorZh, answered(p.Attempts[n-1]))
		default:
			became := "is pending"
			if p.Status == "failed" {
				became = "has failed"
			}
			m.tb.Logf("mock: push %s %s of %s to %s %s: %s%s", p.ID, p.Kind, p.PlateNumber, p.URL, became, p.Attempts[n-1].Error, answered(p.Attempts[n-1]))
		}
	}
}

// longestAnswer is how much of an answer the log shows, in characters.
const longestAnswer = 300

// answered is what the URL of a push itself answered, behind a semicolon.
func answered(a control.Attempt) string {
	answer := []rune(strings.Join(strings.Fields(a.Response), " "))
	switch {
	case len(answer) == 0:
		return ""
	case len(answer) > longestAnswer:
		answer = append(answer[:longestAnswer], '…')
	}
	return either("; the answer was ", "；应答为 ") + string(answer)
}

// either is the text in the language of the environment.
func either(en, zh string) string { return lang.T(en, zh).In(language()) }

// language is the one that the environment asks for, as for the commands.
func language() string { return lang.OfEnvironment(os.Getenv) }

func query(pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return "?" + q.Encode()
}
