// Package postgres is the ledger that several processes share: PostgreSQL, or a server that speaks its protocol and
// its SQL.
//
// Every change of a sandbox is one statement that also requires the epoch of the one who writes, so that a stale owner
// changes nothing. Inputs of all sandboxes that gather while one group is on its way are the next group: one statement,
// one commit. A group whose connection breaks is asked about and, if need be, sent again on another one, which does no
// harm: it goes in only where the sandbox's next sequence number is its first.
//
// What a commit means is up to the server: with synchronous_commit on (its default) an input that is durable survives
// the server's crash. It survives the loss of the server only where a standby had it by then (synchronous_standby_names).
//
// A store that cannot be reached or that is slow fails what is waiting after Options.Timeout, and everything else at
// once, until a connection can be made again.
package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// Options are how a database is used.
type Options struct {
	Replica string        // the name under which sandboxes are taken
	Peers   string        // a digest of what this replica and its peers show each other
	Timeout time.Duration // how long a statement may take, a connection included; 0 is 2 s
	// MaxPending is how many bytes of a sandbox may wait to be written before Ready refuses; 0 is 8 MiB.
	MaxPending int
}

// Store is a database. It is made by [Open].
type Store struct {
	opts     Options
	appends  *session // of the writer alone
	requests *session // of all else but heartbeats
	beats    *session

	mu     sync.Mutex
	logs   map[*log]struct{} // those that have not failed
	dirty  []*log            // with inputs to write, each once
	closed bool

	wake chan struct{} // holds one where there is something to write, or the store is closed
	done chan struct{} // closed when the writer has ended
}

