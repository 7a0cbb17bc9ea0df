package problem_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

const text = "name: a\n车: [渝ATX061, x]\r\nlast"

// A problem is one line, and below it the line at fault with a caret under the column; a Chinese character is two wide.
func TestProblem_text(t *testing.T) {
	p := problem.At("f.yaml", []byte(text), problem.Position{Line: 2, Column: 4}, "steps[0]", "is wrong")
	p.Hint = "do it right"
	require.EqualError(t, p, "f.yaml:2:4: steps[0]: is wrong (do it right)")
	require.Equal(t, "f.yaml:2:4: steps[0]: is wrong (do it right)\n    2 | 车: [渝ATX061, x]\n      |     ^", p.Text())
	require.Equal(t, "f.yaml: is over 32 MiB", (&problem.Problem{File: "f.yaml", Detail: "is over 32 MiB"}).Text(), "one of no line")
}

func TestLineOf(t *testing.T) {
	for number, want := range map[int]string{1: "name: a", 2: "车: [渝ATX061, x]", 3: "last", 0: "", -1: "", 4: ""} {
		require.Equal(t, want, problem.LineOf([]byte(text), number), number)
	}
}

// Problems come by file, line and column; none is no error.
func TestProblems_order(t *testing.T) {
	at := func(file string, line, column int) *problem.Problem {
		return &problem.Problem{File: file, Position: problem.Position{Line: line, Column: column}, Detail: "x"}
	}
	ps := problem.Problems{at("b", 1, 1), at("a", 2, 1), at("a", 1, 9), at("a", 1, 2)}
	ps.Sort()
	require.EqualError(t, ps, "a:1:2: x\na:1:9: x\na:2:1: x\nb:1:1: x")
	require.NoError(t, problem.Problems(nil).Err())
	require.Error(t, ps.Err())
}
