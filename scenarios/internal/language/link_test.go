package language_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

func library(tb testing.TB, sources ...string) (*language.Library, error) {
	tb.Helper()
	l := language.NewLibrary(nil)
	for _, source := range sources {
		s, err := language.Parse("test.yaml", []byte(source))
		require.NoError(tb, err)
		require.NoError(tb, l.Add(s))
	}
	for _, s := range l.Own() {
		if err := s.Link(l); err != nil {
			return l, err
		}
	}
	return l, nil
}

const login = `name: login
vars: {phone: "13800000001"}
sandbox: {clock: 2017-08-20 12:00:00}
steps:
  - call: usersigin
    data: {mobilePhone: "${phone}", appId: ETCP}
    save: {token: data.token}
`

// Who uses what, and that it is there, is checked when scenarios are linked.
func TestUse_refusals(t *testing.T) {
	for want, sources := range map[string][]string{
		`test.yaml:2:15: use: uses itself: a → b → a`:                                       {"name: a\nsteps: [{use: b}]", "name: b\nsteps: [{use: a}]"},
		`test.yaml:2:8: setup: uses itself: a → a`:                                          {"name: a\nsetup: a\nsteps: [{sleep: 1s}]"},
		`test.yaml:2:15: use: there is no scenario "logn" (did you mean "login"?)`:          {login, "name: a\nsteps: [{use: logn}]"},
		`test.yaml:2:33: steps[1].set.a: undefined variable "tokn" (did you mean "token"?)`: {login, "name: a\nsteps: [{use: login}, {set: {a: \"${tokn}\"}}]"},
	} {
		_, err := library(t, sources...)
		require.ErrorContains(t, err, want)
	}
}

// A scenario that uses itself by its slug is found out.
func TestNames_circleBySlug(t *testing.T) {
	_, err := language.LoadFS(nil, fstest.MapFS{
		"a.yaml": {Data: []byte("name: One More\nsteps: [{use: and another}]\n")},
		"b.yaml": {Data: []byte("name: and another\nsteps: [{use: one-more}]\n")},
	})
	require.ErrorContains(t, err, "uses itself: ")
}

// Everything that is wrong with a folder is reported in one pass: a scenario that is used and is nowhere also where the file
// that uses it is wrong in other ways, and merchants that are not.
func TestLoad_onePass(t *testing.T) {
	_, err := language.LoadFS(nil, fstest.MapFS{
		"a.yaml": {Data: []byte("name: a\nsandbox: {merchants: [{no: M1}]}\nsteps:\n  - {use: nowhere}\n  - {use: b}\n  - {call: bindcr}\n  - {call: carnum, as: M2, data: {tokn: x}}\n")},
		"b.yaml": {Data: []byte("name: b\nsteps: [{sleep: long}, {use: a}, {use: c}]\n")},
		"c.yaml": {Data: []byte("name: c\nsetup: there\nsteps: [{sleep: 1s}]\n")},
	})
	var problems problem.Problems
	require.ErrorAs(t, err, &problems)
	var got []string
	for _, p := range problems {
		got = append(got, p.File+" "+p.Field+": "+p.Detail)
	}
	require.Equal(t, []string{
		`a.yaml steps[0].use: there is no scenario "nowhere"`,
		`a.yaml steps[2].call: there is no endpoint "bindcr"`,
		`a.yaml steps[3].as: the sandbox has no merchant "M2"`,
		`a.yaml steps[3].data.tokn: carnum has no parameter "tokn"`,
		`b.yaml steps[0].sleep: want a duration such as 45m, 1h30m or 8d, got "long"`,
		`c.yaml setup: there is no scenario "there"`,
	}, got)
}

// What is needed is part of a sandbox, and this one has it.
func TestNeeds_unknown(t *testing.T) {
	for needs, want := range map[string]string{
		"[clocks]": `there is no part of sandbox "clocks"`,
		"[users]":  "sandbox has no users, so that nothing would be set",
	} {
		_, err := language.Parse("needs.yaml", []byte("name: needs\nsandbox: {clock: 2017-08-20 12:00:00}\nneeds: "+needs+"\nsteps: [{sleep: 1s}]\n"))
		require.ErrorContains(t, err, want)
	}
}

// What becomes of names in files and URLs.
func TestSlug(t *testing.T) {
	for name, want := range map[string]string{
		"用户登录": "用户登录", "signs in": "signs-in", "  §9.8 — Pays, twice! ": "9-8-pays-twice", "a/b\\c:d": "a-b-c-d", "pays_online": "pays-online",
		"...": "scenario", "../../etc/passwd": "etc-passwd", "Zürich": "zürich",
	} {
		require.Equal(t, want, language.Slug(name), name)
	}
}

// A car park that a step drives into, or a stay lies in, is one that the sandbox's fixture lists. One that is not, on purpose, is expected to be refused.
func TestLink_carParks(t *testing.T) {
	t.Parallel()
	const head = "name: x\nsandbox:\n  parkings: [{id: \"1\", name: A}, {id: \"21\", name: B}]\n"
	for text, want := range map[string]string{
		head + "steps:\n  - enter: {plateNumber: 渝A12345, parkingId: \"2\"}\n":                                                                 `steps[0].enter.parkingId: the sandbox has no car park "2" (there is 1, 21)`,
		head + "  orders: [{plateNumber: 渝A12345, parkingId: \"3\", entranceTime: 2017-08-20 12:00:00}]\nsteps: [{sleep: 1s}]\n":               `sandbox.orders[0].parkingId: the sandbox has no car park "3" (there is 1, 21)`,
		head + "steps:\n  - enter: {plateNumber: 渝A12345, parkingId: \"21\"}\n":                                                                "",
		head + "steps:\n  - {enter: {plateNumber: 渝A12345, parkingId: \"2\"}, expect: {status: 422}}\n":                                        "",
		head + "steps:\n  - http: {method: PUT, url: /__admin/x, json: {}}\n  - enter: {plateNumber: 渝A12345, parkingId: \"2\"}\n":             "",
		"name: x\nvars: {p: \"1\"}\nsandbox: {parkings: [{id: \"${p}\", name: A}]}\nsteps:\n  - enter: {plateNumber: 渝A1, parkingId: \"1\"}\n": "",
		"name: x\nsteps:\n  - enter: {plateNumber: 渝A12345, parkingId: \"2\"}\n":                                                               "",
	} {
		_, err := language.Parse("x.yaml", []byte(text))
		if want == "" {
			require.NoError(t, err, text)
			continue
		}
		require.ErrorContains(t, err, want, text)
	}
}
