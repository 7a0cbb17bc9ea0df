// Package atomicfile writes files that appear whole or not at all.
package atomicfile

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Write has a file hold what write writes, or what it held before where that fails. A file that is there keeps its mode, and where its name is a
// link the link stays and what it leads to is written; a new file has the mode, less the process's mask. What is no regular file, as a device or
// a pipe, is written to as it is; it is waited for until the context ends. What is written after that, as what a command has gathered, is written without
// an end to the waiting.
func Write(ctx context.Context, name string, mode fs.FileMode, write func(io.Writer) error) error {
	return writeFile(ctx, name, mode, false, write)
}

func writeFile(ctx context.Context, name string, mode fs.FileMode, held bool, write func(io.Writer) error) error {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return direct(ctx, name, write) // before its links are followed: where /dev/stdout is a pipe they lead to a text that is no path
	}
	target, err := followed(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(target)
	switch {
	case err == nil && info.IsDir():
		return &fs.PathError{Op: "write", Path: name, Err: errors.New("is a folder")}
	case err == nil:
		mode = info.Mode().Perm()
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	b := &beside{name: filepath.Join(filepath.Dir(target), ".etcp-mock-"+rand.Text()), mode: mode}
	if held {
		b.name = partialOf(target)
	} else if err = b.open(); err != nil {
		if path, ok := errors.AsType[*fs.PathError](err); ok {
			return &fs.PathError{Op: "write", Path: name, Err: path.Err} // the name beside it tells nobody anything
		}
		return err
	}
	if err = write(b); err == nil {
		err = b.open() // of an empty file
	}
	if b.file != nil {
		err = errors.Join(err, b.file.Sync())
		if info != nil {
			err = errors.Join(err, b.file.Chmod(mode)) // whatever the mask says
		}
		err = errors.Join(err, b.file.Close())
	}
	if err == nil {
		err = os.Rename(b.name, target)
	}
	if err != nil {
		if b.file != nil {
			_ = os.Remove(b.name)
		}
		if path, ok := errors.AsType[*fs.PathError](err); ok && path.Path == b.name {
			err = path.Err
		}
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// beside is the file that is written, and then gets the name of another. It appears with what is first written to it.
type beside struct {
	name string
	mode fs.FileMode
	file *os.File
}

func (b *beside) open() (err error) {
	if b.file == nil {
		b.file, err = os.OpenFile(b.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, b.mode)
	}
	return err
}

func (b *beside) Write(p []byte) (int, error) {
	if err := b.open(); err != nil {
		return 0, err
	}
	return b.file.Write(p)
}

// WriteBytes is [Write] of what is there already.
func WriteBytes(ctx context.Context, name string, mode fs.FileMode, content []byte) error {
	return Write(ctx, name, mode, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

var errInterrupted = errors.New("nobody read it until the command was interrupted")

func direct(ctx context.Context, name string, write func(io.Writer) error) error {
	if ctx.Err() != nil { // before: what is written then, as a recording, is what was to be written at the end
		return directly(name, write)
	}
	done := make(chan error, 1)
	go func() { done <- directly(name, write) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return &fs.PathError{Op: "write", Path: name, Err: errInterrupted}
	}
}

func directly(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// followed is where a name leads through links, also where nothing is there yet.
func followed(name string) (string, error) {
	for range 40 {
		info, err := os.Lstat(name)
		if err != nil || info.Mode()&fs.ModeSymlink == 0 {
			return name, nil //nolint:nilerr // what is not there is no link
		}
		to, err := os.Readlink(name)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(name), to)
		}
		name = to
	}
	return "", &fs.PathError{Op: "write", Path: name, Err: errors.New("too many links")}
}
