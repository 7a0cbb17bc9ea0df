package postgres_test

import (
	"net"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger/postgres"
)

// A pooler that refuses a parameter of the connection is named, with what to do.
func TestOpen_pooler(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it does not wait
	require.NoError(t, err)
	served := make(chan struct{})
	go func() {
		defer close(served)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			server := pgproto3.NewBackend(conn, conn)
			if _, err := server.ReceiveStartupMessage(); err == nil {
				server.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: "08P01", Message: "unsupported startup parameter: statement_timeout"})
				_ = server.Flush() // or the client has gone
			}
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = listener.Close(); <-served })
	_, err = postgres.Open(t.Context(), "postgres://mock@"+listener.Addr().String()+"/mock?sslmode=disable", postgres.Options{Replica: "r1"})
	require.ErrorIs(t, err, ledger.ErrUnavailable)
	require.ErrorContains(t, err, "unsupported startup parameter: statement_timeout")
	require.ErrorContains(t, err, "a connection pooler stands before the database")
	require.ErrorContains(t, err, "ignore_startup_parameters")
}
