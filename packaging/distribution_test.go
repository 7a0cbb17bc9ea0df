package packaging_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// mockBinary is the command as it is, built once.
func mockBinary(t *testing.T) string {
	t.Helper()
	dir, err := commands()
	require.NoError(t, err)
	return filepath.Join(dir, "etcp-mock")
}

var commands = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "etcp-mock-command-")
	if err != nil {
		return "", err
	}
	out, err := exec.CommandContext(context.Background(), "go", "build", "-o", dir+"/", "../cmd/etcp-mock").CombinedOutput()
	if err != nil {
		return "", errors.New(string(out))
	}
	return dir, nil
})

// The formula for Homebrew names the release it is for, and builds and tests what is there. (No Ruby: its words are compared, and what it runs is run.)
func TestFormula(t *testing.T) {
	t.Parallel()
	sum := strings.Repeat("0123456789abcdef", 4)
	out, err := exec.CommandContext(t.Context(), "./formula.sh", "1.2.3", sum).Output()
	require.NoError(t, err)
	formula := string(out)
	for _, line := range []string{
		"class EtcpMock < Formula", `url "https://github.com/etcp-mock/etcp-mock/archive/refs/tags/v1.2.3.tar.gz"`, `sha256 "` + sum + `"`, `license "MIT"`,
	} {
		require.Contains(t, formula, line)
	}
	opened := regexp.MustCompile(`(?m)^ *(class|def|test do|.* do \|)`).FindAllString(formula, -1)
	require.Len(t, regexp.MustCompile(`(?m)^ *end$`).FindAllString(formula, -1), len(opened), "a block is not closed")
	desc := regexp.MustCompile(`desc "([^"]*)"`).FindStringSubmatch(formula)[1]
	require.LessOrEqual(t, len(desc), 80, "brew audit wants a short one")
	require.NotRegexp(t, `(?i)^(an?|the) |\.$`, desc)
	for _, m := range regexp.MustCompile(`%w\[([^\]]*)\]`).FindAllStringSubmatch(formula, -1) {
		for command := range strings.FieldsSeq(m[1]) {
			require.DirExists(t, filepath.Join("../cmd", command))
		}
	}
	mock := mockBinary(t)
	said, err := exec.CommandContext(t.Context(), mock, "exec", "--", mock, "call", "parkingstatus", "parkingId=1").Output()
	require.NoError(t, err)
	require.Contains(t, string(said), "totalSpace")
	run(t, nil, mock, "completion", "bash")

	for _, wrong := range [][]string{nil, {"1.2.3"}, {"1.2.3", "abc"}, {"1.2.3", strings.Repeat("g", 64)}} {
		require.Error(t, exec.CommandContext(t.Context(), "./formula.sh", wrong...).Run())
	}
}

// A release by goreleaser, an image and the formula are built alike: with the tags and flags of build.sh.
func TestBuildFlags(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("build.sh")
	require.NoError(t, err)
	_, script, _ := strings.Cut(string(text), "\nself=")
	self, script, _ := strings.Cut(script, "\n")
	script = strings.ReplaceAll(script, "$self", self)
	var gcflags []string
	for _, m := range regexp.MustCompile(`-gcflags=(\S+)`).FindAllStringSubmatch(script, -1) {
		gcflags = append(gcflags, m[1])
	}
	tags := regexp.MustCompile(`-tags (\S+)`).FindStringSubmatch(script)[1]
	ldflags := regexp.MustCompile(`-ldflags "(.*?) -X`).FindStringSubmatch(script)[1]

	text, err = os.ReadFile("../.goreleaser.yaml")
	require.NoError(t, err)
	var config struct {
		Builds []struct{ Tags, Gcflags, Ldflags []string }
	}
	document, err := scenarios.ReadDocument(".goreleaser.yaml", text)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(document.JSON, &config))
	require.NotEmpty(t, config.Builds)
	for _, b := range config.Builds {
		require.Equal(t, gcflags, b.Gcflags)
		require.Equal(t, strings.Split(tags, ","), b.Tags)
		require.True(t, strings.HasPrefix(b.Ldflags[0], ldflags+" -X "), "%s", b.Ldflags[0])
	}
	formula, err := exec.CommandContext(t.Context(), "./formula.sh", "1.2.3", strings.Repeat("0123456789abcdef", 4)).Output()
	require.NoError(t, err)
	require.Contains(t, string(formula), `"packaging/build.sh"`)
	for _, file := range []string{"../docker/Dockerfile", "../docker/rootfs.sh"} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Contains(t, string(text), "packaging/build.sh ./cmd/etcp-mock ")
	}
}

