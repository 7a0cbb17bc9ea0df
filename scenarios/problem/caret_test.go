package problem_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// In Chinese what a problem says is Chinese, with Chinese marks; its file, field and line stay.
func TestProblem_inChinese(t *testing.T) {
	t.Parallel()
	p := problem.At("f.yaml", []byte("a: x"), problem.Position{Line: 1, Column: 4}, "steps[0]", "want a number, got a string")
	p.Hint = "did you mean sms.interval?"
	require.Equal(t, "f.yaml:1:4: steps[0]：应为数字，实际为字符串（是否想用 sms.interval？）\n    1 | a: x\n      |    ^", p.TextIn("zh"))
	require.Equal(t, p.Text(), p.TextIn("en"))
	require.Equal(t, p.TextIn("zh")+"\n"+p.TextIn("zh"), problem.Problems{p, p}.TextIn("zh"))
}

// The caret stands below its column, however wide the characters before it are: those of Chinese count twice, and a tab stays a tab. A long line is
// cut, and a caret behind the cut is left out.
func TestCaret(t *testing.T) {
	t.Parallel()
	require.Equal(t, "    7 | \ta: x\n      | \t   ^", problem.Caret("\ta: x", problem.Position{Line: 7, Column: 5}))
	long := strings.Repeat("x", 200)
	require.Equal(t, "    1 | "+long[:160]+"…\n      | ^", problem.Caret(long, problem.Position{Line: 1, Column: 1}))
	require.Equal(t, "    1 | "+long[:160]+"…", problem.Caret(long, problem.Position{Line: 1, Column: 161}))
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.StringOfN(rapid.SampledFrom([]rune("ab 渝车:é")), 1, 60, -1).Draw(t, "line")
		column := rapid.IntRange(1, len([]rune(line))).Draw(t, "column")
		_, caret, two := strings.Cut(problem.Caret(line, problem.Position{Line: 3, Column: column}), "\n      | ")
		require.True(t, two)
		width := 0
		for _, r := range []rune(line)[:column-1] {
			if width++; r == '渝' || r == '车' {
				width++
			}
		}
		require.Equal(t, strings.Repeat(" ", width)+"^", caret)
	})
}
