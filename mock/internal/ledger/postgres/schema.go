package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5/pgconn"
)

// version is that of the tables below.
const version = 1

// schema makes the tables, in one transaction. Several replicas may start at once: the advisory lock lets one do it.
//
// A piece is inputs that became durable together. A sandbox's pieces and snapshots hang on its generation, so that what
// is left of a deleted one is never read as that of another with its id. Epochs are drawn from a sequence: none is used
// twice, not even by a sandbox that was deleted and made again.
const schema = `
SELECT pg_advisory_xact_lock(7133701809754865664);
CREATE TABLE IF NOT EXISTS etcp_mock_version (version bigint NOT NULL);
CREATE SEQUENCE IF NOT EXISTS etcp_mock_epochs;
CREATE TABLE IF NOT EXISTS etcp_mock_sandboxes (
	id text PRIMARY KEY,
	generation bigint NOT NULL,
	epoch bigint NOT NULL,
	owner text NOT NULL,
	next bigint NOT NULL,
	kept bigint NOT NULL DEFAULT 0,
	kept_epoch bigint NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS etcp_mock_merchants (
	no text PRIMARY KEY,
	sandbox text NOT NULL REFERENCES etcp_mock_sandboxes ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS etcp_mock_merchants_sandbox ON etcp_mock_merchants (sandbox);
CREATE TABLE IF NOT EXISTS etcp_mock_pieces (
	generation bigint NOT NULL,
	first bigint NOT NULL,
	next bigint NOT NULL,
	inputs bytea NOT NULL,
	PRIMARY KEY (generation, first)
);
CREATE TABLE IF NOT EXISTS etcp_mock_snapshots (
	generation bigint NOT NULL,
	seq bigint NOT NULL,
	epoch bigint NOT NULL,
	part bigint NOT NULL,
	state bytea NOT NULL,
	PRIMARY KEY (generation, seq, epoch, part)
);
CREATE TABLE IF NOT EXISTS etcp_mock_replicas (
	name text PRIMARY KEY,
	run text NOT NULL,
	addr text NOT NULL,
	seen timestamptz NOT NULL,
	session text NOT NULL DEFAULT '',
	peers text NOT NULL DEFAULT ''
);
INSERT INTO etcp_mock_version SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM etcp_mock_version);
SELECT max(version) FROM etcp_mock_version;
`

// makeTables makes the tables where they are missing, and refuses those of another version.
func makeTables(ctx context.Context, c *pgconn.PgConn) error {
	results, err := c.Exec(ctx, schema).ReadAll()
	if err != nil {
		return err
	}
	rows := results[len(results)-1].Rows
	if len(rows) != 1 {
		return errors.New("the table etcp_mock_version is empty")
	}
	if found, err := strconv.Atoi(string(rows[0][0])); err != nil || found != version {
		return &versionError{string(rows[0][0])}
	}
	return nil
}

// versionError is a database whose tables another version of etcp-mock has made.
type versionError struct{ found string }

func (e *versionError) Error() string {
	return fmt.Sprintf("the tables in the database are of version %s; this etcp-mock knows version %d", e.found, version)
}
