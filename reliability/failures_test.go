//go:build unix

package reliability_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/postgres"
)

// the is the replica of a name, and others are all but that.
func (f *fleet) the(name string) *replica {
	return f.replicas[slices.IndexFunc(f.replicas, func(r *replica) bool { return r.name == name })]
}

func (f *fleet) others(than *replica) []*replica {
	return slices.DeleteFunc(slices.Clone(f.replicas), func(r *replica) bool { return r == than })
}

// ownedBy waits until every sandbox has its place, and gives a shop that a replica owns.
func (f *fleet) ownedBy(r *replica, shops []shop) shop {
	f.t.Helper()
	var found shop
	var before map[string]string
	f.within(20*time.Second, r.name+" owns a shop, and nothing moves any more", func() bool {
		owners := f.owners(f.replicas[0])
		settled := len(owners) > len(shops) && fmt.Sprint(owners) == fmt.Sprint(before) // with default
		before = owners
		if at := slices.IndexFunc(shops, func(s shop) bool { return owners[s.id] == r.name }); at >= 0 && settled {
			found = shops[at]
			return true
		}
		time.Sleep(time.Second) // a beat
		return false
	})
	return found
}

func (f *fleet) shops(n int) (shops []shop) {
	f.t.Helper()
	for i := range n {
		shops = append(shops, f.shop(f.replicas[i%len(f.replicas)], fmt.Sprintf("shop-%d", i), "http://127.0.0.1:1/"))
	}
	return shops
}

// A replica that is stopped for ten seconds (SIGSTOP) is replaced; when it goes on it answers for nothing from its old memory.
func TestReplicas_paused(t *testing.T) {
	t.Parallel()
	f := newFleet(t, sharedDatabase(t).Database(t), "a", "b", "c")
	stopped := f.the("b")
	s := f.ownedBy(stopped, f.shops(12))
	others := f.others(stopped)
	var ids []string
	answers := func(at *replica) func() bool {
		return func() bool {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			status, _, id := f.ask(ctx, at, s)
			if status == http.StatusOK {
				ids = append(ids, id)
			}
			return status == http.StatusOK
		}
	}
	f.within(5*time.Second, "the owner answers", answers(stopped))
	began := time.Now()
	require.NoError(t, stopped.proc.cmd.Process.Signal(syscall.SIGSTOP))
	taken := f.within(10*time.Second, "another owns it", answers(others[0]))
	f.within(10*time.Second, "so does the third say", answers(others[1]))
	pause(t.Context(), time.Until(began.Add(10*time.Second)))
	require.NoError(t, stopped.proc.cmd.Process.Signal(syscall.SIGCONT))
	first, _ := f.call(stopped, http.MethodGet, "/sandboxes/"+s.id+"/requests/"+ids[len(ids)-1], "")
	require.Contains(t, []int{http.StatusOK, http.StatusServiceUnavailable}, first, "its old memory has no such request")
	f.within(10*time.Second, "it forwards", answers(stopped))
	for _, id := range ids {
		for _, r := range f.replicas {
			status, text := f.call(r, http.MethodGet, "/sandboxes/"+s.id+"/requests/"+id, "")
			require.Equal(t, http.StatusOK, status, "%s at %s: %s", id, r.name, text)
		}
	}
	t.Logf("figure: another replica answered after %v", taken.Round(10*time.Millisecond))
}

// followed reads the ids of a stream of events at a replica into seen, until it ends. What tells of a gap ends it, too.
func (f *fleet) followed(ctx context.Context, at *replica, s shop, last string, seen func(id, kind string)) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at.url()+"/__admin/sandboxes/"+s.id+"/events", http.NoBody)
	if err != nil {
		return
	}
	r.Header.Set("Last-Event-ID", last)
	client := &http.Client{Transport: f.client.Transport}
	res, err := client.Do(r)
	if err != nil {
		return
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return
	}
	id := ""
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
			id = text
		}
		if kind, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			seen(id, kind)
		}
	}
}

