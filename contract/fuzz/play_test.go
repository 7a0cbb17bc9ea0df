package fuzz

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/fuzz/internal/model"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// wrapping is a player that can wrap data, under a value of the rule sign.whitespace.
func wrapping(whitespace string) *player {
	p := &player{f: &fuzzing{}, setup: model.Usual(), no: [2]string{"Merchant-1", "Merchant-2"}, key: model.Keys}
	p.setup.Whitespace = whitespace
	p.f.fuzzer.Target.Now = func() time.Time { return model.Usual().Clock }
	return p
}

// Each override makes a request wrong in the one way that it is named for, whatever the data: its signature is another, its stamp is none or an old one, a parameter is missing.
// Where a rule accepts what is signed all the same, it is right.
func TestOverrides(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, o := range overrides {
		require.False(t, names[o.name], o.name)
		names[o.name] = true
		for whitespace, data := range map[string]string{"exact": signedData, "strip": `{"token":"t"}`, "either": signedData} {
			p := wrapping(whitespace)
			step := fuzzStep{overrides: []string{o.name}}
			e := p.wrap(&step, data)
			if o.check == checkSign && e.failed == 0 {
				require.True(t, whitespace != "exact" && o.hashed != nil, o.name)
				continue
			}
			require.Equal(t, o.check, e.failed, o.name)
			stamp := e.values["time_stamp"]
			at, err := time.ParseInLocation(client.StampLayout, stamp, client.Zone)
			switch o.check {
			case checkPresent:
				require.Empty(t, e.values[o.omit+o.empty])
			case checkMerchant:
				require.NotEqual(t, p.no[0], e.values["merchant_no"])
			case checkStamp:
				require.True(t, err != nil || len(stamp) != len(client.StampLayout), "%s is a time", stamp)
			case checkWindow:
				require.NoError(t, err)
				require.Greater(t, at.Sub(model.Usual().Clock).Abs(), 10*time.Minute)
			case checkSign:
				require.NotEqual(t, sign.Request(data, p.key[0], stamp), e.values["sign"])
			default:
				require.True(t, o.fits)
			}
		}
	}
}

// Of several wrong things the first check answers, and an honest request passes them all.
func TestPlayer_wrap(t *testing.T) {
	t.Parallel()
	p := wrapping("exact")
	require.Zero(t, p.wrap(&fuzzStep{as: 1}, `{"token":"t"}`).failed)
	require.Equal(t, checkPresent, p.wrap(&fuzzStep{overrides: []string{"key other", "no sign"}}, "{}").failed)
	require.Equal(t, checkMerchant, p.wrap(&fuzzStep{overrides: []string{"stamp 2017-08-20", "merchant {merchant}x"}}, "{}").failed)
	require.Equal(t, checkWindow, p.wrap(&fuzzStep{overrides: []string{"key other"}, expired: true, stamp: "20010101120000"}, "{}").failed)
	require.Zero(t, p.wrap(&fuzzStep{strip: true}, "{}").failed, "there is nothing to strip")
	require.Equal(t, checkSign, p.wrap(&fuzzStep{strip: true}, "{ }").failed)
	require.Zero(t, wrapping("either").wrap(&fuzzStep{strip: true}, "{ }").failed)
	require.Zero(t, wrapping("strip").wrap(&fuzzStep{}, "{ }").failed)
}

// A request is sent as its way says: the parameters where they are wanted, the method, the path, the headers and the size.
func TestPlayer_httpRequest(t *testing.T) {
	t.Parallel()
	p := wrapping("exact")
	p.f.fuzzer.Target.URL = "http://h"
	sent := func(endpoint, way string) (*http.Request, string) {
		f := &fuzzStep{subject: endpoint, way: way}
		r, err := p.httpRequest(t.Context(), f, p.wrap(f, "{}"))
		require.NoError(t, err)
		body, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		return r, string(body)
	}
	r, body := sent("bindcar", "")
	require.Equal(t, "POST http://h/merchant/open/1.0.0/openapi/bindcar application/x-www-form-urlencoded;charset=utf-8", r.Method+" "+r.URL.String()+" "+r.Header.Get("Content-Type"))
	require.Regexp(t, `^merchant_no=Merchant-1&time_stamp=20170820120000&data=%7B%7D&sign=[0-9A-F]{32}$`, body)
	r, body = sent("carnum", "")
	require.Equal(t, "GET", r.Method)
	require.Empty(t, body)
	require.Regexp(t, `^merchant_no=Merchant-1&`, r.URL.RawQuery)
	r, body = sent("bindcar", "sign in the query")
	require.Regexp(t, `^sign=[0-9A-F]{32}$`, r.URL.RawQuery)
	require.Regexp(t, `^merchant_no=Merchant-1&data=%7B%7D&time_stamp=20170820120000$`, body)
	r, _ = sent("bindcar", "a body of -")
	require.NotContains(t, r.Header, "Content-Type")
	_, body = sent("bindcar", "a mebibyte")
	require.Len(t, body, 1<<20)
	r, _ = sent("carnum", "with an ending")
	require.Equal(t, "/merchant/open/1.0.0/openapi/carnum.json", r.URL.Path)
	r, body = sent("bindcar", "by GET")
	require.Equal(t, "GET", r.Method)
	require.Empty(t, body)
	for _, w := range ways {
		require.Same(t, wayOf[w.name], wayOf[w.name], "each has a name of its own: %s", w.name)
	}
	require.Len(t, wayOf, len(ways))
}

