// Package examples_test runs the examples of every language against a mock of its own, as their readers would.
package examples_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/mocktest"
)

// junit has the JUnit 5 of Debian, with all that it needs.
const junit = "/usr/share/java/junit-platform-console-standalone.jar"

func TestExamples(t *testing.T) {
	t.Parallel()
	for _, example := range []struct {
		language string
		command  []string
	}{
		{"shell", []string{"bash", "shell/park.sh"}},
		{"python", []string{pytest(t), "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "etcp_mock.pytest_plugin", "python/test_park.py"}},
		{"node", []string{"node", "--test", filepath.Join(installed(t), "park.test.mjs")}},
		{"java", []string{"java", "-jar", junit, "--class-path", filepath.Join(installed(t), "classes"), "--select-class", "ParkTest", "--fail-if-no-tests"}},
	} {
		t.Run(example.language, func(t *testing.T) {
			t.Parallel()
			m := mocktest.New(t)
			cmd := exec.CommandContext(t.Context(), example.command[0], example.command[1:]...)
			cmd.Env = append(environment(t), "ETCP_MOCK_URL="+m.URL, "ETCP_MOCK_ADMIN="+m.URL+"/__admin",
				"ETCP_MOCK_MERCHANT_NO="+m.MerchantNo, "ETCP_MOCK_MERCHANT_KEY="+m.MerchantKey)
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", out)
		})
	}
}

// The shell example gives the token of a mock that wants one, as the variables of exec and of the action do.
func TestExamples_shellWithToken(t *testing.T) {
	t.Parallel()
	m := mocktest.New(t, mock.WithAdminToken("a-token"))
	cmd := exec.CommandContext(t.Context(), "bash", "shell/park.sh")
	cmd.Env = append(os.Environ(), "ETCP_MOCK_URL="+m.URL, "ETCP_MOCK_ADMIN="+m.URL+"/__admin", "ETCP_MOCK_ADMIN_TOKEN=a-token",
		"ETCP_MOCK_MERCHANT_NO="+m.MerchantNo, "ETCP_MOCK_MERCHANT_KEY="+m.MerchantKey)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// environment lets the examples in Python find client/python.
func environment(t *testing.T) []string {
	t.Helper()
	source, err := filepath.Abs("../client/python/src")
	require.NoError(t, err)
	return append(os.Environ(), "PYTHONPATH="+source)
}

// pytest is an interpreter that has it: the first of the PATH, or Debian's own.
func pytest(t *testing.T) string {
	t.Helper()
	if exec.CommandContext(t.Context(), "python3", "-c", "import pytest").Run() == nil {
		return "python3"
	}
	return "/usr/bin/python3"
}

// installed is a folder as a reader's would be: the examples in Node beside node_modules with client/node, and
// in classes client/java and the test in Java, compiled.
func installed(t *testing.T) string {
	t.Helper()
	dir, err := install()
	require.NoError(t, err)
	return dir
}

var install = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "etcp-mock-examples-")
	if err != nil {
		return "", err
	}
	client, err := filepath.Abs("../client/node")
	if err != nil {
		return "", err
	}
	err = errors.Join(os.MkdirAll(filepath.Join(dir, "node_modules", "@etcp-mock"), 0o750),
		os.Symlink(client, filepath.Join(dir, "node_modules", "@etcp-mock", "client")), os.CopyFS(dir, os.DirFS("node")))
	if err != nil {
		return "", err
	}
	args := []string{"-encoding", "UTF-8", "--release", "11", "-d", filepath.Join(dir, "classes"), "-cp", junit, "java/ParkTest.java"}
	for _, root := range []string{"../client/java/etcp-client/src/main", "../client/java/etcp-mock-junit5/src/main"} {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if filepath.Ext(path) == ".java" {
				args = append(args, path)
			}
			return err
		})
		if err != nil {
			return "", err
		}
	}
	if out, err := exec.CommandContext(context.Background(), "javac", args...).CombinedOutput(); err != nil {
		return "", errors.New(string(out))
	}
	return dir, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := install(); err == nil {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}
