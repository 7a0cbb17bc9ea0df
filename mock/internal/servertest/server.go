// Package servertest starts a mock on a free port of the loopback address for a test, and speaks to it as its users do: the
// platform's endpoints, the control API with its events, and a merchant's endpoint that receives pushes. So tests through HTTP
// stand beside the code that they are about.
package servertest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/zone"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// Fixture has a frozen clock, the merchant M1 with the key [Key], and the car park 1.
const Fixture = `{
	"clock": "2017-08-20 12:00:00", "seed": 7,
	"merchants": [{"no": "M1", "key": "key-of-M1-never-to-be-seen", "name": "渝停"}],
	"parkings": [{"id": "1", "name": "ETCP 智慧停车场", "city": "重庆市", "lat": "29.563", "lon": "106.551", "totalSpace": 3,
		"tariff": {"freeMinutes": 15, "unitMinutes": 60, "unitPrice": "5", "dailyCap": "50"}}]}`

// Key is M1's.
const Key = "key-of-M1-never-to-be-seen"

// Default is the path of the sandbox default in the control API.
const Default = "/__admin/sandboxes/default"

// Server is a started server, and a client of it that knows none of its Go types.
type Server struct {
	URL  string
	Mock *mock.Server
	HTTP *http.Client
}

// New starts a server whose sandbox default is made from [Fixture]. It ends with the test, which fails where a sandbox's log,
// applied again, gives another state.
func New(tb testing.TB, opts ...mock.Option) *Server {
	tb.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	s := start(tb, "127.0.0.1:0", transport, opts)
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		require.NoError(tb, s.Mock.Close(ctx))
		CheckReplay(tb, s.Mock)
		transport.CloseIdleConnections()
	})
	return s
}

// Start starts a server for a browser, at an address of its own choice where that ends with :0. The server ends by stop, or with the test, and waits
// for nobody: a browser may hold a connection that it has not used.
func Start(tb testing.TB, addr string, opts ...mock.Option) (s *Server, stop func()) {
	tb.Helper()
	transport := &http.Transport{}
	s = start(tb, addr, transport, opts)
	stop = sync.OnceFunc(func() {
		transport.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = s.Mock.Close(ctx)
	})
	tb.Cleanup(stop)
	return s, stop
}

func start(tb testing.TB, addr string, transport *http.Transport, opts []mock.Option) *Server {
	tb.Helper()
	server, err := mock.New(append([]mock.Option{mock.WithFixture([]byte(Fixture))}, opts...)...)
	require.NoError(tb, err)
	require.NoError(tb, server.Start(addr))
	return &Server{URL: server.URL(), Mock: server, HTTP: &http.Client{Transport: transport}}
}

// Answer is what the server answered.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Problem reads an answer of RFC 9457, checks its form, and gives the pointers of its errors.
func (a Answer) Problem(tb testing.TB) (status int, pointers []string, detail string) {
	tb.Helper()
	require.Equal(tb, "application/problem+json", a.Header.Get("Content-Type"), a.Body)
	var p struct {
		Type, Title, Detail string
		Status              int
		Errors              []struct{ Pointer, Detail string }
	}
	require.NoError(tb, json.Unmarshal([]byte(a.Body), &p), a.Body)
	require.Equal(tb, a.Status, p.Status, a.Body)
	require.NotEmpty(tb, p.Type)
	require.Equal(tb, http.StatusText(a.Status), p.Title)
	require.NotEmpty(tb, p.Detail)
	pointers = []string{}
	for _, e := range p.Errors {
		require.NotEmpty(tb, e.Detail)
		pointers = append(pointers, e.Pointer)
	}
	return p.Status, pointers, p.Detail
}

