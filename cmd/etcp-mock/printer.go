package main

import (
	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// printer writes what a command has to say, in the words of the control API.
type printer struct{ *cli.Printer }

func printerOf(cmd *cobra.Command) *printer { return &printer{cli.PrinterOf(cmd)} }
