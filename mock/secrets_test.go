package mock_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// session is a person who does everything, right and wrong, and listens.
type session struct {
	*wronged
	heard commandtest.Output
}

func (s *session) asks(method, path string, body any, headers ...string) servertest.Answer {
	s.t.Helper()
	a := s.Ask(s.t, method, path, body, headers...)
	s.hears(a)
	return a
}

func (s *session) hears(a servertest.Answer) {
	fmt.Fprintf(&s.heard, "%d %v\n%s\n", a.Status, a.Header, a.Body)
}

// Merchant keys appear in no answer, log, metric, event, push, error or panic: only a merchant's own listing, a sandbox's
// detail and its state show them.
func TestSecrets(t *testing.T) {
	s := &session{wronged: &wronged{t: t, clock: &atomic.Bool{}}}
	s.controlled = newControlled(t,
		mock.WithLogger(slog.New(slog.NewJSONHandler(&s.heard, &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true}))),
		mock.WithClock(func() time.Time {
			if s.clock.CompareAndSwap(true, false) {
				panic("the clock fell down")
			}
			return time.Now()
		}))
	events := s.listens()
	keys := []string{servertest.Key, otherMerchantKey}
	var made struct {
		Merchants []struct{ MerchantKey string }
	}
	require.NoError(t, json.Unmarshal([]byte(s.Ask(t, http.MethodPost, "/__admin/sandboxes", `{"id":"made-up"}`).Body), &made))
	keys = append(keys, made.Merchants[0].MerchantKey)

	failing := atomic.Bool{}
	failing.Store(true)
	merchant := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(&s.heard, "%v %s", r.Header, body)
		if failing.Load() {
			w.WriteHeader(http.StatusTeapot)
		}
		_, _ = io.WriteString(w, `{"code":0}`)
	}))
	defer merchant.Close()
	for no, key := range map[string]string{"M1": servertest.Key, "M2": otherMerchantKey} {
		s.Do(t, http.MethodPut, "/merchants/"+no, map[string]any{"key": key, "push": map[string]any{"url": merchant.URL}})
	}

	s.signsWrongly()
	s.worksAndParks()
	failing.Store(false)
	s.asks(http.MethodPost, servertest.Default+"/clock/advance", `{"by":"10m"}`)
	s.breaks()
	s.errs()
	s.looks()
	events()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, s.Mock.Close(ctx))

	all := strings.ToLower(s.heard.String())
	require.Greater(t, len(all), 100_000)
	for _, sign := range []string{"sign-mismatch", "the clock fell down", "stayedtime", "etcp_mock_requests_total", "event: request", "nearest"} {
		require.Contains(t, all, sign, "the session heard too little")
	}
	for _, key := range keys {
		for _, dress := range []string{key, url.QueryEscape(key), strings.ReplaceAll(key, "-", `\u002d`)} {
			if at := strings.Index(all, strings.ToLower(dress)); at >= 0 {
				t.Fatalf("a key came out: …%s…", all[max(0, at-300):min(len(all), at+100)])
			}
		}
	}
	require.Contains(t, s.listed, servertest.Key, "the one place that shows it")
}

// listens follows the events of default and writes them down as they come.
func (s *session) listens() (stop func()) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+servertest.Default+"/events", http.NoBody)
	require.NoError(s.t, err)
	answer, err := s.HTTP.Do(r) //nolint:bodyclose // stop does
	require.NoError(s.t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(&s.heard, answer.Body)
	}()
	return func() {
		cancel()
		_ = answer.Body.Close()
		<-done
	}
}

