// Package contracttest is what the tests of the contract packages share: a mock, and the same mock with a bug.
package contracttest

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/handlertransport"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// NewMock is a mock in this process, which closes with the test.
func NewMock(tb testing.TB) scenarios.Target {
	tb.Helper()
	return scenarios.InProcess(NewHandler(tb))
}

// NewHandler is the handler of such a mock.
func NewHandler(tb testing.TB) http.Handler {
	tb.Helper()
	server, err := mock.New(mock.WithSeed(1))
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, server.Close(tb.Context())) })
	return server.Handler()
}

// Broken are the ids of the cases that have a failure.
func Broken(r *report.Report) (ids []string) {
	for i := range r.Cases {
		if len(r.Cases[i].Failures) > 0 {
			ids = append(ids, r.Cases[i].ID)
		}
	}
	return ids
}

// Bug is a platform that is broken in one way: what is answered in place of what the mock answers.
type Bug struct {
	Name  string
	Finds string // in the kind of what is found
	Spoil func(endpoint string, r *http.Request, status int, body string) (int, string)
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

// Bugs are planted, one at a time.
var Bugs = []Bug{
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
	{"malformed plates are accepted", "code 0 for 6 bindcar", accepts("bindcar", "6")},
	{"signatures are not verified", "code 0 for 4", accepts("unbindcar", "4")},
	{"old requests are accepted", "code 0 for 3", accepts("", "3")},
	{"vehicles are miscounted", "state carnum", on("carnum", `"number":2`, `"number":3`)},
	{"what is not bound is unbound", "code 0 for 20100", accepts("unbindcar", "20100")},
	{"a fourth vehicle is bound", "code 0 for 20803", accepts("bindcar", "20803")},
	{"a fee is text", "schema orderunpay", on("orderunpay", `"remainingFee":5,`, `"remainingFee":"5",`)},
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

// BrokenMock is a mock with a bug in front of it.
type BrokenMock struct {
	http.Handler
	Bug Bug
}

func (b BrokenMock) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, endpoint, ok := strings.Cut(r.URL.Path, "/openapi/")
	if !ok {
		b.Handler.ServeHTTP(w, r)
		return
	}
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	_ = r.ParseForm()
	r.Body = io.NopCloser(bytes.NewReader(body))
	held, spoilt := handlertransport.NewAnswer(), handlertransport.NewAnswer()
	b.Handler.ServeHTTP(held, r)
	status, text := b.Bug.Spoil(endpoint, r, held.Status(), string(held.Body()))
	maps.Copy(spoilt.Header(), held.Sent())
	spoilt.Header().Del("Content-Length")
	spoilt.WriteHeader(status)
	_, _ = io.WriteString(spoilt, text)
	spoilt.Give(w)
}
