package main

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/internal/commandtest"
	"github.com/etcp-mock/etcp-mock/internal/freeport"
	"github.com/etcp-mock/etcp-mock/internal/outagetest"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/sign"
)

// going is a command that runs until it is ended.
type going struct {
	out, err commandtest.Output
	stop     context.CancelFunc
	code     chan int
}

func start(t *testing.T, args ...string) *going {
	t.Helper()
	g := &going{code: make(chan int, 1)}
	ctx, stop := context.WithCancel(t.Context())
	g.stop = stop
	go func() { g.code <- run(ctx, args, strings.NewReader(""), &g.out, &g.err) }()
	t.Cleanup(stop)
	return g
}

func (g *going) end(t *testing.T) int {
	t.Helper()
	g.stop()
	select {
	case code := <-g.code:
		return code
	case <-time.After(time.Minute):
		require.FailNow(t, "it does not end", g.err.String())
		return 0
	}
}

// says waits for a text.
func says(t *testing.T, from *commandtest.Output, pattern string, times int) []string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	var found []string
	require.Eventually(t, func() bool {
		text := from.String()
		found = re.FindStringSubmatch(text)
		return len(re.FindAllString(text, -1)) >= times
	}, time.Minute, 5*time.Millisecond, "%s in: %s", pattern, from)
	return found
}

const reads = "name: %\nsteps: [{call: parkingstatus, data: {parkingId: none}, expect: {code: CODE}}]\n"

// --watch runs everything once, and then what a changed file touches, those that use it included; a broken file is told and
// ends nothing.
func TestRun_watch(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join("cases", name), []byte(text), 0o600))
	}
	require.NoError(t, os.Mkdir("cases", 0o750))
	of := func(name, code string) string { return strings.NewReplacer("%", name, "CODE", code).Replace(reads) }
	write("one.yaml", of("one", "1"))
	write("two.yaml", of("two", "1"))
	write("user.yaml", "name: user\nsteps: [{use: two}]\n")
	g := start(t, "run", "cases", "--watch", "--last-run=")
	says(t, &g.out, "3 passed", 1)
	says(t, &g.err, "watching; interrupt to end", 1)

	write("one.yaml", of("one", "0"))
	says(t, &g.out, "FAIL one ", 1)
	says(t, &g.out, "(?m)^1 failed in", 1)
	write("one.yaml", "name: one\nsteps: [{slep: 1s}]\n")
	says(t, &g.err, `one.yaml:2:10: steps\[0\]: there is no step "slep"`, 1)
	write("one.yaml", of("one", "1"))
	says(t, &g.out, "(?m)^1 passed in", 1)
	write("two.yaml", of("two", "{$gt: 0}"))
	says(t, &g.out, "(?m)^2 passed in", 1)
	require.Zero(t, g.end(t))
}

// The proxy forwards, judges and records; interrupted, it tells, and what it wrote replays.
func TestProxy_command(t *testing.T) {
	t.Chdir(t.TempDir())
	server, err := mock.New(mock.WithSeed(1))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close(t.Context())) })
	upstream := httptest.NewServer(server.Handler())
	defer upstream.Close()
	g := start(t, "proxy", "--upstream", upstream.URL, "--listen", "127.0.0.1:0", "--out", "rec.yaml", "--report", "json=p.json,tap=p.tap")
	address := says(t, &g.err, `listening on (http://\S+)`, 1)[1]
	c := client.New(address, "demo", "demo-key")
	answer, err := c.Do(t.Context(), "usersigin", map[string]any{"mobilePhone": "13800000009", "appId": "ETCP"})
	require.NoError(t, err)
	token := strings.Split(string(answer.Data), `"`)[3]
	_, err = c.Do(t.Context(), "carnum", map[string]any{"token": token})
	require.NoError(t, err)
	require.Zero(t, g.end(t), g.err.String())
	require.Contains(t, g.out.String(), "2 passed")
	require.NotContains(t, g.err.String(), "put enter and advance steps")

	// Calls of a stay need its car, which is not in the traffic: that is said.
	g = start(t, "proxy", "--upstream", upstream.URL, "--listen", "127.0.0.1:0", "--out", "stay.yaml")
	c = client.New(says(t, &g.err, `listening on (http://\S+)`, 1)[1], "demo", "demo-key")
	sandbox := control.New(upstream.URL).Sandbox("default")
	parks, err := sandbox.Parkings(t.Context(), control.Page{Limit: 1})
	require.NoError(t, err)
	_, err = sandbox.Enter(t.Context(), control.Entry{PlateNumber: "渝ATX061", ParkingID: parks.Items[0].ID})
	require.NoError(t, err)
	_, err = c.Do(t.Context(), "orderunpay", map[string]any{"token": token, "plateNumber": "渝ATX061"})
	require.NoError(t, err)
	require.Zero(t, g.end(t), g.err.String())
	require.Contains(t, g.err.String(), "put enter and advance steps")
	require.NoError(t, os.Remove("stay.yaml"))

	// What was recorded before stays where nothing comes, or nothing can be listened to.
	before, err := os.ReadFile("rec.yaml")
	require.NoError(t, err)
	g = start(t, "proxy", "--upstream", upstream.URL, "--listen", "127.0.0.1:0", "--out", "rec.yaml")
	says(t, &g.err, `listening on (http://\S+)`, 1)
	second := start(t, "proxy", "--upstream", upstream.URL, "--listen", "127.0.0.1:0", "--out", "rec.yaml")
	require.NotZero(t, <-second.code, "the one that ends last would replace what the other has recorded")
	require.Contains(t, second.err.String(), "--out: rec.yaml is in use by process "+strconv.Itoa(os.Getpid()))
	require.NotContains(t, second.err.String(), "listening")
	g.end(t)
	require.Contains(t, g.err.String(), "nothing was recorded")
	g = start(t, "proxy", "--upstream", upstream.URL, "--listen", strings.TrimPrefix(upstream.URL, "http://"), "--out", "rec.yaml")
	require.NotZero(t, <-g.code)
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	require.Len(t, files, 3, "nothing is left beside it")

	recorded, err := os.ReadFile("rec.yaml")
	require.NoError(t, err)
	require.Equal(t, string(before), string(recorded))
	require.NoError(t, err)
	require.Contains(t, string(recorded), `"token": "${v1}"`)
	for _, file := range []string{"rec.yaml", "p.json", "p.tap"} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NotContains(t, string(text), "demo-key")
	}
	var out, errs commandtest.Output
	require.Zero(t, run(t.Context(), []string{"run", "rec.yaml", "--last-run="}, strings.NewReader(""), &out, &errs), out.String()+errs.String())
}