// signsWrongly makes the mistakes that people make with a key.
func (s *session) signsWrongly() {
	s.t.Helper()
	const k = servertest.Key
	data, stamp := `{"plateNumber":"渝ATX061","token":"x"}`, servertest.Stamp()
	for _, signed := range []string{
		strings.ToLower(sign.Request(data, k, stamp)), sign.Request(data, stamp, k), sign.Request(url.QueryEscape(data), k, stamp),
		sign.Request(data, k+"\n", stamp), sign.Request(data, strings.ToUpper(k), stamp), sign.Request(data, otherMerchantKey, stamp),
		sign.Request(data+"&key=", k, stamp), sign.Request(data, k, "20170820120000"), sign.Request(data, k, stamp)[:30], "nonsense", strings.Repeat("0F", 16),
	} {
		a := s.SendSigned(s.t, "bindcar", data, signed, stamp)
		s.hears(a)
		require.Contains(s.t, a.Body, `"code":4`)
		s.asks(http.MethodPost, "/__admin/sign/explain", map[string]any{"merchantNo": "M1", "data": data, "timeStamp": stamp, "sign": signed})
		s.asks(http.MethodPost, "/__admin/sign/explain", map[string]any{"merchantKey": k, "data": data, "timeStamp": stamp, "sign": signed})
		s.asks(http.MethodPost, "/__admin/sign/explain", map[string]any{"merchantNo": "M1", "push": map[string]any{"a": "b", "signment": signed}})
	}
	// A key that was put where it does not belong is hidden in what is said of it.
	s.asks(http.MethodPost, "/__admin/sign/explain", map[string]any{"merchantNo": "M1", "data": `{"key":"` + k + `"}`, "timeStamp": k, "sign": "x"})
}

func (s *session) worksAndParks() {
	s.t.Helper()
	s.token = s.Bind(s.t, wrongPhone, "渝ATX061")
	s.parks("渝ATX061")
	s.asks(http.MethodPost, servertest.Default+"/clock/advance", `{"by":"45m"}`)
	row := s.unpaid("渝ATX061")
	s.hears(s.pays(row, 4, "x1"))
	s.hears(s.pays(row, 5, "x1"))
	s.asks(http.MethodPost, servertest.Default+"/cars/exit", `{"plateNumber":"渝ATX061"}`)
	for _, endpoint := range schemas.Endpoints() {
		s.hears(s.signs(endpoint.Name, map[string]any{"token": s.token, "plateNumber": "渝ATX061", "mobilePhone": wrongPhone, "appId": "A", "parkingId": "1", "city": "重庆市"}))
		s.hears(s.signs(endpoint.Name, `{}`))
		s.hears(s.signs(endpoint.Name, `{}`, "nobody", otherMerchantKey))
	}
}

// breaks has the mock itself fail, and faults at work.
func (s *session) breaks() {
	s.t.Helper()
	s.clock.Store(true)
	s.hears(s.signs("parkingstatus", map[string]any{"parkingId": "1"}))
	s.clock.Store(true)
	s.asks(http.MethodGet, servertest.Default+"/orders", nil)
	s.asks(http.MethodPost, servertest.Default+"/faults", `{"on":{"endpoint":"carnum"},"times":1,"do":{"code":2}}`)
	s.asks(http.MethodPost, servertest.Default+"/faults", `{"on":{"push":"entry"},"times":1,"do":{"corruptSign":true}}`)
	s.hears(s.signs("carnum", map[string]any{"token": s.token}))
	s.asks(http.MethodPost, servertest.Default+"/pushes", `{"merchantNo":"M1","kind":"entry"}`)
	s.asks(http.MethodPost, servertest.Default+"/pushes/drain", nil)
}

