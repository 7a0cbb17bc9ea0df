package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/etcp-mock/etcp-mock/internal/curl"
	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
)

// givenMark marks a flag that the command line itself has.
const givenMark = "etcp-mock-given"

// markGiven marks the flags that are set, which are those of the command line until others are filled.
func markGiven(cmd *cobra.Command) {
	cmd.Flags().Visit(func(f *pflag.Flag) { annotate(f, givenMark, nil) })
}

var (
	namesCommand = lazyregexp.New(`etcp-mock((?: [a-z-]+)+)`)
	plain        = lazyregexp.New(`^[\w.:/@%+-]+$`)
)

// here adds to the commands that a message names what the command line said of server and sandbox, so that they ask the same one. What the
// environment or a file of settings says of them holds for every command.
func here(cmd *cobra.Command, text string) string {
	var given []*pflag.Flag
	for _, name := range []string{"server", "sandbox"} {
		if f := cmd.Flag(name); f != nil {
			if _, marked := f.Annotations[givenMark]; marked {
				given = append(given, f)
			}
		}
	}
	if len(given) == 0 {
		return text
	}
	return namesCommand().ReplaceAllStringFunc(text, func(command string) string {
		words := strings.Fields(command)
		to, rest, err := cmd.Root().Find(words[1:])
		if err != nil || to == cmd.Root() {
			return command
		}
		path := words[:len(words)-len(rest)]
		for _, f := range given {
			if to.Flags().Lookup(f.Name) != nil {
				path = append(path, "--"+f.Name, word(f.Value.String()))
			}
		}
		return strings.Join(append(path, rest...), " ")
	})
}

// word is a text as a shell takes it for one word.
func word(text string) string {
	if plain().MatchString(text) {
		return text
	}
	return curl.Quote(text)
}
