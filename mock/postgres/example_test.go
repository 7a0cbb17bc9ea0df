package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/postgres"
)

// Two servers share a database, so each needs a name of its own and the same token.
func Example() {
	share := func(name string) error {
		server, err := mock.New(
			mock.WithData("postgres://etcp@127.0.0.1/etcp", 0),
			mock.WithReplica(postgres.Replica{Name: name, PeerToken: "between-us"}),
		)
		if err != nil {
			return err
		}
		defer func() { _ = server.Close(context.Background()) }()
		return server.Start("127.0.0.1:0")
	}
	if err := errors.Join(share("a"), share("b")); err != nil {
		fmt.Println(err)
	}
}

// An address that no other replica can reach this one by is refused before a database is asked for.
func TestReplica_addressForPeers(t *testing.T) {
	for addr, says := range map[string]string{"0.0.0.0:1": "want the host that other replicas reach this one by", ":1": "want the host", "h": "missing port"} {
		_, err := mock.New(mock.WithData("postgres://127.0.0.1:1/d", 0), mock.WithReplica(postgres.Replica{PeerAddr: addr}))
		require.ErrorContains(t, err, says)
		wrong, ok := errors.AsType[*mock.OptionError](err)
		require.True(t, ok)
		require.Equal(t, mock.OptionPeerAddr, wrong.Option)
		require.Equal(t, mock.CodeInvalid, wrong.Code)
	}
}

// A database that cannot be reached is named without its password.
func TestReplica_databaseThatDoesNotAnswer(t *testing.T) {
	_, err := mock.New(mock.WithData("postgres://u:secret@127.0.0.1:1/d", 0), mock.WithReplica(postgres.Replica{}))
	require.ErrorContains(t, err, "mock: WithData: the database postgres://u:xxxxx@127.0.0.1:1/d")
	require.NotContains(t, err.Error(), "secret")
}
