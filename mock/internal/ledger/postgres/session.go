package postgres

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// session is a connection that is made when it is needed, and again after it broke. Statements follow one another.
type session struct {
	config  *pgconn.Config
	timeout time.Duration

	turn   chan struct{} // holds one while somebody has what follows
	conn   *pgconn.PgConn
	used   time.Time
	failed time.Time // when a connection could not be made
	why    error
}

func newSession(config *pgconn.Config, timeout time.Duration) *session {
	return &session{config: config, timeout: timeout, turn: make(chan struct{}, 1)}
}

// pause is how long after a connection that failed no other is tried, so that a store that is down costs each caller
// nothing. It is well under the time in which an owner has to answer.
const pause = 200 * time.Millisecond

// idle is after how long without use a connection is tried before something is sent that must not be sent twice.
const idle = time.Second

// do runs statements on the connection, for at most the timeout. An error of the server is a [*pgconn.PgError]; where
// the connection broke it is ErrUnavailable if nothing was sent, and ErrUncertain if something may have been done.
func (s *session) do(ctx context.Context, what func(context.Context, *pgconn.PgConn) error) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return ledger.Failed(ledger.ErrUnavailable, ctx.Err())
	}
	defer func() { <-s.turn }()
	if err := s.connect(ctx); err != nil {
		return err
	}
	err := what(ctx, s.conn)
	s.used = time.Now()
	if s.conn.IsClosed() {
		s.conn = nil
	}
	return classify(err)
}

func (s *session) connect(ctx context.Context) error {
	if s.conn != nil && !s.conn.IsClosed() {
		if time.Since(s.used) < idle || s.conn.Ping(ctx) == nil {
			return nil
		}
		s.conn = nil // it broke while nobody used it: nothing was sent
	}
	if s.why != nil && time.Since(s.failed) < pause {
		return s.why
	}
	conn, err := pgconn.ConnectConfig(ctx, s.config)
	if err != nil {
		s.failed, s.why = time.Now(), ledger.Failed(ledger.ErrUnavailable, ledger.ForTheLog(&onceError{err}))
		return s.why
	}
	s.conn, s.why = conn, nil
	return nil
}

// onceError says what the network or the database said, each once, and not how the driver came to it: it tries every address of a host, each with
// TLS and without, and its text has a line of each.
type onceError struct{ error }

func (e *onceError) Error() string {
	said := causes(e.error, nil)
	if len(said) == 0 {
		return e.error.Error()
	}
	return strings.Join(said, "; ")
}

// causes are the texts of the errors of the network and of the database in an error, each once.
func causes(err error, said []string) []string {
	switch e := err.(type) { //nolint:errorlint // each of the tree is looked at by itself
	case *net.OpError, *net.DNSError, *pgconn.PgError:
		if !slices.Contains(said, e.Error()) {
			said = append(said, e.Error())
		}
	case interface{ Unwrap() []error }:
		for _, part := range e.Unwrap() {
			said = causes(part, said)
		}
	case interface{ Unwrap() error }:
		said = causes(e.Unwrap(), said)
	}
	return said
}

func (e *onceError) Unwrap() error { return e.error }

func (s *session) close() {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	if s.conn != nil {
		ctx, cancel := context.WithTimeout(context.Background(), s.timeout)
		defer cancel()
		_ = s.conn.Close(ctx)
		<-s.conn.CleanupDone()
		s.conn = nil
	}
}

// classify turns an error of the driver into one of the ledger. The server's own word that it cannot now is
// ErrUnavailable: it has not done what was asked.
func classify(err error) error {
	if err == nil || isLedgers(err) {
		return err
	}
	var server *pgconn.PgError
	if !errors.As(err, &server) {
		if pgconn.SafeToRetry(err) {
			return ledger.Failed(ledger.ErrUnavailable, ledger.ForTheLog(err))
		}
		return ledger.Failed(ledger.ErrUncertain, ledger.ForTheLog(err))
	}
	switch server.Code {
	case "40003", "08007": // the outcome of the statement, of the transaction, is unknown
		return ledger.Failed(ledger.ErrUncertain, ledger.ForTheLog(err))
	case "57P01", "57P02": // the server shuts down, or a process of it has crashed: perhaps right after the commit
		return ledger.Failed(ledger.ErrUncertain, ledger.ForTheLog(err))
	case uniqueViolation:
		return err
	}
	return ledger.Failed(ledger.ErrUnavailable, ledger.ForTheLog(err))
}

