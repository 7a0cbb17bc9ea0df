package api

import (
	"net"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// counted counts the read deadlines that a connection is given.
type counted struct {
	net.Conn

	deadlines atomic.Int64
}

func (c *counted) SetReadDeadline(t time.Time) error {
	c.deadlines.Add(1)
	return c.Conn.SetReadDeadline(t)
}

func lazyPipe(t *testing.T) (conn *lazyDeadline, under *counted, there net.Conn) {
	t.Helper()
	here, there := net.Pipe()
	under = &counted{Conn: here}
	t.Cleanup(func() { _, _ = here.Close(), there.Close() })
	return &lazyDeadline{Conn: under}, under, there
}

// A deadline that passes ends a read that waits, and each read after it, until another is set.
func TestLazyDeadline_passes(t *testing.T) {
	conn, _, there := lazyPipe(t)
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Millisecond)))
	for range 2 {
		_, err := conn.Read(make([]byte, 8))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	}
	require.NoError(t, conn.SetReadDeadline(time.Time{}))
	go func() { _, _ = there.Write([]byte("x")) }()
	n, err := conn.Read(make([]byte, 8))
	require.NoError(t, err)
	require.Equal(t, 1, n)
}

// A read goes on past a deadline that was replaced by a later one, or by none, before it began.
func TestLazyDeadline_replaced(t *testing.T) {
	for _, later := range []time.Time{time.Now().Add(time.Hour), {}} {
		conn, under, there := lazyPipe(t)
		conn.set = time.Now().Add(time.Millisecond) // of an earlier read
		require.NoError(t, under.Conn.SetReadDeadline(conn.set))
		require.NoError(t, conn.SetReadDeadline(later))
		go func() {
			for under.deadlines.Load() == 0 { // the early one has passed, and the other is set
				time.Sleep(time.Millisecond)
			}
			_, _ = there.Write([]byte("b"))
		}()
		_, err := conn.Read(make([]byte, 8))
		require.NoError(t, err)
	}
}

// A read that waits without a deadline is broken off by one in the past, as net/http does it.
func TestLazyDeadline_brokenOff(t *testing.T) {
	conn, _, there := lazyPipe(t)
	read := make(chan error)
	go func() {
		_, err := conn.Read(make([]byte, 1))
		read <- err
	}()
	require.NoError(t, conn.SetReadDeadline(time.Unix(1, 0)))
	require.ErrorIs(t, <-read, os.ErrDeadlineExceeded)
	require.NoError(t, conn.SetReadDeadline(time.Time{}))
	go func() { _, _ = there.Write([]byte("x")) }()
	_, err := conn.Read(make([]byte, 1))
	require.NoError(t, err)
}

// What net/http sets for each request on a connection kept alive reaches the poller once, not seven times a request.
func TestLazyDeadline_passesFewOn(t *testing.T) {
	conn, under, there := lazyPipe(t)
	go func() {
		for range 10 {
			_, _ = there.Write([]byte("request"))
		}
	}()
	for range 10 {
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(2*time.Minute))) // idle
		_, err := conn.Read(make([]byte, 64))
		require.NoError(t, err)
		for _, at := range []time.Time{{}, time.Now().Add(10 * time.Second), time.Now().Add(time.Minute), {}, time.Unix(1, 0), {}} {
			require.NoError(t, conn.SetReadDeadline(at))
		}
	}
	require.EqualValues(t, 1, under.deadlines.Load())
}
