package scenarios_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

const base = `
sandbox:
  clock: 2017-08-20 12:00:00
  parkings: [{id: "1", name: P, city: C, lat: "29.5", lon: "106.5", totalSpace: 1, tariff: {freeMinutes: 15, unitMinutes: 60, unitPrice: "5"}}]
`

func parse(tb testing.TB, source string) *scenarios.Scenario {
	tb.Helper()
	s, err := scenarios.Parse("test.yaml", []byte(source))
	require.NoError(tb, err)
	return s
}

// run runs a source of steps in the base above.
func run(tb testing.TB, target scenarios.Target, steps string, o scenarios.Options) *scenarios.Result {
	tb.Helper()
	result, err := scenarios.Run(context.Background(), target, parse(tb, "name: test\n"+strings.TrimLeft(base, "\n")+strings.TrimLeft(steps, "\n")), o)
	require.NoError(tb, err)
	return result
}

// Every kind of step does what the format says.
func TestSteps(t *testing.T) {
	target := inProcess(t)
	for name, steps := range map[string]string{
		"a full car park refuses": `
steps:
  - enter: {plateNumber: 渝ATX061, parkingId: "1"}
  - enter: {plateNumber: 渝ATX062, parkingId: "1"}
    expect: {status: 409, detail: {$match: full}}
  - enter: {plateNumber: 渝ATX062, parkingId: "9"}
    expect: {status: 404}`,
		"the clock": `
steps:
  - clock: 2017-08-20 13:00:00
    expect: {now: 2017-08-20 13:00:00, mode: frozen}
  - advance: 1d2h
    expect: {now: 2017-08-21 15:00:00}
  - sleep: 1h
  - set: {now1: "${now()}", day: "${today()}", before: "${now(\"-1h30m\")}"}
    assert: [now1 == "2017-08-21 16:00:00", day == "2017-08-21", before == "2017-08-21 14:30:00"]
  - clock: {mode: running, rate: 60}
    expect: {mode: running, rate: 60}`,
		"snapshots": `
steps:
  - snapshot: empty
  - enter: {plateNumber: 渝ATX061, parkingId: "1"}
  - restore: empty
  - enter: {plateNumber: 渝ATX062, parkingId: "1"}`,
		"rules and faults": `
steps:
  - rules: {token.ttl: 1m}
  - fault: {on: {endpoint: carnum}, times: 1, do: {code: 2}}
    save: {id: id}
  - call: usersigin
    data: {mobilePhone: "13800000001", appId: ETCP}
    save: {token: data.token}
  - call: carnum
    data: {token: "${token}"}
    expect: {code: 2}
  - call: carnum
    data: {token: "${token}"}
  - advance: 1m
  - call: carnum
    data: {token: "${token}"}
    expect: {code: 20101}
  - fault: {on: {endpoint: carnum}, do: {cut: before}}
  - call: carnum
    name: no answer comes
    data: {token: "${token}"}
    expect: {error: {$any: true}}
  - fault: clear
  - fault: {on: {endpoint: carnum}, do: {httpStatus: 503, body: gone}}
  - call: carnum
    data: {token: "${token}"}
    expect: {httpStatus: 503, body: gone}
  - fault: clear
  - call: carnum
    data: {token: "${token}"}
    expect: {code: 20101, reason: {$match: token}}`,
		"pushes by hand": `
steps:
  - trigger: {kind: unbind, fields: {plateNumber: 渝ATX061}}
    save: {id: id}
  - push: unbind
    expect: {plateNumber: 渝ATX061, signment: {$match: "^[0-9A-F]{32}$"}}
    assert: push.id == id
  - redeliver: "${id}"
  - push: unbind
    assert: len(push.attempts) == 2
  - push: unbind
    where: {plateNumber: 渝ATX062}
    count: 0
  - trigger: {kind: unbind, fields: {plateNumber: 渝ATX062}}
  - push: unbind
    count: 2
  - push: unbind
    where: {plateNumber: {$match: "62$"}}
    count: {min: 1, max: 1}
  - push: entry
    count: 0
    within: 30ms`,
		"a push with an attempt that is still to come": `
steps:
  - trigger: {kind: unbind, fields: {plateNumber: 渝ATX061}}
    save: {id: id}
  - push: unbind
  - fault: {on: {push: unbind}, do: {delay: 300ms}}
  - redeliver: "${id}"
  - push: unbind
    within: 60s
    assert: push.attempts[1].at == push.attempts[0].at`,
		"flow": `
vars: {n: 3}
steps:
  - set: {sum: 0}
  - repeat: {times: "${n}", steps: [{set: {sum: "${sum + index}"}}]}
    assert: sum == 3
  - parallel:
      - {enter: {plateNumber: 渝ATX061, parkingId: "1"}, save: {order: orderId}}
      - {set: {other: "${n}"}}
    assert: [other == 3, len(order) == 36]
  - sleep: 1s
    if: n > 3
  - exit: {plateNumber: 渝ATX061, payment: none}
    save: {state: state}
    expect: {state: {$ne: parked}}`,
		"other requests": `
steps:
  - http: {url: /healthz}
    expect: {status: 200, body: {status: ok}, headers: {content-type: {$match: json}}}
  - http: {method: POST, url: "/__admin/sandboxes/${sandbox}/clock/advance", json: {by: 5m}}
    expect: {body: {now: 2017-08-20 12:05:00}}
  - http: {url: /nosuch}
    expect: {status: 404, body: {code: 1}}
  - http: {url: "http://127.0.0.1:1/"}
    expect: {error: {$match: refused}}`,
		"made up from the seed": `
steps:
  - set: {plate: "${fake.plate()}", phone: "${fake.phone()}", vin: "${fake.vin()}", id: "${uuid()}", text: "p${1 + 1}x"}
    assert: [len(plate) == 7, 'phone matches "^1[3-9][0-9]{9}$"', len(vin) == 17, len(id) == 36, text == "p2x"]
  - enter: {plateNumber: "${plate}", parkingId: "1"}`,
		"polling": `
steps:
  - repeat: {times: 1, steps: [{set: {tries: 0}}]}
  - set: {tries: "${tries + 1}"}
    until: tries == 3
    every: 1ms
    within: 1m`,
		"overridden envelopes": `
steps:
  - {call: carnum, data: {token: x}, request: {sign: ""}, expect: {code: 20102}}
  - {call: carnum, data: {token: x}, request: {timeStamp: +11m}, expect: {code: 3}}
  - {call: carnum, request: {rawData: "[]"}, expect: {code: 6}}
  - {call: carnum, data: {token: x}, request: {version: 2.0.0}, expect: {code: 1, httpStatus: 404}}`,
	} {
		t.Run(name, func(t *testing.T) {
			result := run(t, target, steps, scenarios.Options{})
			require.Equal(t, scenarios.Passed, result.Status, show(t, result))
		})
	}
}

