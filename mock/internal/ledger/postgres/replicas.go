package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// Beat says that a replica lives, and gives all replicas by name. A replica is live while its last beat is younger than
// the lifetime, on the database's clock. run distinguishes two processes of one name: where another that is live has
// it, the error is ErrExists.
//
// A process that is killed takes its connections with it, and the database sees that at once. So a name whose last beat
// came over a session that the database has no more is free, though the lifetime has not passed: a replica that is
// started again need not wait for its own past. Where the database does not show its own session either
// (pg_stat_activity is empty), nothing is concluded from it. A session that is cut off is still there, as far as the
// database knows, and keeps its name for the lifetime. What an earlier process wrote nevertheless would be refused:
// whoever takes a sandbox gets a new epoch.
func (s *Store) Beat(ctx context.Context, name, run, addr string, lifetime time.Duration) (all []ledger.Replica, err error) {
	err = s.beats.do(ctx, func(ctx context.Context, c *pgconn.PgConn) error {
		p := new(params).text(name).text(run).text(addr).number(millis(lifetime)).text(s.opts.Peers)
		rows, err := query(ctx, c, `WITH sessions AS MATERIALIZED (
				SELECT pid, pid || '@' || extract(epoch FROM backend_start) AS id FROM pg_stat_activity WHERE backend_start IS NOT NULL
			)
			INSERT INTO etcp_mock_replicas AS r (name, run, addr, seen, session, peers)
			SELECT $1, $2, $3, clock_timestamp(), coalesce((SELECT id FROM sessions WHERE pid = pg_backend_pid()), ''), $5
			ON CONFLICT (name) DO UPDATE SET run = $2, addr = $3, seen = clock_timestamp(), session = excluded.session, peers = excluded.peers
			WHERE r.run = $2 OR r.seen < clock_timestamp() - $4 * interval '1 millisecond'
				OR (r.session <> '' AND excluded.session <> '' AND r.session NOT IN (SELECT id FROM sessions)) RETURNING name`, p)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return ledger.ErrExists
		}
		all, err = replicas(ctx, c, lifetime)
		return err
	})
	return all, unwritten(err)
}

// Replicas are all that have beaten and not left, by name.
func (s *Store) Replicas(ctx context.Context, lifetime time.Duration) (all []ledger.Replica, err error) {
	err = s.beats.do(ctx, func(ctx context.Context, c *pgconn.PgConn) (err error) {
		all, err = replicas(ctx, c, lifetime)
		return err
	})
	return all, unwritten(err)
}

func replicas(ctx context.Context, c *pgconn.PgConn, lifetime time.Duration) (all []ledger.Replica, err error) {
	rows, err := query(ctx, c, `SELECT name, addr, peers, seen >= clock_timestamp() - $1 * interval '1 millisecond',
		greatest(0, round(extract(epoch FROM clock_timestamp() - seen) * 1000))::bigint
		FROM etcp_mock_replicas ORDER BY name COLLATE "C"`, new(params).number(millis(lifetime)))
	for _, row := range rows {
		all = append(all, ledger.Replica{
			Name: string(row[0]), Addr: string(row[1]), Peers: string(row[2]), Live: string(row[3]) == "t",
			Silent: time.Duration(number(row[4])) * time.Millisecond, //nolint:gosec // not negative
		})
	}
	return all, err
}

func millis(d time.Duration) uint64 { return uint64(max(0, d.Milliseconds())) }

// Leave takes a replica off the list, and gives its sandboxes up.
func (s *Store) Leave(ctx context.Context, name, run string) error {
	err := s.beats.do(ctx, func(ctx context.Context, c *pgconn.PgConn) error {
		_, err := query(ctx, c, `WITH gone AS (DELETE FROM etcp_mock_replicas WHERE name = $1 AND run = $2 RETURNING name)
			UPDATE etcp_mock_sandboxes SET owner = '' WHERE owner IN (SELECT name FROM gone)`, new(params).text(name).text(run))
		return err
	})
	if errors.Is(err, ledger.ErrUncertain) { // it can be done twice
		return unwritten(err)
	}
	return err
}
