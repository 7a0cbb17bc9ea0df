package webhook_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/contract/report"
)

// answering is the right merchant, with an answer of its own.
func answering(answer func(w http.ResponseWriter, code int, message string)) http.Handler {
	return merchant{answer: answer}
}

func writeJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func plain(code int, message string) string {
	return fmt.Sprintf(`{"code":%d,"message":%q}`, code, message)
}

// rightMerchants are right, each in a way of its own: nothing of what they do is against §10.
var rightMerchants = map[string]http.Handler{
	"the client's": rightMerchant(),
	"by hand":      merchant{},
	"more fields in the answer": answering(func(w http.ResponseWriter, c int, m string) {
		writeJSON(w, 200, fmt.Sprintf(`{"success":true,"data":null,"code":%d,"message":%q,"timestamp":1.5e9,"traceId":"x"}`, c, m))
	}),
	"white space around the JSON": answering(func(w http.ResponseWriter, c int, m string) { writeJSON(w, 200, "\r\n\t"+plain(c, m)+"\n\n") }),
	"pretty-printed": answering(func(w http.ResponseWriter, c int, m string) {
		writeJSON(w, 200, fmt.Sprintf("{\n  \"message\" : %q,\n  \"code\" : %d\n}", m, c))
	}),
	"a Chinese message in escapes": answering(func(w http.ResponseWriter, c int, _ string) {
		writeJSON(w, 200, fmt.Sprintf(`{"code":%d,"message":"\u6210\u529f"}`, c))
	}),
	"HTTP 201": answering(func(w http.ResponseWriter, c int, m string) { writeJSON(w, 201, plain(c, m)) }),
	"HTTP 202": answering(func(w http.ResponseWriter, c int, m string) { writeJSON(w, 202, plain(c, m)) }),
	"refuses with HTTP 401": answering(func(w http.ResponseWriter, c int, m string) {
		writeJSON(w, map[bool]int{true: 200, false: 401}[c == 0], plain(c, m))
	}),
	"refuses with HTTP 500 and its error": answering(func(w http.ResponseWriter, c int, m string) {
		writeJSON(w, map[bool]int{true: 200, false: 500}[c == 0], plain(c, m))
	}),
	"refuses with negative codes": answering(func(w http.ResponseWriter, c int, m string) { writeJSON(w, 200, plain(-c, m)) }),
	"closes each connection": answering(func(w http.ResponseWriter, c int, m string) {
		w.Header().Set("Connection", "close")
		writeJSON(w, 200, plain(c, m))
	}),
	"answers in chunks, a little at a time": answering(func(w http.ResponseWriter, c int, m string) {
		w.Header().Set("Content-Type", "application/json")
		for _, b := range []byte(plain(c, m)) {
			_, _ = w.Write([]byte{b})
			_ = http.NewResponseController(w).Flush()
		}
	}),
	"early hints before the answer": answering(func(w http.ResponseWriter, c int, m string) {
		w.Header().Set("Link", "</x>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		writeJSON(w, 200, plain(c, m))
	}),
	"cookies, and headers of a framework": answering(func(w http.ResponseWriter, c int, m string) {
		w.Header().Set("Set-Cookie", "JSESSIONID=1; Path=/; HttpOnly")
		w.Header().Set("X-Powered-By", "Express")
		w.Header().Set("ETag", `W/"2b-x"`)
		w.Header().Set("Cache-Control", "no-store")
		writeJSON(w, 200, plain(c, m))
	}),
	"compresses": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		merchant{}.ServeHTTP(rec, r)
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(rec.Code)
			_, _ = w.Write(rec.Body.Bytes())
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(rec.Code)
		z := gzip.NewWriter(w)
		_, _ = z.Write(rec.Body.Bytes())
		_ = z.Close()
	}),
	"wants a Content-Length, and takes four kibibytes": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost && r.ContentLength < 0:
			writeJSON(w, http.StatusLengthRequired, plain(1, "length"))
		case r.ContentLength > 4096:
			writeJSON(w, http.StatusRequestEntityTooLarge, plain(1, "too long"))
		default:
			merchant{}.ServeHTTP(w, r)
		}
	}),
	"takes JSON only, and has pages for errors": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page := func(status int) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
			fmt.Fprintf(w, "<!DOCTYPE html><h1>%d</h1><pre>SyntaxError: Unexpected token", status)
		}
		if r.Method != http.MethodPost {
			page(http.StatusNotFound)
			return
		}
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			page(http.StatusUnsupportedMediaType)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 100<<10))
		switch {
		case err != nil:
			page(http.StatusRequestEntityTooLarge)
		case !json.Valid(body):
			page(http.StatusBadRequest)
		default:
			r.Body = io.NopCloser(bytes.NewReader(body))
			merchant{}.ServeHTTP(w, r)
		}
	}),
	"keeps each once, in columns that fit": storing(),
	"queues, and does the work later": func() http.Handler {
		queue := make(chan map[string]any, 10_000)
		return merchant{store: func(push map[string]any) error { queue <- push; return nil }}
	}(),
	"one at a time": func() http.Handler {
		var turn chan struct{}
		var once sync.Once
		return merchant{store: func(map[string]any) error {
			once.Do(func() { turn = make(chan struct{}, 1) })
			turn <- struct{}{}
			time.Sleep(20 * time.Millisecond)
			<-turn
			return nil
		}}
	}(),
	"two seconds each": merchant{store: func(map[string]any) error { time.Sleep(2 * time.Second); return nil }},
	"4.9 seconds each": merchant{store: func(map[string]any) error { time.Sleep(4900 * time.Millisecond); return nil }},
}

