// Package show prints what the mock knows, requests, pushes, stays, sandboxes, for people or as JSON.
package show

import (
	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// Printer writes what a command has to say, in the words of the control API.
type Printer struct{ *cli.Printer }

// Of is the printer that a command's flags ask for.
func Of(cmd *cobra.Command) *Printer { return &Printer{cli.PrinterOf(cmd)} }
