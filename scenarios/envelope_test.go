package scenarios_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// What a call overrides arrives as the step says it: a mock answers each as the document has it.
func TestCall_overrides(t *testing.T) {
	for request, want := range map[string]string{
		`{sign: "{sign}"}`:                                           "20101",
		`{sign: "{lower}"}`:                                          "4",
		`{sign: "{half}"}`:                                           "4",
		`{signed: "{data}{key}{time_stamp}"}`:                        "20101",
		`{signed: "{data}{time_stamp}"}`:                             "4",
		`{signed: "{data}{key}{time_stamp}", key: other}`:            "4",
		`{encodedData: "%7B%22token%22:%22t%22%7D"}`:                 "20101",
		`{encodedData: "%7B%22token%22:%22%FF%22%7D"}`:               "6",
		`{encodedData: "%zz"}`:                                       "",
		`{query: "{params}&more=1"}`:                                 "20101",
		`{query: "time_stamp={time_stamp}&data={data}&sign={sign}"}`: "20102",
		`{query: "merchant_no={merchant_no}&sign=A&data={data}&time_stamp={time_stamp}"}`: "4",
		`{body: "{params}", query: ""}`: "20102",
	} {
		t.Run(request, func(t *testing.T) {
			code := want
			if code == "" {
				code = "0"
			}
			s := parse(t, "name: overrides\nsteps:\n  - {call: carnum, data: {token: t}, request: "+request+", expect: {code: "+code+"}}\n")
			result, err := scenarios.Run(t.Context(), inProcess(t), s, scenarios.Options{})
			require.NoError(t, err)
			if want == "" {
				require.Equal(t, scenarios.Failed, result.Status)
				return
			}
			require.Equal(t, scenarios.Passed, result.Status, show(t, result))
		})
	}
}

// A body goes out as it is, under the content type that the step gives it.
func TestCall_bodies(t *testing.T) {
	for request, want := range map[string]string{
		`{body: "{params}"}`:                                             "20101",
		`{body: "", query: "{params}"}`:                                  "20101",
		`{headers: {Content-Type: text/plain}}`:                          "20102",
		`{headers: {Content-Type: ""}}`:                                  "20102",
		`{headers: {content-type: "application/x-www-form-urlencoded"}}`: "20101",
		`{encodedData: '{"token":"t","plateNumber":"渝ATX061"}'}`:         "20101",
	} {
		t.Run(request, func(t *testing.T) {
			s := parse(t, "name: bodies\nsteps:\n  - {call: unbindcar, data: {token: t, plateNumber: 渝ATX061}, request: "+request+", expect: {code: "+want+"}}\n")
			result, err := scenarios.Run(t.Context(), inProcess(t), s, scenarios.Options{})
			require.NoError(t, err)
			require.Equal(t, scenarios.Passed, result.Status, show(t, result))
		})
	}
}
