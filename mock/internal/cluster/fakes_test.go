package cluster

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// fakeStore is a store in memory that can be cut off from a replica.
type fakeStore struct {
	mu     sync.Mutex
	beats  map[string]time.Time
	runs   map[string]string
	addrs  map[string]string
	places map[string]ledger.Place
	cut    map[string]bool
}

func newFakeStore() *fakeStore {
	return &fakeStore{
		beats: map[string]time.Time{}, runs: map[string]string{}, addrs: map[string]string{}, places: map[string]ledger.Place{}, cut: map[string]bool{},
	}
}

// connection is one replica's.
type connection struct {
	*fakeStore
	name string
}

func (s connection) Beat(_ context.Context, name, run, addr string, lifetime time.Duration) ([]ledger.Replica, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cut[s.name] {
		return nil, ledger.ErrUnavailable
	}
	if s.runs[name] != run && time.Since(s.beats[name]) < lifetime {
		return nil, ledger.ErrExists
	}
	s.beats[name], s.runs[name], s.addrs[name] = time.Now(), run, addr
	return s.replicasLocked(lifetime), nil
}

func (s connection) Replicas(_ context.Context, lifetime time.Duration) ([]ledger.Replica, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.replicasLocked(lifetime), nil
}

func (s connection) replicasLocked(lifetime time.Duration) (all []ledger.Replica) {
	for _, n := range slices.Sorted(maps.Keys(s.beats)) {
		silent := time.Since(s.beats[n])
		all = append(all, ledger.Replica{Name: n, Addr: s.addrs[n], Live: silent < lifetime, Silent: silent})
	}
	return all
}

func (s connection) Leave(_ context.Context, name, run string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.runs[name] == run {
		delete(s.beats, name)
		delete(s.runs, name)
	}
	return nil
}

func (s connection) Places(context.Context) (all []ledger.Place, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cut[s.name] {
		return nil, ledger.ErrUnavailable
	}
	for _, id := range slices.Sorted(maps.Keys(s.places)) {
		all = append(all, s.places[id])
	}
	return all, nil
}

func (s *fakeStore) setCut(name string, cut bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cut[name] = cut
}

func (s *fakeStore) put(id, owner string, merchants ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.places[id] = ledger.Place{Sandbox: id, Owner: owner, Merchants: merchants, Epoch: s.places[id].Epoch + 1}
}

func (s *fakeStore) owners() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string]string{}
	for id, p := range s.places {
		all[id] = p.Owner
	}
	return all
}

// fakeLocal is the sandboxes of a replica: a set of ids.
type fakeLocal struct {
	connection
	mu    sync.Mutex
	owned map[string]uint64
}

func (l *fakeLocal) Owned() map[string]uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.owned)
}

func (l *fakeLocal) Owns(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.owned[id] > 0
}

func (l *fakeLocal) Merchant(no string) (string, bool) {
	for id := range l.Owned() {
		l.fakeStore.mu.Lock()
		has := slices.Contains(l.places[id].Merchants, no)
		l.fakeStore.mu.Unlock()
		if has {
			return id, true
		}
	}
	return "", false
}

func (l *fakeLocal) Acquire(_ context.Context, id string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.owned[id] > 0 {
		return nil
	}
	l.fakeStore.mu.Lock()
	defer l.fakeStore.mu.Unlock()
	if l.cut[l.name] {
		return ledger.ErrUnavailable
	}
	place, ok := l.places[id]
	if !ok {
		return ledger.ErrUnknown
	}
	place.Owner = l.name
	place.Epoch++
	l.places[id] = place
	l.owned[id] = place.Epoch
	return nil
}

func (l *fakeLocal) GiveUp(_ context.Context, id string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.owned[id] == 0 {
		return nil
	}
	epoch := l.owned[id]
	delete(l.owned, id)
	l.fakeStore.mu.Lock()
	defer l.fakeStore.mu.Unlock()
	if place := l.places[id]; place.Epoch == epoch && !l.cut[l.name] {
		place.Owner = ""
		l.places[id] = place
	}
	return nil
}

