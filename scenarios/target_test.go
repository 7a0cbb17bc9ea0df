package scenarios_test

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/mocktest"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// Without control only what the platform itself offers can be run; the rest is skipped with its reason.
func TestPlatform(t *testing.T) {
	m := mocktest.New(t)
	target := scenarios.Platform(m.URL, m.MerchantNo, m.MerchantKey)
	s := parse(t, `name: test
sandbox: {clock: 2017-08-20 12:00:00}
steps:
  - call: uservalidatecode
    data: {mobilePhone: "13800000001"}
  - sms: {mobilePhone: "13800000001"}
    save: {code: code}
  - call: userlogin
    data: {mobilePhone: "13800000001", code: "${code}", appId: ETCP}
`)
	target.Prompt = func(context.Context, string) (string, error) { return m.SMS("13800000001") + "\n", nil }
	result, err := scenarios.Run(t.Context(), target, s, scenarios.Options{})
	require.NoError(t, err)
	require.Equal(t, scenarios.Passed, result.Status, show(t, result))
	require.Contains(t, result.Cases[0].Steps[0].Curl, "curl -sS -G '"+m.URL)
	require.Equal(t, []scenarios.Hit{{Endpoint: "userlogin"}, {Endpoint: "uservalidatecode"}}, result.Cases[0].Hits)

	result, err = scenarios.Run(t.Context(), target, parse(t, "name: t\nsteps: [{advance: 1h}]"), scenarios.Options{})
	require.NoError(t, err)
	require.Equal(t, scenarios.Skipped, result.Status)
	require.Equal(t, "advance needs the control API of a mock (line 2)", result.Cases[0].Reason)

	result, err = scenarios.Run(t.Context(), scenarios.Platform("http://127.0.0.1:1", "M", "k"), parse(t, "name: t\nsteps: [{call: carnum, data: {token: x}}]"), scenarios.Options{})
	require.NoError(t, err)
	require.Equal(t, scenarios.ClassTransport, result.Cases[0].Class)
}

// A receiver is enough to see pushes.
func TestReceiver(t *testing.T) {
	m := mocktest.New(t)
	receiver := &scenarios.Receiver{}
	server := httptest.NewServer(receiver)
	t.Cleanup(server.Close)
	receiver.URL = server.URL
	m.PushTo(server.URL)
	target := scenarios.Platform(m.URL, m.MerchantNo, m.MerchantKey)
	target.Receiver = receiver
	s := parse(t, `name: test
vars: {plate: 渝ATX061}
steps:
  - call: usersigin
    data: {mobilePhone: "13800000001", appId: ETCP}
    save: {token: data.token}
  - call: bindcar
    data: {token: "${token}", plateNumber: "${plate}"}
  - call: unbindcar
    data: {token: "${token}", plateNumber: "${plate}"}
  - push: unbind
    expect: {plateNumber: "${plate}"}
  - push: entry
    count: 0
`)
	result, err := scenarios.Run(t.Context(), target, s, scenarios.Options{})
	require.NoError(t, err)
	require.Equal(t, scenarios.Passed, result.Status, show(t, result))
}

// What a file uses may stand in a file beside it, without being asked for itself.
func TestLoad_neighbours(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"main.yaml":   "name: main\nsetup: first\nsteps: [{use: second}, {set: {b: \"${a}\"}}]",
		"one.yaml":    "name: first\nsteps: [{set: {a: 1}}]",
		"two.yml":     "name: second\nsteps: [{use: third}]",
		"third.json":  `{"name": "third", "steps": [{"set": {"a": 2}}]}`,
		"broken.yaml": "name: broken\nsteps: [{slep: 1s}]",
		"bad.yaml":    "name: bad\nsteps: [{use: broken}]",
		"lost.yaml":   "name: lost\nsteps: [{use: nobody}]",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	load := func(name string) (*scenarios.Library, error) {
		return scenarios.Load(scenarios.Builtin(), filepath.Join(dir, name))
	}
	l, err := load("main.yaml")
	require.NoError(t, err)
	require.Len(t, l.Own(), 1)
	result, err := scenarios.Run(t.Context(), inProcess(t), l.Get("main"), scenarios.Options{Library: l})
	require.NoError(t, err)
	require.Equal(t, scenarios.Passed, result.Status, show(t, result))
	_, err = load("bad.yaml")
	require.ErrorContains(t, err, `there is no step "slep" (did you mean "sleep"?)`)
	_, err = load("lost.yaml")
	require.ErrorContains(t, err, `there is no scenario "nobody"`)
}

// A variable that is given from outside need not be defined by the file.
func TestGive(t *testing.T) {
	text := []byte("name: test\nsteps: [{set: {a: \"${pin}\"}, assert: 'a == \"4711\"'}]")
	_, err := scenarios.Parse("test.yaml", text)
	require.ErrorContains(t, err, `undefined variable "pin"`)
	l := scenarios.NewLibrary(scenarios.Builtin()).Give("pin")
	s, err := l.Parse("test.yaml", text)
	require.NoError(t, err)
	result, err := scenarios.Run(t.Context(), inProcess(t), s, scenarios.Options{Library: l, Secrets: map[string]any{"pin": "4711"}})
	require.NoError(t, err)
	require.Equal(t, scenarios.Passed, result.Status, show(t, result))
	declared, _ := s.Declares("pin")
	require.True(t, declared)
}