// failure is the first failure of a run.
func failure(tb testing.TB, r *scenarios.Result) (*scenarios.StepResult, *scenarios.Failure) {
	tb.Helper()
	require.Equal(tb, scenarios.Failed, r.Status, show(tb, r))
	step := r.Cases[0].Failed()
	require.NotNil(tb, step)
	return step, step.Failure
}

// A base the server refuses is told at its place in the file.
func TestFixture_refused(t *testing.T) {
	s := parse(t, `name: test
sandbox:
  parkings:
    - {id: "1", name: P, city: C, lat: "129.5", lon: "106.5"}
steps: [{sleep: 1s}]
finally: [{sleep: 1s}]
`)
	result, err := scenarios.Run(t.Context(), inProcess(t), s, scenarios.Options{})
	require.NoError(t, err)
	step, f := failure(t, result)
	require.Equal(t, "sandbox", step.Action)
	require.Equal(t, scenarios.ClassFixture, f.Class)
	require.Equal(t, problem.Position{Line: 4, Column: 40}, f.Position)
	require.Equal(t, "sandbox/parkings/0/lat", f.Mismatches[0].Path)
	require.Equal(t, scenarios.Skipped, result.Cases[0].Steps[1].Status)
}

// The seed decides what is made up; another seed makes up other things.
func TestSeed(t *testing.T) {
	target := inProcess(t)
	answers := func(seed uint64) string {
		result := run(t, target, `
steps:
  - call: usersigin
    data: {mobilePhone: "${fake.phone()}", appId: ETCP}
  - enter: {plateNumber: "${fake.plate()}", parkingId: "1"}`, scenarios.Options{Seed: &seed})
		require.Equal(t, scenarios.Passed, result.Status)
		var text strings.Builder
		for _, s := range result.Cases[0].Steps {
			delete(s.Answer.(map[string]any), "requestId")
			text.WriteString(show(t, s.Answer))
		}
		return text.String()
	}
	require.Equal(t, answers(1), answers(1))
	require.NotEqual(t, answers(1), answers(2))
}