// storing is a merchant with a table: a key of kind and synId, columns as wide as the document's examples ask for, and rules that every honest push keeps.
func storing() http.Handler {
	var mu sync.Mutex
	rows := map[string]bool{}
	return merchant{store: func(push map[string]any) error {
		mu.Lock()
		defer mu.Unlock()
		if !isStay(push) {
			return nil
		}
		key := fmt.Sprint(strings.ToLower(textOf(push, "synId")), isExit(push))
		if rows[key] {
			return nil
		}
		rows[key] = true
		entrance, err := time.Parse(time.DateTime, textOf(push, "entranceTime"))
		if err != nil || len(textOf(push, "synId")) > 36 || len([]rune(textOf(push, "parkName"))) > 64 || len([]rune(textOf(push, "plateNumber"))) > 8 {
			return errors.New("data too long for column")
		}
		if !isExit(push) {
			return nil
		}
		exit, err := time.Parse(time.DateTime, textOf(push, "exitTime"))
		stayed, number := numberOf(push, "stayedTime")
		if err != nil || !number || exit.Sub(entrance).Seconds() != stayed || exit.Before(entrance) {
			return errors.New("stayedTime is not the time between")
		}
		return nil
	}}
}

// A right merchant passes: no failure, and exit code 0.
func TestExamine_rightMerchants(t *testing.T) {
	for name, h := range rightMerchants {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, err := webhookOf(h).Examine(t.Context())
				require.NoError(t, err)
				require.Nil(t, r.Outage)
				for _, c := range r.Cases {
					require.Empty(t, c.Failures, c.ID)
				}
				require.Equal(t, report.ExitPassed, r.ExitCode())
			})
		})
	}
}

// What a right merchant's server does with the connection is no fault either.
func TestExamine_rightServers(t *testing.T) {
	for name, serve := range map[string]func(t *testing.T, h http.Handler) string{
		"HTTP/1.0": func(t *testing.T, h http.Handler) string {
			t.Helper()
			return rawServer(t, h, func(conn net.Conn, rec *httptest.ResponseRecorder) bool {
				fmt.Fprintf(conn, "HTTP/1.0 %d OK\r\ncontent-type: application/json\r\n\r\n%s", rec.Code, rec.Body)
				return false
			})
		},
		"closes kept connections at once": func(t *testing.T, h http.Handler) string {
			t.Helper()
			return rawServer(t, h, func(conn net.Conn, rec *httptest.ResponseRecorder) bool {
				fmt.Fprintf(conn, "HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", rec.Code, rec.Body.Len(), rec.Body)
				return false
			})
		},
		"resets what is huge": func(t *testing.T, h http.Handler) string {
			t.Helper()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.ContentLength > 1<<20 {
					conn, _, err := w.(http.Hijacker).Hijack()
					if err == nil {
						_, _ = io.WriteString(conn, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
						_ = conn.(*net.TCPConn).SetLinger(0)
						_ = conn.Close()
					}
					return
				}
				h.ServeHTTP(w, r)
			}))
			t.Cleanup(server.Close)
			return server.URL
		},
		"keeps no connection for long": func(t *testing.T, h http.Handler) string {
			t.Helper()
			server := httptest.NewUnstartedServer(h)
			server.Config.IdleTimeout = time.Millisecond
			server.Start()
			t.Cleanup(server.Close)
			return server.URL
		},
		"HTTP/2": func(t *testing.T, h http.Handler) string {
			t.Helper()
			server := httptest.NewUnstartedServer(h)
			server.EnableHTTP2 = true
			server.StartTLS()
			t.Cleanup(server.Close)
			return server.URL
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := webhookOf(nil)
			w.URL, w.Kinds, w.Timeout = serve(t, merchant{})+"/etcp", nil, time.Minute
			w.Transport = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true}
			t.Cleanup(w.Transport.(*http.Transport).CloseIdleConnections)
			r, err := w.Examine(t.Context())
			require.NoError(t, err)
			require.Nil(t, r.Outage)
			require.Empty(t, broken(r))
			require.Equal(t, report.ExitPassed, r.ExitCode())
		})
	}
}

