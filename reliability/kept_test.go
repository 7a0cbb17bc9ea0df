//go:build unix

package reliability_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// beKept serves with a directory until it is killed or told to stop.
func beKept() int {
	s, err := mock.New(mock.WithData(os.Getenv("RELIABILITY_DATA"), mock.DefaultSync), mock.WithSeed(7), mock.WithFixture([]byte(os.Getenv("RELIABILITY_FIXTURE"))))
	if err == nil {
		err = s.Start("127.0.0.1:0")
	}
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println(s.URL())
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := s.Close(context.Background()); err != nil {
		return 1
	}
	return 0
}

// keptCity is a frozen city with ten users of three cars each, whose merchant takes pushes at a URL.
func keptCity(pushURL string) string {
	var users []string
	for u := range 10 {
		var plates []string
		for p := range 3 {
			plates = append(plates, fmt.Sprintf(`{"plateNumber":%q,"merchantNo":"demo","since":"2017-08-01 00:00:00"}`, plate(u, p)))
		}
		users = append(users, fmt.Sprintf(`{"phone":"1380000000%d","plates":[%s]}`, u, strings.Join(plates, ",")))
	}
	return fmt.Sprintf(`{"clock":"2017-08-20 12:00:00","merchants":[{"no":"demo","key":"demo-key","push":{"url":%q}}],
		"parkings":[{"id":"1","name":"P","city":"重庆市","lat":"29.5","lon":"106.5","totalSpace":10000,
		"tariff":{"freeMinutes":0,"unitMinutes":60,"unitPrice":"5","dailyCap":"50"}}],"users":[%s]}`, pushURL, strings.Join(users, ","))
}

func plate(user, n int) string { return fmt.Sprintf("渝A%d%d000", user, n) }

// receiver is a merchant that accepts every push, and remembers the bodies by kind of body and order.
type receiver struct {
	mu     sync.Mutex
	bodies map[string]int
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	r.mu.Lock()
	r.bodies[string(body)]++
	r.mu.Unlock()
	_, _ = io.WriteString(w, `{"code":0}`)
}

// answered is what the server has answered, and so must hold.
type answered struct {
	mu                        sync.Mutex
	requests, faults, created []string
	entered                   int
}

func (a *answered) note(list *[]string, id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	*list = append(*list, id)
}

// control makes one call, and gives its status and answer; 0 where the connection broke.
func controlCall(ctx context.Context, client *http.Client, method, url, body string) (int, []byte) {
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return 0, nil
	}
	res, err := client.Do(r)
	if err != nil {
		return 0, nil
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, nil
	}
	return res.StatusCode, text
}

// load does everything at once until the server is gone.
func load(ctx context.Context, client *http.Client, base string, worker int, done *answered) {
	admin := base + "/__admin/sandboxes"
	for n := 0; ctx.Err() == nil; n++ {
		car := plate(worker, 1)
		if status, _ := controlCall(ctx, client, http.MethodPost, admin+"/default/cars/enter", fmt.Sprintf(`{"plateNumber":%q,"parkingId":"1"}`, car)); status == http.StatusCreated {
			done.mu.Lock()
			done.entered++
			done.mu.Unlock()
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+schemas.PathPrefix+"parkingstatus", strings.NewReader(form(`{"parkingId":"1"}`)))
		if err != nil {
			return
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		res, err := client.Do(r)
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, res.Body); err == nil && res.StatusCode == http.StatusOK {
			done.note(&done.requests, res.Header.Get("X-Mock-Request-Id"))
		}
		_ = res.Body.Close()
		controlCall(ctx, client, http.MethodPost, admin+"/default/cars/exit", fmt.Sprintf(`{"plateNumber":%q}`, car))
		if n%5 == worker%5 {
			var fault struct {
				ID string `json:"id"`
			}
			status, text := controlCall(ctx, client, http.MethodPost, admin+"/default/faults", `{"on":{"endpoint":"carnum"},"do":{"code":2}}`)
			if status == http.StatusCreated && json.Unmarshal(text, &fault) == nil {
				done.note(&done.faults, fault.ID)
			}
			id := fmt.Sprintf("made-%d-%d", worker, n)
			if status, _ := controlCall(ctx, client, http.MethodPost, admin, fmt.Sprintf(`{"id":%q}`, id)); status == http.StatusCreated {
				done.note(&done.created, id)
			}
		}
	}
}

