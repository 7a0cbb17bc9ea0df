package postgres

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// What the driver says of hosts, users, databases and files of the database is for the log: a client is told whether what it asked has happened.
func TestClassify_tellsClientsNoNames(t *testing.T) {
	const unavailable, uncertain = "the store cannot be written or read", "the store did not say whether it was written"
	for want, errs := range map[string][]error{
		unavailable: {&pgconn.PgError{Code: "53100", Message: `could not extend file "base/16384/2619"`}, unwritten(classify(errors.New("read tcp 10.0.0.7:5432: reset")))},
		uncertain:   {&pgconn.PgError{Code: "57P01", Message: "shut down by etcp"}, errors.New("read tcp 10.0.0.7:5432: reset")},
	} {
		for _, err := range errs {
			require.Equal(t, want, ledger.PublicText(classify(err)))
			require.Contains(t, classify(err).Error(), err.Error(), "the log has it")
		}
	}
}

// A database that refuses the connection with TLS and without is said to refuse it once.
func TestConnect_saysOnce(t *testing.T) {
	t.Parallel()
	config, err := pgconn.ParseConfig("postgres://nobody@127.0.0.1:1/db?sslmode=prefer")
	require.NoError(t, err)
	err = newSession(config, time.Minute).do(t.Context(), func(context.Context, *pgconn.PgConn) error { return nil })
	require.ErrorIs(t, err, ledger.ErrUnavailable)
	require.Equal(t, 1, strings.Count(err.Error(), "connection refused"), "%v", err)
	require.NotContains(t, err.Error(), "\n")
}