// Ask sends a request to any path. A body that is no string is sent as JSON; headers are names and values in turn.
func (s *Server) Ask(tb testing.TB, method, path string, body any, headers ...string) Answer {
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
	r, err := http.NewRequestWithContext(context.Background(), method, s.URL+path, reader)
	require.NoError(tb, err)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	answer, err := s.HTTP.Do(r)
	require.NoError(tb, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	require.NoError(tb, err)
	return Answer{answer.StatusCode, answer.Header, string(text)}
}

// Do is a call of the control API below the sandbox default that has to succeed, and its answer as an object.
func (s *Server) Do(tb testing.TB, method, path string, body any) map[string]any {
	tb.Helper()
	return s.DoIn(tb, "default", method, path, body)
}

// DoIn is [Server.Do] below another sandbox.
func (s *Server) DoIn(tb testing.TB, sandbox, method, path string, body any) map[string]any {
	tb.Helper()
	a := s.Ask(tb, method, "/__admin/sandboxes/"+sandbox+path, body)
	require.Less(tb, a.Status, 300, "%s %s: %s", method, path, a.Body)
	var out map[string]any
	if a.Body != "" {
		require.NoError(tb, json.Unmarshal([]byte(a.Body), &out), a.Body)
	}
	return out
}

// NewSandbox creates an empty sandbox.
func (s *Server) NewSandbox(tb testing.TB, id string) {
	tb.Helper()
	a := s.Ask(tb, http.MethodPost, "/__admin/sandboxes", map[string]any{"id": id})
	require.Equal(tb, http.StatusCreated, a.Status, a.Body)
}

// Call sends a signed request of M1, or of another merchant by number and key, and gives the answer's code and data.
func (s *Server) Call(tb testing.TB, endpoint string, data map[string]any, merchant ...string) (code int, out map[string]any) {
	tb.Helper()
	code, value := s.CallAny(tb, endpoint, data, merchant...)
	out, _ = value.(map[string]any)
	return code, out
}

// CallAny is [Server.Call] where the answer's data need not be an object.
func (s *Server) CallAny(tb testing.TB, endpoint string, data map[string]any, merchant ...string) (code int, out any) {
	tb.Helper()
	no, key := "M1", Key
	if len(merchant) == 2 {
		no, key = merchant[0], merchant[1]
	}
	text, err := json.Marshal(data)
	require.NoError(tb, err)
	stamp := Stamp()
	a := s.send(tb, endpoint, form(no, stamp, string(text), sign.Request(string(text), key, stamp)))
	require.Equal(tb, http.StatusOK, a.Status, a.Body)
	var envelope struct {
		Code int
		Data any
	}
	require.NoError(tb, json.Unmarshal([]byte(a.Body), &envelope))
	return envelope.Code, envelope.Data
}

// send sends a form by the endpoint's method.
func (s *Server) send(tb testing.TB, endpoint string, form url.Values) Answer {
	tb.Helper()
	row, ok := schemas.Lookup(endpoint)
	require.True(tb, ok)
	if row.Method == http.MethodGet {
		return s.Ask(tb, row.Method, schemas.PathPrefix+endpoint+"?"+form.Encode(), nil)
	}
	return s.post(tb, endpoint, form)
}

func (s *Server) post(tb testing.TB, endpoint string, form url.Values) Answer {
	tb.Helper()
	return s.Ask(tb, http.MethodPost, schemas.PathPrefix+endpoint, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

func form(no, stamp, data, signature string) url.Values {
	return url.Values{"merchant_no": {no}, "time_stamp": {stamp}, "data": {data}, "sign": {signature}}
}

// SendText sends data of M1 as it is, by the endpoint's method, with a signature of the test's own, or with the right one where that is "".
func (s *Server) SendText(tb testing.TB, endpoint, data, signature string) Answer {
	tb.Helper()
	stamp := Stamp()
	if signature == "" {
		signature = sign.Request(data, Key, stamp)
	}
	return s.send(tb, endpoint, form("M1", stamp, data, signature))
}

// SendSigned posts a request of M1 with a signature and a time_stamp of the test's own.
func (s *Server) SendSigned(tb testing.TB, endpoint, data, signature, stamp string) Answer {
	tb.Helper()
	return s.post(tb, endpoint, form("M1", stamp, data, signature))
}

// Stamp is time_stamp now.
func Stamp() string { return time.Now().In(zone.Shanghai).Format(zone.StampLayout) }

// Bind signs a phone in, binds a plate, both through M1, and gives the token.
func (s *Server) Bind(tb testing.TB, phone, plate string) (token string) {
	tb.Helper()
	code, data := s.Call(tb, "usersigin", map[string]any{"mobilePhone": phone, "appId": "ETCP"})
	require.Zero(tb, code)
	token, _ = data["token"].(string)
	code, _ = s.Call(tb, "bindcar", map[string]any{"token": token, "plateNumber": plate})
	require.Zero(tb, code)
	return token
}
