// Package commandtest is what tests of programs share: the commands, built once; what a program has printed so far; and a run of tests that fails
// where one has left a goroutine behind.
package commandtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

// Built is the folder with both commands. They are built when it is asked for first, without the race detector; [Main] removes it.
var Built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "etcp-mock-commands-")
	if err != nil {
		return "", err
	}
	out, err := exec.CommandContext(context.Background(), "go", "build", "-o", dir+"/", "github.com/etcp-mock/etcp-mock/cmd/...").CombinedOutput() //nolint:gosec // the folder is this one's own
	if err != nil {
		return "", errors.Join(fmt.Errorf("build the commands: %w: %s", err, out), os.RemoveAll(dir))
	}
	built = dir
	return dir, nil
})

var built string // what Built has made

// Main runs tests that use [Built], and exits.
func Main(m *testing.M) {
	code := m.Run()
	Remove()
	os.Exit(code)
}

// Remove removes what [Built] has made, for tests with a Main of their own.
func Remove() {
	if built != "" {
		_ = os.RemoveAll(built)
	}
}

// Tight are tests that fail where one has left a goroutine behind. They read English, whatever language the machine has.
type Tight struct{ Tests interface{ Run() int } }

// Run runs the tests.
func (t Tight) Run() int {
	_ = os.Setenv("ETCP_MOCK_LANG", "en") // not in TestMain, which a script's commands run through, too
	code := t.Tests.Run()
	if err := goleak.Find(); code == 0 && err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		return 1
	}
	return code
}

// Output keeps what is written to it, while somebody reads it.
type Output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write keeps a text.
func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

// String is what was written so far.
func (o *Output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}
