package serving

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

func NewMan() *cobra.Command {
	return &cobra.Command{
		Use: "man DIR", Short: "Write the manual pages into a folder", Args: cli.Args(cobra.ExactArgs(1)),
		Example: "  etcp-mock man ~/.local/share/man/man1 && man etcp-mock-serve",
		RunE: func(cmd *cobra.Command, given []string) error {
			if err := os.MkdirAll(given[0], 0o755); err != nil { //nolint:gosec // manuals are for everybody
				return err
			}
			root := cmd.Root()
			root.DisableAutoGenTag = true // the same pages from the same command
			if err := doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "etcp-mock " + cli.Version, Manual: "etcp-mock"}, given[0]); err != nil {
				return fmt.Errorf("manual pages: %w", err)
			}
			return nil
		},
	}
}