// errs sends the control API what it refuses, with keys in it.
func (s *session) errs() {
	s.t.Helper()
	for _, body := range []string{
		`{"key":"` + servertest.Key + `","push":{"url":"ftp://x"}}`, `{"key":"` + servertest.Key + `","no":"M9"}`,
		`{"key":"` + servertest.Key + `","colour":1}`, `{"key":["` + servertest.Key + `"]}`, `{"key":"` + servertest.Key, `{"key":"` + strings.Repeat(servertest.Key, 200) + `"}`,
	} {
		require.GreaterOrEqual(s.t, s.asks(http.MethodPut, servertest.Default+"/merchants/M1", body).Status, 400, body)
	}
	for _, body := range []string{
		`{"fixture":{"merchants":[{"no":"M1","key":"` + servertest.Key + `"}]}}`,
		`{"fixture":{"merchants":[{"no":"","key":"` + servertest.Key + `"},{"no":"a","key":"` + servertest.Key + `"},{"no":"a","key":"` + servertest.Key + `"}]}}`,
		`{"fixture":{"merchants":{"key":"` + servertest.Key + `"}}}`,
	} {
		require.GreaterOrEqual(s.t, s.asks(http.MethodPost, "/__admin/sandboxes", body).Status, 400, body)
	}
	state := s.Ask(s.t, http.MethodGet, servertest.Default+"/state", nil).Body
	require.Contains(s.t, state, servertest.Key)
	for _, change := range [][2]string{
		{`"version":2`, `"version":99`},
		{`"start":"2017`, `"start":"0017`},
		{`"merchants":`, `"merchants":7,"x":`},
		{`"key":"` + servertest.Key, `"key":7,"k":"` + servertest.Key},
		{`"entries":`, `"entries":{},"x":`},
		{"渝ATX061/1", servertest.Key},
	} {
		broken := strings.Replace(state, change[0], change[1], 1)
		require.NotEqual(s.t, state, broken, change[0])
		s.asks(http.MethodPut, "/__admin/sandboxes/made-up/state", broken)
	}
	s.asks(http.MethodPut, "/__admin/sandboxes/made-up/state", state) // whose merchants are another sandbox's
}

// looks reads everything there is to read, but the three places that show keys.
func (s *session) looks() {
	s.t.Helper()
	s.listed = s.Ask(s.t, http.MethodGet, servertest.Default+"/merchants", nil).Body
	for _, path := range []string{
		"/requests?limit=1000", "/requests?limit=1000&order=newest", "/pushes?limit=1000", "/orders", "/rules", "/clock", "/parkings", "/vehicles",
		"/users/" + wrongPhone, "/sms/" + wrongPhone, "/faults", "/recording",
	} {
		s.asks(http.MethodGet, servertest.Default+path, nil)
	}
	for _, path := range []string{"/metrics", "/healthz", "/readyz", "/__admin/version", "/__admin/sandboxes", "/__admin/openapi.json", "/__admin/scenarios", "/console/", "/__admin/nothing"} {
		s.asks(http.MethodGet, path, nil)
	}
	s.asks(http.MethodPost, servertest.Default+"/requests/verify", `{"endpoint":"bindcar","data":{"plateNumber":"渝A00001"}}`)
	s.asks(http.MethodPost, servertest.Default+"/pushes/verify", `{"kind":"exit","body":{"stayedTime":1}}`)
	stream := s.Follow(s.t, "0-0")
	first, _ := stream.Next()
	fmt.Fprintf(&s.heard, "%v", first)
	stream.Close()
}

