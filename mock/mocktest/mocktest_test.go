package mocktest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/etcp-mock/etcp-mock/mock/mocktest"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// The tests read what is said in English; those of Chinese ask for it.
func TestMain(m *testing.M) {
	_ = os.Setenv("ETCP_MOCK_LANG", "en")
	goleak.VerifyTestMain(m)
}

type envelope struct {
	Code    int
	Message string
	Data    json.RawMessage
	reason  string
}

// call sends a signed request over real HTTP and checks the answer's schema.
func call(t *testing.T, m *mocktest.Mock, endpoint string, data map[string]any) envelope {
	t.Helper()
	text, err := json.Marshal(data)
	require.NoError(t, err)
	row, ok := schemas.Lookup(endpoint)
	require.True(t, ok)
	stamp := time.Now().In(time.FixedZone("", 8*3600)).Format("20060102150405")
	form := url.Values{"merchant_no": {m.MerchantNo}, "time_stamp": {stamp}, "data": {string(text)}, "sign": {sign.Request(string(text), m.MerchantKey, stamp)}}
	var body io.Reader
	to := m.URL + schemas.PathPrefix + endpoint
	if row.Method == http.MethodGet {
		to += "?" + form.Encode()
	} else {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(t.Context(), row.Method, to, body)
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	answer, err := (&http.Client{Transport: transport}).Do(r)
	require.NoError(t, err)
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, answer.StatusCode)
	require.NoError(t, schemas.ValidateAnswer(endpoint, raw))
	var e envelope
	require.NoError(t, json.Unmarshal(raw, &e), string(raw))
	e.reason = answer.Header.Get("X-Mock-Reason")
	return e
}

// merchant is an endpoint that takes pushes.
type merchant struct {
	*httptest.Server

	mu     sync.Mutex
	bodies []string
	answer func(n int) string
}

func newMerchant(t *testing.T, answer func(n int) string) *merchant {
	t.Helper()
	mc := &merchant{answer: answer}
	mc.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var buf bytes.Buffer
		_, _ = buf.ReadFrom(r.Body)
		mc.mu.Lock()
		mc.bodies = append(mc.bodies, buf.String())
		n := len(mc.bodies)
		mc.mu.Unlock()
		_, _ = io.WriteString(w, mc.answer(n))
	}))
	t.Cleanup(mc.Close)
	return mc
}

func (mc *merchant) received() []string {
	mc.mu.Lock()
	defer mc.mu.Unlock()
	return append([]string(nil), mc.bodies...)
}

func token(t *testing.T, m *mocktest.Mock) string {
	t.Helper()
	e := call(t, m, "usersigin", map[string]any{"mobilePhone": "13800000001", "appId": "ETCP"})
	require.Zero(t, e.Code, e.reason)
	var data struct{ Token string }
	require.NoError(t, json.Unmarshal(e.Data, &data))
	return data.Token
}

// The main story over real HTTP: a car parks, its owner pays, it leaves.
func TestStory(t *testing.T) {
	mc := newMerchant(t, func(int) string { return `{"code":0,"message":"ok"}` })
	m := mocktest.New(t)
	m.PushTo(mc.URL)
	tok := token(t, m)
	require.Zero(t, call(t, m, "bindcar", map[string]any{"token": tok, "plateNumber": "渝ATX061"}).Code)
	order := m.Enter("渝ATX061")
	m.Drain()
	require.Len(t, mc.received(), 1)
	require.Contains(t, mc.received()[0], order)
	require.NoError(t, sign.PushVerifier{MerchantNo: m.MerchantNo, Key: m.MerchantKey}.Verify([]byte(mc.received()[0])))
	m.Advance("1h30m")
	unpaid := call(t, m, "orderunpay", map[string]any{"token": tok, "plateNumber": "渝ATX061"})
	require.Contains(t, string(unpaid.Data), `"remainingFee":10,`)
	var rows []struct{ OrderID, VerificationInfo string }
	require.NoError(t, json.Unmarshal(unpaid.Data, &rows))
	pay := map[string]any{"token": tok, "orderId": order, "externalOrderId": "E1", "payment": 11, "payTime": "2017-08-20 13:30:00", "verificationInfo": rows[0].VerificationInfo}
	refused := call(t, m, "orderpaid", pay)
	require.Equal(t, 20206, refused.Code)
	require.Equal(t, "payment-mismatch", refused.reason)
	pay["payment"] = 10
	paid := call(t, m, "orderpaid", pay)
	require.Equal(t, "支付通知成功", paid.Message)
	m.Exit("渝ATX061")
	m.Drain()
	require.Len(t, mc.received(), 2)
	require.Contains(t, string(call(t, m, "orderhistory", map[string]any{"token": tok}).Data), `"parkingFee":"10.0","actual":"0.0"`)
}

