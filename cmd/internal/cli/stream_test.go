package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// What goes to a terminal has no control characters and none that turn the text, but colours and the line that says what runs now.
func TestStream_terminal(t *testing.T) {
	for text, want := range map[string]string{
		"渝ATX061 ok\n\tnext\n":                  "渝ATX061 ok\n\tnext\n",
		"\x1b[31mred\x1b[0m":                    "\x1b[31mred\x1b[0m",
		"\r\x1b[2Krunning":                      "\r\x1b[2Krunning",
		"a\r\nb":                                "a\r\nb",
		"\x1b]0;title\x07":                      `\x1b]0;title\x07`,
		"\x1b[2J\x1b[H":                         `\x1b[2J\x1b[H`,
		"over\rwritten":                         `over\x0dwritten`,
		"\u202etxt.exe":                         `\u202etxt.exe`,
		"\u2066\u2069\u200e\u200f\u061c":        `\u2066\u2069\u200e\u200f\u061c`,
		"\u009b31m":                             `\x9b31m`,
		"raw \x9b31m":                           `raw \x9b31m`,
		"bell\a\b\x00\x7f":                      `bell\x07\x08\x00\x7f`,
		"\x1b[" + strings.Repeat("1", 99) + "m": `\x1b[` + strings.Repeat("1", 99) + "m",
		"half \xe6\xb8":                         `half \xe6b8`,
	} {
		var out bytes.Buffer
		s := newStream(&out)
		s.terminal = true
		n, err := s.Write([]byte(text))
		require.NoError(t, err)
		require.Equal(t, len(text), n)
		require.NoError(t, s.end())
		require.Equal(t, want, out.String(), "%q", text)
		out.Reset()
		s = newStream(&out)
		_, err = s.Write([]byte(text))
		require.NoError(t, err)
		require.Equal(t, text, out.String(), "piped, the bytes are as they came")
	}
}

// In whatever pieces a text comes, the terminal shows the same valid text without hidden characters.
func TestStream_pieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("渝a\u202e\u009b\x07é𝄞"))).Draw(t, "text")
		var whole, pieces bytes.Buffer
		one, many := newStream(&whole), newStream(&pieces)
		one.terminal, many.terminal = true, true
		_, _ = one.Write([]byte(text))
		for rest := text; rest != ""; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "n")
			_, _ = many.Write([]byte(rest[:n]))
			rest = rest[n:]
		}
		require.NoError(t, errors.Join(one.end(), many.end()))
		require.Equal(t, whole.String(), pieces.String())
		require.True(t, utf8.ValidString(whole.String()))
		require.False(t, strings.ContainsFunc(whole.String(), hidden))
	})
}

type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if len(p) > f.left {
		return 0, errors.New("no space left on device")
	}
	f.left -= len(p)
	return len(p), nil
}

// A command whose output could not be written has failed, whether it noticed or not.
func TestExecute_outputThatCannotBeWritten(t *testing.T) {
	root := &cobra.Command{Use: "program", RunE: func(cmd *cobra.Command, _ []string) error {
		for range 3 {
			fmt.Fprintln(cmd.OutOrStdout(), "a line")
		}
		return nil
	}}
	run := func(space int) (int, string) {
		var problems bytes.Buffer
		code := Execute(context.Background(), root, nil, nil, &full{space}, &problems, nil)
		return code, problems.String()
	}
	code, problems := run(100)
	require.Equal(t, ExitOK, code, problems)
	code, problems = run(10)
	require.Equal(t, ExitFailed, code)
	require.Equal(t, "program: the output could not be written: no space left on device\n", problems)
}
