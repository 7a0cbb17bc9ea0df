//go:build unix

package reliability_test

import (
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
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/freeport"
	"github.com/etcp-mock/etcp-mock/internal/postgrestest"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/postgres"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// beReplica serves as one of the replicas of a database until it is killed or told to stop.
func beReplica() int {
	s, err := mock.New(
		mock.WithData(os.Getenv("RELIABILITY_DATA"), mock.DefaultSync), mock.WithSeed(7),
		mock.WithReplica(postgres.Replica{Name: os.Getenv("RELIABILITY_NAME"), PeerAddr: os.Getenv("RELIABILITY_PEER"), PeerToken: "between-us"}),
		mock.WithAdminToken(adminToken),
	)
	if err == nil {
		err = s.Start(os.Getenv("RELIABILITY_ADDR"))
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

const adminToken = "for-tests"

// authorized sends the admin token.
type authorized struct{ http.RoundTripper }

func (a authorized) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+adminToken)
	return a.RoundTripper.RoundTrip(r)
}

// fleet is the replicas of one database.
type fleet struct {
	t        *testing.T
	client   *http.Client
	database string
	replicas []*replica
}

type replica struct {
	name string
	addr string
	env  []string // what differs from the others
	in   string   // the network namespace it runs in, "" for the test's own
	mu   sync.Mutex
	proc *process
}

func newFleet(t *testing.T, database string, names ...string) *fleet {
	t.Helper()
	client := newClient(t)
	client.Transport = authorized{client.Transport}
	f := &fleet{t: t, client: client, database: database}
	for _, name := range names {
		r := &replica{name: name, addr: freeAddress(t)} // where it will be again
		f.replicas = append(f.replicas, r)
		f.start(r)
	}
	return f
}

func freeAddress(t *testing.T) string {
	t.Helper()
	address, err := freeport.Address()
	require.NoError(t, err)
	return address
}

// start starts a replica, again where it was before.
func (f *fleet) start(r *replica) {
	f.t.Helper()
	p := startIn(f.t, r.in, "replica", append([]string{"RELIABILITY_DATA=" + f.database, "RELIABILITY_NAME=" + r.name, "RELIABILITY_ADDR=" + r.addr}, r.env...)...)
	require.True(f.t, strings.HasPrefix(p.line, "http://"), p.line)
	r.mu.Lock()
	defer r.mu.Unlock()
	if strings.HasSuffix(r.addr, ":0") {
		r.addr = strings.TrimPrefix(p.line, "http://")
	}
	r.proc = p
}

func (r *replica) url() string { return "http://" + r.addr }

func (r *replica) kill() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.proc.kill()
}

// call makes a control call at a replica, and gives its status and answer; 0 where the connection broke.
func (f *fleet) call(r *replica, method, path, body string) (int, []byte) {
	return controlCall(f.t.Context(), f.client, method, r.url()+"/__admin"+path, body)
}

// owners is who owns what, as a replica says.
func (f *fleet) owners(at *replica) map[string]string {
	var out struct {
		Items []struct {
			Name      string   `json:"name"`
			Live      bool     `json:"live"`
			Sandboxes []string `json:"sandboxes"`
		} `json:"items"`
	}
	status, text := f.call(at, http.MethodGet, "/replicas", "")
	if status != http.StatusOK || json.Unmarshal(text, &out) != nil {
		return nil
	}
	owners := map[string]string{}
	for _, r := range out.Items {
		for _, id := range r.Sandboxes {
			if r.Live {
				owners[id] = r.Name
			}
		}
	}
	return owners
}

// limit is how long something may take: as it is promised where the tests run by themselves, and a minute beside all others.
func limit(promised time.Duration) time.Duration {
	if os.Getenv("ETCP_MOCK_RELIABILITY_LOAD") != "" {
		return promised
	}
	return max(promised, time.Minute)
}

// within waits until something holds, which it says again and again.
func (f *fleet) within(promised time.Duration, what string, holds func() bool) time.Duration {
	f.t.Helper()
	began, limit := time.Now(), limit(promised)
	for !holds() {
		if time.Since(began) > limit {
			require.Fail(f.t, "not within "+limit.String(), what)
		}
		time.Sleep(20 * time.Millisecond)
	}
	return time.Since(began)
}

