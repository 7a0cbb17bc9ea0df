package proxy_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/contract"
	"github.com/etcp-mock/etcp-mock/contract/internal/contracttest"
	"github.com/etcp-mock/etcp-mock/contract/proxy"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// before starts a mock and, before it, the proxy, and gives the proxy's URL.
func before(t *testing.T, p *proxy.Proxy, o ...mock.Option) string {
	t.Helper()
	server, err := mock.New(append(o, mock.WithSeed(1))...)
	require.NoError(t, err)
	upstream := httptest.NewServer(server.Handler())
	p.Upstream, err = url.Parse(upstream.URL)
	require.NoError(t, err)
	front := httptest.NewServer(p)
	t.Cleanup(func() {
		front.Close()
		upstream.Close()
		require.NoError(t, server.Close(context.WithoutCancel(t.Context())))
	})
	return front.URL
}

// What goes through the proxy is judged and recorded, and the recording replays.
func TestProxy(t *testing.T) {
	var recorded strings.Builder
	p := &proxy.Proxy{Scenario: &recorded}
	front := before(t, p)

	c := client.New(front, "demo", "demo-key")
	send := func(endpoint string, data map[string]any) *client.Answer {
		answer, err := c.Do(t.Context(), endpoint, data)
		require.NoError(t, err)
		return answer
	}
	signedIn := send("usersigin", map[string]any{"mobilePhone": "13800000009", "appId": "ETCP"})
	token := strings.Split(string(signedIn.Data), `"`)[3]
	send("bindcar", map[string]any{"token": token, "plateNumber": "渝A 12345"})
	send("carnum", map[string]any{"token": token})
	send("bindcar", map[string]any{"token": token, "plateNumber": "渝"})
	asked, err := control.New(front).Sandboxes(t.Context(), control.Page{})
	require.NoError(t, err)
	require.NotEmpty(t, asked.Items, "what is asked of a mock's control API is passed on, and no traffic of the platform's")

	r, err := p.Report()
	require.NoError(t, err)
	require.Len(t, r.Cases, 4)
	require.Equal(t, report.Warned, r.Cases[1].Status, "a plate with a space is accepted, though the document has none")
	require.Equal(t, report.ExitPassed, r.ExitCode())
	require.NotContains(t, recorded.String(), token, "it is a variable")
	require.NotContains(t, recorded.String(), "demo-key")

	s, err := scenarios.Parse("recorded.yaml", []byte(recorded.String()))
	require.NoError(t, err, recorded.String())
	again, err := contract.Run(t.Context(), contracttest.NewMock(t), s.Cases()...)
	require.NoError(t, err)
	require.Equal(t, report.ExitPassed, again.ExitCode(), recorded.String())
}

// Whatever characters are sent, the recording can be read.
func TestProxy_oddCharacters(t *testing.T) {
	t.Parallel()
	var recorded strings.Builder
	front := before(t, &proxy.Proxy{Scenario: &recorded})
	c := client.New(front, "demo", "demo-key")
	const odd = "x\x7f\u0080\u0085\u009f\u2028\u2029\ufeff\ufffe\uffffy"
	_, err := c.Do(t.Context(), "parkingstatus", map[string]any{"parkingId": odd})
	require.NoError(t, err)
	res, err := http.Post(front+"/"+url.PathEscape(odd), "text/plain", strings.NewReader(odd)) //nolint:noctx // short
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	_, err = scenarios.Parse("recorded.yaml", []byte(recorded.String()))
	require.NoError(t, err, recorded.String())
	require.Contains(t, recorded.String(), `\u007f\u0080\u0085\u009f\u2028\u2029\ufeff\ufffe\uffffy`)
}

