package mock

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/httpserver"
	"github.com/etcp-mock/etcp-mock/mock/internal/api"
	"github.com/etcp-mock/etcp-mock/mock/internal/cluster"
	"github.com/etcp-mock/etcp-mock/mock/internal/control"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger/postgres"
	"github.com/etcp-mock/etcp-mock/mock/internal/registry"
	"github.com/etcp-mock/etcp-mock/mock/internal/runs"
)

// Replica is how a server shares a database with others; see [WithReplica].
type Replica struct {
	// Name tells the replicas apart; "" is the host's name. Another that lives must not have it.
	Name string
	// PeerAddr is the host:port that this replica listens on for the others, and that they reach it by; "" is a free port of
	// 127.0.0.1, for replicas on one machine.
	PeerAddr string
	// PeerToken is what replicas show each other; "" makes one up, so that no other can join.
	PeerToken string
}

// digest is a text that follows from the peer token, from which the token cannot be found.
func (r Replica) digest(purpose string) string {
	mac := hmac.New(sha256.New, []byte(r.PeerToken))
	mac.Write([]byte(purpose))
	return hex.EncodeToString(mac.Sum(nil))[:26]
}

// WithReplica says how a server whose data is in a database takes part with the others that share it. Each answers every
// request; a sandbox is owned by one at a time, and the others forward to it.
func WithReplica(r Replica) Option { return func(o *options) { o.replica = r } }

// isShared tells whether data names a database, which several servers may share.
func isShared(data string) bool {
	return strings.HasPrefix(data, "postgres://") || strings.HasPrefix(data, "postgresql://")
}

// DataName is data as it may be shown: without the password of a database.
func DataName(data string) string {
	u, err := url.Parse(data)
	if !isShared(data) || err != nil {
		if isShared(data) {
			return "postgres://…"
		}
		return data
	}
	u.RawQuery = "" // it may have a password, too
	return u.Redacted()
}

// member is a server's part among those that share its database.
type member struct {
	cluster  *cluster.Cluster
	store    *postgres.Store
	listener net.Listener
	peer     *http.Server
	done     chan struct{}
	name     string
}

// The bounds of waiting for a database and for a name.
const (
	openTimeout  = 10 * time.Second
	joinTimeout  = 15 * time.Second // longer than an earlier process of this name that was cut off is taken to live
	tokenTimeout = 7 * time.Second  // longer than a process that was killed, and had another token, is taken to live
	joinPause    = 250 * time.Millisecond
	leaveTimeout = 5 * time.Second
	maxFixture   = 128 << 20
)

func openShared(o *options) (ledger.Ledger, error) {
	if o.replica.Name == "" {
		o.replica.Name, _ = os.Hostname()
		o.replica.Name = cmp.Or(o.replica.Name, "replica")
	}
	if err := checkPeerAddr(o.replica.PeerAddr); err != nil {
		return nil, err
	}
	if o.replica.PeerToken == "" {
		o.replica.PeerToken = rand.Text()
	}
	if o.admin.Token == "" { // all replicas want the same one, where they want one
		o.admin.MadeUp = o.replica.digest("etcp-mock admin token")
	}
	ctx, cancel := context.WithTimeout(context.Background(), openTimeout)
	defer cancel()
	store, err := postgres.Open(ctx, o.data, postgres.Options{Replica: o.replica.Name, Peers: o.replica.digest("etcp-mock peers")})
	if err != nil { // its text alone: what it is made of says nothing to who embeds the mock
		return nil, errors.New("mock: the database " + DataName(o.data) + ": " + err.Error())
	}
	return store, nil
}

func checkPeerAddr(addr string) error {
	if addr == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("mock: the address for peers: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		return fmt.Errorf("mock: the address for peers %q: want the host that other replicas reach this one by", addr)
	}
	return nil
}

