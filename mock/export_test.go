package mock

import "time"

// QuickHeartbeat has a server's event streams show that they live as often as a test can wait for.
func QuickHeartbeat(s *Server, every time.Duration) { s.core.Control.Heartbeat = every }

// WithQuickLimits makes a listener as impatient as a test.
func WithQuickLimits(header, read time.Duration) Option {
	return func(o *options) { o.limits.Header, o.limits.Read = header, read }
}
