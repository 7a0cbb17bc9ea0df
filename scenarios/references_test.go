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
		{"where names belong", "rules: {bind.max: 3}\nsandbox: {bind.maximum: 3, mode: frozen}\nsteps:\n  - {call: carnum, data: {token: x}, data2: 1, code: 2}", []string{
			`: unknown field "rules" (it stands under sandbox)`, `sandbox: unknown field "bind.maximum" (it stands under rules)`, `sandbox: unknown field "mode" (it stands under clock)`,
			`steps[0]: unknown field "data2" of the step call (did you mean "data"?)`, `steps[0]: unknown field "code" of the step call (it stands under expect)`,
		}},
		{"sections", "covers: [§9.8, §10.4.1, §99, §9.13, \"9.8\"]\nsteps:\n  - sleep: 1ms", []string{
			`covers[2]: the document has no section "§99" (it has §1 to §11)`, `covers[3]: the document has no section "§9.13" (§9 has §9.1 to §9.12)`,
			`covers[4]: want a section of the document, such as §9.8, got "9.8"`,
		}},
		{"rules", "checks: [bind-max, bind-maxx]\nsteps:\n  - sleep: 1ms", []string{`checks[1]: there is no rule of the platform "bind-maxx" (did you mean "bind-max"?)`}},
		{"codes", "steps:\n  - {call: carnum, data: {token: x}, expect: {code: 9999}}\n  - {call: carnum, data: {token: x}, expect: {code: 2010}}\n  - {call: carnum, data: {token: x}, expect: {code: \"${5 + 5}\"}}\n  - verify: {requests: {code: 42}}", []string{
			`steps[0].expect.code: there is no code 9999 (carnum answers 0, 2, 3, 4, 5, 6, 20101, 20102)`, `steps[1].expect.code: there is no code 2010 (did you mean 20101?)`,
			`steps[3].verify.requests.code: there is no code 42 (§11 has 0, 1, 2, 3, 4, 5, 6, 7, 8, 20100, 20101, 20102, 20201, 20202, 20203, 20206, 20802, 20803, 20804)`,
		}},
		{"codes of faults", "steps:\n  - fault: {on: {endpoint: carnum}, do: {code: 9999}}\n  - {call: carnum, data: {token: x}, expect: {code: 9999}}\n  - verify: {requests: {code: 9999}}\n  - {call: carnum, data: {token: x}, expect: {code: 9998}}", []string{
			`steps[3].expect.code: there is no code 9998 (carnum answers 0, 2, 3, 4, 5, 6, 20101, 20102)`,
		}},
		{"a code of the fixture's faults", "sandbox: {faults: [{on: {}, do: {code: 777}}]}\nsteps:\n  - {call: carnum, data: {token: x}, expect: {code: 777}}", nil},
		{"addresses", "steps:\n  - http: {url: not a url}\n  - http: {url: \"127.0.0.1:80\"}\n  - http: {url: ftp://x/y}\n  - http: {url: \"${url}/x y\"}\n  - http: {url: /readyz}\n    expect: {status: 999}\n  - http: {url: http://a b/}", []string{
			`steps[0].http.url: "not a url" is no URL, and no path of the target (such as http://127.0.0.1:9000/etcp, or /readyz)`,
			`steps[1].http.url: "127.0.0.1:80" is no URL, and no path of the target (such as http://127.0.0.1:9000/etcp, or /readyz)`,
			`steps[2].http.url: "ftp://x/y" is no URL, and no path of the target (such as http://127.0.0.1:9000/etcp, or /readyz)`,
			`steps[4].expect.status: there is no HTTP status 999 (they are 100 to 599)`,
			`steps[5].http.url: "http://a b/" is no URL, and no path of the target (such as http://127.0.0.1:9000/etcp, or /readyz)`,
		}},
		{"statuses", "steps:\n  - {call: carnum, data: {token: x}, request: {method: PUT}, expect: {httpStatus: 4005}}", []string{`steps[0].expect.httpStatus: there is no HTTP status 4005 (they are 100 to 599)`}},
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
