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
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return ReadAll(f, name, most)
}

// ReadAll reads to the end; what is over a size is refused.
func ReadAll(r io.Reader, name string, most int64) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(text)) > most {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("it has more than %d MiB", most>>20)}
	}
	return text, err
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