// §10: anything but code 0 is retried on push.schedule, then failed; advancing over
// the schedule runs all of it, and a redelivery is byte-identical.
func TestPushes_retriesOnTheSandboxClock(t *testing.T) {
	mc := newMerchant(t, func(int) string { return `{"code":"0","message":"a string is not the number 0"}` })
	m := mocktest.New(t)
	m.PushTo(mc.URL)
	require.Zero(t, call(t, m, "bindcar", map[string]any{"token": token(t, m), "plateNumber": "渝ATX061"}).Code)
	m.Enter("渝ATX061")
	m.Advance("1h")
	var pushes struct {
		Items []struct {
			ID, Status string
			Attempts   []struct{ At, Error string }
		}
	}
	m.Admin(http.MethodGet, "/pushes", nil, &pushes)
	require.Len(t, pushes.Items, 1)
	require.Equal(t, "failed", pushes.Items[0].Status)
	at := []string{}
	for _, a := range pushes.Items[0].Attempts {
		at = append(at, a.At[11:])
	}
	require.Equal(t, []string{"12:00:00", "12:00:10", "12:00:40", "12:02:40", "12:07:40", "12:22:40"}, at)
	m.Admin(http.MethodPost, "/pushes/"+pushes.Items[0].ID+"/redeliver", nil, nil)
	m.Drain()
	bodies := mc.received()
	require.Len(t, bodies, 7)
	require.Equal(t, bodies[0], bodies[6])
}

// A fault that cuts the connection is an answer that never came, not the end of the test.
func TestMock_callThatIsCut(t *testing.T) {
	m := mocktest.New(t)
	m.Fault(map[string]any{"endpoint": "parkingstatus"}, map[string]any{"cut": "before"})
	answer := m.Call("parkingstatus", map[string]any{"parkingId": "1"})
	require.True(t, answer.Cut)
	require.Equal(t, -1, answer.Code)
	m.NoFaults()
	require.Zero(t, m.Call("parkingstatus", map[string]any{"parkingId": "1"}).Code)
}

// A payment is the same amount however it is written; exactly what was sent is for the control API.
func TestSaw_byValue(t *testing.T) {
	t.Parallel()
	m := mocktest.New(t)
	m.Call("orderpaid", map[string]any{"token": "t", "orderId": "1", "payment": "10.0"})
	for _, payment := range []any{10, 10.0, "10", "10.0", json.Number("10.00")} {
		m.Saw("orderpaid", map[string]any{"payment": payment})
	}
	m.NeverSaw("orderpaid", map[string]any{"payment": "10.01"})
}

// What a test has done is a scenario that does it again, without a key in it.
func TestRecording(t *testing.T) {
	t.Parallel()
	m := mocktest.New(t)
	m.Owner("13800000001", "渝ATX061")
	m.Enter("渝ATX061")
	m.Advance("90m")
	text := m.Recording()
	scenario, err := scenarios.Parse("checkout.yaml", []byte(text))
	require.NoError(t, err)
	require.NotContains(t, text, m.MerchantKey)
	library := scenarios.NewLibrary(nil)
	require.NoError(t, library.Add(scenario))
	for _, step := range []string{"call: usersigin", "call: bindcar", "enter: ", "advance: 1h30m"} {
		require.Contains(t, text, step)
	}
}
