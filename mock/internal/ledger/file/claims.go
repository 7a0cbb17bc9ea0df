package file

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// The file place of a sandbox says which it is, and which merchant numbers it has claimed. It is sealed as a snapshot is, with the length of its
// content for a sequence number; behind that stand, as records of a segment, the changes since. With 20,000 merchants one more costs 50 bytes then,
// not all of them. Once the changes are larger than what they change, everything is written anew, beside.

// claims is the content of the file place.
type claims struct {
	Sandbox   string   `json:"sandbox"`
	Merchants []string `json:"merchants"`
}

// change is a record behind it.
type change struct {
	Claim   []string `json:"claim,omitempty"`
	Release []string `json:"release,omitempty"`
}

// claimed is what is on disk of a place. Whoever has its claiming may use it.
type claimed struct {
	sealed, size int64  // up to where it is sealed, and its end
	changes      uint64 // behind that
	anew         bool   // it has to be written as a whole: it ends in a record that was cut off, or may hold what was refused
}

// fewChanges are the bytes of changes that are never reason to write everything anew.
const fewChanges = 16 << 10

func writeClaims(dir, id string, merchants []string) (claimed, error) {
	text, err := json.Marshal(claims{id, merchants})
	if err != nil {
		return claimed{}, err
	}
	size := int64(sealedHead + len(text) + 4)
	return claimed{sealed: size, size: size}, writeSealed(filepath.Join(dir, "place"), magicPlace, uint64(len(text)), bytes.NewReader(text))
}

// readClaims reads the file place of a folder. Errors: [*ledger.CorruptError].
func readClaims(dir string) (id string, merchants map[string]bool, on claimed, err error) {
	name := filepath.Join(dir, "place")
	corrupt := func(at int64, detail string) error {
		return &ledger.CorruptError{File: name, Offset: at, Detail: detail}
	}
	text, err := readRegular(name, magicPlace[:len(magicPlace)-1], maxPlace)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return "", nil, on, corrupt(0, "the file is missing")
	case err != nil:
		return "", nil, on, err
	}
	end := len(text)
	if len(text) >= sealedHead {
		if n := binary.LittleEndian.Uint64(text[8:]); n < uint64(len(text)) {
			end = min(end, sealedHead+int(n)+4) //nolint:gosec // below the length
		}
	}
	length, content, err := openSealed(name, magicPlace, text[:end])
	if err != nil {
		return "", nil, on, err
	}
	if length != uint64(len(content)) {
		return "", nil, on, corrupt(ledger.Somewhere, "the file ends early")
	}
	on = claimed{sealed: int64(end), size: int64(end)}
	text = text[end:]
	var known claims
	if err := json.Unmarshal(content, &known); err != nil {
		return "", nil, on, corrupt(sealedHead, err.Error())
	}
	merchants = make(map[string]bool, len(known.Merchants))
	for _, no := range known.Merchants {
		merchants[no] = true
	}
	for len(text) > 0 {
		record, why := recordAt(text, on.changes+1)
		if why != "" {
			if recordAfter(text, 1, on.changes+1) {
				return "", nil, on, corrupt(on.size, why)
			}
			on.anew = true // it was cut off as it was written
			break
		}
		var c change
		if err := json.Unmarshal(record, &c); err != nil {
			return "", nil, on, corrupt(on.size, err.Error())
		}
		for _, no := range c.Claim {
			merchants[no] = true
		}
		for _, no := range c.Release {
			delete(merchants, no)
		}
		on.changes++
		on.size += int64(recordHead + len(record))
		text = text[recordHead+len(record):]
	}
	return known.Sandbox, merchants, on, nil
}

// writeChange has the file say what has changed, synced, or as a whole what there is then. Errors: ErrUnavailable, where it says what it said before, and
// ErrUncertain. Whoever calls it has the place's claiming.
func (l *log) writeChange(c change) error {
	p := l.place
	if p.on.anew || p.on.size-p.on.sealed > p.on.sealed+fewChanges {
		on, err := writeClaims(p.dir, p.id, l.store.after(p, c))
		if err != nil {
			p.on.anew = true // what is there may be either
			return unavailable("write the merchant numbers", err)
		}
		p.on = on
		return nil
	}
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	record := appendRecord(nil, p.on.changes+1, text)
	f, err := os.OpenFile(filepath.Join(p.dir, "place"), os.O_WRONLY, 0)
	if err != nil {
		return unavailable("write the merchant numbers", err)
	}
	defer func() { _ = f.Close() }() // it is synced before
	if _, err := f.WriteAt(record, p.on.size); err != nil {
		if cut := f.Truncate(p.on.size); cut != nil {
			p.on.anew = true
			return fmt.Errorf("write the merchant numbers: %w: %w", ledger.ErrUncertain, errors.Join(err, cut))
		}
		return unavailable("write the merchant numbers", err)
	}
	if err := dataSync(f); err != nil {
		p.on.anew = true
		return fmt.Errorf("write the merchant numbers: %w: %w", ledger.ErrUncertain, err)
	}
	p.on.changes++
	p.on.size += int64(len(record))
	return nil
}

func (l *log) Claim(_ context.Context, merchants ...string) error {
	p := l.place
	p.claiming.Lock()
	defer p.claiming.Unlock()
	added, err := l.ifCurrent(func() ([]string, error) { return l.store.claimLocked(p, merchants) })
	if err != nil || len(added) == 0 && !p.uncertain {
		return err
	}
	err = l.writeChange(change{Claim: added})
	p.uncertain = errors.Is(err, ledger.ErrUncertain)
	if err != nil && !p.uncertain { // else they may be this sandbox's after the next start, and no other may have them until then
		l.store.forget(p, added)
	}
	return err
}

func (l *log) Release(_ context.Context, merchants ...string) error {
	p := l.place
	p.claiming.Lock()
	defer p.claiming.Unlock()
	gone, err := l.ifCurrent(func() ([]string, error) {
		return slices.DeleteFunc(slices.Clone(merchants), func(no string) bool { return !p.merchants[no] }), nil
	})
	if err != nil || len(gone) == 0 {
		return err
	}
	if err := l.writeChange(change{Release: gone}); err != nil {
		p.uncertain = p.uncertain || errors.Is(err, ledger.ErrUncertain)
		return err
	}
	l.store.forget(p, gone)
	return nil
}

// ifCurrent is what a change of the place's numbers consists of, which find says with the store's lock held; an error where the log is not current.
func (l *log) ifCurrent(find func() ([]string, error)) ([]string, error) {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	if err := l.currentLocked(); err != nil {
		return nil, err
	}
	return find()
}

// claimLocked makes numbers a place's, all or none, and says which it did not have. The store's lock is held. Errors: [*ledger.TakenError].
func (s *Store) claimLocked(p *place, merchants []string) (added []string, err error) {
	for _, no := range merchants {
		if other, ok := s.merchants[no]; ok && other != p.id {
			return nil, &ledger.TakenError{Merchant: no, Sandbox: other}
		}
	}
	for _, no := range merchants {
		if !p.merchants[no] {
			s.merchants[no], p.merchants[no] = p.id, true
			added = append(added, no)
		}
	}
	return added, nil
}

// forget takes numbers from a place.
func (s *Store) forget(p *place, merchants []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, no := range merchants {
		delete(p.merchants, no)
		delete(s.merchants, no)
	}
}

// after are the numbers of a place after a change. What that claims it has already.
func (s *Store) after(p *place, c change) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	rest := maps.Clone(p.merchants)
	for _, no := range c.Release {
		delete(rest, no)
	}
	return sorted(rest)
}