// What a client does wrong is its own fault, and is recorded as it was: signature, time stamp, merchant, method, parameters, version and path.
func TestProxy_clientsFaults(t *testing.T) {
	var recorded strings.Builder
	p := &proxy.Proxy{Scenario: &recorded}
	front := before(t, p)
	ask := func(method, path string, params url.Values) string {
		var body io.Reader = http.NoBody
		address := front + path
		if method == http.MethodPost {
			body = strings.NewReader(params.Encode())
		} else {
			address += "?" + params.Encode()
		}
		req, err := http.NewRequestWithContext(t.Context(), method, address, body)
		require.NoError(t, err)
		if method == http.MethodPost {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		res, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		text, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		return string(text)
	}
	const status = "/merchant/open/1.0.0/openapi/parkingstatus"
	params := func(no, key, data string, at time.Time) url.Values {
		stamp := at.In(client.Zone).Format("20060102150405")
		return url.Values{"merchant_no": {no}, "time_stamp": {stamp}, "data": {data}, "sign": {sign.Request(data, key, stamp)}}
	}
	now := time.Now()
	data := `{"parkingId":"${x}"}`
	require.Contains(t, ask("POST", status, params("demo", "another key", data, now)), `"code":4`)
	require.Contains(t, ask("POST", status, params("demo", "demo-key", data, now.Add(-11*time.Minute))), `"code":3`)
	require.Contains(t, ask("POST", status, params("nobody", "demo-key", data, now)), `"code":5`)
	require.Contains(t, ask("GET", status, params("demo", "demo-key", data, now)), `"code":1`)
	without := params("demo", "demo-key", data, now)
	without.Del("sign")
	require.Contains(t, ask("POST", status, without), `"code":20102`)
	require.Contains(t, ask("POST", status, params("demo", "demo-key", "[]", now)), `"code":6`)
	require.Contains(t, ask("POST", "/merchant/open/1.0.0/openapi/nosuch", params("demo", "demo-key", data, now)), `"code":1`)

	r, err := p.Report()
	require.NoError(t, err)
	require.Len(t, r.Cases, 7)
	require.Empty(t, contracttest.Broken(r))
	s, err := scenarios.Parse("recorded.yaml", []byte(recorded.String()))
	require.NoError(t, err, recorded.String())
	again, err := contract.Run(t.Context(), contracttest.NewMock(t), s.Cases()...)
	require.NoError(t, err)
	require.Equal(t, report.ExitPassed, again.ExitCode(), "%s\n%+v", recorded.String(), again.Cases[0].Failures)
}

// An answer that is cut is reported; what came of it is passed on.
func TestProxy_cutAnswer(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"code":0`)
	}))
	defer upstream.Close()
	to, err := url.Parse(upstream.URL)
	require.NoError(t, err)
	p := &proxy.Proxy{Upstream: to}
	front := httptest.NewServer(p)
	defer front.Close()
	_, err = client.New(front.URL, "demo", "demo-key").Do(t.Context(), "carnum", map[string]any{"token": "t"})
	require.Error(t, err)
	r, err := p.Report()
	require.NoError(t, err)
	require.Equal(t, report.ExitBroken, r.ExitCode())
	require.Contains(t, r.Cases[0].Failures[0].Message, "cut after 9 bytes")
}

// Pushes on their way back are judged: the push by §10, and what the merchant answers.
func TestProxy_pushes(t *testing.T) {
	merchant := httptest.NewServer(&client.PushHandler{MerchantNo: "demo", Key: "demo-key", Notice: client.KindUnbind})
	defer merchant.Close()
	to, err := url.Parse("http://127.0.0.1:1")
	require.NoError(t, err)
	back, err := url.Parse(merchant.URL)
	require.NoError(t, err)
	p := &proxy.Proxy{Upstream: to, Merchant: back, MerchantNo: "demo", Key: "demo-key"}
	front := httptest.NewServer(p)
	defer front.Close()
	push := func(key, order string) string {
		data := map[string]string{
			"right": `{"plateNumber":"渝ATX061","time":"2017-08-20 12:00:00"}`,
			"other": `{"time":"2017-08-20 12:00:00","plateNumber":"渝ATX061"}`,
		}[order]
		body := strings.TrimSuffix(data, "}") + `,"signment":"` + sign.Push("demo", data, key) + `"}`
		res, err := http.Post(front.URL+"/etcp/unbind", "application/json", strings.NewReader(body)) //nolint:noctx // the platform's
		require.NoError(t, err)
		text, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		return string(text)
	}
	require.Contains(t, push("demo-key", "right"), `"code":0`)
	require.Contains(t, push("another key", "right"), `"code":4`)
	require.Contains(t, push("demo-key", "other"), `"code":0`)
	r, err := p.Report()
	require.NoError(t, err)
	require.Equal(t, []report.Status{report.Passed, report.Failed, report.Failed}, []report.Status{r.Cases[0].Status, r.Cases[1].Status, r.Cases[2].Status}, "%+v", r.Cases)
	require.Contains(t, r.Cases[1].Failures[0].Message, "code 4")
	require.Contains(t, r.Cases[2].Failures[0].Message, "§10 fixes the order")
}

// A platform whose answers violate the schemas is caught on the way.
func TestProxy_brokenUpstream(t *testing.T) {
	server, err := mock.New(mock.WithSeed(1))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close(t.Context())) })
	upstream := httptest.NewServer(contracttest.BrokenMock{Handler: server.Handler(), Bug: contracttest.Bugs[3]})
	to, err := url.Parse(upstream.URL)
	require.NoError(t, err)
	p := &proxy.Proxy{Upstream: to}
	front := httptest.NewServer(p)
	defer front.Close()
	c := client.New(front.URL, "demo", "demo-key")
	_, err = c.Do(t.Context(), "usersigin", map[string]any{"mobilePhone": "13800000009", "appId": "ETCP"})
	require.NoError(t, err)
	r, err := p.Report()
	require.NoError(t, err)
	require.Equal(t, []string{"1-usersigin"}, contracttest.Broken(r))

	upstream.Close()
	_, err = c.Do(t.Context(), "carnum", map[string]any{"token": "t"})
	require.Error(t, err)
	r, err = p.Report()
	require.NoError(t, err)
	require.Equal(t, report.ExitUnreachable, r.ExitCode())
}

// A key that a client sends by mistake, as its signature, in data or in a path, is neither in the recording nor in the report.
func TestProxy_keySentByMistake(t *testing.T) {
	const key = "a-key/that nobody may see"
	var recorded strings.Builder
	p := &proxy.Proxy{Scenario: &recorded, MerchantNo: "demo", Key: key}
	front := before(t, p, mock.WithFixture([]byte(`{"merchants":[{"no":"demo","key":"`+key+`"}]}`)))
	for _, target := range []string{
		schemas.PathPrefix + "carnum?" + url.Values{"merchant_no": {"demo"}, "time_stamp": {"20170820120000"}, "data": {`{"token":"` + key + `"}`}, "sign": {key}}.Encode(),
		"/nowhere?key=" + url.QueryEscape(key), "/nowhere?key=" + url.PathEscape(key),
	} {
		response, err := http.Get(front + target)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
	}
	r, err := p.Report()
	require.NoError(t, err)
	require.Len(t, r.Cases, 3)
	written, err := json.Marshal(r)
	require.NoError(t, err)
	for _, output := range []string{recorded.String(), string(written)} {
		for _, spelling := range []string{key, url.QueryEscape(key), url.PathEscape(key)} {
			require.NotContains(t, output, spelling)
		}
	}
	require.Contains(t, recorded.String(), "•••")
}

// An answer to a path that the document has not is said in the language of the proxy.
func TestProxy_noSuchPath(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }))
	defer upstream.Close()
	to, err := url.Parse(upstream.URL)
	require.NoError(t, err)
	for language, want := range map[string]string{
		"en": "the request: the document has no such path, and HTTP 200 came", "zh": "请求：文档中没有这个路径，却得到 HTTP 200",
	} {
		p := &proxy.Proxy{Upstream: to, Language: language}
		answer := httptest.NewRecorder()
		p.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/nowhere", http.NoBody))
		require.Equal(t, http.StatusOK, answer.Code)
		r, err := p.Report()
		require.NoError(t, err)
		require.Equal(t, want, r.Cases[0].Failures[0].Message)
	}
}

// With a merchant behind it, what is asked of a mock's control API goes to the mock, and a look at the merchant's address is no push: neither is judged.
func TestProxy_whatIsNoPush(t *testing.T) {
	var asked []string
	upstream := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked = append(asked, "mock "+r.URL.Path) }))
	defer upstream.Close()
	merchant := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked = append(asked, "merchant "+r.URL.Path) }))
	defer merchant.Close()
	to, err := url.Parse(upstream.URL)
	require.NoError(t, err)
	back, err := url.Parse(merchant.URL)
	require.NoError(t, err)
	var recorded strings.Builder
	p := &proxy.Proxy{Upstream: to, Merchant: back, MerchantNo: "demo", Key: "demo-key", Scenario: &recorded, Language: "zh"}
	ask := func(method, path, body string) {
		p.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body)))
	}
	ask(http.MethodGet, "/__admin/sandboxes", "")
	ask(http.MethodPost, "/__admin/sandboxes/default/cars/enter", `{"plateNumber":"渝ATX061","parkingId":"1"}`)
	ask(http.MethodGet, "/readyz", "")
	ask(http.MethodGet, "/favicon.ico", "")
	require.Equal(t, []string{"mock /__admin/sandboxes", "mock /__admin/sandboxes/default/cars/enter", "mock /readyz", "merchant /favicon.ico"}, asked)
	r, err := p.Report()
	require.NoError(t, err)
	require.Empty(t, r.Cases)
	require.NotContains(t, recorded.String(), "http:")
	ask(http.MethodPost, "/etcp", `{"a":1}`)
	r, err = p.Report()
	require.NoError(t, err)
	require.Equal(t, "1-push", r.Cases[0].ID)
	require.Equal(t, "未知类型的推送", r.Cases[0].Title)
	require.Equal(t, "推送：它的字段不属于任何推送类型", r.Cases[0].Failures[len(r.Cases[0].Failures)-2].Message)
}
