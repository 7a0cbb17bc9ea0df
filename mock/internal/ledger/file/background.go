package file

import "time"

// isDirty has a log synced at the end of the interval. With [Always] that is only for what nobody waits for.
func (s *Store) isDirty(l *log) {
	s.dirtyMu.Lock()
	defer s.dirtyMu.Unlock()
	if s.dirty == nil { // closed
		return
	}
	s.dirty[l] = struct{}{}
	if s.timer != nil {
		return
	}
	interval := s.opts.Sync
	if interval == Always {
		interval = DefaultSync
	}
	s.syncing.Add(1)
	s.timer = time.AfterFunc(interval, func() {
		defer s.syncing.Done()
		s.syncDirty()
	})
}

func (s *Store) syncDirty() {
	s.dirtyMu.Lock()
	dirty := s.dirty
	if dirty != nil {
		s.dirty = map[*log]struct{}{}
	}
	s.timer = nil
	s.dirtyMu.Unlock()
	for l := range dirty {
		l.dirty.Store(false) // what is appended from here on is synced the next time
		l.sync()
	}
}
