package journal

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

const city = `{"clock": "2017-08-20 12:00:00",
	"merchants": [{"no": "M1", "key": "k1", "push": {"url": "http://127.0.0.1:1/etcp"}}],
	"parkings": [{"id": "1", "name": "P", "city": "重庆市", "lat": "29.563", "lon": "106.551"}]}`

// asked is a mock that was asked so much: requests of a merchant that nobody knows are refused, and are in the sandbox default.
func asked(t *testing.T, queries ...string) string {
	t.Helper()
	base := commandtest.Mock(t, city)
	for _, query := range queries {
		res, err := http.Get(base + "/merchant/open/1.0.0/openapi/carnum?" + query) //nolint:noctx // a loopback address
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
	}
	return base
}

// --refused looks for the newest that were refused however many others came since, and --limit counts those.
func TestRequests_refused(t *testing.T) {
	t.Parallel()
	var items []string
	for i := 1; i <= 60; i++ {
		code := 0
		if i == 2 || i == 3 {
			code = 6
		}
		items = append([]string{fmt.Sprintf(`{"id":"r%d","at":"2017-08-20 12:00:00","endpoint":"carnum","code":%d}`, i, code)}, items...)
	}
	s := commandtest.Answering(t, map[string]string{"GET /requests": `{"items":[` + strings.Join(items, ",") + `]}`})
	got := commandtest.Run(t, NewRequests(), "--refused", "--server", s.URL)
	require.Regexp(t, `(?s)^ID .*\nr2 .*\nr3 `, got.Out)
	require.NotContains(t, got.Out, "r4")
	require.NotContains(t, commandtest.Run(t, NewRequests(), "--refused", "--limit", "1", "--server", s.URL).Out, "r2")
	require.Equal(t, "no request is like that\n", commandtest.Run(t, NewRequests(), "--refused", "--server", commandtest.Mock(t, city)).Out)
	require.Equal(t, "nothing was asked yet\n", commandtest.Run(t, NewRequests(), "--server", commandtest.Mock(t, city)).Out)
}

// A request is shown whole, as a command of curl, or as it was sent; and the journal is emptied.
func TestRequests_show(t *testing.T) {
	t.Parallel()
	base := asked(t, "merchant_no=M1&time_stamp=20170820120000&data=%7B%22token%22%3A%22t%22%7D&sign=0123456789ABCDEF0123456789ABCDEF")
	run := func(args ...string) commandtest.Result {
		return commandtest.Run(t, NewRequests(), append(args, "--server", base)...)
	}
	shown := run("show", "r1")
	require.Equal(t, shown.Out, run("show", "1").Out, "the letter may be left out")
	for _, want := range []string{"r1  GET carnum", "merchant    M1", "20170820120000", "why ", "fix ", `"token": "t"`} {
		require.Contains(t, shown.Out, want)
	}
	require.Regexp(t, `^curl .*/openapi/carnum' .*'merchant_no=M1' .*'data=\{"token":"t"\}'`, run("show", "r1", "--curl").Out)
	require.Regexp(t, `^GET /merchant/open/1\.0\.0/openapi/carnum\?merchant_no=M1\S+ HTTP/1\.1\nHost: 127\.0\.0\.1:`, run("show", "r1", "--raw").Out)
	require.Contains(t, run("show", "r1", "-o", "json").Out, `"id": "r1"`)
	require.Contains(t, run("--code", "5").Out, "no request is like that")
	for _, row := range []struct {
		code int
		want string
		args []string
	}{
		{cli.ExitUsage, "either --curl or --raw, not both", []string{"show", "r1", "--curl", "--raw"}},
		{cli.ExitUsage, `--code "x" is no number`, []string{"--code", "x"}},
		{cli.ExitUsage, "--endpoint: ", []string{"--endpoint", "nonsense"}},
		{cli.ExitFailed, "r9", []string{"show", "r9"}},
	} {
		got := run(row.args...)
		require.Equal(t, row.code, got.Code, got.Err)
		require.Contains(t, got.Err, row.want)
	}
	require.Equal(t, "the journal of sandbox default is empty\n", run("clear").Out)
	require.JSONEq(t, `{"cleared":"default"}`, run("clear", "-o", "json").Out)
	require.Equal(t, "nothing was asked yet\n", run().Out)
	s := commandtest.Answering(t, map[string]string{"GET /requests/r1": `{"id":"r1","trimmed":true}`})
	require.Contains(t, commandtest.Run(t, NewRequests(), "show", "r1", "--raw", "--server", s.URL).Err, "the journal has not kept the whole of request r1")
}

