package cli

import (
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// Set by the linker in a release.
var (
	Version = "dev"
	Commit  = ""
)

// Built is the version of a release, or else of the module or revision that the program was built from.
func Built() string {
	if info, ok := debug.ReadBuildInfo(); ok && Version == "dev" && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return Version
}

// VersionLine is a version as a program prints it.
func VersionLine(version, commit, goVersion string) string {
	return strings.Join(strings.Fields(version+" "+commit+" "+goVersion), " ")
}

// NewVersion is the command version of a program that speaks to no server.
func NewVersion() *cobra.Command {
	cmd := &cobra.Command{
		Use: "version", Short: "Print the version", Args: NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p := PrinterOf(cmd)
			if p.JSON {
				return p.Object(map[string]string{"version": Built(), "commit": Commit, "goVersion": runtime.Version()})
			}
			p.Exactly(cmd.Root().Name() + " " + cmd.Root().Version)
			return nil
		},
	}
	OutputFlag(cmd)
	return cmd
}

// AddVersion gives a program the flag --version.
func AddVersion(root *cobra.Command) {
	root.Version = VersionLine(Built(), Commit, runtime.Version())
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.InitDefaultVersionFlag()
}