// Where the target is no mock, --listen takes the pushes that cases wait for, and --var code= is the SMS code.
func TestRun_listen(t *testing.T) {
	t.Chdir(t.TempDir())
	var sendTo string
	platform := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		if strings.HasSuffix(r.URL.Path, "/userlogin") {
			_ = r.ParseForm()
			if strings.Contains(r.Form.Get("data"), `"code":"471100"`) {
				_, _ = io.WriteString(w, `{"code":0,"message":"ok","data":{"token":"0b2c2f8e-7f0c-4f1e-9d3c-3a1f5d1b7e11"}}`)
				return
			}
			_, _ = io.WriteString(w, `{"code":20203,"message":"手机验证码错误"}`)
			return
		}
		data := `{"plateNumber":"渝ATX061","time":"2017-08-20 12:00:00"}`
		push := strings.TrimSuffix(data, "}") + `,"signment":"` + sign.Push("M1", data, "k-of-M1") + `"}`
		res, err := http.Post(sendTo+"/unbind", "application/json", strings.NewReader(push)) //nolint:noctx // the platform's
		if err == nil {
			_ = res.Body.Close()
		}
		_, _ = io.WriteString(w, `{"code":0,"message":"ok"}`)
	}))
	defer platform.Close()
	free, err := freeport.Address()
	require.NoError(t, err)
	sendTo = "http://" + free
	require.NoError(t, os.WriteFile("case.yaml", []byte(`name: unbinds
steps:
  - sms: {mobilePhone: "13800000001"}
    save: {code: code}
  - call: userlogin
    data: {mobilePhone: "13800000001", code: "${code}", appId: ETCP}
    save: {token: data.token}
  - {call: unbindcar, data: {token: "${token}", plateNumber: 渝ATX061}}
  - push: unbind
    expect: {plateNumber: 渝ATX061}
    within: 1m
  - {push: entry, count: 0}
`), 0o600))
	t.Setenv("ETCP_MOCK_MERCHANT_KEY", "k-of-M1")
	given := []string{"run", "case.yaml", "--target", platform.URL, "--merchant-no", "M1", "--allow-writes", "--rate", "1000", "--last-run=", "--listen", free}
	var out, errs commandtest.Output
	require.Zero(t, run(t.Context(), append(given, "--var", "code=471100"), strings.NewReader(""), &out, &errs), out.String()+errs.String())
	require.Contains(t, errs.String(), "taking pushes at "+sendTo)
	require.Contains(t, out.String(), "1 passed")
	require.Equal(t, 1, run(t.Context(), given, strings.NewReader(""), &out, &errs), "nobody is there to ask")
	require.Contains(t, out.String(), "--var code=")
}

