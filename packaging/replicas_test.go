package packaging_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// readYAML reads the documents of a YAML file.
func readYAML(t *testing.T, name string) []map[string]any {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	var all []map[string]any
	for part := range strings.SplitSeq(string(text), "\n---\n") {
		document, err := scenarios.ReadDocument(name, []byte(part))
		require.NoError(t, err)
		var d map[string]any
		require.NoError(t, json.Unmarshal(document.JSON, &d))
		all = append(all, d)
	}
	return all
}

// at is what a path leads to: names of members, and * for the first item of a list.
func at[T any](t *testing.T, from any, path ...string) T {
	t.Helper()
	for _, name := range path {
		if name == "*" {
			list, ok := from.([]any)
			require.True(t, ok && len(list) > 0, "%v", path)
			from = list[0]
			continue
		}
		object, ok := from.(map[string]any)
		require.True(t, ok, "%v at %s", path, name)
		from = object[name]
	}
	value, ok := from.(T)
	require.True(t, ok, "%v is %T", path, from)
	return value
}

// serveFlags are the flags that serve has.
func serveFlags(t *testing.T) []string {
	t.Helper()
	help, err := exec.CommandContext(t.Context(), mockBinary(t), "serve", "--help").Output()
	require.NoError(t, err)
	return regexp.MustCompile(`--[a-z-]+`).FindAllString(string(help), -1)
}

// isServed says that a container's arguments are a command that there is, and that its environment are flags of it.
func isServed(t *testing.T, args []any, environment []string) {
	t.Helper()
	flags := serveFlags(t)
	require.Equal(t, "serve", args[0])
	for _, arg := range args[1:] {
		if text := arg.(string); strings.HasPrefix(text, "--") { //nolint:forcetypeassert // else it fails
			require.Contains(t, flags, text)
		}
	}
	for _, name := range environment {
		if flag, ok := strings.CutPrefix(name, "ETCP_MOCK_"); ok {
			require.Contains(t, flags, "--"+strings.ToLower(strings.ReplaceAll(flag, "_", "-")))
		}
	}
}

// The manifests name each other, the labels, the ports and the keys of the secret rightly, and the flags that there are.
func TestKubernetes_replicas(t *testing.T) {
	t.Parallel()
	kinds := map[string]map[string]any{}
	for _, d := range readYAML(t, "kubernetes-replicas.yaml") {
		require.Equal(t, "etcp-mock", at[string](t, d, "metadata", "name"))
		kinds[at[string](t, d, "kind")] = d
	}
	require.Len(t, kinds, 5)
	pod := at[map[string]any](t, kinds["Deployment"], "spec", "template")
	labels := at[map[string]any](t, pod, "metadata", "labels")
	require.Equal(t, labels, at[map[string]any](t, kinds["Deployment"], "spec", "selector", "matchLabels"))
	require.Equal(t, labels, at[map[string]any](t, kinds["Service"], "spec", "selector"))
	require.Equal(t, labels, at[map[string]any](t, kinds["PodDisruptionBudget"], "spec", "selector", "matchLabels"))
	require.Greater(t, at[float64](t, kinds["Deployment"], "spec", "replicas"), at[float64](t, kinds["PodDisruptionBudget"], "spec", "minAvailable"))
	backend := at[map[string]any](t, kinds["Ingress"], "spec", "rules", "*", "http", "paths", "*", "backend", "service")
	require.Equal(t, at[string](t, kinds["Service"], "metadata", "name"), backend["name"])
	require.Equal(t, at[string](t, kinds["Service"], "spec", "ports", "*", "name"), at[string](t, backend, "port", "name"))

	container := at[map[string]any](t, pod, "spec", "containers", "*")
	var ports, names []string
	for _, p := range at[[]any](t, container, "ports") {
		ports = append(ports, at[string](t, p, "name"))
	}
	require.Contains(t, ports, at[string](t, kinds["Service"], "spec", "ports", "*", "targetPort"))
	for _, probe := range []string{"readinessProbe", "livenessProbe"} {
		require.Contains(t, ports, at[string](t, container, probe, "httpGet", "port"))
	}
	secret := at[map[string]any](t, kinds["Secret"], "stringData")
	for _, variable := range at[[]any](t, container, "env") {
		names = append(names, at[string](t, variable, "name"))
		from := at[map[string]any](t, variable, "valueFrom")
		if ref, ok := from["secretKeyRef"]; ok {
			require.Equal(t, at[string](t, kinds["Secret"], "metadata", "name"), at[string](t, ref, "name"))
			require.Contains(t, secret, at[string](t, ref, "key"))
		}
	}
	args := at[[]any](t, container, "args")
	isServed(t, args, names)
	for _, arg := range args {
		for _, variable := range regexp.MustCompile(`\$\(([A-Z_]+)\)`).FindAllStringSubmatch(arg.(string), -1) { //nolint:forcetypeassert // else it fails
			require.Contains(t, names, variable[1])
		}
	}
	_, file, found := strings.Cut(at[string](t, kinds["Ingress"], "metadata", "annotations", "haproxy.org/backend-config-snippet"), "option")
	require.True(t, found)
	same, err := os.ReadFile("../docker/haproxy.cfg")
	require.NoError(t, err)
	for line := range strings.Lines("option" + file) {
		require.Contains(t, string(same), strings.TrimSpace(line), "the ingress balances as the compose file's HAProxy does")
	}
}

// The compose file's services name each other rightly, each mock is a replica of its own name, and HAProxy takes its file.
func TestCompose_replicas(t *testing.T) {
	t.Parallel()
	services := at[map[string]any](t, readYAML(t, "../docker/compose.replicas.yaml")[0], "services")
	config, err := os.ReadFile("../docker/haproxy.cfg")
	require.NoError(t, err)
	replicas := 0
	for name, service := range services {
		if !strings.HasPrefix(name, "mock-") {
			continue
		}
		replicas++
		var environment []string
		for variable := range at[map[string]any](t, service, "environment") {
			environment = append(environment, variable)
		}
		args := at[[]any](t, service, "command")
		isServed(t, args, environment)
		require.Equal(t, any(name), args[slices.Index(args, any("--replica"))+1])
		require.Equal(t, any(name+":8788"), args[slices.Index(args, any("--peer-addr"))+1])
		require.Contains(t, string(config), "server "+name+" "+name+":8787\n")
		require.Contains(t, at[string](t, service, "environment", "ETCP_MOCK_DATA"), "@postgres:5432/")
		require.Contains(t, at[map[string]any](t, service, "depends_on"), "postgres")
		require.Contains(t, at[[]any](t, services["haproxy"], "depends_on"), any(name))
		require.FileExists(t, filepath.Join("../docker", at[string](t, service, "build", "context"), at[string](t, service, "build", "dockerfile")))
	}
	require.Equal(t, 3, replicas)
	require.Equal(t, 3, strings.Count(string(config), "\n    server "))
	haproxy, err := exec.LookPath("haproxy")
	if err != nil {
		haproxy = "/usr/sbin/haproxy"
	}
	if _, err := os.Stat(haproxy); err != nil {
		t.Skip("there is no haproxy here, which would check its file")
	}
	out, err := exec.CommandContext(t.Context(), haproxy, "-c", "-f", "../docker/haproxy.cfg").CombinedOutput()
	require.NoError(t, err, "%s", out)
}
