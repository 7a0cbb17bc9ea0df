package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// The most bytes that a command reads of a file: of settings, variables, certificates, reports and recordings; of a fixture; and of a state.
const (
	MostOfFile    = 16 << 20
	MostOfFixture = 128 << 20
	MostOfState   = 512 << 20
)

// ReadFile reads a file that somebody has named, which may be a pipe; one over a size is refused.
func ReadFile(name string, most int64) ([]byte, error) {
	return unlessInterrupted(name, func() ([]byte, error) {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }()
		return readAll(f, name, most)
	})
}

// ReadAll reads to the end; what is over a size is refused.
func ReadAll(r io.Reader, name string, most int64) ([]byte, error) {
	return unlessInterrupted(name, func() ([]byte, error) { return readAll(r, name, most) })
}

func readAll(r io.Reader, name string, most int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(text)) > most {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("it has more than %d MiB", most>>20)}
	}
	return text, err
}

// interrupted is closed when the process is to end.
var interrupted = make(chan struct{})

var errInterrupted = errors.New("it was waited for until the command was interrupted")

// unlessInterrupted reads, and waits no longer for a pipe that nobody writes once the process is to end.
func unlessInterrupted(name string, read func() ([]byte, error)) ([]byte, error) {
	type result struct {
		text []byte
		err  error
	}
	select {
	case <-interrupted: // before: what is read then is wanted for the end
		return read()
	default:
	}
	came := make(chan result, 1)
	go func() {
		text, err := read()
		came <- result{text, err}
	}()
	select {
	case r := <-came:
		return r.text, r.err
	case <-interrupted:
		return nil, &fs.PathError{Op: "read", Path: name, Err: errInterrupted}
	}
}

var errNotRegular = errors.New("is no regular file")

// ReadFound reads a file that nobody has named, but that lies where one is looked for: no pipe, which would be waited for, and no device.
func ReadFound(name string, most int64) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errNotRegular}
	}
	return ReadFile(name, most)
}
