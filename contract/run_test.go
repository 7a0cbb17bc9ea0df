package contract_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/contract"
	"github.com/etcp-mock/etcp-mock/contract/internal/contracttest"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// Cases whose sandboxes have merchants of the same number run one after the other, whatever the number of workers.
func TestRunner_sameMerchant(t *testing.T) {
	s, err := scenarios.Parse("test.yaml", []byte(`name: same
vars: {number: M7}
sandbox: {merchants: [{no: M1, key: k}, {no: "${number}"}]}
matrix: [{a: 1}, {a: 2}, {a: 3}, {number: M8}]
steps:
  - {call: usersigin, as: M1, data: {mobilePhone: "13800000001", appId: ETCP}, expect: {message: ok}}
  - {set: {b: 1}, assert: merchant == "M1"}
`))
	require.NoError(t, err)
	r, err := contract.Runner{Workers: 8, Repeat: 4}.Run(t.Context(), contracttest.NewMock(t), s.Cases()...)
	require.NoError(t, err)
	require.Len(t, r.Cases, 16)
	require.Equal(t, report.ExitPassed, r.ExitCode(), contracttest.Broken(r))
}

// What is no whole JSON is not judged: the target broke off.
func TestRunner_noJSON(t *testing.T) {
	s, err := scenarios.Parse("test.yaml", []byte(`name: reads
steps: [{call: parkingstatus, data: {parkingId: "1"}, expect: {code: 1}}]
`))
	require.NoError(t, err)
	for name, tt := range map[string]struct{ body, kind, says string }{
		"cut":        {`{"code":1,"mess`, "truncated", "ends before it is whole"},
		"empty":      {"", "truncated", "an empty body"},
		"text":       {"Bad Gateway", "not-json", "no JSON"},
		"html":       {"<html>" + strings.Repeat("x", 1000), "html", "a page of HTML"},
		"JSON":       {`{"error":"no"}`, "", "not the platform's envelope"},
		"a list":     {`[1]`, "", "not the platform's envelope"},
		"more of it": {`{"code":1,"message":"失败"}}`, "", "not the platform's envelope"},
	} {
		t.Run(name, func(t *testing.T) {
			target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(w, tt.body)
			}))
			defer target.Close()
			r, err := contract.Run(t.Context(), scenarios.Platform(target.URL, "M1", "k-of-M1"), s.Cases()...)
			require.NoError(t, err)
			if tt.kind == "" {
				require.Equal(t, report.ExitBroken, r.ExitCode())
				require.Contains(t, r.Cases[0].Failures[0].Message, tt.says)
				require.NotContains(t, r.Cases[0].Failures[0].Message, ": : ")
				return
			}
			require.Equal(t, report.ExitUnreachable, r.ExitCode())
			require.Equal(t, tt.kind, r.Outage.Kind)
			require.Contains(t, r.Outage.Detail, tt.says)
			require.Equal(t, tt.body[:min(200, len(tt.body))], r.Outage.Head)
		})
	}
}

// A case of which only the first steps ran does not look as if it had passed whole.
func TestRunner_upToALine(t *testing.T) {
	s, err := scenarios.Parse("test.yaml", []byte("name: two\nsteps:\n  - {sleep: 1ms, assert: \"1 == 1\"}\n  - {sleep: 1ms, assert: \"1 == 2\"}\n"))
	require.NoError(t, err)
	for line, want := range map[int]string{3: "two: only the first 1 of 2 steps ran, up to line 3; what comes after is not checked", 0: ""} {
		r, err := contract.Runner{Line: line}.Run(t.Context(), contracttest.NewMock(t), s.Cases()...)
		require.NoError(t, err)
		require.Equal(t, want, strings.Join(r.Warnings, ""))
		require.Equal(t, want != "", r.ExitCode() == report.ExitPassed)
	}
}

// A run leaves no request in a sandbox of a served mock that it does not run in.
func TestRunner_leavesNoTrace(t *testing.T) {
	server := httptest.NewServer(contracttest.NewHandler(t))
	defer server.Close()
	target := scenarios.Mock(server.URL, "")
	s, err := scenarios.Parse("test.yaml", []byte("name: one\nsteps:\n  - {sleep: 1ms, assert: \"1 == 1\"}\n"))
	require.NoError(t, err)
	r, err := contract.Run(t.Context(), target, s.Cases()...)
	require.NoError(t, err)
	require.Equal(t, report.ExitPassed, r.ExitCode(), contracttest.Broken(r))
	page, err := target.Control.Sandbox("default").Requests(t.Context(), control.RequestFilter{}, control.Page{})
	require.NoError(t, err)
	require.Empty(t, page.Items)
}

// What runs a case again is no curl line, and is not given as one.
func TestRunner_repeats(t *testing.T) {
	s, err := scenarios.Parse("test.yaml", []byte("name: one\nsteps:\n  - {call: parkingstatus, data: {parkingId: \"1\"}, expect: {code: 1}}\n"))
	require.NoError(t, err)
	again := func(_ *report.Case, line int) string { return fmt.Sprintf("run test.yaml:%d", line) }
	r, err := contract.Runner{RepeatLine: again}.Run(t.Context(), contracttest.NewMock(t), s.Cases()...)
	require.NoError(t, err)
	require.Equal(t, "run test.yaml:3", r.Cases[0].Failures[0].Repeat)
	require.Empty(t, r.Cases[0].Failures[0].Curl)
	r, err = contract.Run(t.Context(), contracttest.NewMock(t), s.Cases()...)
	require.NoError(t, err)
	require.Empty(t, r.Cases[0].Failures[0].Repeat)
	require.Contains(t, r.Cases[0].Failures[0].Curl, "curl ")
}

// The time for which the rate holds a case back is none of the case's: a case of many requests that is answered at once does not fail for it.
func TestRunner_rateIsNoTimeOfTheCase(t *testing.T) {
	target := contracttest.NewMock(t)
	target.Control, target.MerchantNo, target.MerchantKey = nil, "demo", "demo-key"
	s, err := scenarios.Parse("test.yaml", []byte(`name: many
steps: [{repeat: {times: 12, steps: [{call: parkingstatus, data: {parkingId: "x"}, expect: {code: 1}}]}}]
`))
	require.NoError(t, err)
	r, err := contract.Runner{Rate: 40, Workers: 3, Repeat: 3, Timeout: 250 * time.Millisecond}.Run(t.Context(), target, s.Cases()...)
	require.NoError(t, err)
	require.Equal(t, report.ExitPassed, r.ExitCode(), contracttest.Broken(r))
	require.Greater(t, time.Duration(r.Duration), 700*time.Millisecond, "the rate held nothing back")
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // or nobody notices that the client leaves
		<-r.Context().Done()
	}))
	defer slow.Close()
	r, err = contract.Runner{Rate: 1000, Timeout: 50 * time.Millisecond}.Run(t.Context(), scenarios.Platform(slow.URL, "M1", "k-of-M1"), s.Cases()...)
	require.NoError(t, err)
	require.NotEqual(t, report.ExitPassed, r.ExitCode(), "the limit of a case holds for what the target takes")
}
