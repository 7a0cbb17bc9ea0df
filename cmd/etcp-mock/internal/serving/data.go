package serving

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/cmd/internal/translation"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/postgres"
)

// dataFlags are where a mock keeps its sandboxes, and how it shares them.
type dataFlags struct {
	data, sync                   string
	replica, peerAddr, peerToken string
}

func (f *dataFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.data, "data", "", "`directory` that keeps all sandboxes across restarts and kills, or postgres://… for a database that several\nreplicas share (without it, nothing is kept)")
	cmd.Flags().StringVar(&f.sync, "sync", mock.DefaultSync.String(), "how often a directory is synced to disk (`duration`), or always: before each answer")
	cmd.Flags().StringVar(&f.replica, "replica", "", "`name` of this replica among those that share a database (default: the host's)")
	cmd.Flags().StringVar(&f.peerAddr, "peer-addr", "", "`host:port` to listen on for the other replicas, by which they reach this one (default: a free port of 127.0.0.1)")
	cmd.Flags().StringVar(&f.peerToken, "peer-token", "", "`token` that replicas show each other; better in ETCP_MOCK_PEER_TOKEN (without it, no other can join this one)")
}

// isShared tells whether the data is in a database.
func (f *dataFlags) isShared() bool {
	return strings.HasPrefix(f.data, "postgres://") || strings.HasPrefix(f.data, "postgresql://")
}

func (f *dataFlags) options() ([]mock.Option, error) {
	if !f.isShared() && f.replica+f.peerAddr+f.peerToken != "" {
		return nil, cli.Usagef("--replica, --peer-addr and --peer-token are for replicas that share a database: --data postgres://…")
	}
	every := mock.SyncAlways
	if f.sync != "always" {
		var err error
		if every, err = time.ParseDuration(f.sync); err != nil || every <= 0 {
			return nil, cli.Usagef("--sync is a duration such as 100ms, or always, not %q", f.sync)
		}
	}
	if f.data == "" {
		return nil, nil
	}
	return []mock.Option{
		mock.WithData(f.data, every), mock.WithReplica(postgres.Replica{Name: f.replica, PeerAddr: f.peerAddr, PeerToken: f.peerToken}),
	}, nil
}

// report says what was found, and what did not apply because of it.
func (f *serveFlags) report(w io.Writer, server *mock.Server) {
	if f.data.data == "" {
		return
	}
	line := func(format string, args ...any) { fmt.Fprintln(w, translation.Format(f.language, format, args...)) }
	kept := server.Kept()
	line("data in %s: %d kept", mock.DataName(f.data.data), kept.Sandboxes)
	if kept.Default && f.shapesDefault {
		line("the sandbox default was kept: --fixture, --seed and --hostile apply only when it is made")
	}
	if name, peers := server.Replica(); name != "" {
		line("replica %s, for its peers at %s", name, peers)
		if f.deniesByDefault {
			line("pushes go to no private network that --push-allow does not list: --push-deny-private is the default where replicas share a database")
		}
	}
}
