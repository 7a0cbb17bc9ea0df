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
