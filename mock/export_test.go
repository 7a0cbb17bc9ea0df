package mock

import "time"

// WithQuickLimits makes a listener as impatient as a test.
func WithQuickLimits(header, read time.Duration) Option {
	return func(o *options) { o.limits.header, o.limits.read = header, read }
}
