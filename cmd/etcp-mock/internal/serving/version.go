package serving

import (
	"runtime"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// NewVersion is the command version.
func NewVersion() *cobra.Command {
	var r remote.Flags
	var ofServer bool
	cmd := &cobra.Command{
		Use: "version", Short: "Print the version, of this command or of the server", Args: cli.NoArgs,
		Example: "  etcp-mock version\n  etcp-mock version --remote",
		RunE: func(cmd *cobra.Command, _ []string) error {
			p := show.Of(cmd)
			said := control.Version{Version: cli.Built(), Commit: cli.Commit, GoVersion: runtime.Version()}
			if ofServer {
				var err error
				if said, err = r.Client().Version(cmd.Context()); err != nil {
					return err
				}
			}
			if p.JSON {
				return p.Object(said)
			}
			p.Line("etcp-mock %s", cli.VersionLine(said.Version, said.Commit, said.GoVersion))
			return nil
		},
	}
	r.RegisterServer(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().BoolVar(&ofServer, "remote", false, "of the server")
	return cmd
}
