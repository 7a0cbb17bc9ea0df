package contract_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/contract"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// The mock keeps the contract for whatever is sent to it.
func TestFuzzer_mockIsClean(t *testing.T) {
	calls := int64(100_000)
	if raceEnabled || testing.Short() {
		calls = 5_000
	}
	start := time.Now()
	r, findings := contract.Fuzzer{Target: newMock(t), Seed: 1, MaxCalls: calls}.Run(t.Context())
	for _, f := range findings {
		t.Errorf("%s: %s\n%s%s", f.Kind, f.Message, f.Scenario, f.Curl)
	}
	require.Equal(t, report.ExitPassed, r.ExitCode())
	t.Logf("%d requests, %.0f a second", r.Requests, float64(r.Requests)/time.Since(start).Seconds())
}

// bug is a platform that is broken in one way: what is answered in place of what the mock answers.
type bug struct {
	name  string
	finds string // in the kind of what is found
	spoil func(endpoint string, r *http.Request, status int, body string) (int, string)
}

// on breaks an answer of an endpoint ("" is any) that holds a text.
func on(endpoint, holds, instead string) func(string, *http.Request, int, string) (int, string) {
	return func(e string, _ *http.Request, status int, body string) (int, string) {
		if (endpoint == "" || e == endpoint) && strings.Contains(body, holds) {
			return status, strings.Replace(body, holds, instead, 1)
		}
		return status, body
	}
}

// accepts answers ok in place of a code.
func accepts(endpoint, code string) func(string, *http.Request, int, string) (int, string) {
	return func(e string, _ *http.Request, status int, body string) (int, string) {
		if (endpoint == "" || e == endpoint) && strings.HasPrefix(body, `{"code":`+code+`,`) {
			return status, `{"code":0,"message":"ok"}`
		}
		return status, body
	}
}

var bugs = []bug{
	{"500 on a plate that ends in 学", "5xx", func(_ string, r *http.Request, status int, body string) (int, string) {
		if strings.Contains(r.Form.Get("data"), "学") {
			return 500, "<h1>Internal Server Error</h1>"
		}
		return status, body
	}},
	{"a text of §11 is wrong", "message 20802", on("bindcar", "该车辆已被他人绑定", "该车辆已绑定")},
	{"a code of another endpoint", "table usersigin", on("usersigin", `"code":20201`, `"code":20203`)},
	{"no token", "schema usersigin", on("usersigin", `"token"`, `"tocken"`)},
	{"a number as text", "schema carnum", func(e string, _ *http.Request, status int, body string) (int, string) {
		if e == "carnum" {
			body = strings.NewReplacer(`"number":1`, `"number":"1"`, `"number":2`, `"number":"2"`).Replace(body)
		}
		return status, body
	}},
	{"malformed plates are taken", "code 0 for 6 bindcar", accepts("bindcar", "6")},
	{"signatures are not verified", "code 0 for 4", accepts("unbindcar", "4")},
	{"old requests are taken", "code 0 for 3", accepts("", "3")},
	{"vehicles are miscounted", "state carnum", on("carnum", `"number":2`, `"number":3`)},
	{"what is not bound is unbound", "code 0 for 20100", accepts("unbindcar", "20100")},
	{"a fourth vehicle is bound", "code 0 for 20803", accepts("bindcar", "20803")},
	{"a fee is text", "schema orderunpay", on("orderunpay", `"remainingFee":5`, `"remainingFee":"5"`)},
	{"any amount pays", "orderpaid", on("orderpaid", `"code":20206,"message":"支付金额与应付金额不匹配"`, `"code":0,"message":"支付通知成功"`)},
	{"6 where 20102 belongs", "code 6 for 20102", on("", `"code":20102,"message":"缺少必要参数"`, `"code":6,"message":"参数错误"`)},
	{"void tokens are good", "for 20101 carnum", on("carnum", `"code":20101,"message":"无效 token"`, `"code":0,"message":"ok","data":{"number":0}`)},
	{"a parked car is not listed", "state orderunpay", func(e string, _ *http.Request, status int, body string) (int, string) {
		if i := strings.Index(body, `"data":[{`); e == "orderunpay" && i > 0 {
			return status, `{"code":0,"data":[],"message":"ok"}`
		}
		return status, body
	}},
	{"crashes on data that is no UTF-8", "cut", func(_ string, r *http.Request, status int, body string) (int, string) {
		if data := r.Form.Get("data"); strings.ToValidUTF8(data, "") != data {
			panic(http.ErrAbortHandler)
		}
		return status, body
	}},
}

