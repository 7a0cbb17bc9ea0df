package serving

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// NewMan is the command that writes the manual pages. They are written in roff here, since cobra's own generator brings a reader
// of YAML and one of Markdown along: half a megabyte.
func NewMan() *cobra.Command {
	return &cobra.Command{
		Use: "man DIR", Short: "Write the manual pages into a folder", Args: cli.Args(cobra.ExactArgs(1)),
		Example: "  etcp-mock man ~/.local/share/man/man1 && man etcp-mock-serve",
		RunE: func(cmd *cobra.Command, given []string) error {
			if err := os.MkdirAll(given[0], 0o755); err != nil { //nolint:gosec // manuals are for everybody
				return err
			}
			if err := writePages(cmd.Root(), given[0]); err != nil {
				return fmt.Errorf("manual pages: %w", err)
			}
			return nil
		},
	}
}

// writePages writes the page of a command and those of the commands below it.
func writePages(cmd *cobra.Command, dir string) error {
	for _, below := range cmd.Commands() {
		if below.IsAvailableCommand() {
			if err := writePages(below, dir); err != nil {
				return err
			}
		}
	}
	cmd.InitDefaultHelpFlag()
	return os.WriteFile(filepath.Join(dir, pageName(cmd)+".1"), []byte(page(cmd)), 0o644) //nolint:gosec // manuals are for everybody
}

func pageName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// page is a manual page (man 7 man).
func page(cmd *cobra.Command) string {
	var b strings.Builder
	name := pageName(cmd)
	fmt.Fprintf(&b, ".TH \"%s\" \"1\" \"\" \"etcp\\-mock %s\" \"etcp\\-mock\"\n", strings.ToUpper(roff(name)), roff(cli.Version))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(name), roff(cmd.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n\\fB%s\\fP\n", roff(cmd.UseLine()))
	text := cmd.Long
	if text == "" {
		text = cmd.Short
	}
	fmt.Fprintf(&b, ".SH DESCRIPTION\n%s\n", lines(text))
	options(&b, "OPTIONS", cmd.NonInheritedFlags())
	options(&b, "OPTIONS INHERITED FROM PARENT COMMANDS", cmd.InheritedFlags())
	if cmd.Example != "" {
		fmt.Fprintf(&b, ".SH EXAMPLE\n.nf\n%s\n.fi\n", lines(cmd.Example))
	}
	var also []string
	if cmd.HasParent() {
		also = append(also, pageName(cmd.Parent()))
	}
	for _, below := range cmd.Commands() {
		if below.IsAvailableCommand() {
			also = append(also, pageName(below))
		}
	}
	for i := range also {
		also[i] = "\\fB" + roff(also[i]) + "\\fP(1)"
	}
	if len(also) > 0 {
		fmt.Fprintf(&b, ".SH SEE ALSO\n%s\n", strings.Join(also, ", "))
	}
	return b.String()
}

func options(b *strings.Builder, title string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	fmt.Fprintf(b, ".SH %s\n", title)
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		short := ""
		if f.Shorthand != "" {
			short = "\\fB\\-" + roff(f.Shorthand) + "\\fP, "
		}
		fmt.Fprintf(b, ".TP\n%s\\fB\\-\\-%s\\fP \\fI%s\\fP\n%s\n", short, roff(f.Name), roff(value), lines(usage))
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" && f.DefValue != "[]" {
			fmt.Fprintf(b, "(default %s)\n", roff(f.DefValue))
		}
	})
}

// lines is a text of several lines: an empty one begins a paragraph.
func lines(text string) string {
	all := strings.Split(strings.Trim(text, "\n"), "\n")
	for i, line := range all {
		switch escaped := roff(line); {
		case strings.TrimSpace(line) == "":
			all[i] = ".PP"
		case escaped[0] == '.' || escaped[0] == '\'':
			all[i] = `\&` + escaped // no request
		default:
			all[i] = escaped
		}
	}
	return strings.Join(all, "\n")
}

// roff escapes what roff would read as its own.
func roff(text string) string {
	return strings.NewReplacer(`\`, `\e`, "-", `\-`, "\n", " ").Replace(text)
}
