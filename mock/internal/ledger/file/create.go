package file

import (
	"context"
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
	if _, err := s.claimLocked(p, merchants); err != nil {
		return err
	}
	s.places[p.id] = p
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
	if err := s.Ready(); err != nil {
		return nil, err
	}
	staging := filepath.Join(s.dir, "staging", filepath.Base(p.dir))
	parent, err := openFolder(filepath.Dir(p.dir)) // before there is anything to take back: without a descriptor nothing could be
	if err != nil {
		return nil, unavailable("write the sandbox", err)
	}
	defer parent.close()
	write := func() error {
		if err := errors.Join(os.RemoveAll(staging), os.MkdirAll(staging, 0o700)); err != nil { // one that was refused may have left something
			return err
		}
		var err error
		if p.on, err = writeClaims(staging, p.id, sorted(p.merchants)); err != nil {
			return err
		}
		if len(inputs) > 0 {
			text := append(appendSegmentHead(nil, 1), l.Buf...)
			if err := writeSynced(filepath.Join(staging, segmentName(1)), text); err != nil {
				return err
			}
			l.size, l.segments = int64(len(text)), []segment{{first: 1}}
		}
		if err := syncFolder(staging); err != nil {
			return err
		}
		if err := os.Rename(staging, p.dir); err != nil {
			return err
		}
		if err := parent.sync(); err != nil {
			return errors.Join(err, os.Rename(p.dir, staging)) // what was refused is not there after the next start
		}
		return nil
	}
	if err := write(); err != nil {
		return nil, unavailable("write the sandbox", errors.Join(err, os.RemoveAll(staging)))
	}
	l.Buf = l.Buf[:0]
	l.durable.Store(uint64(len(inputs)))
	return l, nil
}

func writeSynced(name string, text []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
