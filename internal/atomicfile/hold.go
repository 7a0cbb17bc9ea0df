package atomicfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"
)

// HeldError is a file that another process is going to write.
type HeldError struct {
	Name string
	PID  int // 0 where it is not known
}

func (e *HeldError) Error() string {
	if e.PID == 0 {
		return e.Name + " is in use by another process"
	}
	return fmt.Sprintf("%s is in use by process %d", e.Name, e.PID)
}

// Hold keeps a file that this process is going to write long from now from other processes that hold it as well: they would replace what this one has
// written, or it what they have. It ends with release, or with the process. What [WriteHeld] left in a process that was killed is taken away. What is
// no regular file is nobody's. Errors: [*HeldError].
func Hold(name string) (release func(), err error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return func() {}, nil
	}
	target, err := followed(name)
	if err != nil {
		return nil, err
	}
	beside := filepath.Join(filepath.Dir(target), "."+filepath.Base(target)+".lock")
	for {
		lock := flock.New(beside)
		held, err := lock.TryLock()
		if path, ok := errors.AsType[*fs.PathError](err); ok {
			return nil, &fs.PathError{Op: "write", Path: name, Err: path.Err}
		}
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", name, err)
		}
		if !held {
			text, _ := os.ReadFile(beside)
			pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
			return nil, &HeldError{Name: name, PID: pid}
		}
		mine, err := lock.Stat()
		there, gone := os.Stat(beside)
		if err == nil && gone == nil && os.SameFile(mine, there) {
			_ = os.Remove(partialOf(target))
			_ = os.WriteFile(beside, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600) // only to tell who it is
			return func() {
				_ = os.Remove(beside)
				_ = lock.Close()
			}, nil
		}
		_ = lock.Close() // whoever held it took it away before this one had it
	}
}

// partialOf is where a file that is held is written first: only its holder writes there.
func partialOf(target string) string {
	return filepath.Join(filepath.Dir(target), "."+filepath.Base(target)+".partial")
}

// WriteHeld is [Write] of a file that this process holds. What it is written to first appears with the first byte: a process that is killed before
// leaves nothing.
func WriteHeld(ctx context.Context, name string, mode fs.FileMode, write func(io.Writer) error) error {
	return writeFile(ctx, name, mode, true, write)
}
