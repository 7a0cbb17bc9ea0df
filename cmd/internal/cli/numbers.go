package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// negativeMark marks a flag whose number may be below 0.
const negativeMark = "etcp-mock-negative"

// MayBeNegative marks a flag whose number may be below 0: those of all others are counts, speeds and durations.
func MayBeNegative(cmd *cobra.Command, flag string) {
	cmd.Flag(flag).Annotations = map[string][]string{negativeMark: nil}
}

// checkNumbers refuses numbers and durations below 0, and what is no number (NaN) or infinite, where they were given.
func checkNumbers(cmd *cobra.Command) error {
	var wrong error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if _, may := f.Annotations[negativeMark]; may || wrong != nil || !f.Changed {
			return
		}
		switch f.Value.Type() {
		case "int", "int64", "float64", "duration":
			switch text := f.Value.String(); {
			case strings.HasPrefix(text, "-") || text == "NaN":
				wrong = Usagef("--%s: want 0 or more, got %s", f.Name, text)
			case text == "+Inf":
				wrong = Usagef("--%s: want a finite number, got %s", f.Name, text)
			}
		}
	})
	return wrong
}