// Open connects to the database of a URL such as postgres://user:password@host/database and makes the tables where
// they are missing. Errors: ErrUnavailable, a URL that is none, tables of another version.
func Open(ctx context.Context, url string, opts Options) (*Store, error) {
	opts.Timeout = cmp.Or(opts.Timeout, 2*time.Second)
	opts.MaxPending = cmp.Or(opts.MaxPending, 8<<20)
	config, err := pgconn.ParseConfig(url)
	if err != nil {
		return nil, err // its text has no password
	}
	config.ConnectTimeout = opts.Timeout
	limit := strconv.FormatInt(opts.Timeout.Milliseconds(), 10)
	for name, value := range map[string]string{
		"application_name": "etcp-mock " + opts.Replica, "statement_timeout": limit, "idle_in_transaction_session_timeout": limit,
	} {
		if config.RuntimeParams[name] == "" {
			config.RuntimeParams[name] = value
		}
	}
	s := &Store{
		opts: opts, logs: map[*log]struct{}{}, wake: make(chan struct{}, 1), done: make(chan struct{}),
		appends: newSession(config, opts.Timeout), requests: newSession(config, opts.Timeout), beats: newSession(config, opts.Timeout),
	}
	err = s.requests.do(ctx, makeTables)
	if refused := new(pgconn.PgError); errors.As(err, &refused) && strings.HasPrefix(refused.Message, "unsupported startup parameter") {
		err = fmt.Errorf("%w: a connection pooler stands before the database: name the database itself, or have the pooler ignore the "+
			"parameters that it does not know (PgBouncer: ignore_startup_parameters = statement_timeout, idle_in_transaction_session_timeout)", err)
	}
	if err != nil {
		s.requests.close()
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if err := s.sweep(ctx); err != nil {
		s.requests.close()
		return nil, fmt.Errorf("open the database: %w", err)
	}
	go s.write()
	return s, nil
}

// ask runs one statement.
func (s *Store) ask(ctx context.Context, sql string, p *params, binaryColumns ...int16) (rows [][][]byte, err error) {
	s.mu.Lock()
	closed := s.closed
	s.mu.Unlock()
	if closed {
		return nil, ledger.ErrClosed
	}
	err = s.requests.do(ctx, func(ctx context.Context, c *pgconn.PgConn) (err error) {
		rows, err = query(ctx, c, sql, p, binaryColumns...)
		return err
	})
	return rows, err
}

// read runs one statement that does no harm if it is run twice, as it is where the connection breaks.
func (s *Store) read(ctx context.Context, sql string, p *params, binaryColumns ...int16) ([][][]byte, error) {
	rows, err := s.ask(ctx, sql, p, binaryColumns...)
	if errors.Is(err, ledger.ErrUncertain) && ctx.Err() == nil {
		rows, err = s.ask(ctx, sql, p, binaryColumns...)
	}
	return rows, unwritten(err)
}

// unwritten is the error of what only reads: where it is uncertain whether it was done, it does not matter.
func unwritten(err error) error {
	if errors.Is(err, ledger.ErrUncertain) {
		return ledger.Failed(ledger.ErrUnavailable, err)
	}
	return err
}

// Places are the sandboxes, by id.
func (s *Store) Places(ctx context.Context) ([]ledger.Place, error) {
	rows, err := s.read(ctx, `SELECT s.id, s.owner, s.epoch, m.no FROM etcp_mock_sandboxes s
		LEFT JOIN etcp_mock_merchants m ON m.sandbox = s.id ORDER BY s.id COLLATE "C", m.no COLLATE "C"`, &params{})
	if err != nil {
		return nil, err
	}
	var all []ledger.Place
	for _, row := range rows {
		id := string(row[0])
		if n := len(all); n == 0 || all[n-1].Sandbox != id {
			all = append(all, ledger.Place{Sandbox: id, Owner: string(row[1]), Epoch: number(row[2])})
		}
		if row[3] != nil {
			last := &all[len(all)-1]
			last.Merchants = append(last.Merchants, string(row[3]))
		}
	}
	return all, nil
}

// Create makes a sandbox and takes it.
func (s *Store) Create(ctx context.Context, id string, merchants []string, inputs ...[]byte) (ledger.Log, error) {
	var piece []byte
	for _, input := range inputs {
		if len(input) > ledger.MaxRecord {
			return nil, &ledger.TooLargeError{Size: len(input)}
		}
		piece = appendInput(piece, input)
	}
	next := uint64(len(inputs)) + 1
	rows, err := s.ask(ctx, `WITH made AS (
			INSERT INTO etcp_mock_sandboxes (id, generation, epoch, owner, next)
			SELECT $1, e, e, $2, $3 FROM (SELECT nextval('etcp_mock_epochs') AS e) AS drawn
			ON CONFLICT (id) DO NOTHING RETURNING id, epoch
		), claimed AS (
			INSERT INTO etcp_mock_merchants (no, sandbox) SELECT DISTINCT no, id FROM made, unnest($4::text[]) AS no
		), written AS (
			INSERT INTO etcp_mock_pieces (generation, first, next, inputs) SELECT epoch, 1, $3, $5 FROM made WHERE $3 > 1
		)
		SELECT epoch FROM made`,
		new(params).text(id).text(s.opts.Replica).number(next).texts(merchants).bytes(piece))
	switch {
	case isUnique(err):
		return nil, s.takenBy(ctx, id, merchants)
	case err != nil:
		return nil, err
	case len(rows) == 0:
		return nil, ledger.ErrExists
	}
	epoch := number(rows[0][0])
	return s.add(newLog(s, id, epoch, epoch, next))
}

// takenBy is the error of a claim that met another's.
func (s *Store) takenBy(ctx context.Context, id string, merchants []string) error {
	rows, err := s.read(ctx, `SELECT no, sandbox FROM etcp_mock_merchants WHERE no = ANY($1) AND sandbox <> $2 ORDER BY no LIMIT 1`,
		new(params).texts(merchants).text(id))
	if err != nil {
		return err
	}
	if len(rows) == 0 { // released meanwhile
		return &ledger.TakenError{Merchant: merchants[0]}
	}
	return &ledger.TakenError{Merchant: string(rows[0][0]), Sandbox: string(rows[0][1])}
}

func (s *Store) add(l *log) (ledger.Log, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ledger.ErrClosed
	}
	s.logs[l] = struct{}{}
	return l, nil
}

// Close writes what was appended, for at most the timeout, and ends the connections.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	s.mu.Unlock()
	s.signal()
	<-s.done
	s.mu.Lock()
	logs := s.logs
	s.logs = nil
	s.mu.Unlock()
	var errs []error
	for l := range logs {
		errs = append(errs, l.fail(ledger.ErrClosed))
	}
	for _, each := range []*session{s.appends, s.requests, s.beats} {
		each.close()
	}
	return errors.Join(errs...)
}