// The packages for Debian and Red Hat are described whole, and what they hold beside the commands is there.
func TestNfpm(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../.goreleaser.yaml")
	require.NoError(t, err)
	var config struct {
		Nfpms []struct {
			Formats                                                 []string
			Maintainer, Homepage, License, Vendor, Section, Summary string
			Description                                             string
			Contents                                                []struct{ Src, Dst string }
		}
	}
	document, err := scenarios.ReadDocument(".goreleaser.yaml", text)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(document.JSON, &config))
	require.Len(t, config.Nfpms, 1)
	n := config.Nfpms[0]
	require.Equal(t, []string{"deb", "rpm"}, n.Formats)
	for _, field := range []string{n.Maintainer, n.Homepage, n.License, n.Vendor, n.Section, n.Description} {
		require.NotEmpty(t, field)
	}
	for _, c := range n.Contents {
		require.FileExists(t, filepath.Join("..", c.Src))
		require.True(t, strings.HasPrefix(c.Dst, "/usr/share/doc/etcp-mock/"))
	}
}

type manifest struct {
	APIVersion string
	Kind       string
	Metadata   struct{ Name string }
	Spec       struct {
		Selector any
		Template struct {
			Metadata struct{ Labels map[string]string }
			Spec     struct{ Containers []struct{ Args []string } }
		}
	}
}

// The mock starts with what the manifest says, and answers its probes.
func TestKubernetes(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("kubernetes.yaml")
	require.NoError(t, err)
	kinds := map[string]manifest{}
	for part := range strings.SplitSeq(string(text), "\n---\n") {
		document, err := scenarios.ReadDocument("kubernetes.yaml", []byte(part))
		require.NoError(t, err)
		var m manifest
		require.NoError(t, json.Unmarshal(document.JSON, &m))
		require.Equal(t, "etcp-mock", m.Metadata.Name)
		require.NotEmpty(t, m.APIVersion)
		kinds[m.Kind] = m
	}
	require.Len(t, kinds, 3)
	pod := kinds["Deployment"].Spec.Template
	encoded, err := json.Marshal(kinds["Service"].Spec.Selector)
	require.NoError(t, err)
	labels, err := json.Marshal(pod.Metadata.Labels)
	require.NoError(t, err)
	require.JSONEq(t, string(labels), string(encoded), "the service finds the pod")

	args := append([]string(nil), pod.Spec.Containers[0].Args...)
	for i := range args {
		args[i] = strings.Replace(args[i], "0.0.0.0:8787", "127.0.0.1:0", 1)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, mockBinary(t), args...)
	cmd.Env = append(os.Environ(), "ETCP_MOCK_ADMIN_TOKEN=change-me")
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	defer func() {
		cancel()
		_ = cmd.Wait() // it was killed
	}()
	line := make([]byte, 200)
	n, err := stdout.Read(line)
	require.NoError(t, err)
	url := strings.TrimPrefix(strings.TrimSpace(string(line[:n])), "listening on ")
	for _, path := range []string{"/readyz", "/healthz"} {
		require.Contains(t, string(text), "path: "+path)
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+path, http.NoBody)
		require.NoError(t, err)
		answer, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, http.StatusOK, answer.StatusCode)
	}
}
