package mocktest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// Answer is the platform's envelope, with the mock's reason for a refusal. Where a fault cut the connection there was none:
// Cut is set and the code is -1.
type Answer struct {
	Code    int             `json:"code"`
	Message string          `json:"message"`
	Data    json.RawMessage `json:"data"`
	Reason  string          `json:"-"` // X-Mock-Reason, such as plate-bound-by-other
	Cut     bool            `json:"-"`
}

// Call makes a signed request of the test's merchant, for what a test needs beside the code it tests.
func (m *Mock) Call(endpoint string, data map[string]any) Answer {
	m.tb.Helper()
	row, known := schemas.Lookup(endpoint)
	if !known {
		m.tb.Fatalf("mocktest: the platform has no endpoint %s", endpoint)
	}
	text, err := json.Marshal(data)
	if err != nil {
		m.tb.Fatalf("mocktest: %v", err)
	}
	stamp := strings.NewReplacer("-", "", ":", "", " ", "").Replace(m.Now()) // the sandbox's time will do
	form := url.Values{"merchant_no": {m.MerchantNo}, "time_stamp": {stamp}, "data": {string(text)}, "sign": {sign.Request(string(text), m.MerchantKey, stamp)}}.Encode()
	target, body := schemas.PathPrefix+endpoint, form
	if row.Method == http.MethodGet {
		target, body = target+"?"+form, ""
	}
	r := httptest.NewRequestWithContext(context.Background(), row.Method, target, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	if cut(m.Server.Handler(), w, r) {
		return Answer{Code: -1, Message: "the connection was cut", Reason: w.Header().Get("X-Mock-Reason"), Cut: true}
	}
	answer := Answer{Reason: w.Header().Get("X-Mock-Reason")}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		m.tb.Fatalf("mocktest: %s: %v", endpoint, err)
	}
	return answer
}

// cut serves a request and tells whether the connection was cut, which a handler without one says by a panic.
func cut(h http.Handler, w http.ResponseWriter, r *http.Request) (aborted bool) {
	defer func() {
		switch failure := recover(); failure {
		case nil:
		case http.ErrAbortHandler:
			aborted = true
		default:
			panic(failure)
		}
	}()
	h.ServeHTTP(w, r)
	return false
}

// must is Call that has to succeed.
func (m *Mock) must(endpoint string, data map[string]any) json.RawMessage {
	m.tb.Helper()
	answer := m.Call(endpoint, data)
	if answer.Code != 0 {
		m.tb.Fatalf("mocktest: %s: code %d %s, %s", endpoint, answer.Code, answer.Message, answer.Reason)
	}
	return answer.Data
}

// Owner signs a phone in through the test's merchant, has it bind vehicles, and gives its token.
func (m *Mock) Owner(phone string, plates ...string) (token string) {
	m.tb.Helper()
	var data struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal(m.must("usersigin", map[string]any{"mobilePhone": phone, "appId": "mocktest"}), &data); err != nil {
		m.tb.Fatalf("mocktest: usersigin: %v", err)
	}
	for _, plate := range plates {
		m.must("bindcar", map[string]any{"token": data.Token, "plateNumber": plate})
	}
	return data.Token
}

// SMS is the latest code sent to a phone.
func (m *Mock) SMS(phone string) string {
	m.tb.Helper()
	var sms struct{ Code string }
	m.Admin(http.MethodGet, "/sms/"+url.PathEscape(phone), nil, &sms)
	return sms.Code
}

// Request is a request that the mock was asked.
type Request struct {
	ID, At, Endpoint, MerchantNo string
	Data                         json.RawMessage
	Code                         int
	Reason, Explanation          string
	Lints                        []struct{ Rule, Detail string }
}

// Requests are those of an endpoint, or all (""), oldest first: the last thousand at most.
func (m *Mock) Requests(endpoint string) []Request {
	m.tb.Helper()
	return m.requests(query("endpoint", endpoint, "limit", "1000"))
}

func (m *Mock) requests(query string) []Request {
	m.tb.Helper()
	var list struct{ Items []Request }
	m.Admin(http.MethodGet, "/requests"+query, nil, &list)
	return list.Items
}

// Saw holds that the endpoint was asked with this data, or more of it, and waits a second for it. What was nearest to it is in the failure.
func (m *Mock) Saw(endpoint string, data map[string]any) {
	m.tb.Helper()
	m.verify("saw no "+endpoint+" like it", "/requests/verify", map[string]any{"endpoint": endpoint, "data": data, "within": "1s"})
}

// NeverSaw holds that the endpoint was not asked with this data (nil: with any) until now.
func (m *Mock) NeverSaw(endpoint string, data map[string]any) {
	m.tb.Helper()
	m.verify("saw "+endpoint, "/requests/verify", map[string]any{"endpoint": endpoint, "data": data, "count": map[string]any{"max": 0}})
}

// Pushed holds that a push of a kind with these fields, or more, was delivered, and waits a second for it.
func (m *Mock) Pushed(kind string, fields map[string]any) {
	m.tb.Helper()
	m.verify("delivered no push "+kind+" like it", "/pushes/verify", map[string]any{"kind": kind, "body": fields, "status": "delivered", "within": "1s"})
}

// InOrder holds that these came in this order, others between them, and waits a second for it. A step is an endpoint (bindcar), a push
// (push:exit), or a car that drove (car:enter, car:exit).
//
//	m.InOrder("bindcar", "car:enter", "orderpaid", "push:exit")
func (m *Mock) InOrder(steps ...string) {
	m.tb.Helper()
	list := make([]map[string]any, len(steps))
	for i, step := range steps {
		kind, name, is := strings.Cut(step, ":")
		if !is {
			kind, name = "endpoint", step
		}
		list[i] = map[string]any{kind: name}
	}
	var out struct {
		OK      bool
		Matched []string
		Missing int
	}
	m.Admin(http.MethodPost, "/verify/sequence", map[string]any{"steps": list, "within": "1s"}, &out)
	if !out.OK {
		m.tb.Errorf("mocktest: step %d of %d, %s, did not come in this order; before it came %s", out.Missing+1, len(steps), steps[out.Missing], strings.Join(out.Matched, ", "))
	}
}

func (m *Mock) verify(failure, path string, want map[string]any) {
	m.tb.Helper()
	for name, value := range want {
		if data, is := value.(map[string]any); is && data == nil {
			delete(want, name)
		}
	}
	var out struct {
		OK      bool
		Matched int
		Detail  string
		Nearest []struct {
			ID      string
			Differs []string
		}
	}
	m.Admin(http.MethodPost, path, want, &out)
	if out.OK {
		return
	}
	wanted, _, _ := strings.Cut(out.Detail, ", matched")
	m.tb.Errorf("mocktest: the mock %s (%d matched): %s", failure, out.Matched, wanted)
	for _, near := range out.Nearest {
		m.tb.Logf("mocktest: nearest %s: %s", near.ID, strings.Join(near.Differs, "; "))
	}
}