// A merchant's key that was sent as sign, or inside data, is hidden wherever what was sent is shown: listing, entry, events and digest, log,
// verification, stays, differences, recording, log lines.
func TestSecrets_sentByMistake(t *testing.T) {
	s := &session{wronged: &wronged{t: t, clock: &atomic.Bool{}}}
	s.controlled = newControlled(t, mock.WithLogger(slog.New(slog.NewJSONHandler(&s.heard, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	stop := s.listens()
	const k = servertest.Key
	s.token = s.Bind(t, wrongPhone, "渝ATX061")
	s.parks("渝ATX061")
	s.Ask(t, http.MethodPost, servertest.Default+"/clock/advance", `{"by":"45m"}`)
	row := s.unpaid("渝ATX061")
	require.Contains(t, s.pays(row, 5, k).Body, `"code":0`, "the key as the merchant's own number of a payment")
	data, stamp := `{"plateNumber":"渝ATX061","token":"`+k+`"}`, servertest.Stamp()
	escaped := fmt.Sprintf(`\u%04x`, k[0]) + k[1:]
	for _, sent := range []struct{ data, sign, stamp string }{
		{data, k, stamp},
		{data, sign.Request(data, k, stamp), stamp},
		{`{"` + k + `":[{"a":"` + escaped + `"}],"appId":"x` + k + `x"}`, "x", stamp},
		{data, sign.Request(data, k, stamp), k},
		{`no JSON: ` + k + ` " \u0000`, k, stamp},
		{`{"orderId":"` + k + `","plateNumber":"` + k + `","carNumber":"` + k + `"}`, "x", stamp},
		{`{"mobilePhone":"` + k + `","appId":"` + k + `"}`, sign.Request(`{"mobilePhone":"`+k+`","appId":"`+k+`"}`, k, stamp), stamp},
	} {
		for _, endpoint := range []string{"bindcar", "usersigin", "orderunpay", "orderpaid"} {
			s.SendSigned(t, endpoint, sent.data, sent.sign, sent.stamp)
		}
	}
	s.swapsSettings(k)
	s.cutsShort(k)
	s.looks()
	for _, path := range []string{
		"/log?limit=1000", "/stays/" + fmt.Sprint(row["orderId"]), "/diff?from=1", "/requests/r3", "/orders", "/users", "/requests?reason=sign-mismatch", "/requests?limit=500", "/recording",
	} {
		require.Equal(t, http.StatusOK, s.asks(http.MethodGet, servertest.Default+path, nil).Status, path)
	}
	s.asks(http.MethodPost, servertest.Default+"/requests/verify", `{"endpoint":"bindcar","data":{"token":"another"}}`)
	s.asks(http.MethodPost, servertest.Default+"/verify/sequence", `{"steps":[{"endpoint":"orderpaid","data":{"externalOrderId":"another"}}]}`)
	stop()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, s.Mock.Close(ctx))

	all := s.heard.String()
	for _, shown := range []string{"sign-mismatch", "•••", "event: request", `"differs"`, "rawData", `"kind":"order"`} {
		require.Contains(t, all, shown, "the session heard too little")
	}
	for _, dress := range []string{k, k[:6], url.QueryEscape(k), escaped, strings.ReplaceAll(escaped, `\`, `\\`), strings.ReplaceAll(escaped, `\`, `\\\\`), percentEncoded(k)} {
		if at := strings.Index(strings.ToLower(all), strings.ToLower(dress)); at >= 0 {
			t.Fatalf("a key came out: …%s…", all[max(0, at-300):min(len(all), at+100)])
		}
	}
}

// swapsSettings sends the key as what it is not: the number of the merchant, and the last element of the path.
func (s *session) swapsSettings(key string) {
	s.t.Helper()
	for _, path := range []string{
		"carnum?" + url.Values{"merchant_no": {key}, "time_stamp": {servertest.Stamp()}, "data": {`{}`}, "sign": {"M1"}}.Encode(),
		url.PathEscape(key), "x" + percentEncoded(key),
		"parkingstatus?merchant_no=M1&data=" + url.QueryEscape(`{"parkingId":"`+strings.ReplaceAll(key, key[:1], fmt.Sprintf(`\\u%04x`, key[0]))+`","a":"`+percentEncoded(key)+`"}`),
	} {
		s.hears(s.Ask(s.t, http.MethodGet, schemas.PathPrefix+path, nil))
	}
}

// cutsShort sends the key behind so much else that whatever shortens what was sent cuts through it: a name, a header, a path, a text of data, data itself.
func (s *session) cutsShort(key string) {
	s.t.Helper()
	for _, most := range []int{40, 60, 200, 256, 512} {
		for left := 2; left < len(key); left++ {
			fill := strings.Repeat("x", most-left)
			s.SendSigned(s.t, "parkingstatus", `{"parkingId":"`+fill+key+`"}`, "x", servertest.Stamp())
			s.hears(s.Ask(s.t, http.MethodGet, schemas.PathPrefix+fill+key+"?data="+url.QueryEscape(fill+percentEncoded(key)), nil))
		}
	}
	s.SendSigned(s.t, "parkingstatus", key, "x", servertest.Stamp())
}

// percentEncoded is a text as a URL may have it that escapes every character.
func percentEncoded(text string) string {
	var out strings.Builder
	for _, b := range []byte(text) {
		fmt.Fprintf(&out, "%%%02X", b)
	}
	return out.String()
}