// shop is a sandbox with the merchant that uses it.
type shop struct{ id, no, key string }

func (f *fleet) shop(at *replica, id, pushURL string) shop {
	f.t.Helper()
	s := shop{id, "M-" + id, "key-" + id}
	status, text := f.call(at, http.MethodPost, "/sandboxes", fmt.Sprintf(`{"id":%q,"seed":7,"fixture":{"clock":"2017-08-20 12:00:00","merchants":[{"no":%q,"key":%q,"push":{"url":%q}}],
		"parkings":[{"id":"1","name":"P","city":"重庆市","lat":"29.5","lon":"106.5","totalSpace":10000}],
		"users":[{"phone":"13800000000","plates":[{"plateNumber":"渝A00000","merchantNo":%q,"since":"2017-08-01 00:00:00"}]}]}}`, id, s.no, s.key, pushURL, s.no))
	require.Equal(f.t, http.StatusCreated, status, "%s", text)
	return s
}

// ask is a signed request of a shop at a replica: the HTTP status, the reason of a refusal, and the id of the request.
func (f *fleet) ask(ctx context.Context, at *replica, s shop) (status int, reason, id string) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, at.url()+schemas.PathPrefix+"parkingstatus", strings.NewReader(formOf(s)))
	if err != nil {
		return 0, "", ""
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := f.client.Do(r)
	if err != nil {
		return 0, "", ""
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, "", ""
	}
	if res.StatusCode == http.StatusOK && !strings.Contains(string(body), `"code":0`) {
		return -1, res.Header.Get("X-Mock-Reason"), string(body)
	}
	return res.StatusCode, res.Header.Get("X-Mock-Reason"), res.Header.Get("X-Mock-Request-Id")
}

func formOf(s shop) string {
	const data = `{"parkingId":"1"}`
	stamp := time.Now().In(time.FixedZone("Asia/Shanghai", 8*3600)).Format("20060102150405")
	return fmt.Sprintf("merchant_no=%s&time_stamp=%s&data=%%7B%%22parkingId%%22%%3A%%221%%22%%7D&sign=%s", s.no, stamp, sign.Request(data, s.key, stamp))
}

// database starts a PostgreSQL server for a test.
func database(t *testing.T) *postgrestest.Server {
	t.Helper()
	server, err := postgrestest.Start()
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { require.NoError(t, server.Stop()) })
	return server
}

// sharedDatabase is the server of the tests that leave it alone.
func sharedDatabase(t *testing.T) *postgrestest.Server {
	t.Helper()
	server, err := startDatabase()
	if err != nil {
		t.Skip(err)
	}
	return server
}

var startDatabase = sync.OnceValues(func() (*postgrestest.Server, error) {
	server, err := postgrestest.Start()
	sharedServer = server
	return server, err
})

// sharedServer is that server, where it was started.
var sharedServer *postgrestest.Server

// stopDatabase stops that server.
func stopDatabase() error {
	if sharedServer == nil {
		return nil
	}
	return sharedServer.Stop()
}

// length is how long a test under load lasts: a few seconds, or what is asked for.
func length(t *testing.T, usual time.Duration) time.Duration {
	t.Helper()
	text := os.Getenv("ETCP_MOCK_RELIABILITY_LOAD")
	if text == "" {
		return usual
	}
	long, err := time.ParseDuration(text)
	require.NoError(t, err)
	return long
}

// storm is load on a fleet, and what was answered.
type storm struct {
	f     *fleet
	shops []shop

	mu       sync.Mutex
	requests map[string][]string // ids, by sandbox
	entered  map[string]int
	refused  int
	wrong    []string
}

func (s *storm) run(ctx context.Context, worker int) {
	for n := 0; ctx.Err() == nil; n++ {
		shop, at := s.shops[rand.IntN(len(s.shops))], s.f.replicas[rand.IntN(len(s.f.replicas))]
		status, reason, id := s.f.ask(ctx, at, shop)
		car := fmt.Sprintf("渝B%02d%03d", worker, n%1000)
		entered, text := controlCall(ctx, s.f.client, http.MethodPost, at.url()+"/__admin/sandboxes/"+shop.id+"/cars/enter", fmt.Sprintf(`{"plateNumber":%q,"parkingId":"1"}`, car))
		s.note(shop, status, reason, id, entered, text)
		if status != http.StatusOK {
			time.Sleep(10 * time.Millisecond) // a client that backs off
		}
	}
}

