// Package clienttest_test runs the tests of the clients in other languages, each with its language's own runner, beside a mock built once.
package clienttest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// limit is generous: a machine under load takes its time to start a Java compiler.
const limit = 10 * time.Minute

// scratch is the folder of this run: the mock, the facts.
var scratch string

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	if scratch, err = os.MkdirTemp("", "etcp-mock-clients-"); err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	out, err := exec.CommandContext(context.Background(), "go", "build", "-o", mockBinary(), "../../cmd/etcp-mock").CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("building etcp-mock: %w: %s", err, out)
	}
	facts, err := json.Marshal(tables())
	if err != nil {
		return 0, err
	}
	if err := os.WriteFile(factsFile(), facts, 0o600); err != nil {
		return 0, err
	}
	return m.Run(), nil
}

func mockBinary() string { return filepath.Join(scratch, "etcp-mock") }
func factsFile() string  { return filepath.Join(scratch, "facts.json") }

// tables are what every client is held to: the vectors of package sign, and the rows of package schemas.
func tables() map[string]any {
	type code struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	codes := []code{}
	for _, c := range schemas.Codes() {
		codes = append(codes, code{c.Code, c.Message})
	}
	endpoints := []string{}
	for _, e := range schemas.Endpoints() {
		endpoints = append(endpoints, e.Name)
	}
	return map[string]any{"vectors": sign.Vectors(), "codes": codes, "endpoints": endpoints}
}

// command runs a program in a client's folder, and gives what it printed.
func command(t *testing.T, dir string, env []string, program string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "ETCP_MOCK_BIN="+mockBinary(), "ETCP_MOCK_FACTS="+factsFile(), "LC_ALL=C.UTF-8")
	cmd.Env = append(cmd.Env, env...)
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s %v:\n%s", program, args, out)
	return string(out)
}

// python is an interpreter that has the module, the first of the PATH before Debian's own.
func python(t *testing.T, module string) string {
	t.Helper()
	for _, candidate := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(t.Context(), candidate, "-c", "import "+module).Run() == nil {
			return candidate
		}
	}
	t.Fatalf("no python3 has %s: make setup-packages installs it", module)
	return ""
}

// Debian's package junit5.
const junit = "/usr/share/java/"

// javac compiles with every warning an error, for the oldest Java that is promised.
func javac(t *testing.T, out, classPath string, roots ...string) {
	t.Helper()
	args := []string{"-encoding", "UTF-8", "-Xlint:all", "-Werror", "--release", "11", "-d", out, "-cp", classPath}
	for _, root := range roots {
		require.NoError(t, filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if filepath.Ext(path) == ".java" {
				args = append(args, path)
			}
			return err
		}))
	}
	command(t, ".", nil, "javac", args...)
}

func TestJava(t *testing.T) {
	t.Parallel()
	const console = junit + "junit-platform-console-standalone.jar"
	classes, tests := t.TempDir(), t.TempDir()
	javac(t, classes, "", "../java/etcp-client/src/main") // it needs nothing but the JDK
	javac(t, classes, classes+":"+junit+"junit-jupiter-api.jar:"+junit+"junit-platform-commons.jar:"+junit+"apiguardian-api.jar",
		"../java/etcp-mock-junit5/src/main")
	javac(t, tests, classes+":"+console+":"+junit+"apiguardian-api.jar", "../java/etcp-mock-junit5/src/test")
	out := command(t, ".", nil, "java", "-jar", console, "--class-path", classes+":"+tests, "--scan-class-path", tests,
		"--disable-banner", "--disable-ansi-colors", "--details=tree")
	require.Regexp(t, `\[ +[1-9]\d* tests successful +\]`, out)
	require.Contains(t, out, "theTwelveCalls")
}

func TestNode(t *testing.T) {
	t.Parallel()
	out := command(t, "../node", nil, "node", "--test", "--test-reporter=tap", "test")
	require.Regexp(t, `(?m)^# pass [1-9]`, out)
	require.Regexp(t, `(?m)^# fail 0$`, out)
}

func TestPython(t *testing.T) {
	t.Parallel()
	source, err := filepath.Abs("../python/src")
	require.NoError(t, err)
	out := command(t, "../python", []string{"PYTHONPATH=" + source, "PYTHONDONTWRITEBYTECODE=1"},
		python(t, "pytest"), "-m", "pytest", "-q", "-p", "etcp_mock.pytest_plugin", "-p", "no:cacheprovider", "tests")
	require.Regexp(t, `\d+ passed`, out)
}
