package postgres

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

const (
	partSize  = 1 << 20 // of a snapshot
	readBytes = 4 << 20 // about this much is read in one statement
	dropStep  = 20_000  // inputs whose pieces are dropped in one statement
)

// Take makes this replica the owner of a sandbox and reads what is kept of it.
func (s *Store) Take(ctx context.Context, id string, restore ledger.Restore) (ledger.Log, error) {
	rows, err := s.read(ctx, `UPDATE etcp_mock_sandboxes SET epoch = nextval('etcp_mock_epochs'), owner = $2 WHERE id = $1
		RETURNING generation, epoch, next, kept, kept_epoch`, new(params).text(id).text(s.opts.Replica))
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, ledger.ErrUnknown
	}
	row := rows[0]
	l := newLog(s, id, number(row[0]), number(row[1]), number(row[2]))
	s.fenceOwn(l)
	if err := l.restore(ctx, number(row[3]), number(row[4]), restore); err != nil {
		return nil, l.unlessFenced(ctx, err)
	}
	return s.add(l)
}

// restore reads the snapshot of the first kept inputs, and the inputs after them.
func (l *log) restore(ctx context.Context, kept, epoch uint64, restore ledger.Restore) error {
	if kept > 0 {
		state, err := l.readSnapshot(ctx, kept, epoch)
		if err != nil {
			return err
		}
		if err := restore.Snapshot(kept, state); err != nil {
			return err
		}
	}
	return l.readPieces(ctx, kept+1, restore)
}

// unlessFenced says that another has taken the sandbox where that is why something was missing: a new owner's snapshot drops what is
// read here.
func (l *log) unlessFenced(ctx context.Context, err error) error {
	if _, damaged := errors.AsType[*ledger.CorruptError](err); !damaged {
		return err
	}
	rows, failed := l.store.read(ctx, `SELECT 1 FROM etcp_mock_sandboxes WHERE id = $1 AND epoch = $2`, new(params).text(l.id).number(l.epoch))
	if failed == nil && len(rows) == 0 {
		return ledger.ErrFenced
	}
	return err
}

// fenceOwn ends the log that this process had before, at once.
func (s *Store) fenceOwn(l *log) {
	s.mu.Lock()
	var former []*log
	for other := range s.logs {
		if other.id == l.id && other.generation == l.generation && other.epoch != l.epoch {
			former = append(former, other)
		}
	}
	s.mu.Unlock()
	for _, other := range former {
		_ = other.fail(ledger.ErrFenced)
	}
}

func (l *log) corrupt(table, detail string) error {
	return &ledger.CorruptError{File: fmt.Sprintf("table %s, sandbox %q", table, l.id), Detail: detail}
}

func (l *log) readSnapshot(ctx context.Context, seq, epoch uint64) ([]byte, error) {
	var state []byte
	for part := uint64(0); ; part++ {
		rows, err := l.store.read(ctx, `SELECT state FROM etcp_mock_snapshots WHERE generation = $1 AND seq = $2 AND epoch = $3 AND part = $4`,
			new(params).number(l.generation).number(seq).number(epoch).number(part), 1)
		switch {
		case err != nil:
			return nil, err
		case len(rows) == 0 && part == 0:
			return nil, l.corrupt("etcp_mock_snapshots", "the snapshot is missing")
		case len(rows) == 0:
			return nil, l.corrupt("etcp_mock_snapshots", "the snapshot ends early")
		}
		state = append(state, rows[0][0][1:]...)
		if rows[0][0][0] == lastPart {
			return state, nil
		}
	}
}

// The first byte of each part of a snapshot says whether it is the last.
const (
	innerPart byte = 0
	lastPart  byte = 1
)

func (l *log) readPieces(ctx context.Context, from uint64, restore ledger.Restore) error {
	at := from
	count := uint64(256)
	for at < l.Seq {
		// What another owner has appended since is not read: it begins where this one's inputs end.
		rows, err := l.store.read(ctx, `SELECT first, next, inputs FROM etcp_mock_pieces WHERE generation = $1 AND next > $2 AND first < $4 ORDER BY first LIMIT $3`,
			new(params).number(l.generation).number(at).number(count).number(l.Seq), 0, 0, 1)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return l.corrupt("etcp_mock_pieces", fmt.Sprintf("the inputs from %d on are missing", at))
		}
		size := 0
		for _, row := range rows {
			size += len(row[2])
			if at, err = l.readPiece(number(row[0]), number(row[1]), row[2], at, restore); err != nil {
				return err
			}
		}
		count = min(max(count*readBytes/uint64(size+1), 1), 10_000)
	}
	return nil
}

