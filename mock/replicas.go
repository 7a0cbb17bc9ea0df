package mock

import (
	"errors"
	"net/url"
	"strings"

	"github.com/etcp-mock/etcp-mock/mock/internal/guard"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
	"github.com/etcp-mock/etcp-mock/mock/internal/server"
)

// Replica is how a server shares a database with others. Package mock/postgres has it: only a program that imports that package links
// what speaks to a database, and to other replicas.
type Replica interface {
	// Open opens the database that data names. Where admin has no token it says which one all replicas take.
	Open(data string, admin *guard.Options) (server.Member, error)
}

// WithReplica says how a server whose data is in a database takes part with the others that share it:
//
//	mock.New(mock.WithData("postgres://…", 0), mock.WithReplica(postgres.Replica{Name: "a"}))
//
// Each answers every request; a sandbox is owned by one at a time, and the others forward to it.
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

// openDatabase opens the database that data names.
func (s *Server) openDatabase(o *options) (ledger.Ledger, error) {
	if o.replica == nil {
		return nil, &OptionError{OptionData, CodeConflict, errors.New("data in a database is for programs that import github.com/etcp-mock/etcp-mock/mock/postgres: add mock.WithReplica(postgres.Replica{})")}
	}
	member, err := o.replica.Open(o.data, &o.admin)
	if err != nil {
		return nil, err
	}
	s.member, o.version.Replica = member, member.Name()
	return member.Ledger(), nil
}

// Replica is the name of a server that shares its data, and where the others reach it; both are "" for one that shares none.
func (s *Server) Replica() (name, peerAddr string) {
	if s.member == nil {
		return "", ""
	}
	return s.member.Name(), s.member.Addr()
}
