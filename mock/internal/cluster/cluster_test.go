package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Every replica comes to the same owner, in whatever order it knows the others, and one that leaves or comes moves only
// its own share.
func TestOwner(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z0-9-]{1,8}`), 1, 6, rapid.ID[string]).Draw(t, "names")
		sandbox := rapid.String().Draw(t, "sandbox")
		owner := Owner(sandbox, names)
		if !slices.Contains(names, owner) {
			t.Fatalf("%q owns it", owner)
		}
		if other := Owner(sandbox, rapid.Permutation(names).Draw(t, "order")); other != owner {
			t.Fatalf("%q, and in another order %q", owner, other)
		}
		for i, gone := range names {
			if gone != owner && Owner(sandbox, slices.Concat(names[:i], names[i+1:])) != owner {
				t.Fatalf("%q left, and what %q had moved", gone, owner)
			}
		}
	})
	require.Empty(t, Owner("default", nil))
	counts := map[string]int{}
	for i := range 3000 {
		counts[Owner(fmt.Sprint("sb-", i), []string{"mock-0", "mock-1", "mock-2"})]++
	}
	for name, n := range counts {
		require.InDelta(t, 1000, n, 120, name)
	}
}

func TestTargetOf(t *testing.T) {
	t.Parallel()
	const path = "/merchant/open/1.0.0/openapi/bindcar"
	for _, row := range []struct {
		method, target, kind, body string
		want                       Target
	}{
		{"GET", "/healthz", "", "", Target{Anywhere: true}},
		{"GET", "/__admin/sandboxes", "", "", Target{Anywhere: true}},
		{"GET", "/__admin/sandboxes/", "", "", Target{Anywhere: true}},
		{"GET", "/__admin/sandboxes/default", "", "", Target{Sandbox: "default"}},
		{"PUT", "/__admin/sandboxes/a%2Fb/clock", "", "{}", Target{Sandbox: "a/b"}},
		{"GET", path + "?merchant_no=M1&data=%zz", "", "", Target{MerchantNo: "M1"}},
		{"POST", path, "application/x-www-form-urlencoded; charset=UTF-8", "data=%zz&merchant_no=M%31", Target{MerchantNo: "M1"}},
		{"POST", path + "?merchant_no=M2", "application/x-www-form-urlencoded", "data={}", Target{MerchantNo: "M2"}},
		{"POST", path, "application/json", `{"merchant_no":"M1"}`, Target{}},
		{"DELETE", "/merchant/open/1.0.0/openapi/none", "", "", Target{}},
		{"GET", "/no/such/path", "", "", Target{}},
		{"GET", "/console/app.js", "", "", Target{Anywhere: true}},
		{"POST", "/__admin/sign/explain", "application/json", `{"merchantNo":"M1","data":"{}"}`, Target{MerchantNo: "M1"}},
		{"POST", "/__admin/sign/explain", "application/json", `{"merchantNo":`, Target{}},
		{"POST", "/__admin/scenarios/run", "application/json", `{"name":"x","sandbox":"s"}`, Target{Sandbox: "s"}},
		{"POST", "/__admin/scenarios/run", "application/json", `{"name":"x"}`, Target{Anywhere: true}},
	} {
		r := httptest.NewRequest(row.method, row.target, strings.NewReader(row.body))
		r.Header.Set("Content-Type", row.kind)
		require.Equal(t, row.want, TargetOf(r, func() []byte { return peek(r, MaxBody+1) }), "%s %s", row.method, row.target)
		body, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		require.Equal(t, row.body, string(body))
	}
}

// Any replica answers any request, as if it had been sent to the owner.
func TestForward(t *testing.T) {
	t.Parallel()
	store, nodes := trio(t, staying)
	for id, owner := range store.owners() {
		for _, n := range nodes {
			host := strings.TrimPrefix(n.front.URL, "http://")
			path := "/__admin/sandboxes/" + id + "/state?x=%zz;&y"
			status, by, body := n.get(t, path)
			require.Equal(t, http.StatusOK, status)
			require.Equal(t, owner, by)
			require.Equal(t, fmt.Sprintf("GET %s %s 127.0.0.1 ", path, host), body)
		}
	}
	for i := range 30 {
		n := nodes[i%3]
		form := url.Values{"merchant_no": {fmt.Sprint("M", i)}, "data": {strings.Repeat("x", 1000)}}.Encode()
		res, err := http.Post(n.front.URL+"/merchant/open/1.0.0/openapi/bindcar", "application/x-www-form-urlencoded", strings.NewReader(form))
		require.NoError(t, err)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, store.owners()[fmt.Sprint("sb-", i)], res.Header.Get("X-By"))
		require.True(t, strings.HasSuffix(string(body), form))
	}
	_, by, _ := nodes[0].get(t, "/merchant/open/1.0.0/openapi/carnum?merchant_no=unknown")
	require.Equal(t, store.owners()["default"], by, "a merchant number of nobody is the default sandbox's")
	_, by, _ = nodes[1].get(t, "/healthz")
	require.Equal(t, "b", by)
	_, by, _ = nodes[1].get(t, "/__admin/sandboxes/unknown")
	require.Equal(t, "b", by, "where there is no such sandbox, whoever is asked says so")
}

// A connection that the owner cuts is cut at the client, and a stream flows on while it lasts.
func TestForward_cutAndStream(t *testing.T) {
	t.Parallel()
	store, nodes := trio(t, staying)
	id := "sb-1"
	for _, n := range nodes {
		_, err := http.Get(n.front.URL + "/__admin/sandboxes/" + id + "/cut") //nolint:bodyclose // there is no answer
		require.Error(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, n.front.URL+"/__admin/sandboxes/"+id+"/events", nil)
		require.NoError(t, err)
		res, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		text := make([]byte, 6)
		_, err = io.ReadFull(res.Body, text)
		require.NoError(t, err)
		require.Equal(t, "0\n1\n2\n", string(text))
		cancel()
		require.NoError(t, res.Body.Close())
	}
	require.NotEmpty(t, store.owners()[id])
}

// The listing is that of the whole cluster, default first, in pages.
func TestSandboxes(t *testing.T) {
	t.Parallel()
	_, nodes := trio(t, staying)
	for _, n := range nodes {
		var ids []string
		after := ""
		for {
			_, _, body := n.get(t, "/__admin/sandboxes?limit=7&after="+after)
			items, next := readPage([]byte(body))
			require.LessOrEqual(t, len(items), 7)
			for _, item := range items {
				ids = append(ids, item.ID)
			}
			if next == "" {
				break
			}
			after = next
		}
		require.Len(t, ids, 31)
		require.Equal(t, "default", ids[0])
		require.True(t, slices.IsSorted(ids[1:]))
	}
}

// A replica that dies is replaced; meanwhile its sandboxes are not answered for, and then by another.
func TestOwner_dies(t *testing.T) {
	t.Parallel()
	store, nodes := trio(t, leaving)
	dead := nodes[0]
	dead.front.Close()
	dead.back.Close()
	dead.cluster.stop()
	dead.cluster.wg.Wait()
	settled(t, store, "b", "c")
	for id := range store.owners() {
		require.Eventually(t, func() bool {
			status, by, _ := nodes[1].get(t, "/__admin/sandboxes/"+id)
			return status == http.StatusOK && by == Owner(id, []string{"b", "c"})
		}, time.Minute, 5*time.Millisecond)
	}
	all, err := nodes[1].cluster.Replicas(t.Context())
	require.NoError(t, err)
	require.False(t, all[0].Live)
	require.True(t, all[1].Self)
}

// A replica that joins is given its share, and one that leaves leaves it to the others.
func TestJoinAndLeave(t *testing.T) {
	t.Parallel()
	store, nodes := trio(t, staying)
	fourth := newNode(t, store, "d", staying)
	settled(t, store, "a", "b", "c", "d")
	require.NotEmpty(t, fourth.local.Owned())
	require.NoError(t, nodes[0].cluster.Leave(t.Context()))
	settled(t, store, "b", "c", "d")
	_, err := Join(t.Context(), connection{store, "x"}, fourth.local, Options{Name: "d", Lifetime: time.Minute})
	require.ErrorIs(t, err, ledger.ErrExists)
}

// A replica that is cut off from the store answers 503, and another takes over; healed, it forwards.
func TestCutOff(t *testing.T) {
	t.Parallel()
	store, nodes := trio(t, leaving)
	lost := nodes[2]
	id := slices.Sorted(maps.Keys(lost.local.Owned()))[0]
	store.setCut("c", true)
	require.Eventually(t, func() bool {
		status, _, body := lost.get(t, "/__admin/sandboxes/"+id)
		return status == http.StatusServiceUnavailable && strings.Contains(body, ledger.ErrUnavailable.Error())
	}, time.Minute, 5*time.Millisecond)
	require.False(t, lost.cluster.InTouch())
	settled(t, store, "a", "b")
	require.Eventually(t, func() bool {
		status, by, _ := nodes[0].get(t, "/__admin/sandboxes/"+id)
		return status == http.StatusOK && by == Owner(id, []string{"a", "b"})
	}, time.Minute, 5*time.Millisecond)
	// The store refuses what the stale owner writes, on which it drops the sandbox.
	require.NoError(t, lost.local.GiveUp(t.Context(), id))
	store.setCut("c", false)
	require.Eventually(t, func() bool {
		status, _, _ := lost.get(t, "/__admin/sandboxes/"+id)
		return status == http.StatusOK
	}, time.Minute, 5*time.Millisecond)
}

// Peers want the token, and a client cannot pretend to be one.
func TestPeer_token(t *testing.T) {
	t.Parallel()
	store, nodes := trio(t, staying)
	res, err := http.Get(nodes[0].back.URL + "/__admin/sandboxes/sb-1")
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusForbidden, res.StatusCode)
	foreign := newNodeWith(t, store, "z", "another", staying)
	settledAny(t, store, foreign)
	r, err := http.NewRequest(http.MethodGet, nodes[0].front.URL+"/__admin/sandboxes/sb-1", nil)
	require.NoError(t, err)
	r.Header.Set(headerRemote, "10.9.9.9:1")
	r.Header.Set(headerHops, "99")
	res, err = http.DefaultClient.Do(r)
	require.NoError(t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.NotContains(t, string(body), "10.9.9.9")
}

func settledAny(t *testing.T, store *fakeStore, n *node) {
	t.Helper()
	require.Eventually(t, func() bool {
		for _, owner := range store.owners() {
			if owner == n.name {
				return true
			}
		}
		return false
	}, time.Minute, 5*time.Millisecond)
}

// Where two replicas send a request back and forth, it ends.
func TestRoute_hops(t *testing.T) {
	t.Parallel()
	_, nodes := trio(t, staying)
	var elsewhere string
	for id := range nodes[1].local.Owned() {
		elsewhere = id
	}
	_, ok, err := nodes[0].cluster.Route(t.Context(), elsewhere, maxHops-1)
	require.NoError(t, err)
	require.True(t, ok)
	_, _, err = nodes[0].cluster.Route(t.Context(), elsewhere, maxHops)
	require.True(t, errors.Is(err, ledger.ErrUnavailable))
}

// A peer that stands still breaks no connection: who waits for it, and whoever follows a stream through it, is let go when it counts as dead.
func TestForward_aPeerThatStandsStill(t *testing.T) {
	store := newFakeStore()
	near, far := newNode(t, store, "near", leaving), newNode(t, store, "far", leaving)
	still := make(chan struct{})
	far.back.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/events") {
			w.(http.Flusher).Flush()
		}
		<-still
	})
	defer close(still)
	id := ""
	for i := 0; id == ""; i++ {
		if name := fmt.Sprint("sb-", i); Owner(name, []string{"near", "far"}) == "far" {
			id = name
		}
	}
	store.put(id, "far")
	require.Eventually(t, func() bool { return far.local.Owns(id) }, time.Minute, time.Millisecond)
	ended := make(chan error, 2)
	for _, path := range []string{"/clock", "/events"} {
		go func() {
			res, err := http.Get(near.front.URL + "/__admin/sandboxes/" + id + path)
			if err == nil {
				_, err = io.ReadAll(res.Body)
				_ = res.Body.Close()
			}
			ended <- err
		}()
	}
	require.Eventually(t, func() bool {
		near.cluster.waiting.mu.Lock()
		defer near.cluster.waiting.mu.Unlock()
		return len(near.cluster.waiting.at[far.back.Listener.Addr().String()]) == 2
	}, time.Minute, time.Millisecond)
	store.setCut("far", true)
	for range 2 {
		select {
		case err := <-ended:
			require.Error(t, err, "an answer of ours would hide that the request may have happened")
		case <-time.After(time.Minute):
			t.Fatal("who waits for a replica that counts as dead is not let go")
		}
	}
	require.Eventually(t, func() bool {
		status, by, _ := near.get(t, "/__admin/sandboxes/"+id+"/clock")
		return status == http.StatusOK && by == "near"
	}, time.Minute, 10*time.Millisecond)
}
