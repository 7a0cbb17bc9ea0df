package reliability_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/collector"
	"github.com/etcp-mock/etcp-mock/mock"
)

// beServer is a mock in a process of its own; SIGTERM stops it, and then it says how many requests its journal has.
func beServer() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	collector.Tune() // as serve does
	server, err := mock.New(mock.WithSeed(1))
	if err == nil {
		err = server.Start("127.0.0.1:0")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(server.URL())
	<-ctx.Done()
	closing, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := server.Close(closing); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(journaled(server, "usersigin"))
	return 0
}

// journaled counts the answered requests of an endpoint, through the handler, which outlives the listener.
func journaled(server *mock.Server, endpoint string) (n int) {
	after := ""
	for {
		r := httptest.NewRequest(http.MethodGet, "/__admin/sandboxes/default/requests?limit=1000&endpoint="+endpoint+"&after="+after, http.NoBody)
		r.Host = "127.0.0.1"
		w := httptest.NewRecorder()
		server.Handler().ServeHTTP(w, r)
		var page struct {
			Items []struct{ ID string }
			Next  string
		}
		if json.Unmarshal(w.Body.Bytes(), &page) != nil {
			return -1
		}
		n += len(page.Items)
		if after = page.Next; after == "" {
			return n
		}
	}
}

// SIGTERM under load: every request that got its answer is in the journal, none is cut in the middle, and the process ends by itself.
func TestTerminate_underLoadLosesNoAnswer(t *testing.T) {
	p := start(t, "server")
	client := newClient(t)
	var (
		answered, cut atomic.Int64
		loaded        sync.WaitGroup
	)
	enough := make(chan struct{})
	for i := range 8 {
		loaded.Go(func() {
			for n := 0; ; n++ {
				body, err := post(t.Context(), client, p.line, "usersigin", fmt.Sprintf(`{"mobilePhone":"138%04d%04d","appId":"ETCP"}`, i, n%10_000))
				switch {
				case err != nil && (body != "" || strings.Contains(err.Error(), "unexpected EOF")):
					cut.Add(1)
					return
				case err != nil:
					return // no longer served
				case !strings.Contains(body, `"code":0`):
					cut.Add(1)
					return
				}
				if answered.Add(1) == 400 {
					close(enough)
				}
			}
		})
	}
	<-enough
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
	loaded.Wait()
	last, err := p.rest.ReadString('\n')
	require.NoError(t, err)
	require.NoError(t, p.cmd.Wait(), "the process ends with 0")
	require.Zero(t, cut.Load(), "answers cut in the middle")
	var kept int64
	_, err = fmt.Sscan(last, &kept)
	require.NoError(t, err)
	require.GreaterOrEqual(t, kept, answered.Load(), "what was answered is in the journal")
	t.Logf("figure: %d answered, %d in the journal", answered.Load(), kept)
}

func newServer(t *testing.T, opts ...mock.Option) *mock.Server {
	t.Helper()
	server, err := mock.New(append([]mock.Option{mock.WithSeed(1)}, opts...)...)
	require.NoError(t, err)
	require.NoError(t, server.Start("127.0.0.1:0"))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		require.NoError(t, server.Close(ctx))
	})
	return server
}

// A thousand clients that send a header byte by byte, or a body never, delay nobody.
func TestSlowClients_delayNobody(t *testing.T) {
	server, many := newServer(t), 900
	var limit syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit))
	if spare := (int(limit.Cur) - 500) / 2; spare < many { // both ends are this process's
		t.Logf("this machine lets a process open %d files: testing %d clients", limit.Cur, spare)
		many = spare
	}
	slow := []string{
		"POST /merchant/open/1.0.0/openapi/usersigin HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
		"POST /merchant/open/1.0.0/openapi/usersigin HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nmerchant_no=",
		"PUT /__admin/sandboxes/default/state HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n{",
	}
	for i := range many {
		conn, err := net.Dial("tcp", server.Addr())
		require.NoError(t, err)
		defer conn.Close()
		_, err = io.WriteString(conn, slow[i%len(slow)])
		require.NoError(t, err)
	}
	client := newClient(t)
	for range 100 {
		body, err := post(t.Context(), client, server.URL(), "parkingstatus", `{"parkingId":"1"}`)
		require.NoError(t, err)
		require.Contains(t, body, `"code":0`)
	}
}

// Ten thousand connections at once, each served. Both ends need as many open files, so the server has a process of its own.
func TestTenThousandConnections(t *testing.T) {
	want := 10_000
	var limit syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit))
	if spare := int(limit.Cur) - 500; spare < want {
		t.Logf("this machine lets a process open %d files: testing %d connections", limit.Cur, spare)
		want = spare
	}
	p := start(t, "server")
	addr := strings.TrimPrefix(p.line, "http://")
	conns := make([]net.Conn, want)
	request := "POST /merchant/open/1.0.0/openapi/parkingstatus?" + form(`{"parkingId":"1"}`) + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n"
	ask := func(conn net.Conn) {
		_, err := io.WriteString(conn, request)
		require.NoError(t, err)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		require.NoError(t, err)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Contains(t, string(body), `"code":0`)
	}
	for i := range conns {
		conn, err := net.Dial("tcp", addr)
		require.NoError(t, err, "connection %d", i)
		defer conn.Close()
		conns[i] = conn
		if i%97 == 0 { // else it is not kept for long
			ask(conn)
		}
	}
	for i := 0; i < want; i += 97 {
		ask(conns[i])
	}
	t.Logf("figure: %d connections", want)
}

// A disk that is full under the log costs the log and nothing else.
func TestFullDisk_underTheLog(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this system has no /dev/full")
	}
	defer full.Close()
	server := newServer(t, mock.WithLogger(slog.New(slog.NewTextHandler(full, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	client := newClient(t)
	for _, data := range []string{`{"parkingId":"1"}`, `{`, `{"parkingId":{}}`} {
		body, err := post(t.Context(), client, server.URL(), "parkingstatus", data)
		require.NoError(t, err)
		require.Contains(t, body, `"message"`)
	}
}

// A host clock that jumps, back or ahead, makes no stay negative, no fee wrong in sign, and keeps answering.
func TestHostClock_jumps(t *testing.T) {
	var offset atomic.Int64
	server := newServer(t, mock.WithClock(func() time.Time { return time.Now().Round(0).Add(time.Duration(offset.Load())) }))
	client := newClient(t)
	admin := func(path, body string) string {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL()+"/__admin/sandboxes/default"+path, strings.NewReader(body))
		require.NoError(t, err)
		r.Header.Set("Content-Type", "application/json")
		res, err := client.Do(r)
		require.NoError(t, err)
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.Less(t, res.StatusCode, 300, "%s: %s", path, text)
		return string(text)
	}
	for i, jump := range []time.Duration{-2 * time.Hour, 26 * time.Hour, -time.Second, 0} {
		plate := fmt.Sprintf("渝A0000%d", i)
		admin("/cars/enter", `{"plateNumber":"`+plate+`","parkingId":"1"}`)
		offset.Store(int64(jump))
		var order struct{ EntranceTime, ExitTime, ParkingFee string }
		require.NoError(t, json.Unmarshal([]byte(admin("/cars/exit", `{"plateNumber":"`+plate+`"}`)), &order))
		require.GreaterOrEqual(t, order.ExitTime, order.EntranceTime, "after a jump of %s", jump)
		require.NotContains(t, order.ParkingFee, "-")
		body, err := post(t.Context(), client, server.URL(), "parkingstatus", `{"parkingId":"1"}`)
		require.NoError(t, err)
		require.Contains(t, body, `"message"`)
	}
}
