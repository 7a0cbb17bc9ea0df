package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/bench/baseline"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/sign"
)

// An answer is read to its end, so that the next begins where it does; what is no 200, has no length, or breaks off is an error that says so.
func TestReadAnswer(t *testing.T) {
	t.Parallel()
	two := bufio.NewReader(strings.NewReader("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: y\r\n\r\nokHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nrest"))
	require.NoError(t, readAnswer(two))
	require.NoError(t, readAnswer(two))
	rest, err := io.ReadAll(two)
	require.NoError(t, err)
	require.Equal(t, "rest", string(rest))
	for answer, want := range map[string]string{
		"HTTP/1.1 503 Service Unavailable\r\n\r\nbusy": `answered "HTTP/1.1 503 Service Unavailable\r\n" "\r\nbusy"`, "HTTP/1.1 200 OK\r\n\r\n": "an answer has no Content-Length", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n": "invalid syntax",
		"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort": "EOF", "": "EOF", "short\n": `answered "short\n"`, "HTTP/1.1 200 OK\r\nContent-Len": "EOF", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n": "no Content-Length",
	} {
		require.ErrorContains(t, readAnswer(bufio.NewReader(strings.NewReader(answer))), want, "%q", answer)
	}
}

// served is a server as the load has it; its side is the same.
func served(t *testing.T, handler http.Handler) *child {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	addr := strings.TrimPrefix(server.URL, "http://")
	return &child{addr: addr, sideAddr: addr}
}

// A load ends at its limit, whichever connections sent it, and sends each connection's requests in turn; of what fails it says why.
func TestLoad(t *testing.T) {
	t.Parallel()
	var asked, other atomic.Int64
	c := served(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/cpu":
			_, _ = io.WriteString(w, "1000")
		case "/a":
			asked.Add(1)
		case "/b":
			other.Add(1)
		default:
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	get := func(path string) []byte { return []byte("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n") }
	o, err := load(t.Context(), c, 4, time.Minute, 100, [][]byte{get("/a"), get("/b")})
	require.NoError(t, err)
	require.Equal(t, int64(100), o.requests)
	require.Equal(t, int64(100), asked.Load()+other.Load())
	require.InDelta(t, 50, asked.Load(), 4, "in turn, but for where each connection ends")
	require.Equal(t, int64(100), o.latency.TotalCount())
	require.Positive(t, o.rate())
	require.Zero(t, o.cpu, "what the server's did not change")
	_, err = load(t.Context(), c, 1, time.Minute, 1, [][]byte{get("/x")})
	require.ErrorContains(t, err, "418")
	_, err = load(t.Context(), &child{addr: "127.0.0.1:1", sideAddr: "127.0.0.1:1"}, 1, time.Minute, 1, [][]byte{get("/a")})
	require.ErrorContains(t, err, "refused")
	ended, stop := context.WithCancel(t.Context())
	stop()
	_, err = load(ended, c, 1, time.Minute, 0, [][]byte{get("/a")})
	require.ErrorIs(t, err, context.Canceled)
}

// A request is signed as §6 says, in the query of a GET and in the form of a POST; one that is signed wrongly has all else of it.
func TestWire(t *testing.T) {
	t.Parallel()
	for endpoint, method := range map[string]string{"carnum": http.MethodGet, "bindcar": http.MethodPost} {
		text := wireAs("M7", endpoint, `{"token":"渝 &"}`)
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(text)))
		require.NoError(t, err)
		require.Equal(t, method, r.Method)
		require.NoError(t, r.ParseForm())
		require.Equal(t, sign.Request(`{"token":"渝 &"}`, merchantKey, r.Form.Get("time_stamp")), r.Form.Get("sign"))
		require.Equal(t, "M7", r.Form.Get("merchant_no"))
		wrong, err := wronglySigned(text)
		require.NoError(t, err)
		require.Len(t, wrong, len(text))
		changed, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(wrong)))
		require.NoError(t, err)
		require.NoError(t, changed.ParseForm())
		backwards := []byte(r.Form.Get("sign"))
		slices.Reverse(backwards)
		require.Equal(t, string(backwards), changed.Form.Get("sign"))
		changed.Form.Set("sign", r.Form.Get("sign"))
		require.Equal(t, r.Form, changed.Form)
	}
	for text, want := range map[string]string{"GET / HTTP/1.1": "a request without sign", "sign=short": "a request without sign", "sign=" + strings.Repeat("A", 32): "reads the same backwards"} {
		_, err := wronglySigned([]byte(text))
		require.ErrorContains(t, err, want)
	}
}

// The baseline does what every mock has to: it finds its merchant's signature right, another's wrong, and reads the data.
func TestBaseline(t *testing.T) {
	t.Parallel()
	c := served(t, baseline.Handler())
	var user struct{ Number int }
	require.NoError(t, c.ask(t.Context(), "carnum", `{"mobilePhone":"13800000001"}`, &user))
	require.Equal(t, 1, user.Number)
	require.NoError(t, c.ask(t.Context(), "bindcar", `{}`, nil))
	require.ErrorContains(t, c.ask(t.Context(), "bindcar", `[]`, nil), `"code":6`)
	wrong, err := wronglySigned(wire("carnum", "{}"))
	require.NoError(t, err)
	_, err = load(t.Context(), c, 1, time.Minute, 1, [][]byte{wrong})
	require.NoError(t, err, "a refusal is an answer")
}