// node is a replica with its two listeners.
type node struct {
	name    string
	local   *fakeLocal
	cluster *Cluster
	front   *httptest.Server
	back    *httptest.Server
}

// staying is how long a replica is live after a beat in tests in which none falls silent: however long this machine stands still, none is taken for dead.
// leaving is it in the others, which wait for it.
const staying, leaving = time.Hour, 2 * time.Second

func newNode(t *testing.T, store *fakeStore, name string, lifetime time.Duration) *node {
	t.Helper()
	return newNodeWith(t, store, name, "sesame", lifetime)
}

func newNodeWith(t *testing.T, store *fakeStore, name, token string, lifetime time.Duration) *node {
	t.Helper()
	n := &node{name: name, local: &fakeLocal{connection: connection{store, name}, owned: map[string]uint64{}}}
	var handler http.Handler
	n.back = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	var err error
	n.cluster, err = Join(t.Context(), connection{store, name}, n.local, Options{
		Name: name, Addr: n.back.Listener.Addr().String(), Token: token,
		Interval: 10 * time.Millisecond, Lifetime: lifetime, Touch: lifetime / 2,
	})
	require.NoError(t, err)
	edge := Edge{
		Target: TargetOf, Default: "default", MaxBody: MaxBody, Here: http.HandlerFunc(n.answer),
		Unavailable: func(w http.ResponseWriter, _ *http.Request, err error) {
			w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprint(w, err)
		},
	}
	handler = n.cluster.Peer(edge)
	n.front = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/__admin/sandboxes" {
			n.cluster.Sandboxes(edge).ServeHTTP(w, r)
			return
		}
		n.cluster.Handler(edge).ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		n.front.Close()
		n.back.Close()
		_ = n.cluster.Leave(context.Background())
	})
	return n
}

// answer says who answers what.
func (n *node) answer(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/__admin/sandboxes":
		var items []string
		for _, id := range slices.Sorted(maps.Keys(n.local.Owned())) {
			items = append(items, fmt.Sprintf(`{"id":%q,"by":%q}`, id, n.name))
		}
		fmt.Fprintf(w, `{"items":[%s]}`, strings.Join(items, ","))
	case strings.HasSuffix(r.URL.Path, "/cut"):
		cut(w)
	case strings.HasSuffix(r.URL.Path, "/events"):
		for i := range 3 {
			fmt.Fprintln(w, i)
			w.(http.Flusher).Flush()
		}
		<-r.Context().Done()
	default:
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		w.Header().Set("X-By", n.name)
		for name := range r.Header {
			if strings.HasPrefix(name, "Etcp-Mock-") {
				w.Header().Set("X-Leaked", name)
			}
		}
		fmt.Fprintf(w, "%s %s %s %s %s", r.Method, r.RequestURI, r.Host, host, body)
	}
}

func (n *node) get(t *testing.T, path string) (status int, by, body string) {
	t.Helper()
	res, err := http.Get(n.front.URL + path)
	require.NoError(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Empty(t, res.Header.Get("X-Leaked"))
	return res.StatusCode, res.Header.Get("X-By"), string(text)
}

func settled(t *testing.T, store *fakeStore, live ...string) {
	t.Helper()
	in := 0 // how often in a row: a replica may have been on its way with what it saw before
	require.Eventually(t, func() bool {
		for id, owner := range store.owners() {
			if owner != Owner(id, live) {
				in = 0
				return false
			}
		}
		in++
		return in > 20
	}, time.Minute, 5*time.Millisecond)
}

func trio(t *testing.T, lifetime time.Duration) (*fakeStore, []*node) {
	t.Helper()
	store := newFakeStore()
	for i := range 30 {
		store.put(fmt.Sprint("sb-", i), "", fmt.Sprint("M", i))
	}
	store.put("default", "", "demo")
	nodes := []*node{newNode(t, store, "a", lifetime), newNode(t, store, "b", lifetime), newNode(t, store, "c", lifetime)}
	settled(t, store, "a", "b", "c")
	return store, nodes
}
