package scenarios_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// docs/scenarios.md: a mistake of the syntax in a step of YAML hides none in another; of JSON the first is reported, and the rest when it is right.
func TestParse_mistakesOfTheSyntax(t *testing.T) {
	t.Parallel()
	wrong := func(name, text string) (lines []int) {
		_, err := scenarios.Parse(name, []byte(text))
		problems, are := errors.AsType[scenarios.Problems](err)
		require.True(t, are, err)
		for _, p := range problems {
			lines = append(lines, p.Line)
		}
		return lines
	}
	require.Equal(t, []int{4, 7}, wrong("a.yaml", "name: x\nsteps:\n  - call: carnum\n    data: {\"token\": \"b\" \"c\": 1}\n  - sleep: 1s\n  - call: carnum\n    data: {\"token\": \"b\" \"c\": 1}\n"))
	require.Equal(t, []int{2}, wrong("a.json", "{\"name\": \"x\", \"steps\": [\n{\"call\": \"carnum\" \"data\": {\"token\": \"t\"}},\n{\"sleep\": \"1s\" \"x\": 1}]}\n"))
	require.Equal(t, []int{3}, wrong("a.json", "{\"name\": \"x\", \"steps\": [\n{\"call\": \"carnum\", \"data\": {\"token\": \"t\"}},\n{\"sleep\": \"1s\" \"x\": 1}]}\n"))
}
