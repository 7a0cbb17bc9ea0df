package mock

import (
	"fmt"
	"time"
)

// QuickHeartbeat has a server's event streams show that they live as often as a test can wait for.
func QuickHeartbeat(s *Server, every time.Duration) { s.admin.Heartbeat = every }

// WithQuickLimits makes a listener as impatient as a test.
func WithQuickLimits(header, read time.Duration) Option {
	return func(o *options) { o.limits.header, o.limits.read = header, read }
}

// CheckReplay says of every sandbox whether its log, applied again, gives its state.
func CheckReplay(s *Server) error {
	for _, sb := range s.sandboxes.All() {
		for {
			history := sb.History()
			live := sb.State()
			if again := sb.History(); again.Last() != history.Last() {
				continue // something happened meanwhile
			}
			e, err := history.At(history.Last(), nil)
			if err != nil {
				return fmt.Errorf("sandbox %s: %w", sb.ID(), err)
			}
			if replayed := e.LastState(); !replayed.Same(&live) {
				return fmt.Errorf("sandbox %s: %d inputs applied again give another state", sb.ID(), history.Last())
			}
			break
		}
	}
	return nil
}