// An answer is held to what holds for every answer, in this order: it came, it is no 5xx, it is an envelope, with the status, the headers, a code of the table, the code that is
// known, the schema and the message of §11.
func TestPlayer_judge(t *testing.T) {
	t.Parallel()
	f := &fuzzing{}
	f.answered.Store(true)
	p := &player{f: f}
	e, known := schemas.Lookup("carnum")
	require.True(t, known)
	answer := func(status, code int, message, data string) *client.Answer {
		raw := fmt.Sprintf(`{"code":%d,"message":%q%s}`, code, message, data)
		return &client.Answer{HTTPStatus: status, Code: code, Message: message, Raw: []byte(raw), Header: http.Header{"Content-Type": {"application/json;charset=UTF-8"}}}
	}
	plain := func(a *client.Answer, kind string) *client.Answer {
		a.Header.Set("Content-Type", kind)
		return a
	}
	ok := `,"data":{"number":1}`
	for _, c := range []struct {
		name   string
		answer *client.Answer
		err    error
		step   fuzzStep
		want   int
		kind   string
	}{
		{"right", answer(200, 0, "ok", ok), nil, fuzzStep{}, 0, ""},
		{"right, where nothing is known", answer(200, 20101, "无效 token", ""), nil, fuzzStep{}, model.Unsure, ""},
		{"cut", nil, fmt.Errorf("read: %w", io.ErrUnexpectedEOF), fuzzStep{}, model.Unsure, "cut carnum"},
		{"5xx", answer(502, 0, "ok", ok), nil, fuzzStep{}, model.Unsure, "5xx carnum"},
		{"no envelope", answer(200, 0, "", ""), errors.New("no JSON"), fuzzStep{}, model.Unsure, "envelope carnum"},
		{"another status", answer(404, 0, "ok", ok), nil, fuzzStep{}, model.Unsure, "status carnum"},
		{"the status of another method", answer(200, 0, "ok", ok), nil, fuzzStep{way: "by PUT"}, model.Unsure, "status carnum"},
		{"its own fault", answer(200, schemas.CodeServerError, "服务器错误", ""), nil, fuzzStep{}, model.Unsure, "error carnum"},
		{"text", plain(answer(200, 0, "ok", ok), "text/plain"), nil, fuzzStep{}, 0, "header carnum"},
		{"GBK", plain(answer(200, 0, "ok", ok), "application/json;charset=GBK"), nil, fuzzStep{}, 0, "header carnum"},
		{"no charset", plain(answer(200, 0, "ok", ok), "application/json"), nil, fuzzStep{}, 0, ""},
		{"a code of another endpoint", answer(200, schemas.CodeBoundByOther, "该车辆已被他人绑定", ""), nil, fuzzStep{}, model.Unsure, "table carnum"},
		{"garbage that is accepted", answer(200, 0, "ok", ok), nil, fuzzStep{raw: "[]"}, 6, "code 0 for 6 carnum"},
		{"a good one that is refused", answer(200, 20101, "无效 token", ""), nil, fuzzStep{}, 0, "code 20101 for 0 carnum"},
		{"a number as text", answer(200, 0, "ok", `,"data":{"number":"1"}`), nil, fuzzStep{}, 0, "schema carnum"},
		{"another message", answer(200, 20101, "invalid token", ""), nil, fuzzStep{}, model.Unsure, "message 20101 carnum"},
	} {
		status := http.StatusOK
		if w := wayOf[c.step.way]; w != nil {
			status = w.status
		}
		b := p.judge(e, &c.step, c.answer, c.err, expected{code: c.want, status: status})
		if c.kind == "" {
			require.Nil(t, b, c.name)
			continue
		}
		require.NotNil(t, b, c.name)
		require.Equal(t, c.kind, b.kind, c.name)
		require.True(t, strings.HasPrefix(b.message, "carnum: "), b.message)
	}
	refused := p.judge(e, &fuzzStep{overrides: []string{"sign {lower}"}}, answer(200, 0, "ok", ok), nil, expected{code: 4, status: 200})
	require.Equal(t, "carnum: accepted sign {lower}", refused.message)
	method := answer(405, 1, "失败", "")
	method.Header.Set("Allow", "PUT")
	require.Contains(t, p.judge(e, &fuzzStep{way: "by PUT"}, method, nil, expected{code: 1, status: 405}).message, `Allow "PUT", want GET`)
}