// A stream of events that breaks with its sandbox's owner is resumed on another replica, and has every event once, in order.
func TestReplicas_events(t *testing.T) {
	t.Parallel()
	f := newFleet(t, sharedDatabase(t).Database(t), "a", "b", "c")
	dead := f.the("a")
	s := f.ownedBy(dead, f.shops(12))
	rest := f.others(dead)
	ctx, cancel := context.WithCancel(t.Context())
	var mu sync.Mutex
	var numbers []uint64
	var kinds []string
	last := ""
	seen := func(id, kind string) {
		mu.Lock()
		defer mu.Unlock()
		kinds, last = append(kinds, kind), id
		_, number, _ := strings.Cut(id, "-")
		n, _ := strconv.ParseUint(number, 10, 64)
		numbers = append(numbers, n)
	}
	var following sync.WaitGroup
	following.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			mu.Lock()
			from := last
			mu.Unlock()
			f.followed(ctx, rest[i%2], s, from, seen)
			pause(ctx, 50*time.Millisecond)
		}
	})
	count := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(numbers)
	}
	asked := 0
	one := func() bool {
		status, _, _ := f.ask(t.Context(), rest[asked%2], s)
		asked++
		return status == http.StatusOK
	}
	f.within(10*time.Second, "events come", func() bool { return one() && count() > 20 })
	dead.kill()
	f.within(10*time.Second, "another owns it", one)
	before := count()
	f.within(20*time.Second, "events come from the new owner", func() bool { return one() && count() > before+20 })
	cancel()
	following.Wait()
	require.NotContains(t, kinds, "reset")
	require.NotContains(t, kinds, "lagged")
	for i, n := range numbers {
		require.Equal(t, numbers[0]+uint64(i), n, "event %d of %d", i, len(numbers))
	}
	t.Logf("figure: %d events in order, of them %d from the new owner", len(numbers), len(numbers)-before)
}

// refuses says that a replica answers as one whose store is not to be had: 503 with code 2 and a reason, a problem, not ready, alive.
func (f *fleet) refuses(at *replica, s shop) bool {
	f.t.Helper()
	status, reason, _ := f.ask(f.t.Context(), at, s)
	if status == http.StatusOK {
		return false
	}
	require.Equal(f.t, http.StatusServiceUnavailable, status)
	require.True(f.t, reason == "storage-unavailable" || reason == "storage-uncertain", reason)
	status, text := f.call(at, http.MethodPost, "/sandboxes/"+s.id+"/faults", `{"on":{"endpoint":"carnum"},"do":{"code":2}}`)
	require.Equal(f.t, http.StatusServiceUnavailable, status, "%s", text)
	var problem struct{ Status int }
	require.NoError(f.t, json.Unmarshal(text, &problem), "%s", text)
	require.Equal(f.t, http.StatusServiceUnavailable, problem.Status)
	status, _ = controlCall(f.t.Context(), f.client, http.MethodGet, at.url()+"/healthz", "")
	require.Equal(f.t, http.StatusOK, status)
	return true
}

func (f *fleet) ready(at *replica) bool {
	status, _ := controlCall(f.t.Context(), f.client, http.MethodGet, at.url()+"/readyz", "")
	return status == http.StatusOK
}

// Where the database is down, every replica says so and stays alive; when it is there again, so is everything that was answered.
func TestReplicas_databaseDown(t *testing.T) {
	t.Parallel()
	server := database(t)
	f := newFleet(t, server.URL(), "a", "b")
	s := f.ownedBy(f.the("b"), f.shops(8))
	var ids []string
	note := func(at *replica) func() bool {
		return func() bool {
			status, _, id := f.ask(t.Context(), at, s)
			if status == http.StatusOK {
				ids = append(ids, id)
			}
			return status == http.StatusOK
		}
	}
	f.within(5*time.Second, "it is answered", note(f.the("a")))
	require.NoError(t, server.Halt(true))
	for _, r := range f.replicas {
		f.within(5*time.Second, r.name+" refuses", func() bool { return f.refuses(r, s) })
		f.within(5*time.Second, r.name+" is not ready", func() bool { return !f.ready(r) })
	}
	require.NoError(t, server.Run())
	for _, r := range f.replicas {
		f.within(15*time.Second, r.name+" is ready", func() bool { return f.ready(r) })
		f.within(15*time.Second, r.name+" answers", note(r))
	}
	for _, id := range ids {
		status, _ := f.call(f.the("a"), http.MethodGet, "/sandboxes/"+s.id+"/requests/"+id, "")
		require.Equal(t, http.StatusOK, status, id)
	}
}

