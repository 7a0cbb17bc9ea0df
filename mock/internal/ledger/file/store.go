// Package file is the ledger of one process: a directory with a folder for each sandbox, in it segments of inputs with
// checksums, and a snapshot.
//
//	DIR/format             what this is, and its version
//	DIR/lock, DIR/pid      held while a process has the directory open, and whose it is
//	DIR/sandboxes/ID/      place (its id and merchant numbers) · 00000000000000000042.snapshot · 00000000000000000043.log …
//	DIR/staging, removed   sandboxes on their way in and out; emptied at the next start
//
// An input is written to the operating system before Wait returns, so that it survives the death of the process; with
// [Always] it is synced too, and survives a power cut. Otherwise everything is synced in the background every Sync.
// Whoever waits first writes for all that have appended by then.
//
// A write that was cut off at the end of the newest segment is dropped: what is before it is a prefix of what was
// appended, and has everything that was durable. Bytes that changed anywhere else are a [*ledger.CorruptError]. (A
// changed byte in the very last record cannot be distinguished from a write that was cut off.)
//
// The directory belongs on a local file system: the lock does not hold over every network file system.
package file

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// Always is the Sync that syncs before Wait returns.
const Always time.Duration = 0

// DefaultSync is how long what was written may stay unsynced: 100 ms.
const DefaultSync = 100 * time.Millisecond

// Options are how a directory is written.
type Options struct {
	Sync time.Duration // how often what was written is synced; Always: before Wait returns
	// SegmentSize is the size in bytes at which a segment is closed and the next begun; 0 is 16 MiB.
	SegmentSize int64
	// MaxPending is how many bytes of a sandbox may wait to be written before Ready refuses; 0 is 64 MiB.
	MaxPending int
	// MaxOpen is how many segments stay open between two syncs: the others are opened again when they are written to. 0 is 256.
	MaxOpen int
}

// Store is a directory that is open. It is made by [Open].
type Store struct {
	dir  string
	opts Options
	lock *flock.Flock
	held os.FileInfo // the file that is locked

	mu        sync.Mutex
	places    map[string]*place
	merchants map[string]string // number → sandbox
	closed    bool
	removals  atomic.Uint64

	opened atomic.Int64 // segments that are open to be written

	dirtyMu sync.Mutex
	dirty   map[*log]struct{} // written since the last sync
	timer   *time.Timer       // running while there is something dirty
	syncing sync.WaitGroup
}

// place is a sandbox of the directory.
type place struct {
	id        string
	dir       string
	merchants map[string]bool
	epoch     uint64
	log       *log        // the newest, nil where nobody has taken the sandbox
	taking    sync.Mutex  // held while it is taken, given up or deleted
	claiming  sync.Mutex  // held while its claims are written
	on        claimed     // what of them is on disk
	uncertain bool        // a change of them may be there that was refused
	keeping   sync.Mutex  // held while a snapshot is written, and while its files are read
	suspect   atomic.Bool // a sync has failed: the kernel may believe that pages are on disk that are not
}

const format = "etcp-mock ledger 1\n"

// Open opens a directory, or makes it where there is none. Errors: [*ledger.LockedError], [*ledger.CorruptError],
// ErrUnavailable, and that the directory has something else in it.
func Open(dir string, opts Options) (*Store, error) {
	opts.SegmentSize = cmp.Or(opts.SegmentSize, 16<<20)
	opts.MaxOpen = cmp.Or(opts.MaxOpen, 256)
	opts.MaxPending = cmp.Or(opts.MaxPending, 64<<20)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, unavailable("make the directory", err)
	}
	if err := allRegular(dir, "lock", "pid", "format", "format.tmp"); err != nil {
		return nil, err
	}
	if _, err := isOurs(dir); err != nil { // before anything is written there
		return nil, err
	}
	s := &Store{
		dir: dir, opts: opts, lock: flock.New(filepath.Join(dir, "lock")),
		places: map[string]*place{}, merchants: map[string]string{}, dirty: map[*log]struct{}{},
	}
	locked, err := s.lock.TryLock()
	if err != nil {
		return nil, unavailable("lock the directory", err)
	}
	if !locked {
		text, _ := readRegular(filepath.Join(dir, "pid"), "", maxFormat)
		pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
		return nil, &ledger.LockedError{Dir: dir, PID: pid}
	}
	if s.held, err = os.Stat(filepath.Join(dir, "lock")); err != nil {
		return nil, unavailable("lock the directory", errors.Join(err, s.lock.Close()))
	}
	if err := s.begin(); err != nil {
		return nil, errors.Join(err, s.lock.Close())
	}
	return s, nil
}

func unavailable(what string, err error) error {
	return fmt.Errorf("%s: %w", what, ledger.Failed(ledger.ErrUnavailable, ledger.ForTheLog(err)))
}

