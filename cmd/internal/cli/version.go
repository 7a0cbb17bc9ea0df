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

// AddVersion gives a program the flag --version. The version is that of a release, or else of the module or revision it was built from.
func AddVersion(root *cobra.Command) {
	version := Version
	if info, ok := debug.ReadBuildInfo(); ok && version == "dev" && info.Main.Version != "" && info.Main.Version != "(devel)" {
		version = info.Main.Version
	}
	root.Version = strings.Join(strings.Fields(version+" "+Commit+" "+runtime.Version()), " ")
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.InitDefaultVersionFlag()
}
