package postgres

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// group is the inputs of one sandbox that are written together.
type group struct {
	log         *log
	first, next uint64
	inputs      []byte
}

// maxBatch is how many bytes are sent at once, but for a sandbox's share that is longer.
const maxBatch = 4 << 20

func (s *Store) isDirty(l *log) {
	s.mu.Lock()
	s.dirty = append(s.dirty, l)
	s.mu.Unlock()
	s.signal()
}

func (s *Store) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *Store) forget(l *log) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.logs, l)
}

// write is the writer: it sends what has gathered, waits for the commit, and so on until the store is closed and all is
// sent.
func (s *Store) write() {
	defer close(s.done)
	for range s.wake {
		runtime.Gosched() // who is about to append goes along
		for {
			groups, more, closed := s.gather()
			if len(groups) > 0 {
				s.send(groups)
			}
			if closed && !more {
				return
			}
			if !more {
				break
			}
		}
	}
}

// gather takes what waits, up to the size of a batch.
func (s *Store) gather() (groups []group, more, closed bool) {
	s.mu.Lock()
	dirty := s.dirty
	s.dirty = nil
	closed = s.closed
	s.mu.Unlock()
	size := 0
	for i, l := range dirty {
		if size >= maxBatch {
			s.mu.Lock()
			s.dirty = append(dirty[i:len(dirty):len(dirty)], s.dirty...)
			s.mu.Unlock()
			return groups, true, closed
		}
		if g, ok := l.take(); ok {
			groups = append(groups, g)
			size += len(g.inputs)
		}
	}
	return groups, false, closed
}

// send writes groups, one commit for all, and reports to their logs. It tries until the timeout; if the store is still
// not to be had, every log that has something to write fails: its owner learns it now, and not one timeout later.
func (s *Store) send(groups []group) {
	deadline := time.Now().Add(s.opts.Timeout)
	ctx, cancel := context.WithDeadline(context.Background(), deadline)
	defer cancel()
	sent := false
	for {
		left, err := s.try(ctx, groups, sent)
		if err == nil {
			return
		}
		groups = left
		sent = sent || errors.Is(err, ledger.ErrUncertain)
		if !transient(err) || time.Until(deadline) < pause {
			s.giveUp(groups, err, sent)
			return
		}
		select {
		case <-time.After(pause / 4):
		case <-ctx.Done():
		}
	}
}

// transient reports whether another try may succeed: the connection broke or could not be made, or the server had two
// transactions that stood in each other's way.
func transient(err error) bool {
	var server *pgconn.PgError
	if !errors.As(err, &server) {
		return true
	}
	class := server.Code[:2]
	return class == "40" || class == "57" && server.Code != "57014" || class == "08" || class == "53" && server.Code == "53300"
}

const appendSQL = `WITH batch AS (
		SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bytea[]) AS b (id, epoch, first, next, inputs)
	), own AS (
		UPDATE etcp_mock_sandboxes s SET next = b.next FROM batch b
		WHERE s.id = b.id AND s.epoch = b.epoch AND s.next = b.first
		RETURNING s.id, s.generation, b.first, b.next, b.inputs
	), written AS (
		INSERT INTO etcp_mock_pieces (generation, first, next, inputs) SELECT generation, first, next, inputs FROM own
	)
	SELECT id FROM own`

// try sends groups once, and gives back those whose fate it does not know. sent says that an earlier try may have written them.
func (s *Store) try(ctx context.Context, groups []group, sent bool) ([]group, error) {
	ids, epochs := make([]string, len(groups)), make([]uint64, len(groups))
	firsts, nexts := make([]uint64, len(groups)), make([]uint64, len(groups))
	inputs := make([][]byte, len(groups))
	for i, g := range groups {
		ids[i], epochs[i], firsts[i], nexts[i], inputs[i] = g.log.id, g.log.epoch, g.first, g.next, g.inputs
	}
	p := new(params).texts(ids).numbers(epochs).numbers(firsts).numbers(nexts).byteas(inputs)
	written := map[string]bool{}
	err := s.appends.do(ctx, func(ctx context.Context, c *pgconn.PgConn) error {
		rows, err := query(ctx, c, appendSQL, p)
		for _, row := range rows {
			written[string(row[0])] = true
		}
		return err
	})
	if err != nil {
		return groups, err
	}
	var refused []group
	for _, g := range groups {
		if written[g.log.id] {
			g.log.isDurable(g.next - 1)
		} else {
			refused = append(refused, g)
		}
	}
	if len(refused) > 0 {
		return s.explain(ctx, refused, sent)
	}
	return nil, nil
}

// explain finds out why groups were not written: the sandbox was taken by another or deleted, or an earlier try of this
// very group went in though its answer did not come.
func (s *Store) explain(ctx context.Context, groups []group, sent bool) ([]group, error) {
	ids := make([]string, len(groups))
	for i, g := range groups {
		ids[i] = g.log.id
	}
	type state struct{ epoch, next uint64 }
	states := map[string]state{}
	err := s.appends.do(ctx, func(ctx context.Context, c *pgconn.PgConn) error {
		rows, err := query(ctx, c, `SELECT id, epoch, next FROM etcp_mock_sandboxes WHERE id = ANY($1)`, new(params).texts(ids))
		for _, row := range rows {
			states[string(row[0])] = state{number(row[1]), number(row[2])}
		}
		return err
	})
	if err != nil {
		return groups, err
	}
	for _, g := range groups {
		switch found := states[g.log.id]; {
		case found.epoch != g.log.epoch && sent: // it may have been written before another took the sandbox
			_ = g.log.fail(ledger.Failed(ledger.ErrUncertain, ledger.ErrFenced))
		case found.epoch != g.log.epoch:
			_ = g.log.fail(ledger.ErrFenced)
		case found.next == g.next:
			g.log.isDurable(g.next - 1)
		default: // a standby took over that did not have all
			_ = g.log.fail(fmt.Errorf("the database goes on at input %d, though inputs up to %d were durable: %w", found.next, g.first-1, ledger.ErrUncertain))
		}
	}
	return nil, nil
}

// giveUp fails the logs of groups, and all others that have something to write, which has not been sent.
func (s *Store) giveUp(groups []group, err error, sent bool) {
	why := err
	if sent && !errors.Is(err, ledger.ErrUncertain) {
		why = ledger.Failed(ledger.ErrUncertain, err)
	}
	for _, g := range groups {
		_ = g.log.fail(why)
	}
	if !transient(err) {
		return
	}
	s.mu.Lock()
	dirty := s.dirty
	s.dirty = nil
	s.mu.Unlock()
	for _, l := range dirty {
		_ = l.fail(ledger.Failed(ledger.ErrUnavailable, err)) // those who wait are given it; these were not sent
	}
}
