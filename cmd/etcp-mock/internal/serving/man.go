package serving

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/lang"
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
			n, err := writePages(cmd.Root(), given[0], cli.Language(cmd))
			if err != nil {
				return fmt.Errorf("manual pages: %w", err)
			}
			cli.PrinterOf(cmd).Line("wrote %d manual pages into %s", n, cli.Clean(given[0]))
			return nil
		},
	}
}

// writePages writes the pages of a program's commands in a language, and gives how many.
func writePages(root *cobra.Command, dir, language string) (int, error) {
	var all []*cobra.Command
	var gather func(cmd *cobra.Command)
	gather = func(cmd *cobra.Command) {
		cmd.InitDefaultHelpFlag()
		all = append(all, cmd)
		for _, below := range cmd.Commands() {
			if below.IsAvailableCommand() {
				gather(below)
			}
		}
	}
	gather(root)
	if language == lang.Chinese {
		cli.Translate(root)
	}
	for _, cmd := range all {
		file := filepath.Join(dir, pageName(cmd)+".1")
		if err := os.WriteFile(file, []byte(page(cmd, language)), 0o644); err != nil { //nolint:gosec // manuals are for everybody
			return 0, err
		}
	}
	return len(all), nil
}

// The headings of a page.
var (
	headName      = lang.T("NAME", "名称")
	headSynopsis  = lang.T("SYNOPSIS", "用法")
	headAbout     = lang.T("DESCRIPTION", "说明")
	headOptions   = lang.T("OPTIONS", "参数")
	headInherited = lang.T("OPTIONS INHERITED FROM PARENT COMMANDS", "全局参数")
	headExample   = lang.T("EXAMPLE", "示例")
	headSee       = lang.T("SEE ALSO", "另见")
)

// words are what a page says between what the command says.
var (
	takesFlags  = lang.T("[flags]", "[参数]")
	defaultText = lang.T("(default %s)", "（默认 %s）")
)

func pageName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// page is a manual page (man 7 man) in a language that the command's own texts are in.
func page(cmd *cobra.Command, language string) string {
	var b strings.Builder
	name := pageName(cmd)
	fmt.Fprintf(&b, ".TH \"%s\" \"1\" \"\" \"etcp\\-mock %s\" \"etcp\\-mock\"\n", strings.ToUpper(roff(name)), roff(cli.Version))
	fmt.Fprintf(&b, ".SH %s\n%s \\- %s\n", headName.In(language), roff(name), roff(cmd.Short))
	fmt.Fprintf(&b, ".SH %s\n\\fB%s\\fP\n", headSynopsis.In(language), roff(strings.Replace(cmd.UseLine(), takesFlags.EN, takesFlags.In(language), 1)))
	text := cmd.Long
	if text == "" {
		text = cmd.Short
	}
	fmt.Fprintf(&b, ".SH %s\n%s\n", headAbout.In(language), lines(text))
	options(&b, headOptions, cmd.NonInheritedFlags(), language)
	options(&b, headInherited, cmd.InheritedFlags(), language)
	if cmd.Example != "" {
		fmt.Fprintf(&b, ".SH %s\n.nf\n%s\n.fi\n", headExample.In(language), lines(cmd.Example))
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
		fmt.Fprintf(&b, ".SH %s\n%s\n", headSee.In(language), lang.List(language, also))
	}
	return b.String()
}

func options(b *strings.Builder, title lang.Text, flags *pflag.FlagSet, language string) {
	if !flags.HasAvailableFlags() {
		return
	}
	fmt.Fprintf(b, ".SH %s\n", title.In(language))
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		short := ""
		if f.Shorthand != "" {
			short = "\\fB\\-" + roff(f.Shorthand) + "\\fP, "
		}
		fmt.Fprintf(b, ".TP\n%s\\fB\\-\\-%s\\fP \\fI%s\\fP\n%s\n", short, roff(f.Name), roff(value), lines(cli.Unsaid(usage)))
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" && f.DefValue != "[]" && f.DefValue != "-1" {
			b.WriteString(defaultText.With(roff(f.DefValue)).In(language) + "\n")
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
