package api

import (
	"bytes"
	"net"
)

// maxLine bounds a request line that is repaired, in bytes.
const maxLine = 16 << 10

// RepairRequestLines makes a listener whose connections write the raw spaces of a request's URL as %20, since net/http refuses such a request with a bare
// 400, and a client that did not URL-encode data would not learn why. It costs a look at the first bytes of each read.
// Only what begins a read and has the form of a request line of this platform is changed. It is not for TLS: a client that speaks TLS to it is given to
// spokeTLS, where that is not nil, since net/http says nothing of it that a developer would understand.
func RepairRequestLines(l net.Listener, spokeTLS func(from net.Addr)) net.Listener {
	return lines{l, spokeTLS}
}

type lines struct {
	net.Listener
	spokeTLS func(from net.Addr)
}

func (l lines) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err //nolint:wrapcheck // net/http looks at it
	}
	return &lineConn{Conn: &lazyDeadline{Conn: conn}, spokeTLS: l.spokeTLS}, nil
}

// lineConn is a connection whose request lines are repaired.
type lineConn struct {
	net.Conn
	ready []byte // repaired, and not read yet
	// spokeTLS is told of a connection that begins with TLS; nil from the first read on.
	spokeTLS func(from net.Addr)
	buf      []byte // room for the beginning of a request, made once: one for every request cost as much as the request
}

// NetConn is the connection under it.
func (c *lineConn) NetConn() net.Conn {
	if lazy, ok := c.Conn.(*lazyDeadline); ok {
		return lazy.Conn
	}
	return c.Conn
}

// shortRead is below what a read is taken as one that looks for the next request: net/http asks for a single byte while a
// request is answered, and the line must not be cut there.
const shortRead = 64

// lineRoom holds the beginning of a request, in bytes. A request that fits is read by one call of the kernel and not two: of the
// usual ones all do (350 to 1300 bytes), with 512 bytes half of them did not.
const lineRoom = 2 << 10

func (c *lineConn) Read(p []byte) (int, error) {
	if len(c.ready) > 0 {
		n := copy(p, c.ready)
		c.ready = c.ready[n:]
		return n, nil
	}
	into := p
	if len(p) < shortRead {
		if c.buf == nil {
			c.buf = make([]byte, lineRoom)
		}
		into = c.buf
	}
	n, err := c.Conn.Read(into)
	all := into[:n]
	if c.spokeTLS != nil && n > 0 {
		if clientHello(all) {
			c.spokeTLS(c.RemoteAddr())
		}
		c.spokeTLS = nil
	}
	if err == nil && platformLine(all) {
		all = c.repair(all)
	}
	n = copy(p, all)
	c.ready = all[n:] // which nobody writes to before it has been read
	return n, err     //nolint:wrapcheck // net/http looks at it
}

// repair gives what a request begins with, its line without spaces in the URL. Where the line is not there to its end, and has
// a space already, more of it is read.
func (c *lineConn) repair(all []byte) []byte {
	end := bytes.IndexByte(all, '\n')
	if end < 0 {
		if bytes.IndexByte(all[bytes.IndexByte(all, '/'):], ' ') < 0 {
			return all // a long URL, encoded as it should be so far
		}
		all = bytes.Clone(all)
		for end < 0 && len(all) < maxLine {
			more := make([]byte, 4<<10)
			n, err := c.Conn.Read(more)
			if all = append(all, more[:n]...); err != nil {
				break
			}
			end = bytes.IndexByte(all, '\n')
		}
	}
	if end < 0 {
		return all
	}
	line := repaired(all[:end])
	if line == nil {
		return all
	}
	return append(line, all[end:]...)
}

// clientHello says of the first bytes of a connection that they begin a TLS handshake: a record of that type, and a version.
func clientHello(b []byte) bool { return len(b) > 2 && b[0] == 0x16 && b[1] == 3 && b[2] <= 4 }

// platformLine says of bytes that they may begin a request of the platform.
func platformLine(b []byte) bool {
	return bytes.HasPrefix(b, []byte("GET /merchant/")) || bytes.HasPrefix(b, []byte("POST /merchant/"))
}

// repaired is a request line whose URL has no spaces any more, or nil where it had none.
func repaired(line []byte) []byte {
	first, last := bytes.IndexByte(line, ' '), bytes.LastIndex(line, []byte(" HTTP/1."))
	if first < 0 || last <= first || bytes.IndexByte(line[first+1:last], ' ') < 0 {
		return nil
	}
	url := bytes.ReplaceAll(line[first+1:last], []byte(" "), []byte("%20"))
	return bytes.Join([][]byte{line[:first+1], url, line[last:]}, nil)
}

// CloseWrite ends what is sent, as net/http does before it closes a connection whose request it has not read to its end: else
// its answer might be lost.
func (c *lineConn) CloseWrite() error {
	if half, ok := c.NetConn().(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}