func (l *log) readPiece(first, next uint64, inputs []byte, at uint64, restore ledger.Restore) (uint64, error) {
	if first > at || next > l.Seq {
		return at, l.corrupt("etcp_mock_pieces", fmt.Sprintf("a piece has the inputs from %d to %d where %d is next", first, next-1, at))
	}
	for seq := first; seq < next; seq++ {
		size, n := binary.Uvarint(inputs)
		if n <= 0 || size > uint64(len(inputs)-n) { //nolint:gosec // never negative
			return at, l.corrupt("etcp_mock_pieces", fmt.Sprintf("input %d ends early", seq))
		}
		input := inputs[n : n+int(size)] //nolint:gosec // at most what there is
		inputs = inputs[n+int(size):]    //nolint:gosec // at most what there is
		if seq < at {
			continue
		}
		if err := restore.Record(seq, input); err != nil {
			return at, err
		}
	}
	if len(inputs) > 0 {
		return at, l.corrupt("etcp_mock_pieces", fmt.Sprintf("the piece from %d on has more than its inputs", first))
	}
	return next, nil
}

func (l *log) Keep(ctx context.Context, seq uint64, state io.WriterTo) error {
	if err := l.ended(); err != nil {
		return err
	}
	if durable := l.Durable(); seq > durable {
		return fmt.Errorf("%w: snapshot of %d, durable are %d", ledger.ErrNotDurable, seq, durable)
	}
	if _, err := l.store.ask(ctx, `DELETE FROM etcp_mock_snapshots WHERE generation = $1 AND seq = $2 AND epoch = $3`,
		new(params).number(l.generation).number(seq).number(l.epoch)); err != nil {
		return err
	}
	parts := &partWriter{ctx: ctx, log: l, seq: seq, buf: []byte{innerPart}}
	if _, err := state.WriteTo(parts); err != nil {
		return err
	}
	if err := parts.flush(lastPart); err != nil {
		return err
	}
	rows, err := l.store.ask(ctx, `UPDATE etcp_mock_sandboxes SET kept = greatest(kept, $3), kept_epoch = CASE WHEN kept < $3 THEN $2 ELSE kept_epoch END
		WHERE id = $1 AND epoch = $2 RETURNING kept, kept_epoch`, new(params).text(l.id).number(l.epoch).number(seq))
	switch {
	case err != nil:
		return err
	case len(rows) == 0:
		return l.failFenced()
	}
	return l.dropBefore(ctx, seq)
}

// failFenced ends the log, since another has taken the sandbox.
func (l *log) failFenced() error {
	_ = l.fail(ledger.ErrFenced)
	return ledger.ErrFenced
}

// dropBefore deletes what a snapshot stands for. What another owner keeps meanwhile is not older.
func (l *log) dropBefore(ctx context.Context, seq uint64) error {
	if _, err := l.store.ask(ctx, `DELETE FROM etcp_mock_snapshots WHERE generation = $1 AND seq < $2`, new(params).number(l.generation).number(seq)); err != nil {
		return err
	}
	rows, err := l.store.ask(ctx, `SELECT coalesce(min(first), $2) FROM etcp_mock_pieces WHERE generation = $1`, new(params).number(l.generation).number(seq+1))
	if err != nil {
		return err
	}
	for from := number(rows[0][0]); from <= seq; from += dropStep {
		if _, err := l.store.ask(ctx, `DELETE FROM etcp_mock_pieces WHERE generation = $1 AND first < $2 AND next <= $3`,
			new(params).number(l.generation).number(from+dropStep).number(seq+1)); err != nil {
			return err
		}
	}
	return nil
}

// partWriter writes a snapshot as rows.
type partWriter struct {
	ctx  context.Context //nolint:containedctx // of the call that this writer lives in
	log  *log
	seq  uint64
	part uint64
	buf  []byte // its first byte is the kind of the part
}

func (w *partWriter) Write(b []byte) (int, error) {
	written := len(b)
	for len(b) > 0 {
		if len(w.buf) == partSize {
			if err := w.flush(innerPart); err != nil {
				return 0, err
			}
		}
		n := min(partSize-len(w.buf), len(b))
		w.buf, b = append(w.buf, b[:n]...), b[n:]
	}
	return written, nil
}

func (w *partWriter) flush(kind byte) error {
	w.buf[0] = kind
	_, err := w.log.store.ask(w.ctx, `INSERT INTO etcp_mock_snapshots (generation, seq, epoch, part, state) VALUES ($1, $2, $3, $4, $5)`,
		new(params).number(w.log.generation).number(w.seq).number(w.log.epoch).number(w.part).bytes(w.buf))
	w.buf = w.buf[:1]
	w.part++
	return err
}
