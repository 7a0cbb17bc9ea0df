// Package docker_test runs the image's file tree as a container would.
package docker_test

import (
	"bufio"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// nobody is the user of the Dockerfile.
const nobody = 65532

// The tree has a static binary and the authorities, and nothing else.
// In it, as an empty root, the mock serves as an unprivileged user, and its health check answers.
func TestRootfs(t *testing.T) {
	t.Parallel()
	tree := filepath.Join(t.TempDir(), "rootfs")
	build := exec.CommandContext(t.Context(), "sh", "rootfs.sh", tree)
	build.Env = append(os.Environ(), "VERSION=v1.2.3", "COMMIT=abc1234")
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)

	var files []string
	require.NoError(t, filepath.WalkDir(tree, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, strings.TrimPrefix(path, tree))
		}
		return err
	}))
	require.Equal(t, []string{"/etc/ssl/certs/ca-certificates.crt", "/etcp-mock"}, files)
	info, err := os.Stat(filepath.Join(tree, "etcp-mock"))
	require.NoError(t, err)
	require.Less(t, info.Size(), int64(30<<20))
	binary, err := elf.Open(filepath.Join(tree, "etcp-mock"))
	require.NoError(t, err)
	for _, p := range binary.Progs {
		require.NotEqual(t, elf.PT_INTERP, p.Type, "it wants a dynamic loader")
	}
	require.NoError(t, binary.Close())

	if os.Getuid() != 0 {
		t.Skip("only root can change the root and the user")
	}
	for dir := tree; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) { // the user has to reach it
		require.NoError(t, os.Chmod(dir, 0o755))
	}
	inside := func(args ...string) *exec.Cmd {
		cmd := exec.CommandContext(t.Context(), "/etcp-mock", args...)
		cmd.Path, cmd.Dir, cmd.Env = "/etcp-mock", "/", []string{}
		cmd.Err = nil // it is looked for outside of the tree
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: tree, Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		return cmd
	}
	said, err := inside("version").CombinedOutput()
	require.NoError(t, err, "%s", said)
	require.Contains(t, string(said), "v1.2.3")
	require.Contains(t, string(said), "abc1234")

	serve := inside("serve", "--addr", "127.0.0.1:0")
	stdout, err := serve.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, serve.Start())
	defer func() {
		require.NoError(t, serve.Process.Signal(syscall.SIGTERM))
		require.NoError(t, serve.Wait(), "it ends well when it is stopped")
	}()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	url := strings.TrimPrefix(strings.TrimSpace(line), "listening on ")
	health, err := inside("wait", "--server", url, "--timeout", "1m").CombinedOutput()
	require.NoError(t, err, "%s", health)
	called, err := inside("call", "parkingstatus", "parkingId=1", "--server", url).CombinedOutput()
	require.NoError(t, err, "%s", called)
}