// TestFinally runs whatever happened, the end of the context included, and the sandbox is gone.
func TestFinally(t *testing.T) {
	target := inProcess(t)
	var finals atomic.Int32
	merchant := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { finals.Add(1) }))
	t.Cleanup(merchant.Close)
	source := "name: test\nsteps: [%]\nfinally: [{http: {url: \"" + merchant.URL + "/clean\"}}]\n"
	result, err := scenarios.Run(t.Context(), target, parse(t, strings.Replace(source, "%", "{call: carnum, data: {token: x}}, {sleep: 1s}", 1)), scenarios.Options{})
	require.NoError(t, err)
	failure(t, result)
	require.EqualValues(t, 1, finals.Load())
	require.Equal(t, scenarios.Skipped, result.Cases[0].Steps[1].Status)
	require.Equal(t, scenarios.Passed, result.Cases[0].Steps[2].Status)

	ctx, cancel := context.WithCancel(t.Context())
	began := func(e scenarios.Event) {
		if e.Step != nil && e.Step.Action == "sleep" && !e.Ended {
			cancel()
		}
	}
	result, err = scenarios.Run(ctx, target, parse(t, strings.Replace(source, "%", "{sleep: 1h}, {sleep: 1h}", 1)), scenarios.Options{Speed: 1, Progress: began})
	require.NoError(t, err)
	_, f := failure(t, result)
	require.Equal(t, scenarios.ClassCanceled, f.Class)
	require.EqualValues(t, 2, finals.Load())
	left, err := target.Control.Sandboxes(t.Context(), pageOf)
	require.NoError(t, err)
	require.Len(t, left.Items, 1)
}

// --keep leaves the sandbox; a case out of time says so.
func TestKeepAndTimeout(t *testing.T) {
	t.Parallel() // it waits
	target := inProcess(t)
	result := run(t, target, "\nsteps: [{sleep: 1h}]", scenarios.Options{Keep: true, Speed: 1, Timeout: 3 * time.Second})
	_, f := failure(t, result)
	require.Equal(t, "the case ran out of time", f.Detail)
	require.True(t, result.Cases[0].Kept)
	_, err := target.Control.Sandbox(result.Cases[0].Sandbox).Get(t.Context())
	require.NoError(t, err)
}

// A matrix makes a case of each row; a line chooses one, or the steps up to it.
func TestMatrixAndLine(t *testing.T) {
	s := parse(t, `name: test
vars: {a: 1}
matrix:
  - {a: 2, b: x}
  - {b: y}
steps:
  - set: {c: "${a}${b}"}
    assert: c in ["2x", "1y"]
  - set: {d: 1}
`)
	require.Equal(t, "test[2]", s.Cases()[1].Name())
	target := inProcess(t)
	for line, want := range map[int][]int{0: {2, 2}, 4: {2}, 5: {2}, 7: {1, 1}, 9: {2, 2}} {
		result, err := scenarios.Run(t.Context(), target, s, scenarios.Options{Line: line})
		require.NoError(t, err)
		require.Equal(t, scenarios.Passed, result.Status)
		var steps []int
		for _, c := range result.Cases {
			steps = append(steps, len(c.Steps))
		}
		if line == 4 || line == 5 {
			require.Len(t, result.Cases, 1)
			continue
		}
		require.Equal(t, want, steps, line)
	}
}

const login = `name: login
vars: {phone: "13800000001"}
sandbox: {clock: 2017-08-20 12:00:00}
steps:
  - call: usersigin
    data: {mobilePhone: "${phone}", appId: ETCP}
    save: {token: data.token}
`

// What a scenario used, or a setup, saves comes along; its variables take the caller's values.
func TestUseAndSetup(t *testing.T) {
	l := scenarios.NewLibrary(nil)
	require.NoError(t, l.Add(parse(t, login)))
	require.NoError(t, l.Add(parse(t, `name: a
setup: login
steps:
  - call: carnum
    data: {token: "${token}"}
  - set: {first: "${token}", phone: "13900000002"}
  - use: login
    assert: token != first
  - use: login
    with: {phone: "13700000003"}
    save: {third: token}
  - call: carnum
    data: {token: "${third}"}
`)))
	result, err := scenarios.Run(t.Context(), inProcess(t), l.Get("a"), scenarios.Options{Library: l})
	require.NoError(t, err)
	require.Equal(t, scenarios.Passed, result.Status, show(t, result))
	require.Contains(t, result.Cases[0].Steps[3].Steps[0].Exchange.Data, "13900000002")
	require.Contains(t, result.Cases[0].Steps[4].Steps[0].Exchange.Data, "13700000003")
}

// Merchants' keys, what env() gives and what is given as a secret come out in nothing.
func TestSecrets(t *testing.T) {
	target := inProcess(t)
	target.Env = func(string) (string, bool) { return "open-sesame", true }
	s := parse(t, `name: test
vars: {pin: "0000"}
sandbox: {merchants: [{no: M-secret, key: k1}]}
steps:
  - http: {url: "/healthz?a=${env('X')}&b=${pin}"}
  - http: {url: "/__admin/sandboxes/${sandbox}/merchants"}
    expect: {body: {items: [{key: "${env('X')}"}]}}
`)
	result, err := scenarios.Run(t.Context(), target, s, scenarios.Options{Secrets: map[string]any{"pin": "4711-secret"}})
	require.NoError(t, err)
	failure(t, result)
	text := show(t, result)
	require.Contains(t, text, mask.Hidden)
	for _, secret := range []string{"open-sesame", "4711-secret", `"k1"`, `\"k1\"`} {
		require.NotContains(t, text, secret)
	}
}
