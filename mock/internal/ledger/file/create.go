package file

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// Create makes a sandbox with its first inputs, synced, and takes it.
func (s *Store) Create(_ context.Context, id string, merchants []string, inputs ...[]byte) (ledger.Log, error) {
	p := &place{id: id, dir: filepath.Join(s.dir, "sandboxes", folderName(id)), merchants: map[string]bool{}}
	p.taking.Lock()
	defer p.taking.Unlock()
	if err := s.reserve(p, merchants); err != nil {
		return nil, err
	}
	l, err := s.stage(p, inputs)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		delete(s.places, id)
		for no := range p.merchants {
			delete(s.merchants, no)
		}
		return nil, err
	}
	if s.closed {
		return nil, errors.Join(ledger.ErrClosed, l.stop(ledger.ErrClosed))
	}
	p.epoch++
	l.epoch, p.log = p.epoch, l
	return l, nil
}

// reserve holds an id and merchant numbers, so that no other is made with them while the files are written.
func (s *Store) reserve(p *place, merchants []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ledger.ErrClosed
	}
	if s.places[p.id] != nil {
		return ledger.ErrExists
	}
	if err := s.claimLocked(p, merchants); err != nil {
		return err
	}
	s.places[p.id] = p
	return nil
}

func (s *Store) claimLocked(p *place, merchants []string) error {
	for _, no := range merchants {
		if other, ok := s.merchants[no]; ok && other != p.id {
			return &ledger.TakenError{Merchant: no, Sandbox: other}
		}
	}
	for _, no := range merchants {
		s.merchants[no], p.merchants[no] = p.id, true
	}
	return nil
}

// stage writes a sandbox's folder beside, and moves it to its place as a whole.
func (s *Store) stage(p *place, inputs [][]byte) (*log, error) {
	l := newLog(s, p, 1)
	for _, input := range inputs {
		if _, err := l.Append(input); err != nil {
			return nil, err
		}
	}
	staging := filepath.Join(s.dir, "staging", filepath.Base(p.dir))
	write := func() error {
		if err := os.MkdirAll(staging, 0o700); err != nil {
			return err
		}
		if err := writeClaims(staging, p.id, sorted(p.merchants)); err != nil {
			return err
		}
		if len(inputs) > 0 {
			text := append(appendSegmentHead(nil, 1), l.buf...)
			if err := os.WriteFile(filepath.Join(staging, segmentName(1)), text, 0o600); err != nil {
				return err
			}
			f, err := os.OpenFile(filepath.Join(staging, segmentName(1)), os.O_RDWR, 0)
			if err != nil {
				return err
			}
			l.file, l.size, l.segments = f, int64(len(text)), []segment{{first: 1}}
			if err := f.Sync(); err != nil {
				return err
			}
		}
		if err := errors.Join(syncFolder(staging), os.Rename(staging, p.dir)); err != nil {
			return err
		}
		return syncFolder(filepath.Dir(p.dir))
	}
	if err := write(); err != nil {
		if l.file != nil {
			err = errors.Join(err, l.file.Close())
		}
		return nil, unavailable("write the sandbox", errors.Join(err, os.RemoveAll(staging), os.RemoveAll(p.dir)))
	}
	l.buf = l.buf[:0]
	l.durable.Store(uint64(len(inputs)))
	return l, nil
}

func writeClaims(dir, id string, merchants []string) error {
	text, err := json.Marshal(claims{id, merchants})
	if err != nil {
		return err
	}
	return writeSealed(filepath.Join(dir, "place"), magicPlace, 0, bytes.NewReader(text))
}