// mocked is a mock that starts from a fixture's text.
func mocked(t *testing.T, fixture string) *child {
	t.Helper()
	opts := []mock.Option{mock.WithSeed(1)}
	if fixture != "" {
		opts = append(opts, mock.WithFixture([]byte(fixture)))
	}
	server, err := mock.New(opts...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close(context.WithoutCancel(t.Context()))) })
	return served(t, server.Handler())
}

// A mock is made ready so that every request of the workload is answered as its name says: with code 0, or the code that it names.
func TestPrepare(t *testing.T) {
	t.Parallel()
	c := mocked(t, "")
	work, err := prepare(t.Context(), c)
	require.NoError(t, err)
	require.Len(t, work.names, 13, "twelve endpoints, and a mixed day")
	require.Len(t, work.signIns, 1000)
	for _, name := range work.names {
		for _, text := range work.requests[name] {
			r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(text)))
			require.NoError(t, err)
			r.RequestURI, r.URL.Scheme, r.URL.Host = "", "http", c.addr
			want := 0.0
			for code, in := range map[float64]string{20203: "userlogin", 20100: "unbindcar"} {
				if strings.HasSuffix(r.URL.Path, in) {
					want = code
				}
			}
			require.NoError(t, exchange(r, func(text []byte) error {
				var answer struct{ Code float64 }
				require.NoError(t, json.Unmarshal(text, &answer))
				require.InDelta(t, want, answer.Code, 0, "%s: %s", r.URL.Path, text)
				return nil
			}))
		}
	}
	refuses := served(t, http.NotFoundHandler())
	_, err = prepare(t.Context(), refuses)
	require.ErrorContains(t, err, "PATCH /__admin/sandboxes/default/rules: 404")
}

// The fixtures that are measured are what they are called: so many cars, car parks, and merchants that are pushed.
func TestFixtures(t *testing.T) {
	t.Parallel()
	count := func(c *child, path string) int {
		var list struct{ Items []json.RawMessage }
		require.NoError(t, c.side(t.Context(), "/__admin/sandboxes/default"+path+"?limit=1000", &list))
		return len(list.Items)
	}
	city := mocked(t, cityOf(12, 5))
	require.Equal(t, 12, count(city, "/orders"))
	require.Equal(t, 5, count(city, "/parkings"))
	m, err := newMerchant(t.Context(), false)
	require.NoError(t, err)
	defer m.close()
	pushes := mocked(t, pushFixture(3, m.url(), m.url()))
	require.Equal(t, 3, count(pushes, "/merchants"), "beside the one that asks")
	require.NoError(t, pushes.admin(t.Context(), http.MethodPost, "/cars/enter", map[string]any{"plateNumber": carPlate(2), "parkingId": "1"}))
	require.NoError(t, pushes.admin(t.Context(), http.MethodPost, "/pushes/drain", map[string]any{"timeout": "20s"}))
	require.Equal(t, int64(1), m.received.Load())
	m.refuse.Store(true)
	require.NoError(t, pushes.admin(t.Context(), http.MethodPost, "/cars/exit", map[string]any{"plateNumber": carPlate(2)}))
	require.NoError(t, pushes.admin(t.Context(), http.MethodPost, "/pushes/drain", map[string]any{"timeout": "20s"}))
	require.Equal(t, int64(1), m.received.Load(), "what is refused is not received")
}

// Cars go in and out in turn, as many moves as are wanted.
func TestDrive(t *testing.T) {
	t.Parallel()
	var moves []string
	handler := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		moves = append(moves, r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]+" "+string(text[16:25]))
	})
	drive(t.Context(), handler, url.Values{"cars": {"2"}, "moves": {"5"}})
	require.Equal(t, []string{"enter 渝B00000", "enter 渝B00001", "exit 渝B00000", "exit 渝B00001", "enter 渝B00000"}, moves)
	ended, stop := context.WithCancel(t.Context())
	stop()
	drive(ended, handler, url.Values{"cars": {"2"}})
	require.Len(t, moves, 5, "who has gone drives nobody")
}

// A folder is there as long as what is done in it, with the fixture where there is one; the error is that of what was done.
func TestInFolder(t *testing.T) {
	t.Parallel()
	for _, fixture := range []string{"", "{}"} {
		var kept string
		failed := errors.New("failed")
		require.ErrorIs(t, inFolder(fixture, func(file, data string) error {
			kept = filepath.Dir(data)
			require.DirExists(t, kept)
			require.Equal(t, fixture != "", file != "")
			if file != "" {
				text, err := os.ReadFile(file)
				require.NoError(t, err)
				require.Equal(t, fixture, string(text))
			}
			return failed
		}), failed)
		require.NoDirExists(t, kept)
	}
}
