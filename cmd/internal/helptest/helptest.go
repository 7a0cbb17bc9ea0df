// Package helptest reads the help of a command as its users do, in both languages.
package helptest

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/cmd/internal/translation"
	"github.com/etcp-mock/etcp-mock/internal/wrap"
)

// widest is how wide a line of a command's description may be: as wide as those of its flags.
const widest = 132

var (
	commandsOf = regexp.MustCompile(`(?ms)^(?:Available|Additional) Commands:\n(.*?)(?:\n\n|\z)`)
	// leftInEnglish is a sentence that nobody translated, and what cobra and pflag say themselves.
	leftInEnglish = regexp.MustCompile(`[a-z]+ [a-z]+ [a-z]+ [a-z]+|\[flags\]|\[command\]|\(default|Usage:|Flags:`)
	// copied is a line that is typed: an example, a usage line. A comment behind it is read.
	copied    = regexp.MustCompile(`^ +(?:etcp-mock|contract|curl|gunzip|code=|eval|source|[A-Z_]+=\S+ (?:etcp-mock|contract)).*?($|   +# )`)
	unusedDef = regexp.MustCompile(`（默认 (\[\]|-1)）|\(default (\[\]|-1)\)|\[="`)
)

// Read reads the help of a command and of all below it, in both languages: no text lacks its Chinese, none in Chinese has an English sentence (cobra's
// own and the comments of the examples included), no line of a description is too wide to read, and no flag shows a default that is none.
func Read(t *testing.T, newRoot func() *cobra.Command) {
	t.Helper()
	cli.Texts(newRoot(), func(text *string) {
		if *text != "" && !translation.Known(*text) {
			t.Errorf("%q has no Chinese in package translation", *text)
		}
	})
	roots := map[string]*cobra.Command{"en": newRoot(), "zh": newRoot()}
	read(t, func(language string, command ...string) string {
		var out, problems bytes.Buffer
		arguments := append([]string{"--lang", language, "help"}, command...)
		if code := cli.Execute(t.Context(), roots[language], arguments, strings.NewReader(""), &out, &problems, nil); code != 0 {
			t.Fatalf("%v: exit %d: %s", arguments, code, problems.String())
		}
		return out.String()
	})
}

// read walks through the commands; help is what is printed in a language for the words that lead to one.
func read(t *testing.T, help func(language string, command ...string) string) {
	t.Helper()
	var walk func(path []string)
	walk = func(path []string) {
		english := help("en", path...)
		chinese := help("zh", path...)
		if english == "" || chinese == "" {
			t.Fatalf("no help of %q", path)
		}
		for line := range strings.SplitSeq(chinese, "\n") {
			if said := copied.ReplaceAllString(line, ""); leftInEnglish.MatchString(said) {
				t.Errorf("the Chinese help of %q has English: %s", path, said)
			}
		}
		for _, text := range []string{english, chinese} {
			description, _, _ := strings.Cut(text, "\n\n"+map[bool]string{true: "Usage:", false: "用法："}[text == english])
			for line := range strings.SplitSeq(description, "\n") {
				if wide := wrap.Width(line); wide > widest {
					t.Errorf("a line of the help of %q is %d wide, over %d: %s", path, wide, widest, line)
				}
			}
			if shown := unusedDef.FindString(text); shown != "" {
				t.Errorf("the help of %q shows %s", path, shown)
			}
		}
		if m := commandsOf.FindStringSubmatch(english); m != nil {
			for line := range strings.SplitSeq(m[1], "\n") {
				walk(append(slices.Clip(path), strings.Fields(line)[0]))
			}
		}
	}
	walk(nil)
}