func startKept(t *testing.T, dir, city string) *process {
	t.Helper()
	p := start(t, "kept", "RELIABILITY_DATA="+dir, "RELIABILITY_FIXTURE="+city)
	require.True(t, strings.HasPrefix(p.line, "http://"), p.line)
	return p
}

func stateOf(t *testing.T, client *http.Client, base string) []byte {
	t.Helper()
	status, text := controlCall(t.Context(), client, http.MethodGet, base+"/__admin/sandboxes/default/state", "")
	require.Equal(t, http.StatusOK, status)
	return text
}

func setClock(t *testing.T, client *http.Client, base, clock string) {
	t.Helper()
	status, text := controlCall(t.Context(), client, http.MethodPut, base+"/__admin/sandboxes/default/clock", clock)
	require.Equal(t, http.StatusOK, status, "%s", text)
}

// A server with data that is killed under mixed load at any instant has, when it is started again, everything that it had
// answered: requests in the journal, faults, sandboxes, stays. It is in the state that the log gives, with or without a
// snapshot, every push is delivered at least once, with one body, and the books are right: what was paid and bound is there, once.
func TestKillNine(t *testing.T) {
	t.Parallel()
	merchant := &receiver{bodies: map[string]int{}}
	hook := httptest.NewServer(merchant)
	defer hook.Close()
	city, dir := keptCity(hook.URL), t.TempDir()+"/data"
	client := newClient(t)
	var done answered
	var accounts []*account
	for worker := range 4 {
		accounts = append(accounts, newAccount(worker))
	}
	for range 3 {
		p := startKept(t, dir, city)
		for _, a := range accounts {
			a.settle(t, client, p.line)
		}
		setClock(t, client, p.line, `{"mode":"running","rate":20000}`) // so that something is owed
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for worker := range 8 {
			wg.Go(func() { load(ctx, client, p.line, worker, &done) })
		}
		for _, a := range accounts {
			wg.Go(func() { a.load(ctx, client, p.line) })
		}
		require.Eventually(t, func() bool {
			done.mu.Lock()
			defer done.mu.Unlock()
			return done.entered > 0
		}, time.Minute, time.Millisecond)
		time.Sleep(time.Duration(100+rand.IntN(500)) * time.Millisecond) // the instant of its death
		p.kill()
		cancel()
		wg.Wait()
	}
	p := startKept(t, dir, city)
	base := p.line + "/__admin/sandboxes"
	for _, a := range accounts {
		a.settle(t, client, p.line)
	}
	for _, id := range done.requests {
		status, text := controlCall(t.Context(), client, http.MethodGet, base+"/default/requests/"+id, "")
		require.Equal(t, http.StatusOK, status, "%s: %s", id, text)
	}
	_, faults := controlCall(t.Context(), client, http.MethodGet, base+"/default/faults?limit=1000", "")
	for _, id := range done.faults {
		require.Contains(t, string(faults), fmt.Sprintf(`"id":%q`, id))
	}
	for _, id := range done.created {
		status, _ := controlCall(t.Context(), client, http.MethodGet, base+"/"+id, "")
		require.Equal(t, http.StatusOK, status, id)
	}
	status, text := controlCall(t.Context(), client, http.MethodPost, base+"/default/pushes/drain", `{"timeout":"1m"}`)
	require.Equal(t, http.StatusOK, status, "%s", text)

	setClock(t, client, p.line, `{"mode":"frozen"}`)
	before := stateOf(t, client, p.line)
	p.kill()
	p = startKept(t, dir, city)
	require.Equal(t, string(before), string(stateOf(t, client, p.line)), "the log gives the state again")
	require.NoError(t, p.stop())
	p = startKept(t, dir, city)
	require.Equal(t, string(before), string(stateOf(t, client, p.line)), "so does the snapshot")

	var state struct {
		Platform kept
		Pushes   struct {
			Items []struct {
				Body, Status string
			} `json:"items"`
		} `json:"pushes"`
	}
	require.NoError(t, json.Unmarshal(before, &state))
	require.GreaterOrEqual(t, len(state.Platform.Orders), done.entered)
	require.NotEmpty(t, state.Pushes.Items)
	payments := books(t, client, p.line, state.Platform, accounts)
	merchant.mu.Lock()
	defer merchant.mu.Unlock()
	own := map[string]bool{}
	for _, item := range state.Pushes.Items {
		require.Positive(t, merchant.bodies[item.Body], "%s", item.Body)
		own[item.Body] = true
	}
	for body := range merchant.bodies {
		require.True(t, own[body], "a push that is not in the log: %s", body)
	}
	t.Logf("figure: %d requests, %d faults, %d sandboxes and %d entries were answered; %d payments, %d pushes",
		len(done.requests), len(done.faults), len(done.created), done.entered, payments, len(own))
}

