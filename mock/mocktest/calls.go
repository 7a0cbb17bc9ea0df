package mocktest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/chinese"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/internal/suggest"
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
		m.tb.Fatalf("%s%s", either("mocktest: the platform has no endpoint ", "mocktest: 平台没有接口 "), strconv.Quote(endpoint)+likeEndpoint(endpoint))
	}
	if data == nil {
		data = map[string]any{} // null is no data
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

// likeEndpoint names the endpoint that was probably meant, or those there are.
func likeEndpoint(name string) string {
	var known []string
	for _, e := range schemas.Endpoints() {
		known = append(known, e.Name)
	}
	if near := suggest.Nearest(name, known); near != "" {
		return either("; did you mean "+near+"?", "；是否想用 "+near+"？")
	}
	return either("; there are "+strings.Join(known, ", "), "；现有："+strings.Join(known, "、"))
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
	var list struct{ Items []Request }
	m.Admin(http.MethodGet, "/requests"+query("endpoint", endpoint, "limit", "1000"), nil, &list)
	return list.Items
}

// Saw holds that the endpoint was asked with this data, or more of it, and waits a second for it. Numbers are compared by
// value: a payment of 10 is 10.0, "10" and "10.0", which package client sends. What was nearest to it is in the failure.
func (m *Mock) Saw(endpoint string, data map[string]any) {
	m.tb.Helper()
	m.verify(either("saw no "+endpoint+" like it", "没有收到符合条件的 "+endpoint), "/requests/verify", map[string]any{"endpoint": endpoint, "data": data, "byValue": true, "within": "1s"})
}

// NeverSaw holds that the endpoint was not asked with this data (nil: with any) until now.
func (m *Mock) NeverSaw(endpoint string, data map[string]any) {
	m.tb.Helper()
	m.verify(either("saw "+endpoint, "收到了符合条件的 "+endpoint), "/requests/verify", map[string]any{"endpoint": endpoint, "data": data, "byValue": true, "count": map[string]any{"max": 0}})
}

// Pushed holds that a push of a kind with these fields, or more, was delivered, and waits a second for it.
func (m *Mock) Pushed(kind string, fields map[string]any) {
	m.tb.Helper()
	m.verify(either("delivered no push "+kind+" like it", "没有送达符合条件的 "+kind+" 推送"), "/pushes/verify", map[string]any{"kind": kind, "body": fields, "byValue": true, "status": "delivered", "within": "1s"})
}

// InOrder holds that these came in this order, others between them, and waits a second for it. A step is an endpoint (bindcar), a push
// (push:exit), or a car that drove (car:enter, car:exit).
//
//	m.InOrder("bindcar", "car:enter", "orderpaid", "push:exit")
func (m *Mock) InOrder(steps ...string) {
	m.tb.Helper()
	list := make([]map[string]any, len(steps))
	for i, step := range steps {
		kind, name, ok := strings.Cut(step, ":")
		if !ok {
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
		before := either("nothing that was looked for came", "要找的步骤一个也没有出现")
		if len(out.Matched) > 0 {
			before = either("before it came "+strings.Join(out.Matched, ", "), "在它之前出现了 "+strings.Join(out.Matched, "、"))
		}
		m.tb.Errorf(either("mocktest: step %d of %d, %s, did not come in this order; %s", "mocktest: 第 %d 步（共 %d 步）%s 没有按此顺序出现；%s"), out.Missing+1, len(steps), steps[out.Missing], before)
	}
}

func (m *Mock) verify(failure, path string, want map[string]any) {
	m.tb.Helper()
	for name, value := range want {
		if data, ok := value.(map[string]any); ok && data == nil {
			delete(want, name)
		}
	}
	var out struct {
		OK               bool
		Matched          int
		Detail, DetailZh string
		hint
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
	m.tb.Errorf("%s", either(fmt.Sprintf("mocktest: the mock %s (%d matched): %s", failure, out.Matched, wanted), fmt.Sprintf("mocktest: 模拟平台%s：%s", failure, out.DetailZh))+out.because())
	for _, near := range out.Nearest {
		differs := strings.Join(near.Differs, "; ")
		m.tb.Logf("%s", either("mocktest: nearest "+near.ID+": "+differs, "mocktest: 最接近的 "+near.ID+"："+inChinese(near.Differs)))
	}
}

// inChinese are the differences of what came near.
func inChinese(differs []string) string {
	out := make([]string, len(differs))
	for i, text := range differs {
		out[i] = chinese.Of(text)
	}
	return strings.Join(out, "；")
}

// hint is the reason of a failure, where it is known.
type hint struct{ Hint, HintZh string }

// because is the reason as it stands behind the failure.
func (h hint) because() string {
	said := lang.T(h.Hint, h.HintZh).In(language())
	if said == "" {
		return ""
	}
	return either("; ", "；") + said
}