// join takes part, and gives the handler that answers any request, on this replica or through another.
func (s *Server) join(o options, store *postgres.Store, here http.Handler) (http.Handler, error) {
	listener, err := net.Listen("tcp", cmp.Or(o.replica.PeerAddr, "127.0.0.1:0")) //nolint:noctx // it does not wait
	if err != nil {
		return nil, fmt.Errorf("mock: the listener for peers: %w", err)
	}
	m := &member{store: store, listener: listener, done: make(chan struct{}), name: o.replica.Name}
	addr := listener.Addr().String()
	if host, port, err := net.SplitHostPort(o.replica.PeerAddr); err == nil && port != "0" {
		addr = net.JoinHostPort(host, port) // a name stays one
	}
	if m.cluster, err = joinAs(store, s.sandboxes, cluster.Options{Name: m.name, Addr: addr, Token: o.replica.PeerToken, Peers: o.replica.digest("etcp-mock peers"), Log: o.log}); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	edge := cluster.Edge{Target: cluster.TargetOf, Default: registry.Default, MaxBody: cluster.MaxBody, Here: here, Unavailable: unavailable}
	ofPeers := s.limits
	ofPeers.Read = 0 // what a peer forwards was waited for where it came in
	m.peer = httpserver.New(m.cluster.Peer(edge), ofPeers)
	m.peer.ErrorLog = slog.NewLogLogger(o.log.Handler(), slog.LevelDebug)
	go func() {
		defer close(m.done)
		if err := m.peer.Serve(api.RepairRequestLines(listener, nil, nil)); !errors.Is(err, http.ErrServerClosed) {
			o.log.Error("the listener for peers ended", "error", err)
		}
	}()
	s.member = m
	s.sandboxes.Prefer = m.cluster.Should
	s.admin.InTouch = m.cluster.InTouch
	s.admin.Replicas = m.replicas
	return m.front(edge), nil
}

// joinAs joins, and waits where an earlier process has died just now that had the name, or another peer token: until the database has
// noticed, or, where that process was cut off from it, until it counts as dead.
func joinAs(store *postgres.Store, local cluster.Local, o cluster.Options) (*cluster.Cluster, error) {
	ctx, cancel := context.WithTimeout(context.Background(), joinTimeout)
	defer cancel()
	for began := time.Now(); ; {
		c, err := cluster.Join(ctx, store, local, o)
		var token *cluster.TokenError
		if !errors.Is(err, ledger.ErrExists) && !errors.As(err, &token) {
			if err != nil {
				err = fmt.Errorf("mock: data: %w", err)
			}
			return c, err
		}
		if token != nil && time.Since(began) > tokenTimeout {
			return nil, fmt.Errorf("mock: %w: give all replicas of a database the same one (--peer-token, ETCP_MOCK_PEER_TOKEN)", token)
		}
		select {
		case <-time.After(joinPause):
		case <-ctx.Done():
			return nil, fmt.Errorf("mock: a replica with the name %q lives already", o.Name)
		}
	}
}

// unavailable answers where no replica can.
func unavailable(w http.ResponseWriter, r *http.Request, err error) {
	if strings.HasPrefix(r.URL.Path+"/", control.Prefix+"/") {
		control.Unavailable(w, r, err)
		return
	}
	api.Unavailable(w, err)
}

// front answers any request. The few calls that are about several sandboxes, or about none yet, have their own ways.
func (m *member) front(edge cluster.Edge) http.Handler {
	const sandboxes, ofRuns = control.Prefix + "/sandboxes", control.Prefix + "/runs"
	list, create, all := m.cluster.Sandboxes(edge), m.cluster.Create(edge, maxFixture, cluster.IDIn), m.cluster.Handler(edge)
	listRuns := m.cluster.Gather(edge.Here, ofRuns)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		run, ofRun := strings.CutPrefix(r.URL.Path, ofRuns+"/")
		switch {
		case r.URL.Path == sandboxes && r.Method == http.MethodGet:
			list.ServeHTTP(w, r)
		case r.URL.Path == sandboxes && r.Method == http.MethodPost:
			create.ServeHTTP(w, r)
		case r.URL.Path == ofRuns && r.Method == http.MethodGet:
			listRuns.ServeHTTP(w, r)
		case ofRun:
			if there, ok := m.cluster.To(runs.Replica(run), edge); ok {
				there.ServeHTTP(w, r)
				return
			}
			edge.Here.ServeHTTP(w, r)
		default:
			all.ServeHTTP(w, r)
		}
	})
}

func (m *member) replicas(ctx context.Context) ([]control.Replica, error) {
	found, err := m.cluster.Replicas(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]control.Replica, len(found))
	for i, r := range found {
		all[i] = control.Replica(r)
	}
	return all, nil
}

// Replica is the name of a server that shares its data, and where the others reach it; both are "" for one that shares none.
func (s *Server) Replica() (name, peerAddr string) {
	if s.member == nil {
		return "", ""
	}
	return s.member.name, s.member.listener.Addr().String()
}

// leave gives up what this replica owns, and ends the listener for the others.
func (m *member) leave(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, leaveTimeout)
	defer cancel()
	err := m.cluster.Leave(ctx)
	err = errors.Join(err, m.peer.Close())
	<-m.done
	return err
}