func (s *storm) note(shop shop, status int, reason, id string, entered int, text []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case status == http.StatusOK:
		s.requests[shop.id] = append(s.requests[shop.id], id)
	case status == 0, status == http.StatusServiceUnavailable && strings.HasPrefix(reason, "storage-"):
		s.refused++
	default:
		s.wrong = append(s.wrong, fmt.Sprintf("%s: %d %s %s", shop.id, status, reason, id))
	}
	switch entered {
	case http.StatusCreated:
		s.entered[shop.id]++
	case 0, http.StatusConflict, http.StatusServiceUnavailable:
	default:
		s.wrong = append(s.wrong, fmt.Sprintf("%s: enter: %d %s", shop.id, entered, text))
	}
}

// Three replicas of one database, of which one is killed every three seconds under load, lose nothing that any of them has
// answered: every request is in its sandbox's journal, every stay is there, and the log gives each sandbox's state again.
func TestReplicas_killed(t *testing.T) {
	t.Parallel()
	merchant := &receiver{bodies: map[string]int{}}
	hook := httptest.NewServer(merchant)
	defer hook.Close()
	f := newFleet(t, database(t).URL(), "a", "b", "c")
	s := &storm{f: f, requests: map[string][]string{}, entered: map[string]int{}}
	for i := range 50 {
		s.shops = append(s.shops, f.shop(f.replicas[i%3], fmt.Sprintf("shop-%d", i), hook.URL))
	}
	ctx, cancel := context.WithTimeout(t.Context(), length(t, 7*time.Second))
	defer cancel()
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() { s.run(ctx, worker) })
	}
	kills, longest := 0, time.Duration(0)
	for {
		pause(ctx, 3*time.Second)
		if ctx.Err() != nil {
			break
		}
		dead := f.replicas[rand.IntN(3)]
		dead.kill()
		kills++
		began := time.Now()
		f.start(dead) // again under its name, at once
		longest = max(longest, time.Since(began))
	}
	wg.Wait()
	require.Less(t, longest, limit(3*time.Second), "a replica that was killed is back before the next one dies")
	require.Empty(t, s.wrong)
	states := map[string]string{}
	answered, stays := 0, 0
	for i, shop := range s.shops {
		at := f.replicas[i%3]
		f.within(20*time.Second, "the pushes of "+shop.id, func() bool {
			status, _ := f.call(at, http.MethodPost, "/sandboxes/"+shop.id+"/pushes/drain", `{"timeout":"5s"}`)
			return status == http.StatusOK
		})
		for _, id := range s.requests[shop.id] {
			status, text := f.call(at, http.MethodGet, "/sandboxes/"+shop.id+"/requests/"+id, "")
			require.Equal(t, http.StatusOK, status, "%s %s: %s", shop.id, id, text)
		}
		_, state := f.call(at, http.MethodGet, "/sandboxes/"+shop.id+"/state", "")
		states[shop.id] = string(state)
		require.GreaterOrEqual(t, strings.Count(string(state), `"orderId"`), s.entered[shop.id])
		answered, stays = answered+len(s.requests[shop.id]), stays+s.entered[shop.id]
	}
	require.Positive(t, answered)
	for _, r := range f.replicas {
		r.kill()
	}
	f.start(f.replicas[0])
	for id, before := range states {
		f.within(20*time.Second, id+" on the one that was started", func() bool {
			status, after := f.call(f.replicas[0], http.MethodGet, "/sandboxes/"+id+"/state", "")
			require.True(t, status != http.StatusOK || before == string(after), "%s has another state", id)
			return status == http.StatusOK
		})
	}
	t.Logf("figure: %d replicas were killed, each back after %v at most; %d requests and %d stays were answered, %d calls refused or cut",
		kills, longest.Round(10*time.Millisecond), answered, stays, s.refused)
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
