package file

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// checkEvery is how long the newest segment is trusted to be where it was: a file that was removed can be written to as before, and what is
// written is lost.
const checkEvery = 100 * time.Millisecond

// Ready is nil where the directory is still the one that was opened.
func (s *Store) Ready() error { return same(filepath.Join(s.dir, "lock"), s.held) }

// there looks from time to time whether the newest segment is still at its place.
func (l *log) there() error {
	if l.file == nil || time.Since(l.checked) < checkEvery {
		return nil
	}
	open, err := l.file.Stat()
	if err != nil {
		return unavailable("look at the newest segment", err)
	}
	if err := same(l.newest(), open); err != nil {
		return err
	}
	l.checked = time.Now()
	return nil
}

// same is nil where a name is that of a file that was opened.
func same(name string, open os.FileInfo) error {
	found, err := os.Stat(name)
	switch {
	case errors.Is(err, os.ErrNotExist), err == nil && !os.SameFile(found, open):
		return fmt.Errorf("%w: %w", ledger.ErrRemoved, ledger.ErrUnavailable)
	case err != nil:
		return unavailable("look for "+filepath.Base(name), err)
	}
	return nil
}
