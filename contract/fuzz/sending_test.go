package fuzz

import (
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// recorder is a platform that keeps the last request, and answers always the same.
type recorder struct {
	request *http.Request
	body    string
	answer  string
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.request, r.body = req, string(body)
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("X-Mock-Reason", "because")
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, r.answer)
}

// read are the parameters as a platform reads them (§3.1): of a form's body, and of what this does not have, of the query.
func (r *recorder) read(t *testing.T) url.Values {
	t.Helper()
	kind, _, _ := strings.Cut(r.request.Header.Get("Content-Type"), ";")
	all, _ := url.ParseQuery(r.request.URL.RawQuery)
	if r.request.Method == http.MethodPost && strings.EqualFold(strings.TrimSpace(kind), form) {
		sent, _ := url.ParseQuery(r.body)
		maps.Copy(all, sent)
	}
	return all
}

func signature(parts ...string) string {
	return fmt.Sprintf("%X", md5.Sum([]byte(strings.Join(parts, ""))))
}

// recording is a player whose requests a recorder gets.
func recording() (*player, *recorder) {
	to := &recorder{answer: `{"code":0,"message":"ok"}`}
	p := wrapping("exact")
	now := p.f.fuzzer.Target.Now
	p.f = playing(to)
	p.f.fuzzer.Target.Now = now
	return p, to
}

// Each way sends what its row says: with code 0 a platform reads the four parameters as they were wrapped, with 20102 it misses one, with 404 the path is of no endpoint,
// with 405 the method is another than the endpoint's, and with 413 the body is larger than a mebibyte.
func TestWays_sent(t *testing.T) {
	t.Parallel()
	for _, w := range ways {
		for _, e := range schemas.Endpoints() {
			if w.on != "" && w.on != e.Method || w.isLarge() && e.Name != "bindcar" {
				continue
			}
			p, to := recording()
			step := fuzzStep{subject: e.Name, way: w.name}
			wrapped := p.wrap(&step, `{"token":"a b+c&d=é"}`)
			_, err := p.send(t.Context(), &step, wrapped)
			require.NoError(t, err, w.name)
			read, path := to.read(t), strings.TrimPrefix(to.request.URL.Path, "/merchant/open/1.0.0/openapi/")
			_, known := schemas.Lookup(path)
			missing := slices.ContainsFunc(parameters[:], func(name string) bool { return read.Get(name) == "" })
			switch {
			case w.status == http.StatusNotFound:
				require.False(t, known, "%s: %s", w.name, to.request.URL)
				continue
			case w.status == http.StatusMethodNotAllowed:
				require.NotEqual(t, e.Method, to.request.Method, w.name)
				require.Equal(t, w.method, to.request.Method)
			case w.status == http.StatusRequestEntityTooLarge:
				require.Len(t, to.body, 1<<20+1, w.name)
			case w.code == schemas.CodeMissingParameter:
				require.True(t, missing, "%s: %v", w.name, read)
			default:
				require.Zero(t, w.code, w.name)
				for name, value := range wrapped.values {
					require.Equal(t, value, read.Get(name), "%s: %s", w.name, name)
				}
				require.Equal(t, signature(read.Get("data"), p.key[0], read.Get("time_stamp")), read.Get("sign"), w.name)
			}
			require.Equal(t, e.Name, path, w.name)
			require.Equal(t, w.chunked, to.request.ContentLength == -1, w.name)
			for name, value := range w.headers {
				require.Equal(t, strings.TrimPrefix(value, "-"), to.request.Header.Get(name), w.name)
			}
		}
	}
}

// Each override is on the wire as it is named: this parameter is not sent, or empty; that one is another than the merchant's own; the rest is as ever.
func TestOverrides_sent(t *testing.T) {
	t.Parallel()
	const data = `{"token":"t"}`
	for _, o := range overrides {
		p, to := recording()
		step := fuzzStep{subject: "bindcar", overrides: []string{o.name}}
		_, err := p.send(t.Context(), &step, p.wrap(&step, data))
		require.NoError(t, err, o.name)
		read := to.read(t)
		want := url.Values{"merchant_no": {p.no[0]}, "time_stamp": {"20170820120000"}, "data": {data}}
		switch part := o.part(); {
		case o.omit != "":
			require.NotContains(t, read, part)
		case o.empty != "":
			require.Equal(t, []string{""}, read[part], o.name)
		case part != "sign":
			require.NotEqual(t, want[part], read[part], o.name)
			require.Equal(t, signature(data, p.key[0], read.Get("time_stamp")), read.Get("sign"), "%s: nothing else is wrong", o.name)
		case o.key == "other":
			require.Equal(t, signature(data, p.key[1], "20170820120000"), read.Get("sign"))
		}
		for name := range want {
			require.True(t, name == o.part() || slices.Equal(want[name], read[name]), "%s: %s is %q", o.name, name, read[name])
		}
	}
}

