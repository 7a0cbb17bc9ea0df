package api

import (
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// lazyDeadline is a connection that passes a read deadline on only where a read would wait past it. net/http sets seven for a request that
// comes on a connection kept alive: while it waits for one, for the head, for the body, and four around the read by which it notices that
// the client has gone. Each takes the lock of the poller and moves a timer; nearly all are replaced before anything is read.
// That showed in profiles of the rotation.
//
// The deadline that the connection under it has is never later than the one wanted, so nothing is read late; where it passes early, it is
// set again and the read goes on.
type lazyDeadline struct {
	net.Conn

	mu      sync.Mutex
	wanted  time.Time // as it was set; zero: none
	set     time.Time // what the connection under it has
	reading bool
}

// SetReadDeadline bounds the reads that come, and one that waits.
func (c *lazyDeadline) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wanted = t
	if !c.reading || !c.late() {
		return nil
	}
	c.set = t
	return c.Conn.SetReadDeadline(t) //nolint:wrapcheck // net/http looks at it
}

// SetDeadline bounds reads and writes.
func (c *lazyDeadline) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// late tells whether the connection would wait past what is wanted.
func (c *lazyDeadline) late() bool {
	return !c.wanted.IsZero() && (c.set.IsZero() || c.wanted.Before(c.set))
}

func (c *lazyDeadline) Read(p []byte) (int, error) {
	for {
		if err := c.begin(); err != nil {
			return 0, err
		}
		n, err := c.Conn.Read(p)
		if c.end(); err == nil || !errors.Is(err, os.ErrDeadlineExceeded) || n > 0 || c.over() {
			return n, err //nolint:wrapcheck // net/http looks at it
		}
	}
}

// begin sets the deadline where the connection would wait past it. One that lies in the far past, by which net/http breaks a read
// off, needs no look at a clock.
func (c *lazyDeadline) begin() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.wanted.IsZero() && c.wanted.Unix() <= 1 {
		return os.ErrDeadlineExceeded
	}
	if c.late() {
		if err := c.Conn.SetReadDeadline(c.wanted); err != nil {
			return err //nolint:wrapcheck // net/http looks at it
		}
		c.set = c.wanted
	}
	c.reading = true
	return nil
}

func (c *lazyDeadline) end() {
	c.mu.Lock()
	c.reading = false
	c.mu.Unlock()
}

// over tells, of a deadline that has passed, whether it is the one wanted. Else the one wanted is set.
func (c *lazyDeadline) over() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.wanted.IsZero() && !time.Now().Before(c.wanted) {
		return true
	}
	c.set = c.wanted
	return c.Conn.SetReadDeadline(c.wanted) != nil
}
