package mock_test

import (
	"bufio"
	"bytes"
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

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// controlled is a started server and a client of its control API that knows nothing of Go types.
type controlled struct {
	url    string
	server *mock.Server
	http   *http.Client
}

// controlFixture is a small world at a frozen instant, with one merchant.
const controlFixture = `{
	"clock": "2017-08-20 12:00:00", "seed": 7,
	"merchants": [{"no": "M1", "key": "key-of-M1-never-to-be-seen", "name": "渝停"}],
	"parkings": [{"id": "1", "name": "ETCP 智慧停车场", "city": "重庆市", "lat": "29.563", "lon": "106.551", "totalSpace": 3,
		"tariff": {"freeMinutes": 15, "unitMinutes": 60, "unitPrice": "5", "dailyCap": "50"}}]}`

const controlKey = "key-of-M1-never-to-be-seen"

// newControlled starts a server whose sandbox default is controlFixture.
func newControlled(tb testing.TB, opts ...mock.Option) *controlled {
	tb.Helper()
	server, err := mock.New(append([]mock.Option{mock.WithFixture([]byte(controlFixture))}, opts...)...)
	require.NoError(tb, err)
	require.NoError(tb, server.Start("127.0.0.1:0"))
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	c := &controlled{url: server.URL(), server: server, http: &http.Client{Transport: transport}}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		require.NoError(tb, server.Close(ctx))
		require.NoError(tb, mock.CheckReplay(server), "the log, applied again, gives the state")
		transport.CloseIdleConnections()
	})
	return c
}

// controlAnswer is what the control API answered.
type controlAnswer struct {
	status int
	header http.Header
	body   string
}

// ask calls a path of the control API; a body that is no string is sent as JSON.
func (c *controlled) ask(tb testing.TB, method, path string, body any, headers ...string) controlAnswer {
	tb.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	default:
		text, err := json.Marshal(b)
		require.NoError(tb, err)
		reader = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(context.Background(), method, c.url+path, reader)
	require.NoError(tb, err)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	answer, err := c.http.Do(r)
	require.NoError(tb, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	require.NoError(tb, err)
	return controlAnswer{answer.StatusCode, answer.Header, string(text)}
}

// do is ask below the sandbox default, for a call that succeeds, as a map.
func (c *controlled) do(tb testing.TB, method, path string, body any) map[string]any {
	tb.Helper()
	a := c.ask(tb, method, controlDefault+path, body)
	require.Less(tb, a.status, 300, "%s %s: %s", method, path, a.body)
	var out map[string]any
	if a.body != "" {
		require.NoError(tb, json.Unmarshal([]byte(a.body), &out), a.body)
	}
	return out
}

const controlDefault = "/__admin/sandboxes/default"

// call sends a signed request of M1 (or another) and gives the answer's code and data.
func (c *controlled) call(tb testing.TB, endpoint string, data map[string]any, merchant ...string) (code int, out map[string]any) {
	tb.Helper()
	code, value := c.callAny(tb, endpoint, data, merchant...)
	out, _ = value.(map[string]any)
	return code, out
}

// callAny is call where data need not be an object.
func (c *controlled) callAny(tb testing.TB, endpoint string, data map[string]any, merchant ...string) (code int, out any) {
	tb.Helper()
	no, key := "M1", controlKey
	if len(merchant) == 2 {
		no, key = merchant[0], merchant[1]
	}
	text, err := json.Marshal(data)
	require.NoError(tb, err)
	row, ok := schemas.Lookup(endpoint)
	require.True(tb, ok)
	stamp := time.Now().In(time.FixedZone("", 8*3600)).Format("20060102150405")
	form := url.Values{"merchant_no": {no}, "time_stamp": {stamp}, "data": {string(text)}, "sign": {sign.Request(string(text), key, stamp)}}
	path, body := schemas.PathPrefix+endpoint, ""
	if row.Method == http.MethodGet {
		path += "?" + form.Encode()
	} else {
		body = form.Encode()
	}
	a := c.ask(tb, row.Method, path, body, "Content-Type", "application/x-www-form-urlencoded")
	require.Equal(tb, http.StatusOK, a.status, a.body)
	var envelope struct {
		Code int
		Data any
	}
	require.NoError(tb, json.Unmarshal([]byte(a.body), &envelope))
	return envelope.Code, envelope.Data
}

// binds signs a phone in and binds a plate for M1.
func (c *controlled) binds(tb testing.TB, phone, plate string) (token string) {
	tb.Helper()
	code, data := c.call(tb, "usersigin", map[string]any{"mobilePhone": phone, "appId": "ETCP"})
	require.Zero(tb, code)
	token, _ = data["token"].(string)
	code, _ = c.call(tb, "bindcar", map[string]any{"token": token, "plateNumber": plate})
	require.Zero(tb, code)
	return token
}

// controlMerchant takes every push and answers code 0; M1's pushes go there.
func (c *controlled) controlMerchant(tb testing.TB) *httptest.Server {
	tb.Helper()
	m := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, `{"code":0,"message":"ok"}`)
	}))
	tb.Cleanup(m.Close)
	c.do(tb, http.MethodPut, "/merchants/M1", map[string]any{"key": controlKey, "push": map[string]any{"url": m.URL + "/etcp"}})
	return m
}

// controlEvent is one event of a stream.
type controlEvent struct {
	id, kind string
	data     map[string]any
}

// controlStream reads a sandbox's events.
type controlStream struct {
	tb     testing.TB
	answer *http.Response
	lines  *bufio.Scanner
	cancel context.CancelFunc
}

// follow opens the stream of default's events; it ends with the test, or by close.
func (c *controlled) follow(tb testing.TB, lastEventID string) *controlStream {
	tb.Helper()
	return c.followAt(tb, controlDefault+"/events", lastEventID)
}

func (c *controlled) followAt(tb testing.TB, path, lastEventID string) *controlStream {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+path, http.NoBody)
	require.NoError(tb, err)
	r.Header.Set("Accept", "text/event-stream")
	if lastEventID != "" {
		r.Header.Set("Last-Event-ID", lastEventID)
	}
	answer, err := c.http.Do(r) //nolint:bodyclose // close does
	require.NoError(tb, err)
	require.Equal(tb, http.StatusOK, answer.StatusCode)
	require.Equal(tb, "text/event-stream; charset=utf-8", answer.Header.Get("Content-Type"))
	s := &controlStream{tb: tb, answer: answer, lines: bufio.NewScanner(answer.Body), cancel: cancel}
	s.lines.Buffer(nil, 16<<20)
	tb.Cleanup(s.close)
	return s
}

func (s *controlStream) close() {
	s.cancel()
	_ = s.answer.Body.Close()
}

// next is the next event; more is false at the stream's end.
func (s *controlStream) next() (e controlEvent, more bool) {
	s.tb.Helper()
	data := ""
	for s.lines.Scan() {
		name, value, _ := strings.Cut(s.lines.Text(), ": ")
		switch {
		case s.lines.Text() == "" && data != "":
			require.NoError(s.tb, json.Unmarshal([]byte(data), &e.data), data)
			return e, true
		case name == "id":
			e.id = value
		case name == "event":
			e.kind = value
		case name == "data":
			data += value
		}
	}
	return e, false
}

// kind reads on until an event of a kind.
func (s *controlStream) kind(kind string) controlEvent {
	s.tb.Helper()
	for {
		e, more := s.next()
		require.True(s.tb, more, "the stream ended before an event %s", kind)
		if e.kind == kind {
			return e
		}
	}
}
