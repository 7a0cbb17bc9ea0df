package file

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// What a file of the directory has at most, in bytes: more is none that was written here, and is not read.
const (
	maxFormat   = 1 << 10
	maxPlace    = 128 << 20
	maxSnapshot = 8 << 30
)

// regular is an error where a name is that of something other than a regular file: opening a pipe may wait without end, reading a device ends
// never, and what is written through a link is in another place than what is renamed to it.
func regular(name string) error {
	info, err := os.Lstat(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode().IsRegular() {
		return nil
	}
	return &ledger.CorruptError{File: name, Offset: ledger.Somewhere, Detail: "it is " + kind(info.Mode()) + ", not a regular file"}
}

func kind(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeSymlink != 0:
		return "a link"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	default:
		return "a device"
	}
}

// allRegular is regular for several names in a folder.
func allRegular(dir string, names ...string) error {
	for _, name := range names {
		if err := regular(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// readRegular reads a regular file of at most so many bytes. Where something is to be its beginning and is not, the rest is not read.
func readRegular(name, begins string, most int64) ([]byte, error) {
	if err := regular(name); err != nil {
		return nil, err
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > most {
		return nil, &ledger.CorruptError{File: name, Offset: ledger.Somewhere, Detail: fmt.Sprintf("it has %d bytes, and no such file has over %d", info.Size(), most)}
	}
	head := make([]byte, min(int64(len(begins)), info.Size()))
	if _, err := io.ReadFull(f, head); err != nil || string(head) != begins {
		return head, err
	}
	text := make([]byte, info.Size())
	n, err := io.ReadFull(f, text[copy(text, head):])
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) { // it became shorter
		err = nil
	}
	return text[:len(head)+n], err
}