// rawServer answers over bare connections. answer reports whether the connection goes on.
func rawServer(t *testing.T, h http.Handler, answer func(net.Conn, *httptest.ResponseRecorder) bool) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var all sync.WaitGroup
	t.Cleanup(func() { _ = listener.Close(); all.Wait() })
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer func() { _ = conn.Close() }()
				for in := bufio.NewReader(conn); ; {
					req, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					rec := httptest.NewRecorder()
					h.ServeHTTP(rec, req)
					_, _ = io.Copy(io.Discard, req.Body)
					if !answer(conn, rec) {
						return
					}
				}
			})
		}
	})
	return "http://" + listener.Addr().String()
}

// A merchant that takes only the plates it knows is right, where one of them is given: whatever it says of others, and whether it looks before or after
// it verifies.
func TestExamine_knownPlates(t *testing.T) {
	refusals := map[string]func(w http.ResponseWriter){
		"code 20100": func(w http.ResponseWriter) { writeJSON(w, 200, plain(20100, "unknown car")) },
		"HTTP 404":   func(w http.ResponseWriter) { writeJSON(w, 404, plain(1, "unknown car")) },
		"code 4":     func(w http.ResponseWriter) { writeJSON(w, 200, plain(4, "no")) },
	}
	for name, refusal := range refusals {
		for _, first := range []bool{false, true} {
			t.Run(name+" "+strconv.FormatBool(first), func(t *testing.T) {
				h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					body, _ := io.ReadAll(io.LimitReader(r.Body, 64<<10))
					r.Body = io.NopCloser(bytes.NewReader(body))
					plate := textOfJSON(body, "plateNumber")
					known := plate == "渝B757D0" || plate == "渝****D0"
					if plate != "" && !known && (first || verifyRight(body)) {
						refusal(w)
						return
					}
					merchant{}.ServeHTTP(w, r)
				})
				w := webhookOf(h)
				w.Plate = "渝B757D0"
				r, err := w.Examine(t.Context())
				require.NoError(t, err)
				require.Empty(t, broken(r))
				require.Equal(t, report.ExitPassed, r.ExitCode())
			})
		}
	}
}

func textOfJSON(body []byte, name string) string {
	var push map[string]any
	_ = json.Unmarshal(body, &push)
	return textOf(push, name)
}

// A merchant that remembers the synIds it was sent, and refuses another push of one of them, is right; it is so in a second examination with the
// same seed, too.
func TestExamine_sameSeedAgain(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]string{}
	day := 0
	h := merchant{store: func(push map[string]any) error {
		id := textOf(push, "synId")
		if id == "" {
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		key := id + textOf(push, "exitTime")
		if was, known := seen[key]; known && was != fmt.Sprint(push, day) {
			return errors.New("known, and another")
		}
		seen[key] = fmt.Sprint(push, day)
		return nil
	}}
	for day = range 2 {
		w := webhookOf(h)
		w.URL, w.Seed, w.Now = "/etcp", 7, nil
		r, err := w.Examine(t.Context())
		require.NoError(t, err)
		require.Empty(t, broken(r))
	}
}
