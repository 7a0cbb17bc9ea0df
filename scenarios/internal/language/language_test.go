package language_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	_ "github.com/etcp-mock/etcp-mock/scenarios" // registers the kinds of steps
	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
)

// A slug is a name that files and URLs take, and is its own slug.
func TestSlug_ofItself(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		slug := language.Slug(rapid.String().Draw(rt, "name"))
		require.NotEmpty(rt, slug)
		require.Equal(rt, slug, language.Slug(slug))
		require.False(rt, strings.HasPrefix(slug, "-") || strings.HasSuffix(slug, "-") || strings.Contains(slug, "--"), slug)
		for _, r := range slug {
			require.True(rt, r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r), "%q in %q", r, slug)
		}
	})
}

// A line between the rows of a matrix belongs to one row; a line outside of them to all.
func TestCase_At(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rows := rapid.IntRange(2, 6).Draw(rt, "rows")
		var text strings.Builder
		text.WriteString("name: rows\nmatrix:\n")
		for i := range rows {
			fmt.Fprintf(&text, "  - n: %d\n%s", i, strings.Repeat("    # more of it\n", rapid.IntRange(0, 2).Draw(rt, "lines")))
		}
		text.WriteString("steps:\n  - set: {m: \"${n}\"}\n")
		s, err := language.Parse("rows.yaml", []byte(text.String()))
		require.NoError(rt, err)
		cases := s.Cases()
		require.Len(rt, cases, rows)
		first, last := cases[0].Position().Line, cases[rows-1].Position().Line
		for line := 1; line <= strings.Count(text.String(), "\n"); line++ {
			belongs := 0
			for _, c := range cases {
				if c.At(line) {
					belongs++
				}
			}
			if line >= first && line <= last {
				require.Equal(rt, 1, belongs, "line %d of\n%s", line, text.String())
			} else {
				require.Equal(rt, rows, belongs, "line %d of\n%s", line, text.String())
			}
		}
	})
}

// A scenario is found by its name and its slug, in the library itself before the one below; a slug of two names is nobody's.
func TestLibrary_Get(t *testing.T) {
	scenario := func(name string) *language.Scenario {
		s, err := language.Parse(name+".yaml", []byte("name: "+name+"\nsteps:\n  - sleep: 0s\n"))
		require.NoError(t, err)
		return s
	}
	below := language.NewLibrary(nil)
	l := language.NewLibrary(below)
	pays, hidden, again, other := scenario("User pays"), scenario("User pays"), scenario("user  pays"), scenario("other")
	require.NoError(t, below.Add(hidden))
	require.NoError(t, below.Add(other))
	require.NoError(t, l.Add(pays))
	require.ErrorContains(t, l.Add(scenario("User pays")), `the name "User pays" is taken by User pays.yaml:1`)
	require.Same(t, pays, l.Get("User pays"))
	require.Same(t, hidden, below.Get("user-pays"))
	require.Same(t, other, l.Get("other"))
	require.Nil(t, l.Get("nobody"))
	require.NoError(t, below.Add(again))
	require.Nil(t, below.Get("user-pays"), "two have this slug")
	require.Equal(t, []string{"User pays", "other", "user  pays"}, l.Names())
}

// What is read and defined nowhere before it is found, with its position, in each place that reads.
func TestParse_undefinedVariables(t *testing.T) {
	for text, want := range map[string]string{
		"vars: {a: \"${b}\", b: 1}\nsteps:\n  - sleep: 0s\n":                                   `2:11: vars.a: undefined variable "b"`,
		"steps:\n  - sleep: \"${late}\"\n  - set: {late: 1s}\n":                                `3:12: steps[0].sleep: undefined variable "late"`,
		"steps:\n  - parallel:\n      - set: {x: 1s}\n      - sleep: \"${x}\"\n":               `5:16: steps[0].parallel[1].sleep: undefined variable "x"`,
		"steps:\n  - repeat: {times: 2, steps: [{set: {paid: 1s}}]}\n  - sleep: \"${payd}\"\n": `did you mean "paid"?`,
	} {
		_, err := language.Parse("x.yaml", []byte("name: x\n"+text))
		require.ErrorContains(t, err, want)
	}
	_, err := language.Parse("x.yaml", []byte("name: x\nsteps:\n  - parallel: [{set: {x: 1s}}]\n  - sleep: \"${x}\"\n"))
	require.NoError(t, err, "what steps at once define is there afterwards")
}