// A person at the terminal is asked for the SMS code.
func TestPrompt(t *testing.T) {
	asked := ""
	target := scenarios.Platform("http://127.0.0.1:1", "M1", "k-of-M1")
	target.Prompt = func(_ context.Context, question string) (string, error) {
		asked = question
		return " 123456 ", nil
	}
	s, err := scenarios.Parse("test.yaml", []byte(`name: asks
steps: [{sms: {mobilePhone: "13800000001"}, expect: {code: "123456"}}]
`))
	require.NoError(t, err)
	result, err := scenarios.Run(t.Context(), target, s, scenarios.Options{})
	require.NoError(t, err)
	require.Equal(t, scenarios.Passed, result.Status)
	require.Equal(t, "SMS code sent to 13800000001", asked)
}

// Whatever the command, a target that gives no answer to judge ends it with exit 3 and one sentence of which kind it is.
func TestOutages_everyCommand(t *testing.T) {
	t.Setenv("ETCP_MOCK_MERCHANT_KEY", "k1")
	for kind, handler := range outagetest.Handlers() {
		t.Run(kind, func(t *testing.T) {
			server := httptest.NewServer(handler)
			t.Cleanup(server.Close)
			var commands sync.WaitGroup
			defer commands.Wait()
			for _, args := range [][]string{
				{"run", "--last-run=", "--target", server.URL, "--admin"},
				{"run", "--last-run=", "--target", server.URL, "--merchant-no", "M1"},
				{"coverage", "--target", server.URL, "--admin"},
				{"coverage", "--target", server.URL, "--merchant-no", "M1"},
				{"diff", "mock", server.URL, "--mock", "b"},
				{"diff", "mock", server.URL, "--merchant-no", "M1"},
				{"fuzz", "--target", server.URL, "--admin"},
				{"fuzz", "--target", server.URL, "--merchant-no", "M1"},
			} {
				commands.Go(func() { // at once: those that wait wait together
					var out, errs commandtest.Output
					code := run(t.Context(), args, strings.NewReader(""), &out, &errs)
					text := out.String() + errs.String()
					assert.Equal(t, 3, code, "%s: %s", args, text)
					kind := kind
					if kind == "unauthorized" && args[len(args)-1] == "M1" {
						kind = "refused" // by something before the platform
					}
					assert.Equal(t, 1, strings.Count(text, kind+": "), "%s: %s", args, text)
				})
			}
		})
	}
}

// A control API that sends its caller to a login host is blamed itself, and the host is not asked.
func TestOutages_adminElsewhere(t *testing.T) {
	asked := false
	login := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer login.Close()
	gate := httptest.NewServer(http.RedirectHandler(login.URL+"/login", http.StatusFound))
	defer gate.Close()
	var out, errs commandtest.Output
	require.Equal(t, 3, run(t.Context(), []string{"run", "--last-run=", "--target", gate.URL, "--admin"}, strings.NewReader(""), &out, &errs), out.String())
	require.Contains(t, out.String(), "redirect: the control API: HTTP 302 to \""+login.URL+"/login\"")
	require.False(t, asked)
}

// The proxy passes on what its upstream answers, and says of one that answers nothing that it did not; what the client sees is a 502, or what it waited for.
func TestOutages_proxy(t *testing.T) {
	t.Chdir(t.TempDir())
	for kind, handler := range outagetest.Handlers() {
		t.Run(kind, func(t *testing.T) {
			upstream := httptest.NewServer(handler)
			defer upstream.Close()
			g := start(t, "proxy", "--upstream", upstream.URL, "--listen", "127.0.0.1:0")
			address := says(t, &g.err, `listening on (http://\S+)`, 1)[1]
			limit := time.Minute
			if kind == "timeout" {
				limit = 4 * time.Second // of which a second counts, from when the proxy has the request
			}
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			_, err := client.New(address, "demo", "demo-key").Do(ctx, "carnum", map[string]any{"token": "none"})
			require.Error(t, err)
			code := g.end(t)
			text := g.out.String() + g.err.String()
			if kind == "timeout" {
				require.Equal(t, 3, code, text)
				require.Contains(t, text, "timeout: "+upstream.URL)
				return
			}
			require.Equal(t, 1, code, text) // it answered, and wrongly
			require.Contains(t, text, "1-carnum")
		})
	}
}

// The command's pushes ask for no compression, as the mock's do not: an endpoint that compresses all the same is found.
func TestWebhook_asksForNoCompression(t *testing.T) {
	asked := make(chan string, 100)
	merchant := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case asked <- r.Header.Get("Accept-Encoding"):
		default:
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write([]byte(`{"code":0,"message":"ok"}`))
		_ = z.Close()
	}))
	defer merchant.Close()
	g := start(t, "webhook", merchant.URL, "--merchant-no", "M1", "--merchant-key", "key-of-m1", "--color", "never")
	require.Equal(t, 1, <-g.code)
	require.Empty(t, <-asked)
	require.Contains(t, g.out.String(), "the answer is compressed (Content-Encoding: gzip)")
	require.Contains(t, g.out.String(), "compress only what asks for it")
}
