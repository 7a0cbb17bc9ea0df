//go:build !windows

package file

import (
	"errors"
	"os"
)

// syncFolder makes the names of a folder survive a power cut.
func syncFolder(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
