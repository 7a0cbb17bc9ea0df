// Package postgres keeps the sandboxes of mocks in a PostgreSQL database, or one that speaks its protocol, which several of them share:
//
//	server, err := mock.New(mock.WithData("postgres://…", 0), mock.WithReplica(postgres.Replica{Name: "a", PeerToken: "…"}))
//
// What answers is package mock; it is here so that only programs that use it link it.
package postgres

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
	"os"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/httpserver"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/api"
	"github.com/etcp-mock/etcp-mock/mock/internal/cluster"
	"github.com/etcp-mock/etcp-mock/mock/internal/control"
	"github.com/etcp-mock/etcp-mock/mock/internal/guard"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger/postgres"
	"github.com/etcp-mock/etcp-mock/mock/internal/problem"
	"github.com/etcp-mock/etcp-mock/mock/internal/registry"
	"github.com/etcp-mock/etcp-mock/mock/internal/runs"
	"github.com/etcp-mock/etcp-mock/mock/internal/server"
)

// Replica is how a server shares a database with others; see [mock.WithReplica].
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

// member is a server's part among those that share its database.
type member struct {
	replica  Replica
	store    *postgres.Store
	cluster  *cluster.Cluster
	listener net.Listener
	peer     *httpserver.Server
	done     chan struct{}
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

// peers is what replicas show each other.
func (r Replica) peers() string { return r.digest("etcp-mock peers") }

// Open opens the database; package mock calls it.
func (r Replica) Open(data string, admin *guard.Options) (server.Member, error) {
	if r.Name == "" {
		r.Name, _ = os.Hostname()
		r.Name = cmp.Or(r.Name, "replica")
	}
	if err := checkPeerAddr(r.PeerAddr); err != nil {
		return nil, err
	}
	if r.PeerToken == "" {
		r.PeerToken = rand.Text()
	}
	if admin.Token == "" { // all replicas want the same one, where they want one
		admin.MadeUp = r.digest("etcp-mock admin token")
	}
	ctx, cancel := context.WithTimeout(context.Background(), openTimeout)
	defer cancel()
	store, err := postgres.Open(ctx, data, postgres.Options{Replica: r.Name, Peers: r.peers()})
	if err != nil { // its text alone: what it is made of says nothing to who embeds the mock
		return nil, &mock.OptionError{Option: mock.OptionData, Code: mock.CodeUnavailable, Err: errors.New("the database " + mock.DataName(data) + ": " + err.Error())}
	}
	return &member{replica: r, store: store, done: make(chan struct{})}, nil
}

// Name is the replica's.
func (m *member) Name() string { return m.replica.Name }

// Addr is where the other replicas reach it.
func (m *member) Addr() string { return m.listener.Addr().String() }

// Ledger is the database.
func (m *member) Ledger() ledger.Ledger { return m.store }

func checkPeerAddr(addr string) error {
	if addr == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return &mock.OptionError{Option: mock.OptionPeerAddr, Code: mock.CodeInvalid, Err: err}
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		return &mock.OptionError{Option: mock.OptionPeerAddr, Code: mock.CodeInvalid, Err: fmt.Errorf("want the host that other replicas reach this one by, got %q", addr)}
	}
	return nil
}

// Join takes part, and gives the handler that answers any request, on this replica or through another.
func (m *member) Join(s *server.Server, log *slog.Logger, limits httpserver.Limits) (http.Handler, error) {
	listener, err := net.Listen("tcp", cmp.Or(m.replica.PeerAddr, "127.0.0.1:0")) //nolint:noctx // it does not wait
	if err != nil {
		return nil, &mock.OptionError{Option: mock.OptionPeerAddr, Code: mock.CodeUnavailable, Err: err}
	}
	m.listener = listener
	addr := listener.Addr().String()
	if host, port, err := net.SplitHostPort(m.replica.PeerAddr); err == nil && port != "0" {
		addr = net.JoinHostPort(host, port) // a name stays one
	}
	if m.cluster, err = joinAs(m.store, s.Sandboxes, cluster.Options{Name: m.replica.Name, Addr: addr, Token: m.replica.PeerToken, Peers: m.replica.peers(), Log: log}); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	edge := cluster.Edge{Target: cluster.TargetOf, Default: registry.Default, MaxBody: cluster.MaxBody, Here: s.Handler, Unavailable: unavailable}
	limits.Read = 0 // what a peer forwards was waited for where it came in
	m.peer = httpserver.New(m.cluster.Peer(edge), limits)
	m.peer.ErrorLog = slog.NewLogLogger(log.Handler(), slog.LevelDebug)
	go func() {
		defer close(m.done)
		if err := m.peer.Serve(api.RepairRequestLines(listener, nil, nil)); !errors.Is(err, http.ErrServerClosed) {
			log.Error("the listener for peers ended", "error", err)
		}
	}()
	s.Sandboxes.Prefer = m.cluster.Should
	s.Control.InTouch = m.cluster.InTouch
	s.Control.Replicas = m.replicas
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
				err = &mock.OptionError{Option: mock.OptionData, Code: mock.CodeUnavailable, Err: err}
			}
			return c, err
		}
		if token != nil && time.Since(began) > tokenTimeout {
			return nil, &mock.OptionError{Option: mock.OptionPeerToken, Code: mock.CodeConflict, Err: fmt.Errorf("%w: give all replicas of a database the same one", token)}
		}
		select {
		case <-time.After(joinPause):
		case <-ctx.Done():
			return nil, &mock.OptionError{Option: mock.OptionReplica, Code: mock.CodeConflict, Err: fmt.Errorf("a replica with the name %q lives already", o.Name)}
		}
	}
}

// unavailable answers where no replica can.
func unavailable(w http.ResponseWriter, r *http.Request, err error) {
	if strings.HasPrefix(r.URL.Path+"/", control.Prefix+"/") {
		w.Header().Set("Retry-After", "1")
		problem.Refuse(w, r, err)
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

// Leave gives up what this replica owns, and ends the listener for the others.
func (m *member) Leave(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, leaveTimeout)
	defer cancel()
	err := m.cluster.Leave(ctx)
	err = errors.Join(err, m.peer.Close())
	<-m.done
	return err
}
