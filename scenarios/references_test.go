package scenarios_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// What a file names and does not have is found when it is read, in one pass with everything else that is wrong with it.
func TestParse_references(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"car parks beside other mistakes", `sandbox: {parkings: [{id: "1", name: A}]}
steps:
  - enter: {plateNumber: 渝ATX061, parkingId: "9"}
  - enter: {plateNumber: 渝ATX061, parkingId: "8"}
    expect: {status: 422}
  - sleep: soon
  - restore: foo`, []string{
			`steps[0].enter.parkingId: the sandbox has no car park "9" (there is 1)`, `steps[2].sleep: want a duration such as 45m, 1h30m or 8d, got "soon"`, `steps[3].restore: there is no snapshot "foo"`,
		}},
		{"a sandbox without car parks", "sandbox: {seed: 1}\nsteps:\n  - enter: {plateNumber: 渝ATX061, parkingId: \"1\"}", []string{
			`steps[0].enter.parkingId: the sandbox has no car park "1" (it has none: give it some under parkings)`,
		}},
		{"a sandbox without merchants", "sandbox: {seed: 1}\nsteps:\n  - call: carnum\n    as: M9\n    expect: {code: 20102}", []string{
			`steps[0].as: the sandbox has no merchant "M9" (without merchants it has one whose number is made up)`,
		}},
		{"snapshots", "steps:\n  - snapshot: before\n  - restore: befor\n  - parallel: [{restore: before}, {restore: x}]", []string{
			`steps[1].restore: there is no snapshot "befor" (did you mean "before"?)`, `steps[2].parallel[1].restore: there is no snapshot "x"`,
		}},
		{"rows", "matrix:\n  - {stay: 1h, due: 5, unread: 1}\n  - {stay: 2h}\nsteps:\n  - set: {x: \"${stay}${due}\"}", []string{`matrix[1]: the row lacks "due", which row 1 has`}},
		{"a row's variable that the scenario has", "vars: {due: 1}\nmatrix: [{due: 5}, {stay: 2h}]\nsteps:\n  - set: {x: \"${due}\"}", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := scenarios.Parse("f", []byte("name: a\n"+c.text+"\n"))
			var said []string
			if err != nil {
				for _, p := range err.(scenarios.Problems) { //nolint:errorlint,forcetypeassert // its only kind
					text := p.Field + ": " + p.Detail
					if p.Hint != "" {
						text += " (" + p.Hint + ")"
					}
					said = append(said, text)
				}
			}
			require.Equal(t, c.want, said)
		})
	}
}

// A car that enters without a car park enters the first, as with the command line and the clients.
func TestEnter_first(t *testing.T) {
	result := run(t, inProcess(t), `
steps:
  - enter: {plateNumber: 渝ATX061}
    expect: {parkingId: "1"}`, scenarios.Options{})
	require.Equal(t, scenarios.Passed, result.Status, show(t, result))
}