// begin reads the directory, which is locked.
func (s *Store) begin() error {
	if err := s.claim(); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(s.dir, "pid"), []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600); err != nil {
		return unavailable("write the process id", err)
	}
	for _, name := range []string{"staging", "removed"} {
		if err := os.RemoveAll(filepath.Join(s.dir, name)); err != nil {
			return unavailable("empty "+name, err)
		}
	}
	for _, name := range []string{"sandboxes", "staging", "removed"} {
		if err := os.MkdirAll(filepath.Join(s.dir, name), 0o700); err != nil {
			return unavailable("make "+name, err)
		}
	}
	folders, err := os.ReadDir(filepath.Join(s.dir, "sandboxes"))
	if err != nil {
		return unavailable("list the sandboxes", err)
	}
	for _, folder := range folders {
		if err := s.readPlace(filepath.Join(s.dir, "sandboxes", folder.Name())); err != nil {
			return err
		}
	}
	return nil
}

// claim makes an empty directory one of etcp-mock's.
func (s *Store) claim() error {
	ours, err := isOurs(s.dir)
	if ours || err != nil {
		return err
	}
	name := filepath.Join(s.dir, "format")
	if err := os.WriteFile(name+".tmp", []byte(format), 0o600); err != nil {
		return unavailable("write the format", err)
	}
	if err := errors.Join(os.Rename(name+".tmp", name), syncFolder(s.dir)); err != nil {
		return unavailable("write the format", err)
	}
	return nil
}

// isOurs tells whether a directory was made by etcp-mock; it is an error where it is not, and has something in it.
func isOurs(dir string) (bool, error) {
	name := filepath.Join(dir, "format")
	text, err := readRegular(name, "", maxFormat)
	switch {
	case isCorrupt(err):
		return false, err
	case err == nil && string(text) == format:
		return true, nil
	case err == nil && strings.HasPrefix(string(text), "etcp-mock ledger "):
		return false, fmt.Errorf("%s was written by another version of etcp-mock (%q)", dir, strings.TrimSpace(string(text[:min(len(text), 60)])))
	case err == nil && len(text) > 0:
		return false, &ledger.CorruptError{File: name, Detail: "this is no directory of etcp-mock"}
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return false, unavailable("read the format", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false, unavailable("list the directory", err)
	}
	for _, e := range entries {
		if !isOfAStart(dir, e.Name()) {
			return false, fmt.Errorf("%s has something else in it (%s): name an empty directory, or one that does not exist", dir, e.Name())
		}
	}
	return false, nil
}

// isOfAStart tells whether a file is one that a start leaves behind that did not come to the format, or the file system's.
func isOfAStart(dir, name string) bool {
	switch name {
	case "format", "format.tmp", "lost+found":
		return true
	case "lock", "pid":
		text, err := readRegular(filepath.Join(dir, name), "", maxFormat)
		return err == nil && strings.Trim(string(text), "0123456789\n") == "" && (name == "pid" || len(text) == 0)
	}
	return false
}

func (s *Store) readPlace(dir string) error {
	id, merchants, on, err := readClaims(dir)
	if err != nil {
		return err
	}
	p := &place{id: id, dir: dir, merchants: merchants, on: on}
	for no := range merchants {
		if other, ok := s.merchants[no]; ok {
			return &ledger.CorruptError{File: filepath.Join(dir, "place"), Offset: sealedHead, Detail: fmt.Sprintf("merchant number %s is sandbox %q's too", no, other)}
		}
		s.merchants[no] = id
	}
	s.places[id] = p
	return nil
}

// Places are the sandboxes of the directory, by id.
func (s *Store) Places(context.Context) ([]ledger.Place, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ledger.ErrClosed
	}
	all := make([]ledger.Place, 0, len(s.places))
	for _, p := range s.places {
		all = append(all, ledger.Place{Sandbox: p.id, Merchants: sorted(p.merchants), Epoch: p.epoch})
	}
	slices.SortStableFunc(all, func(a, b ledger.Place) int { return cmp.Compare(a.Sandbox, b.Sandbox) })
	return all, nil
}

func sorted(set map[string]bool) []string {
	all := make([]string, 0, len(set))
	for no := range set {
		all = append(all, no)
	}
	slices.Sort(all)
	return all
}

// Close writes and syncs what was appended, and unlocks the directory.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	var logs []*log
	for _, p := range s.places {
		if p.log != nil {
			logs = append(logs, p.log)
		}
	}
	s.mu.Unlock()
	var errs []error
	for _, l := range logs {
		errs = append(errs, l.finish(ledger.ErrClosed))
	}
	s.dirtyMu.Lock()
	if s.timer != nil && s.timer.Stop() {
		s.syncing.Done()
	}
	s.timer = nil
	s.dirty = nil // nothing starts a timer any more
	s.dirtyMu.Unlock()
	s.syncing.Wait()
	return errors.Join(append(errs, os.Remove(filepath.Join(s.dir, "pid")), s.lock.Close())...)
}
