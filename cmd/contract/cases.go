package main

import (
	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

func newList() *cobra.Command {
	var (
		f      cli.SelectionFlags
		v      cli.VariableFlags
		asJSON bool
	)
	cmd := &cobra.Command{
		Use:     "list [FILE[:LINE]|FOLDER|NAME…]",
		Short:   "Show cases",
		Long:    "Show the cases that `contract run` with the same arguments would run: the built-in suite, or those of files and folders.",
		Example: "  contract list --tag payment\n  contract list cases/ --json",
		RunE: func(cmd *cobra.Command, args []string) error {
			given, err := v.Read()
			if err != nil {
				return err
			}
			s, err := f.Choose(args, source, given.Names()...)
			if err != nil {
				return err
			}
			return s.Print(cmd, asJSON)
		},
	}
	f.Register(cmd)
	v.Register(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

func newValidate() *cobra.Command {
	var v cli.VariableFlags
	cmd := &cobra.Command{
		Use:   "validate [FILE|FOLDER…]",
		Short: "Check case files without running them",
		Long: "Check case files without running them. Everything that is wrong is printed with its line, a caret, and what may have been\n" +
			"meant. Without arguments the built-in suite is checked.",
		Example: "  contract validate cases/",
		RunE: func(cmd *cobra.Command, args []string) error {
			given, err := v.Read()
			if err != nil {
				return err
			}
			var f cli.SelectionFlags
			s, err := f.Choose(args, source, given.Names()...)
			if err != nil {
				return err
			}
			idle := 0
			for _, c := range s.Cases {
				if c.Row <= 1 && !c.Scenario.Asserts() {
					idle++
					cli.Note(cmd, "warning: %s:%d: %s asserts nothing beyond code 0 and the schema", c.Scenario.File, c.Scenario.Position.Line, c.Scenario.Name)
				}
			}
			if len(s.Cases) == 1 {
				cli.PrinterOf(cmd).Line("1 case is right")
				return nil
			}
			cli.PrinterOf(cmd).Line("%d cases are right", len(s.Cases))
			if len(s.Cases) == 0 {
				return cli.ExitCode(cli.ExitNothing)
			}
			return nil
		},
	}
	v.Register(cmd)
	return cmd
}