func isLedgers(err error) bool {
	for _, known := range []error{ledger.ErrFenced, ledger.ErrUnknown, ledger.ErrExists, ledger.ErrUnavailable, ledger.ErrUncertain, ledger.ErrClosed} {
		if errors.Is(err, known) {
			return true
		}
	}
	var taken *ledger.TakenError
	var corrupt *ledger.CorruptError
	var other *versionError
	return errors.As(err, &taken) || errors.As(err, &corrupt) || errors.As(err, &other)
}

const uniqueViolation = "23505"

func isUnique(err error) bool {
	var server *pgconn.PgError
	return errors.As(err, &server) && server.Code == uniqueViolation
}

// Types of parameters, as the server numbers them.
const (
	typeBytea, typeInt8, typeText                = 17, 20, 25
	typeByteaArray, typeInt8Array, typeTextArray = 1001, 1016, 1009
)

// params are the parameters of a statement, in binary.
type params struct {
	values  [][]byte
	types   []uint32
	formats []int16
}

func (p *params) add(kind uint32, value []byte) *params {
	p.values, p.types, p.formats = append(p.values, value), append(p.types, kind), append(p.formats, 1)
	return p
}

func (p *params) text(s string) *params  { return p.add(typeText, []byte(s)) }
func (p *params) bytes(b []byte) *params { return p.add(typeBytea, notNil(b)) }
func (p *params) number(n uint64) *params {
	return p.add(typeInt8, binary.BigEndian.AppendUint64(nil, n))
}

func (p *params) texts(all []string) *params {
	return p.add(typeTextArray, array(typeText, len(all), func(i int) []byte { return []byte(all[i]) }))
}

func (p *params) numbers(all []uint64) *params {
	return p.add(typeInt8Array, array(typeInt8, len(all), func(i int) []byte { return binary.BigEndian.AppendUint64(nil, all[i]) }))
}

func (p *params) byteas(all [][]byte) *params {
	return p.add(typeByteaArray, array(typeBytea, len(all), func(i int) []byte { return all[i] }))
}

// notNil: nil would be NULL.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// array is the binary form of an array of one dimension without NULLs.
func array(kind uint32, n int, at func(int) []byte) []byte {
	size := 20
	for i := range n {
		size += 4 + len(at(i))
	}
	b := make([]byte, 0, size)
	if n == 0 {
		b = binary.BigEndian.AppendUint32(b, 0)
		b = binary.BigEndian.AppendUint32(b, 0)
		return binary.BigEndian.AppendUint32(b, kind)
	}
	for _, head := range []uint32{1, 0, kind, uint32(n), 1} { //nolint:gosec // a batch has few
		b = binary.BigEndian.AppendUint32(b, head)
	}
	for i := range n {
		value := at(i)
		b = binary.BigEndian.AppendUint32(b, uint32(len(value))) //nolint:gosec // at most what a batch has
		b = append(b, value...)
	}
	return b
}

// query runs one statement and gives its rows: columns as text, but those named as binary.
func query(ctx context.Context, c *pgconn.PgConn, sql string, p *params, binaryColumns ...int16) ([][][]byte, error) {
	result := c.ExecParams(ctx, sql, p.values, p.types, p.formats, binaryColumns).Read()
	return result.Rows, result.Err
}

// number reads a column that is one.
func number(column []byte) uint64 {
	n, _ := strconv.ParseUint(string(column), 10, 64)
	return n
}
