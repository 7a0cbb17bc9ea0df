//go:build !unix

package serving

import (
	"os"
	"os/exec"
	"time"
)

// forwarded are the signals that go on to the command of exec: the console sends an interrupt to all of its processes itself.
var forwarded = []os.Signal{os.Interrupt}

// processes are a command, whose own processes the console ends.
type processes struct {
	cmd   *exec.Cmd
	after func(time.Duration) <-chan time.Time
}

func newProcesses(cmd *exec.Cmd) *processes { return &processes{cmd, time.After} }

func (g *processes) forward(os.Signal) {}

func (g *processes) kill() { _ = g.cmd.Process.Kill() }