// Data that is encoded in an unusual way stands in the request as it is, and what it decodes to is signed; or, where the override says so, itself.
func TestEncodings_sent(t *testing.T) {
	t.Parallel()
	for _, one := range encodings {
		p, to := recording()
		step := fuzzStep{subject: "carnum", raw: one.decoded(), encoded: one.text}
		_, err := p.send(t.Context(), &step, p.wrap(&step, step.raw))
		require.NoError(t, err, one.text)
		require.Contains(t, to.request.URL.RawQuery, "&data="+one.text+"&sign=")
		read := to.read(t)
		require.Equal(t, signature(read.Get("data"), p.key[0], "20170820120000"), read.Get("sign"), one.text)
		step.overrides = []string{asSent}
		wrapped := p.wrap(&step, step.raw)
		require.Equal(t, signature(one.text, p.key[0], "20170820120000"), wrapped.values["sign"])
		require.Equal(t, checkSign, wrapped.failed)
	}
	require.Equal(t, "x", encoding{"%zz"}.decoded())
}

// What was answered is taken apart: its status, its reason, its code and message, and its data unless this is null. An answer by HEAD has no body to take apart.
func TestPlayer_send(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		answer        string
		code          int
		message, data string
		fails         bool
	}{
		{`{"code":0,"message":"ok","data":{"number":1}}`, 0, "ok", `{"number":1}`, false},
		{`{"code":20101,"message":"无效 token","data":null}`, 20101, "无效 token", "", false},
		{`{"message":"ok"}`, 0, "", "", true},
		{`{"code":"0"}`, 0, "", "", true},
		{"<html>", 0, "", "", true},
		{"", 0, "", "", true},
	} {
		p, to := recording()
		to.answer = c.answer
		step := fuzzStep{subject: "carnum"}
		a, err := p.send(t.Context(), &step, p.wrap(&step, "{}"))
		require.Equal(t, c.fails, errors.Is(err, errNoEnvelope), "%s: %v", c.answer, err)
		require.Equal(t, client.Answer{
			Endpoint: "carnum", HTTPStatus: http.StatusAccepted, Reason: "because", Raw: []byte(c.answer), Code: c.code, Message: c.message, Data: a.Data, Header: a.Header,
		}, *a)
		require.Equal(t, c.data, string(a.Data))
		step.way = "by HEAD"
		_, err = p.send(t.Context(), &step, p.wrap(&step, "{}"))
		require.NoError(t, err)
	}
}

// An answer that has met its schema is known again, of its endpoint and to the byte; one with data or of many bytes never is.
func TestKnown(t *testing.T) {
	t.Parallel()
	var k known
	answer := func(endpoint, raw string) *client.Answer { return &client.Answer{Endpoint: endpoint, Raw: []byte(raw)} }
	for raw, kept := range map[string]bool{
		`{"code":6,"message":"参数错误"}`: true, `{"code":0,"message":"ok","data":{}}`: false, `{"code":6,"message":"` + strings.Repeat("x", longestSeen) + `"}`: false,
	} {
		first := answer("carnum", raw)
		met, err := k.open(first)
		require.NoError(t, err)
		require.False(t, met)
		k.keep(first)
		again := answer("carnum", raw)
		met, err = k.open(again)
		require.NoError(t, err)
		require.Equal(t, kept, met, raw)
		require.Equal(t, first.Message, again.Message)
		require.Equal(t, first.Code, again.Code)
		met, _ = k.open(answer("bindcar", raw))
		require.False(t, met)
	}
}

// A finding's curl command is the request: its address, with what is sent in its query, and the rest as its form.
func TestPlayer_curl(t *testing.T) {
	t.Parallel()
	p, _ := recording()
	step := fuzzStep{subject: "bindcar", way: "sign in the query"}
	text := p.curl(&step, p.wrap(&step, `{"token":"it's"}`))
	for _, part := range []string{"curl ", "'http://127.0.0.1/merchant/open/1.0.0/openapi/bindcar?sign=", "--data-urlencode 'merchant_no=Merchant-1'", `--data-urlencode 'data={"token":"it'\''s"}'`} {
		require.Contains(t, text, part)
	}
}
