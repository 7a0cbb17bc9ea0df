//go:build !windows

package file

import (
	"errors"
	"os"
)

// folder is a folder that is open, so that what happened in it can be synced without another descriptor.
type folder struct{ *os.File }

func openFolder(name string) (folder, error) {
	f, err := os.Open(name)
	return folder{f}, err
}

func (f folder) sync() error { return f.Sync() }
func (f folder) close()      { _ = f.Close() }

// syncFolder makes the names of a folder survive a power cut.
func syncFolder(name string) error {
	f, err := openFolder(name)
	if err != nil {
		return err
	}
	return errors.Join(f.sync(), f.Close())
}
