package mock_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/bench/baseline"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// request is one signed request that can be served again and again.
type request struct {
	method, target, body string
}

func signed(method, endpoint, data string) request {
	stamp := time.Now().In(time.FixedZone("CST", 8*3600)).Format("20060102150405")
	form := url.Values{
		"merchant_no": {"demo"}, "time_stamp": {stamp}, "data": {data}, "sign": {sign.Request(data, "demo-key", stamp)},
	}.Encode()
	target := schemas.PathPrefix + endpoint
	if method == http.MethodGet {
		return request{method: method, target: target + "?" + form}
	}
	return request{method: method, target: target, body: form}
}

// discard is a response writer that keeps nothing but the header, so that the
// handler is measured and not a recorder.
type discard struct {
	header http.Header
	bytes  int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(int)             {}
func (d *discard) Write(p []byte) (int, error) { d.bytes += len(p); return len(p), nil }

func (r request) serve(h http.Handler) int {
	q, _ := http.NewRequest(r.method, r.target, strings.NewReader(r.body)) //nolint:noctx // no network
	if r.method == http.MethodPost {
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	q.RequestURI = r.target
	w := &discard{header: http.Header{}}
	h.ServeHTTP(w, q)
	return w.bytes
}

func demo(tb testing.TB, opts ...mock.Option) http.Handler {
	tb.Helper()
	gin.SetMode(gin.ReleaseMode)
	server, err := mock.New(append([]mock.Option{mock.WithSeed(1)}, opts...)...)
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, server.Close(tb.Context())) })
	return server.Handler()
}

// ask serves one request and gives its answer's data.
func ask(tb testing.TB, h http.Handler, r request) json.RawMessage {
	tb.Helper()
	q := httptest.NewRequest(r.method, r.target, strings.NewReader(r.body))
	if r.method == http.MethodPost {
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, q)
	var answer struct {
		Code    int             `json:"code"`
		Data    json.RawMessage `json:"data"`
		Message string          `json:"message"`
	}
	require.NoError(tb, json.Unmarshal(w.Body.Bytes(), &answer))
	require.Zero(tb, answer.Code, "%s: %s %s", r.target, answer.Message, w.Header().Get("X-Mock-Reason"))
	return answer.Data
}

func tokenOf(tb testing.TB, h http.Handler, phone string) string {
	tb.Helper()
	var data struct{ Token string }
	require.NoError(tb, json.Unmarshal(ask(tb, h, signed("POST", "usersigin", `{"mobilePhone":"`+phone+`","appId":"ETCP"}`)), &data))
	return data.Token
}

// measured repeats a call, and reports the processor time of each beside the
// time: that is what a busy machine leaves comparable.
func measured(b *testing.B, call func()) {
	b.Helper()
	before := processorTime()
	for b.Loop() {
		call()
	}
	b.ReportMetric(float64(processorTime()-before)/float64(b.N), "cpu-ns/op")
}

// BenchmarkRequest takes one request through the whole handler: state,
// signature and journal on. The baseline is a bare Gin handler.
func BenchmarkRequest(b *testing.B) {
	h := demo(b)
	token := tokenOf(b, h, "13800000001")
	bind := signed("POST", "bindcar", `{"token":"`+token+`","plateNumber":"渝ATX061"}`)
	ask(b, h, bind)
	rows := []struct {
		name string
		request
		handler http.Handler
	}{
		{"baseline/GET", signed("GET", "carnum", `{"token":"`+token+`"}`), baseline.Handler()},
		{"baseline/POST", bind, baseline.Handler()},
		{"carnum", signed("GET", "carnum", `{"token":"`+token+`"}`), h},
		{"bindcar", bind, h},
		{"orderunpay", signed("GET", "orderunpay", `{"token":"`+token+`","plateNumber":"渝ATX061"}`), h},
		{"surroundingparking", signed("POST", "surroundingparking", `{"city":"重庆市"}`), h},
		{"usersigin", signed("POST", "usersigin", `{"mobilePhone":"13800000001","appId":"ETCP"}`), h},
		{"wrong-signature/carnum", wrongly(signed("GET", "carnum", `{"token":"`+token+`"}`)), h}, // a flood of these costs no more than right ones
		{"wrong-signature/bindcar", wrongly(bind), h},
	}
	for _, row := range rows {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			measured(b, func() {
				if row.serve(row.handler) == 0 {
					b.Fatal("no answer")
				}
			})
		})
	}
}

// wrongly is a request with the signature of nothing.
func wrongly(r request) request {
	wrong := "sign=" + strings.Repeat("0F", 16)
	at := regexp.MustCompile(`sign=[0-9A-F]{32}`)
	r.target, r.body = at.ReplaceAllString(r.target, wrong), at.ReplaceAllString(r.body, wrong)
	return r
}

