package wrap_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/internal/wrap"
)

// Lines end between words and between Chinese characters; ids, plates, numbers and URLs stay whole, and closing punctuation ends no line alone.
func TestLines(t *testing.T) {
	for _, c := range []struct {
		name, text string
		width      int
		want       []string
	}{
		{"words", "the clock is frozen at noon", 12, []string{"the clock is", "frozen at", "noon"}},
		{"an id is whole, though wider", "order 2C9F8A1B7E5D4C3B9A8F of p1", 10, []string{"order", "2C9F8A1B7E5D4C3B9A8F", "of p1"}},
		{"Chinese", "时钟冻结在此刻，推送等待重试", 12, []string{"时钟冻结在此", "刻，推送等待", "重试"}},
		{"no line begins with a comma", "时钟冻结，推送", 8, []string{"时钟冻", "结，推送"}},
		{"a plate", "车牌渝ATX061已被绑定", 10, []string{"车牌", "渝ATX061已", "被绑定"}},
		{"a masked plate", "车牌渝****61已被绑定", 10, []string{"车牌", "渝****61已", "被绑定"}},
		{"lines that are there", "a b\nc d", 3, []string{"a b", "c d"}},
		{"whole", "the clock is frozen at noon", 0, []string{"the clock is frozen at noon"}},
		{"a colour goes on", "\x1b[31mthe clock\x1b[0m stands", 5, []string{"\x1b[31mthe\x1b[0m", "\x1b[31mclock\x1b[0m", "stands"}},
	} {
		require.Equal(t, c.want, wrap.Lines(c.text, c.width), c.name)
	}
}

// What goes on stands below the beginning of its text.
func TestIndented(t *testing.T) {
	require.Equal(t, "why       the payment is 8, but\n          10 is due", wrap.Indented("why       the payment is 8, but 10 is due", 31, 10))
	require.Equal(t, "why       the payment\nis 8, but 10 is due", wrap.Indented("why       the payment is 8, but 10 is due", 22, 10), "too narrow for an indent")
	require.Equal(t, "    the payment is 8,\n    but 10 is due", wrap.Line("    the payment is 8, but 10 is due", 24))
	require.Equal(t, "    the payment is 8, but 10 is due", wrap.Line("    the payment is 8, but 10 is due", 0))
}

// No line is wider than the terminal but by one part that may not be broken; and nothing is lost but spaces at the ends of lines.
func TestLines_law(t *testing.T) {
	word := rapid.OneOf(rapid.SampledFrom([]string{"渝ATX061", "停车场", "，", "（已付）", "p13", "2017-08-20", "http://127.0.0.1:9000/etcp", "\x1b[31mred\x1b[0m", "§9.3", "…"}),
		rapid.StringMatching(`[a-z]{1,12}`))
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOf(word).Draw(t, "words"), rapid.SampledFrom([]string{"", " "}).Draw(t, "between"))
		width := rapid.IntRange(1, 60).Draw(t, "width")
		lines := wrap.Lines(s, width)
		for _, line := range lines {
			require.LessOrEqual(t, wrap.Width(line), max(width, wrap.Longest(s)), line)
		}
		bare := func(s string) string { return strings.ReplaceAll(text.StripEscape(s), " ", "") }
		require.Equal(t, bare(s), bare(strings.Join(lines, "")))
	})
}

// A file is no terminal, whatever COLUMNS says: what goes into it stays whole.
func TestColumns_ofAFile(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "f"))
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	require.Zero(t, wrap.Columns(f, func(string) string { return "60" }))
}