// brokenMock is a mock with a bug in front of it.
type brokenMock struct {
	http.Handler
	bug bug
}

type heldBack struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (w *heldBack) WriteHeader(status int)      { w.status = status }
func (w *heldBack) Write(p []byte) (int, error) { return w.body.Write(p) }

func (b brokenMock) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, endpoint, is := strings.Cut(r.URL.Path, "/openapi/")
	if !is {
		b.Handler.ServeHTTP(w, r)
		return
	}
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	_ = r.ParseForm()
	r.Body = io.NopCloser(bytes.NewReader(body))
	held := &heldBack{ResponseWriter: w, status: 200}
	b.Handler.ServeHTTP(held, r)
	status, text := b.bug.spoil(endpoint, r, held.status, held.body.String())
	w.Header().Del("Content-Length")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

// Every planted bug is found, and shrunk to a scenario that shows it.
func TestFuzzer_findsPlantedBugs(t *testing.T) {
	server, err := mock.New(mock.WithSeed(1))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close(t.Context())) })
	for _, b := range bugs {
		t.Run(b.name, func(t *testing.T) {
			target := scenarios.InProcess(brokenMock{server.Handler(), b})
			start := time.Now()
			r, findings := contract.Fuzzer{Target: target, Seed: 1, MaxTime: 30 * time.Second, MaxFindings: 1, Workers: 1}.Run(t.Context())
			require.NotEmpty(t, findings, "not found within 30 s")
			found := findings[0]
			t.Logf("%s after %s: %s", found.Kind, time.Since(start), found.Message)
			require.Contains(t, found.Kind, b.finds)
			require.Equal(t, report.ExitBroken, r.ExitCode())
			require.Contains(t, found.Curl, "curl ")
			require.LessOrEqual(t, strings.Count(found.Scenario, "  - "), 13, found.Scenario)

			s, err := scenarios.Parse("found.yaml", []byte(found.Scenario))
			require.NoError(t, err, found.Scenario)
			again, err := contract.Run(t.Context(), target, s.Cases()...)
			require.NoError(t, err)
			if !strings.HasPrefix(found.Kind, "state ") && !strings.HasPrefix(found.Kind, "message ") { // what only the fuzzer knows
				require.Equal(t, 1, again.Count(report.Failed)+again.Count(report.Skipped), "the scenario shows it: %s", found.Scenario)
			}
		})
	}
}

// The same seed makes the same calls.
func TestFuzzer_seed(t *testing.T) {
	run := func() []contract.Finding {
		server, err := mock.New(mock.WithSeed(1))
		require.NoError(t, err)
		defer func() { require.NoError(t, server.Close(t.Context())) }()
		_, findings := contract.Fuzzer{
			Target: scenarios.InProcess(brokenMock{server.Handler(), bugs[10]}), Seed: 5, MaxCalls: 50_000, MaxFindings: 1, Workers: 1,
		}.Run(t.Context())
		return findings
	}
	one, two := run(), run()
	require.Len(t, one, 1)
	require.Equal(t, one[0].Scenario, two[0].Scenario)
}

func TestFuzzer_unreachable(t *testing.T) {
	target := scenarios.Platform("http://127.0.0.1:1", "M1", "k")
	r, findings := contract.Fuzzer{Target: target, Seed: 1, MaxCalls: 10}.Run(t.Context())
	require.Empty(t, findings)
	require.Equal(t, report.ExitUnreachable, r.ExitCode())
}