// TestRequest_allocations holds what a request may allocate: under 60 objects,
// with the test's own request among them.
func TestRequest_allocations(t *testing.T) {
	h := demo(t)
	token := tokenOf(t, h, "13800000001")
	for _, r := range []request{
		signed("GET", "carnum", `{"token":"`+token+`"}`),
		signed("POST", "bindcar", `{"token":"`+token+`","plateNumber":"渝ATX061"}`),
		signed("GET", "orderunpay", `{"token":"`+token+`","plateNumber":"渝ATX061"}`),
		wrongly(signed("POST", "bindcar", `{"token":"`+token+`","plateNumber":"渝ATX061"}`)),
	} {
		require.Less(t, testing.AllocsPerRun(200, func() { r.serve(h) }), 60.0, r.target)
	}
}

// city is a fixture with many vehicles, all registered and parked, and car parks.
func city(vehicles, parkings int) []byte {
	var f strings.Builder
	f.WriteString(`{"merchants":[{"no":"demo","key":"demo-key"}],"parkings":[`)
	for i := range parkings {
		if i > 0 {
			f.WriteByte(',')
		}
		fmt.Fprintf(&f, `{"id":"%d","name":"P%d","city":"重庆市","lat":"%.4f","lon":"%.4f","totalSpace":1000000}`,
			i+1, i+1, 29+float64(i%1000)/1000, 106+float64(i/1000)/1000)
	}
	f.WriteString(`],"vehicles":[`)
	for i := range vehicles {
		if i > 0 {
			f.WriteByte(',')
		}
		fmt.Fprintf(&f, `{"plateNumber":"渝B%05d","plateColor":"1"}`, i)
	}
	f.WriteString(`],"orders":[`)
	for i := range vehicles {
		if i > 0 {
			f.WriteByte(',')
		}
		fmt.Fprintf(&f, `{"plateNumber":"渝B%05d","plateColor":"1","parkingId":"%d","entranceTime":"2017-08-20 12:00:00"}`, i, i%max(parkings, 1)+1)
	}
	f.WriteString(`]}`)
	return []byte(f.String())
}

// BenchmarkCity asks the same of an almost empty sandbox and of one with
// 100 000 vehicles, parked in 10 000 car parks.
func BenchmarkCity(b *testing.B) {
	for _, size := range []struct{ vehicles, parkings int }{{1, 1}, {100_000, 10_000}} {
		h := demo(b, mock.WithFixture(city(size.vehicles, size.parkings)))
		token := tokenOf(b, h, "13800000001")
		ask(b, h, signed("POST", "bindcar", `{"token":"`+token+`","plateNumber":"渝B00000"}`))
		for _, r := range []request{
			signed("GET", "carnum", `{"token":"`+token+`"}`),
			signed("GET", "orderunpay", `{"token":"`+token+`","plateNumber":"渝B00000"}`),
			signed("POST", "bindcar", `{"token":"`+token+`","plateNumber":"渝B00000"}`),
			signed("POST", "parkingstatus", `{"parkingId":"1"}`),
		} {
			name, _, _ := strings.Cut(strings.TrimPrefix(r.target, schemas.PathPrefix), "?")
			b.Run(fmt.Sprintf("%s/vehicles=%d", name, size.vehicles), func(b *testing.B) {
				measured(b, func() { r.serve(h) })
			})
		}
	}
}

// BenchmarkState takes out the state of a sandbox with 100 000 vehicles as JSON.
func BenchmarkState(b *testing.B) {
	h := demo(b, mock.WithFixture(city(100_000, 10_000)))
	b.ResetTimer()
	for b.Loop() {
		q := httptest.NewRequest(http.MethodGet, "/__admin/sandboxes/default/state", http.NoBody)
		q.Host = "127.0.0.1"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, q)
		if n, _ := io.Copy(io.Discard, w.Body); n < 1_000_000 {
			b.Fatal("no state")
		}
	}
}

// BenchmarkRestore puts that state back.
func BenchmarkRestore(b *testing.B) {
	h := demo(b, mock.WithFixture(city(100_000, 10_000)))
	ask := func(method, body string) string {
		q := httptest.NewRequest(method, "/__admin/sandboxes/default/state", strings.NewReader(body))
		q.Host = "127.0.0.1"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, q)
		require.Equal(b, http.StatusOK, w.Code)
		return w.Body.String()
	}
	state := ask(http.MethodGet, "")
	b.SetBytes(int64(len(state)))
	for b.Loop() {
		ask(http.MethodPut, state)
	}
}
