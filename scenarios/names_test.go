package scenarios_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// A name is any text; files and URLs take its slug, by which it is found too, as long as only one has it.
func TestNames(t *testing.T) {
	library, err := scenarios.LoadFS(nil, fstest.MapFS{
		"a.yaml": {Data: []byte("name: 用户登录 (短信)\nsteps: [{set: {token: T}}]\n")},
		"b.yaml": {Data: []byte("name: \"The owner pays: twice\"\nsetup: 用户登录 (短信)\nsteps: [{use: 用户登录-短信, assert: token == \"T\"}]\n")},
		"c.yaml": {Data: []byte("name: \"Signs in!\"\nsteps: [{sleep: 1s}]\n")},
		"d.yaml": {Data: []byte("name: signs (in)\nsteps: [{sleep: 1s}]\n")},
	})
	require.NoError(t, err)
	require.Equal(t, "The owner pays: twice", library.Get("the-owner-pays-twice").Name)
	require.Same(t, library.Get("用户登录 (短信)"), library.Get("用户登录-短信"))
	require.Nil(t, library.Get("signs-in"), "two have this slug")
	result, err := scenarios.Run(t.Context(), inProcess(t), library.Get("the-owner-pays-twice"), scenarios.Options{Library: library})
	require.NoError(t, err)
	require.Equal(t, scenarios.Passed, result.Status, show(t, result))
	require.Equal(t, "The owner pays: twice", result.Cases[0].Name)
}

// A skeleton made for any name is a scenario of that name.
func TestSkeleton(t *testing.T) {
	for _, name := range []string{"pays", "用户登录", "yes: no # \"it\"", "1.0", "true"} {
		s, err := scenarios.Parse("made.yaml", scenarios.Skeleton(scenarios.NameOf("dir/"+name+".yaml"), "en"))
		require.NoError(t, err, name)
		require.Equal(t, name, s.Name)
	}
	require.Equal(t, "my-scenario", scenarios.NameOf("dir/.yaml"))
}

// A skeleton is the same scenario in both languages, but for its comments, its summary and the name of a step; it passes as it is.
func TestSkeleton_inBothLanguages(t *testing.T) {
	t.Parallel()
	words := regexp.MustCompile(`(?m) *# .*$|^summary: .*$|^    name: .*$`)
	en, zh := string(scenarios.Skeleton("made", "en")), string(scenarios.Skeleton("made", "zh"))
	require.Equal(t, words.ReplaceAllString(en, ""), words.ReplaceAllString(zh, ""))
	for line := range strings.SplitSeq(zh, "\n") {
		require.NotRegexp(t, `[a-z]+ [a-z]+ [a-z]+ [a-z]+`, line)
	}
	s, err := scenarios.Parse("made.yaml", []byte(zh))
	require.NoError(t, err)
	result, err := scenarios.Run(t.Context(), inProcess(t), s, scenarios.Options{})
	require.NoError(t, err)
	require.Equal(t, scenarios.Passed, result.Status, show(t, result))
}

// Without sandbox a scenario has the same few car parks, and a merchant whose pushes are accepted, as every new sandbox has.
func TestWithoutSandbox(t *testing.T) {
	target := inProcess(t)
	s, err := scenarios.Parse("usual.yaml", []byte(`name: usual
steps:
  - call: usersigin
    data: {mobilePhone: "13800000001", appId: ETCP}
    save: {token: data.token}
  - {call: bindcar, data: {token: "${token}", plateNumber: 渝ATX061}}
  - http: {url: "/__admin/sandboxes/${sandbox}/parkings"}
    assert: len(body.items) >= 2
    save: {first: "body.items[0].id"}
  - enter: {plateNumber: 渝ATX061, parkingId: "${first}"}
  - push: entry
    status: delivered
`))
	require.NoError(t, err)
	result, err := scenarios.Run(t.Context(), target, s, scenarios.Options{})
	require.NoError(t, err)
	require.Equal(t, scenarios.Passed, result.Status, show(t, result))
	require.False(t, s.HasFixture())
}

// A sandbox of a scenario that is made twice with one seed holds the same, its merchant's key included; the number is another, so that both fit on
// one server. Without a seed the key is another, too.
func TestFixture_seed(t *testing.T) {
	t.Parallel()
	s, err := scenarios.Parse("made.yaml", []byte("name: made\nvars: {plate: \"${fake.plate()}\"}\nsandbox: {vehicles: [{plateNumber: \"${plate}\"}]}\nsteps: [{sleep: 1s}]\n"))
	require.NoError(t, err)
	type fixture struct {
		Merchants []struct{ No, Key string }
		Vehicles  []struct{ PlateNumber string }
	}
	made := func(seed *uint64) (f fixture) {
		text, err := scenarios.Fixture(s, nil, seed)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &f))
		require.Len(t, f.Merchants, 1)
		return f
	}
	seven, eight := uint64(7), uint64(8)
	first, again, other := made(&seven), made(&seven), made(&eight)
	require.Equal(t, first.Vehicles, again.Vehicles)
	require.Equal(t, first.Merchants[0].Key, again.Merchants[0].Key)
	require.NotEqual(t, first.Merchants[0].No, again.Merchants[0].No)
	require.NotEqual(t, first.Merchants[0].Key, other.Merchants[0].Key)
	require.NotEqual(t, made(nil).Merchants[0].Key, made(nil).Merchants[0].Key)
}

// What can never hold is a mistake of the file: a code as a text, a state that no order has.
func TestValidate_whatNeverHolds(t *testing.T) {
	for step, want := range map[string]string{
		`{call: carnum, data: {token: t}, expect: {code: "2"}}`:                    `code is a number, never the text "2" (leave out the quotes)`,
		`{exit: {plateNumber: 渝A12345}, expect: {state: gone}}`:                    `no order is in the state "gone" (there is parked, left, owing)`,
		`{call: carnum, data: {token: t}, code: 20101}`:                            `unknown field "code" of the step call (it stands under expect)`,
		`{exit: {plateNumber: 渝A12345}, expect: {state: "${x}"}}`:                  ``,
		`{call: carnum, data: {token: t}, expect: {code: "${x}"}}`:                 ``,
		`{call: carnum, data: {token: t}, expect: {code: {$gt: 0}}}`:               ``,
		`{exit: {plateNumber: 渝A12345}, expect: {state: {$ne: left}}}`:             ``,
		`{enter: {plateNumber: 渝A12345, parkingId: "1"}, expect: {state: parked}}`: ``,
	} {
		_, err := scenarios.Parse("never.yaml", []byte("name: never\nvars: {x: 1}\nsteps:\n  - "+step+"\n"))
		if want == "" {
			require.NoError(t, err, step)
			continue
		}
		require.ErrorContains(t, err, want, step)
	}
}

// A case of which no step ran has checked nothing, and counts as skipped.
func TestRun_everyStepSkipped(t *testing.T) {
	for steps, want := range map[string]scenarios.Status{
		`[{sleep: 1ms, if: "n > 0"}]`:               scenarios.Skipped,
		`[{sleep: 1ms, if: "n > 0"}, {sleep: 1ms}]`: scenarios.Passed,
	} {
		s, err := scenarios.Parse("none.yaml", []byte("name: none\nvars: {n: 0}\nsteps: "+steps+"\n"))
		require.NoError(t, err)
		result, err := scenarios.Run(t.Context(), inProcess(t), s, scenarios.Options{})
		require.NoError(t, err)
		require.Equal(t, want, result.Status)
		if want == scenarios.Skipped {
			require.Equal(t, "no step ran: each was skipped by its if", result.Cases[0].Reason)
		}
	}
}