// A second process on the same directory is refused with the first one's id.
func TestData_inUse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir() + "/data"
	first := startKept(t, dir, keptCity("http://127.0.0.1:1/"))
	second := start(t, "kept", "RELIABILITY_DATA="+dir, "RELIABILITY_FIXTURE={}")
	require.Contains(t, second.line, fmt.Sprintf("in use by process %d", first.cmd.Process.Pid))
}

// On a disk that is full the platform answers 503 with storage-unavailable, the control API a problem, and nothing of what was
// refused has happened; once there is room, it goes on.
func TestData_diskFull(t *testing.T) {
	t.Parallel()
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=1m"); err != nil {
		t.Skip("only root can mount a small disk")
	}
	defer func() { require.NoError(t, syscall.Unmount(disk, syscall.MNT_DETACH)) }()
	p := startKept(t, disk+"/data", keptCity("http://127.0.0.1:1/"))
	client := newClient(t)
	ballast := disk + "/ballast"
	require.NoError(t, fillDisk(ballast))
	var last *http.Response
	for range 2000 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.line+schemas.PathPrefix+"parkingstatus", strings.NewReader(form(`{"parkingId":"1"}`)))
		require.NoError(t, err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		last, err = client.Do(r)
		require.NoError(t, err)
		require.NoError(t, last.Body.Close())
		if last.StatusCode != http.StatusOK {
			break
		}
	}
	require.Equal(t, http.StatusServiceUnavailable, last.StatusCode)
	require.Equal(t, "storage-unavailable", last.Header.Get("X-Mock-Reason"))
	require.NotEmpty(t, last.Header.Get("Retry-After"))
	status, _ := controlCall(t.Context(), client, http.MethodGet, p.line+"/healthz", "")
	require.Equal(t, http.StatusOK, status)
	require.NoError(t, os.Remove(ballast))
	require.Eventually(t, func() bool {
		status, _ := controlCall(t.Context(), client, http.MethodPost, p.line+"/__admin/sandboxes/default/faults", `{"on":{"endpoint":"carnum"},"do":{"code":2}}`)
		ready, _ := controlCall(t.Context(), client, http.MethodGet, p.line+"/readyz", "")
		return status == http.StatusCreated && ready == http.StatusOK
	}, time.Minute, 50*time.Millisecond)
	before := stateOf(t, client, p.line)
	p.kill()
	p = startKept(t, disk+"/data", keptCity("http://127.0.0.1:1/"))
	require.Equal(t, string(before), string(stateOf(t, client, p.line)))
}

// fillDisk writes until there is no room.
func fillDisk(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	for err == nil {
		_, err = f.Write(bytes.Repeat([]byte("x"), 4096))
	}
	return f.Close()
}

// stop ends the process as its standard input does.
func (p *process) stop() error {
	if err := p.stdin.Close(); err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, p.rest)
	return p.cmd.Wait()
}