// streaming answers each connection to the events with the next text, and then breaks off; the listing has what it is given.
func streaming(t *testing.T, listing string, streams ...string) (server *httptest.Server, resumed func() []string) {
	t.Helper()
	var mu sync.Mutex
	var after []string
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/events") {
			_, _ = w.Write([]byte(listing))
			return
		}
		mu.Lock()
		defer mu.Unlock()
		after = append(after, r.Header.Get("Last-Event-ID"))
		if len(after) > len(streams) {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"status":404,"detail":"no sandbox default"}`))
			return
		}
		_, _ = w.Write([]byte(streams[len(after)-1]))
	}))
	t.Cleanup(server.Close)
	return server, func() []string { mu.Lock(); defer mu.Unlock(); return slices.Clone(after) }
}

func event(id, kind, data string) string {
	return "id: " + id + "\nevent: " + kind + "\ndata: " + data + "\n\n"
}

// What came is listed, then what comes, each once and only what is wanted, until the stream breaks off; that some are lost is said.
func TestRequests_follow(t *testing.T) {
	t.Parallel()
	request := func(n, code int) string {
		return fmt.Sprintf(`{"id":"r%d","at":"2017-08-20 12:00:00","endpoint":"carnum","code":%d,"reason":"why-%d"}`, n, code, n)
	}
	stream := event("1", "request", request(1, 6)) + event("2", "request", request(2, 6)) + event("3", "clock", `{}`) + event("4", "request", request(3, 0)) +
		event("5", "lagged", `{"missed":3}`) + event("6", "request", "7") + event("7", "reset", "{}") + event("8", "request", request(1, 6))
	server, _ := streaming(t, `{"items":[`+request(1, 6)+`]}`, stream)
	got := commandtest.Run(t, NewRequests(), "--follow", "--refused", "--server", server.URL)
	require.Equal(t, cli.ExitFailed, got.Code)
	require.Equal(t, []string{"r1", "r2", "r1"}, ids(got.Out), "after a reset the numbers begin anew")
	require.Contains(t, got.Err, "following sandbox default of "+server.URL)
	require.Contains(t, got.Err, "some requests are not shown, for this reader was too slow")
	require.Contains(t, got.Err, "the stream of events broke off: ")
	refused, _ := streaming(t, `{}`)
	none := commandtest.Run(t, NewRequests(), "-f", "--server", refused.URL)
	require.Equal(t, cli.ExitFailed, none.Code)
	require.Contains(t, none.Err, "no sandbox default")
}

func ids(out string) (all []string) {
	for line := range strings.SplitSeq(out, "\n") {
		if fields := strings.Fields(line); len(fields) > 2 && strings.HasPrefix(fields[2], "r") {
			all = append(all, fields[2])
		}
	}
	return all
}

// A stream that breaks off is resumed behind the last event that was seen; what the server then refuses ends it.
func TestTail_resumes(t *testing.T) {
	t.Parallel()
	server, resumed := streaming(t, "", event("7", "clock", `{"now":"2017-08-20 12:00:00","mode":"frozen"}`), "", event("9", "clock", `{"now":"2017-08-20 13:00:00","mode":"running"}`))
	got := commandtest.Run(t, newTail(0), "--after", "5", "--server", server.URL)
	require.Equal(t, cli.ExitFailed, got.Code)
	require.Equal(t, []string{"5", "7", "7", "9"}, resumed())
	require.Equal(t, "clock    2017-08-20 12:00:00  frozen\nclock    2017-08-20 13:00:00  running\n", got.Out)
	require.Equal(t, 1, strings.Count(got.Err, "following sandbox default"), "once")
	require.Contains(t, got.Err, "no sandbox default")
	unreadable, _ := streaming(t, "", event("1", "car", "7"))
	got = commandtest.Run(t, NewTail(), "--server", unreadable.URL)
	require.Equal(t, cli.ExitFailed, got.Code)
	require.Contains(t, got.Err, "event 1: ")
	never := commandtest.Answering(t, map[string]string{"GET /events": "cut"})
	require.Equal(t, cli.ExitUnreachable, commandtest.Run(t, newTail(0), "--server", never.URL).Code)
	require.Equal(t, []string{"GET /events"}, never.Sent(), "who was never there is not waited for")
}

// One who has seen enough ends the command without an error.
func TestTail_ended(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(event("1", "clock", `{"mode":"frozen"}`)))
		_ = http.NewResponseController(w).Flush()
		cancel()
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	got := commandtest.RunIn(ctx, NewTail(), "", "--json", "--server", server.URL)
	require.Equal(t, cli.ExitOK, got.Code, got.Err)
	require.NoError(t, streamEnd(ctx, context.Canceled))
}
