package scenarios_test

import (
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

// A scenario that uses itself by its slug is found out.
func TestNames_circleBySlug(t *testing.T) {
	_, err := scenarios.LoadFS(nil, fstest.MapFS{
		"a.yaml": {Data: []byte("name: One More\nsteps: [{use: and another}]\n")},
		"b.yaml": {Data: []byte("name: and another\nsteps: [{use: one-more}]\n")},
	})
	require.ErrorContains(t, err, "uses itself: ")
}

func TestSlug(t *testing.T) {
	for name, want := range map[string]string{
		"用户登录": "用户登录", "signs in": "signs-in", "  §9.8 — Pays, twice! ": "9-8-pays-twice", "a/b\\c:d": "a-b-c-d", "pays_online": "pays-online",
		"...": "scenario", "../../etc/passwd": "etc-passwd", "Zürich": "zürich",
	} {
		require.Equal(t, want, scenarios.Slug(name), name)
	}
}

// A skeleton made for any name is a scenario of that name.
func TestSkeleton(t *testing.T) {
	for _, name := range []string{"pays", "用户登录", "yes: no # \"it\"", "1.0", "true"} {
		s, err := scenarios.Parse("made.yaml", scenarios.Skeleton(scenarios.NameOf("dir/"+name+".yaml")))
		require.NoError(t, err, name)
		require.Equal(t, name, s.Name)
	}
	require.Equal(t, "my-scenario", scenarios.NameOf("dir/.yaml"))
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

// Everything that is wrong with a folder is reported in one pass: a scenario that is used and is nowhere also where the file
// that uses it is wrong in other ways, and merchants that are not.
func TestLoad_onePass(t *testing.T) {
	_, err := scenarios.LoadFS(nil, fstest.MapFS{
		"a.yaml": {Data: []byte("name: a\nsandbox: {merchants: [{no: M1}]}\nsteps:\n  - {use: nowhere}\n  - {use: b}\n  - {call: bindcr}\n  - {call: carnum, as: M2, data: {tokn: x}}\n")},
		"b.yaml": {Data: []byte("name: b\nsteps: [{sleep: long}, {use: a}, {use: c}]\n")},
		"c.yaml": {Data: []byte("name: c\nsetup: there\nsteps: [{sleep: 1s}]\n")},
	})
	var problems scenarios.Problems
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
