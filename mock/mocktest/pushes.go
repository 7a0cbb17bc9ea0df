package mocktest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"time"

	"github.com/etcp-mock/etcp-mock/sign"
)

// Push is a push as the mock's log has it.
type Push struct {
	ID, Kind, MerchantNo, PlateNumber, OrderID, URL, Body string
	Status                                                string // pending, delivered, or failed
	Attempts                                              []struct {
		At, Response, Error string
		HTTPStatus          int
	}
}

// Pushes are all pushes, oldest first: the first thousand at most.
func (m *Mock) Pushes() []Push {
	m.tb.Helper()
	var list struct{ Items []Push }
	m.Admin(http.MethodGet, "/pushes?limit=1000", nil, &list)
	return list.Items
}

// PushTo has the merchant's pushes sent to a URL, or only those of the kinds that are named: entry, exit, unbind, certification-invalid.
// Those of other kinds, and what else is set for the merchant, stay as they are: a kind that has a URL of its own keeps it. Unbinding
// (§10.3) and lost certification (§10.4) have the same fields, so most merchants have a URL for each:
//
//	m.PushTo(shop.URL + "/etcp")
//	m.PushTo(shop.URL+"/etcp/unbind", "unbind")
//	m.PushTo(shop.URL+"/etcp/certification-invalid", "certification-invalid")
func (m *Mock) PushTo(to string, kinds ...string) {
	m.tb.Helper()
	var list struct{ Items []map[string]any }
	m.Admin(http.MethodGet, "/merchants?limit=1000", nil, &list)
	merchant := map[string]any{}
	for _, each := range list.Items {
		if each["no"] == m.MerchantNo {
			merchant = each
		}
	}
	hook, _ := merchant["push"].(map[string]any)
	if hook == nil {
		hook = map[string]any{}
	}
	if len(kinds) == 0 {
		hook["url"] = to
	}
	for _, kind := range kinds {
		urls, _ := hook["urls"].(map[string]any)
		if urls == nil {
			urls = map[string]any{}
		}
		urls[kind], hook["urls"] = to, urls
	}
	m.putHook(merchant, hook)
}

// putHook gives the merchant other URLs, and leaves the rest of it as it is.
func (m *Mock) putHook(merchant, hook map[string]any) {
	m.tb.Helper()
	body := map[string]any{"key": m.MerchantKey, "push": hook}
	if name, ok := merchant["name"]; ok {
		body["name"] = name
	}
	m.Admin(http.MethodPut, "/merchants/"+url.PathEscape(m.MerchantNo), body, nil)
}

// Drain waits until every push that is due has been answered.
func (m *Mock) Drain() {
	m.tb.Helper()
	m.Admin(http.MethodPost, "/pushes/drain", map[string]any{"timeout": "5s"}, nil)
}

// Redeliver sends a push once more, byte for byte, and waits for the answer.
func (m *Mock) Redeliver(id string) {
	m.tb.Helper()
	m.Admin(http.MethodPost, "/pushes/"+url.PathEscape(id)+"/redeliver", nil, nil)
	m.Drain()
}

// Inbox is a merchant's endpoint that takes pushes for the test.
type Inbox struct {
	URL string

	m    *Mock
	news chan map[string]any

	mu   sync.Mutex
	fail int
}

// Inbox begins to receive the merchant's pushes of every kind, in place of all URLs that were set. Their signatures are checked; one that is
// wrong fails the test.
func (m *Mock) Inbox() *Inbox {
	m.tb.Helper()
	in := &Inbox{m: m, news: make(chan map[string]any, 1024)}
	server := httptest.NewServer(in)
	m.tb.Cleanup(server.Close)
	in.URL = server.URL
	m.putHook(nil, map[string]any{"url": in.URL})
	return in
}

// FailNext answers the next n pushes with code 1, so that they come again.
func (in *Inbox) FailNext(n int) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.fail = n
}

// ServeHTTP takes one push.
func (in *Inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err == nil {
		err = sign.PushVerifier{MerchantNo: in.m.MerchantNo, Key: in.m.MerchantKey}.Verify(body)
	}
	var fields map[string]any
	if err == nil {
		err = json.Unmarshal(body, &fields)
	}
	if err != nil {
		in.m.tb.Errorf("%s%v: %s", either("mocktest: a push came that is not right: ", "mocktest: 收到的推送不正确："), err, body)
		_, _ = io.WriteString(w, `{"code":4,"message":"签名校验非法"}`)
		return
	}
	in.mu.Lock()
	failing := in.fail > 0
	if failing {
		in.fail--
	}
	in.mu.Unlock()
	if failing {
		_, _ = io.WriteString(w, `{"code":1,"message":"失败"}`)
		return
	}
	select {
	case in.news <- fields:
	default: // nobody looks; the mock's log has them all
	}
	_, _ = io.WriteString(w, `{"code":0,"message":"ok"}`)
}

// Next is the next push that was taken, waited for up to five seconds, as its fields: numbers are float64.
func (in *Inbox) Next() map[string]any {
	in.m.tb.Helper()
	select {
	case fields := <-in.news:
		return fields
	case <-time.After(5 * time.Second):
		var found hint
		in.m.Admin(http.MethodPost, "/pushes/verify", map[string]any{}, &found)
		in.m.tb.Fatalf("%s%s", either("mocktest: no push came within 5s", "mocktest: 5 秒内没有收到推送"), found.because())
		return nil
	}
}

// Empty holds that no push has come that Next has not given, once all that are due are answered.
func (in *Inbox) Empty() {
	in.m.tb.Helper()
	in.m.Drain()
	select {
	case fields := <-in.news:
		in.m.tb.Errorf("%s%v", either("mocktest: a push came: ", "mocktest: 收到了推送："), fields)
	default:
	}
}
