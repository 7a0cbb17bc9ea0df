package postgres

import (
	"context"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

func (l *log) Claim(ctx context.Context, merchants ...string) error {
	if err := l.ended(); err != nil {
		return err
	}
	rows, err := l.store.ask(ctx, `WITH own AS (
			SELECT id FROM etcp_mock_sandboxes WHERE id = $1 AND epoch = $2 FOR SHARE
		), claimed AS (
			INSERT INTO etcp_mock_merchants (no, sandbox) SELECT DISTINCT n.no, own.id FROM own, unnest($3::text[]) AS n (no)
			WHERE NOT EXISTS (SELECT 1 FROM etcp_mock_merchants m WHERE m.no = n.no AND m.sandbox = $1)
		)
		SELECT id FROM own`, new(params).text(l.id).number(l.epoch).texts(merchants))
	switch {
	case isUnique(err):
		return l.store.takenBy(ctx, l.id, merchants)
	case err != nil:
		return err
	case len(rows) == 0:
		return l.failFenced()
	}
	return nil
}

func (l *log) Release(ctx context.Context, merchants ...string) error {
	return l.ifOwn(ctx, `WITH own AS (
			SELECT id FROM etcp_mock_sandboxes WHERE id = $1 AND epoch = $2 FOR SHARE
		), released AS (
			DELETE FROM etcp_mock_merchants WHERE sandbox = $1 AND no = ANY($3) AND EXISTS (SELECT 1 FROM own)
		)
		SELECT id FROM own`, new(params).text(l.id).number(l.epoch).texts(merchants))
}

// ifOwn runs a statement that gives a row where this epoch is the sandbox's.
func (l *log) ifOwn(ctx context.Context, sql string, p *params) error {
	if err := l.ended(); err != nil {
		return err
	}
	rows, err := l.store.ask(ctx, sql, p)
	if err == nil && len(rows) == 0 {
		return l.failFenced()
	}
	return err
}

func (l *log) Delete(ctx context.Context) error {
	if err := l.ifOwn(ctx, `DELETE FROM etcp_mock_sandboxes WHERE id = $1 AND epoch = $2 RETURNING id`, new(params).text(l.id).number(l.epoch)); err != nil {
		return err
	}
	_ = l.fail(ledger.ErrClosed)
	// What hung on it can be read by nobody any more. Where it cannot be deleted now, the next start does.
	_ = l.store.sweep(ctx)
	return nil
}

// sweep deletes what is left of sandboxes that are deleted.
func (s *Store) sweep(ctx context.Context) error {
	for _, table := range []string{"etcp_mock_pieces", "etcp_mock_snapshots"} {
		if _, err := s.ask(ctx, `DELETE FROM `+table+` WHERE generation NOT IN (SELECT generation FROM etcp_mock_sandboxes)`, &params{}); err != nil {
			return err
		}
	}
	return nil
}