// Where the database is slow, or its disk is full, writes are refused and have not happened; once it is not, they go on.
func TestReplicas_databaseSlowOrFull(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]string{
		"slow": "PERFORM pg_sleep(5)", "full": "RAISE EXCEPTION 'could not extend file: no space left on device' USING ERRCODE = '53100'",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := database(t)
			f := newFleet(t, server.URL(), "a", "b")
			s := f.ownedBy(f.the("b"), f.shops(8))
			f.within(5*time.Second, "it is answered", func() bool {
				status, _, _ := f.ask(t.Context(), f.the("a"), s)
				return status == http.StatusOK
			})
			_, before := f.call(f.the("a"), http.MethodGet, "/sandboxes/"+s.id+"/faults", "")
			server.Exec(t, "CREATE FUNCTION failure() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "+failure+"; RETURN NEW; END $$")
			server.Exec(t, "CREATE TRIGGER failure BEFORE INSERT ON etcp_mock_pieces FOR EACH ROW EXECUTE FUNCTION failure()")
			for _, r := range f.replicas {
				began := time.Now()
				require.True(t, f.refuses(r, s))
				require.Less(t, time.Since(began), limit(12*time.Second), "two writes, each of them refused after the timeout at the latest")
			}
			server.Exec(t, "DROP TRIGGER failure ON etcp_mock_pieces")
			for _, r := range f.replicas {
				f.within(15*time.Second, r.name+" answers again", func() bool {
					status, _, _ := f.ask(t.Context(), r, s)
					return status == http.StatusOK
				})
			}
			_, after := f.call(f.the("a"), http.MethodGet, "/sandboxes/"+s.id+"/faults", "")
			require.Equal(t, string(before), string(after), "what was refused has not happened")
		})
	}
}

// A replica with another peer token is refused at its start, and those that are there answer as before: none gives it a sandbox.
func TestReplicas_otherToken(t *testing.T) {
	t.Parallel()
	f := newFleet(t, sharedDatabase(t).Database(t), "a")
	shops := f.shops(4)
	for _, token := range []string{"", "what-they-know"} {
		_, err := mock.New(mock.WithData(f.database, mock.DefaultSync), mock.WithReplica(postgres.Replica{Name: "b", PeerToken: token}))
		require.ErrorContains(t, err, "the replica a lives, and has another peer token: give all replicas of a database the same one")
		require.NotContains(t, err.Error(), "what-they-know")
	}
	require.Equal(t, 5, len(f.owners(f.the("a"))))
	for _, s := range shops {
		status, _, _ := f.ask(t.Context(), f.the("a"), s)
		require.Equal(t, http.StatusOK, status)
	}
}

// Of many that make one merchant number at once, on several replicas and in several ways, one gets it.
func TestReplicas_oneMerchantAtOnce(t *testing.T) {
	t.Parallel()
	f := newFleet(t, sharedDatabase(t).Database(t), "a", "b", "c")
	shops := f.shops(6)
	for round := range 5 {
		statuses := make([]int, 12)
		var wg sync.WaitGroup
		for i := range statuses {
			wg.Go(func() {
				at := f.replicas[i%3]
				if i < len(shops) {
					statuses[i], _ = f.call(at, http.MethodPut, fmt.Sprintf("/sandboxes/%s/merchants/wanted-%d", shops[i].id, round), `{"key":"k"}`)
				} else {
					statuses[i], _ = f.call(at, http.MethodPost, "/sandboxes", fmt.Sprintf(`{"id":"new-%d-%d","fixture":{"merchants":[{"no":"wanted-%d","key":"k"}]}}`, round, i, round))
				}
			})
		}
		wg.Wait()
		made := 0
		for _, status := range statuses {
			if status == http.StatusOK || status == http.StatusCreated {
				made++
				continue
			}
			require.Contains(t, []int{http.StatusConflict, http.StatusServiceUnavailable}, status)
		}
		require.Equal(t, 1, made, "%v", statuses)
	}
}
