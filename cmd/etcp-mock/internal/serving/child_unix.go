//go:build unix

package serving

import (
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// forwarded are the signals that go on to the command of exec.
var forwarded = []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGUSR2}

// processes are a command and everything it starts.
type processes struct {
	cmd      *exec.Cmd
	terminal bool
	after    func(time.Duration) <-chan time.Time
}

// newProcesses puts a command into a process group of its own, so that nothing of it is left. On a terminal it stays in that of the
// terminal, or it could not read from it; there the terminal sends Ctrl-C to all of them.
func newProcesses(cmd *exec.Cmd) *processes {
	g := &processes{cmd, cli.IsTerminal(os.Stdin), time.After}
	if !g.terminal {
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	}
	return g
}

func (g *processes) forward(s os.Signal) {
	number, ok := s.(syscall.Signal)
	switch {
	case !ok:
	case !g.terminal:
		_ = syscall.Kill(-g.cmd.Process.Pid, number) // it may have ended
	case number != syscall.SIGINT && number != syscall.SIGQUIT: // those come from the terminal
		_ = g.cmd.Process.Signal(number)
	}
}

// kill ends what is still there.
func (g *processes) kill() {
	if g.terminal {
		_ = g.cmd.Process.Kill()
		return
	}
	_ = syscall.Kill(-g.cmd.Process.Pid, syscall.SIGKILL)
}
