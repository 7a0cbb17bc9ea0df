package api

import (
	"bytes"
	"errors"
	"net"
	"os"
	"strconv"
)

// maxLine bounds a request line that is repaired, in bytes: what net/http reads of a head.
const maxLine = 1 << 20

// RepairRequestLines makes a listener whose connections write the raw spaces of a request's URL as %20, since net/http refuses such a request with a bare
// 400, and a client that did not URL-encode data would not learn why. It costs a look at the first bytes of each read.
// Only what begins a read and has the form of a request line of this platform is changed. It is not for TLS: a client that speaks TLS to it is given to
// spokeTLS, where that is not nil, since net/http says nothing of it that a developer would understand. What is beyond repair is answered by refused, where that
// is not nil, in the place of net/http's bare 400: it is given the status and the head as far as it was read, and a nil answer leaves the bare one.
func RepairRequestLines(l net.Listener, spokeTLS func(from net.Addr), refused func(status int, head []byte, from net.Addr) []byte) net.Listener {
	return lines{l, spokeTLS, refused}
}

type lines struct {
	net.Listener
	spokeTLS func(from net.Addr)
	refused  func(status int, head []byte, from net.Addr) []byte
}

func (l lines) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err //nolint:wrapcheck // net/http looks at it
	}
	return &lineConn{Conn: &lazyDeadline{Conn: conn}, spokeTLS: l.spokeTLS, refused: l.refused}, nil
}

// lineConn is a connection whose request lines are repaired.
type lineConn struct {
	net.Conn
	ready []byte // repaired, and not read yet
	// spokeTLS is told of a connection that begins with TLS; nil from the first read on.
	spokeTLS func(from net.Addr)
	refused  func(status int, head []byte, from net.Addr) []byte
	head     []byte // where the last request of the platform begins
	open     bool   // its line has not ended yet
	held     []byte // the beginning of a line with spaces, whose end was not read when the read was broken off
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
	if len(c.held) > 0 {
		line := c.held
		c.held = nil
		all, err := c.repair(line)
		return c.give(p, all), err
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
	if err == nil {
		all, err = c.look(all)
	}
	return c.give(p, all), err //nolint:wrapcheck // net/http looks at it
}

// give writes into p what there is, and keeps the rest.
func (c *lineConn) give(p, all []byte) int {
	n := copy(p, all)
	c.ready = all[n:] // which nobody writes to before it has been read
	return n
}

// look repairs what begins a request of the platform, or goes on with its line.
func (c *lineConn) look(all []byte) ([]byte, error) {
	if c.open {
		return c.repair(all)
	}
	begins := all
	if len(all) > 0 && (all[0] == '\r' || all[0] == '\n') { // an empty line before a request is passed over (RFC 9112 §2.2)
		begins = bytes.TrimLeft(all, "\r\n")
	}
	switch target := target(begins); {
	case target == nil:
		return all, nil
	case !platformTarget(target):
		c.head = nil
		return all, nil
	}
	c.head = begins
	return c.repair(begins)
}

// bareHead is what follows the status line of net/http's own refusals.
var bareHead = []byte("\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n")

// Write passes an answer on, and replaces net/http's bare refusal of a request of the platform.
func (c *lineConn) Write(p []byte) (int, error) {
	const longest = 300 // bytes of a bare refusal
	if c.refused != nil && c.head != nil && len(p) < longest && bytes.HasPrefix(p, []byte("HTTP/1.1 ")) && p[9] >= '4' && bytes.Contains(p, bareHead) {
		status, _ := strconv.Atoi(string(p[9:12]))
		if answer := c.refused(status, c.head, c.RemoteAddr()); answer != nil {
			_, err := c.Conn.Write(answer)
			return len(p), err //nolint:wrapcheck // net/http looks at it
		}
	}
	return c.Conn.Write(p) //nolint:wrapcheck // net/http looks at it
}

// repair gives what a request begins with, its line without spaces in the URL. Where the line is not there to its end, and has
// a space already, more of it is read. net/http breaks a read off when it has answered the request before: then what there is of the line
// is held until it reads again, for the beginning of a line alone could not be repaired.
func (c *lineConn) repair(all []byte) ([]byte, error) {
	end := bytes.IndexByte(all, '\n')
	goesOn := c.open
	c.open = false
	if end < 0 {
		if !bytes.ContainsAny(all[max(0, bytes.IndexByte(all, '/')):], " \t") {
			c.open = true
			return all, nil // a long URL, encoded as it should be so far
		}
		all = bytes.Clone(all)
		for end < 0 && len(all) < maxLine {
			more := make([]byte, 4<<10)
			n, err := c.Conn.Read(more)
			all = append(all, more[:n]...)
			if errors.Is(err, os.ErrDeadlineExceeded) {
				c.held, c.open = all, goesOn
				return nil, err //nolint:wrapcheck // net/http looks at it
			}
			if err != nil {
				break
			}
			end = bytes.IndexByte(all, '\n')
		}
	}
	if end < 0 {
		return all, nil
	}
	line := repaired(all[:end], goesOn)
	if line == nil {
		return all, nil
	}
	return append(line, all[end:]...), nil
}

// clientHello says of the first bytes of a connection that they begin a TLS handshake: a record of that type, and a version.
func clientHello(b []byte) bool { return len(b) > 2 && b[0] == 0x16 && b[1] == 3 && b[2] <= 4 }

// target is what follows the method of bytes that may begin a request, nil where they do not.
func target(b []byte) []byte {
	const longest = len("OPTIONS")
	for i := 0; i <= longest && i < len(b); i++ {
		switch c := b[i]; {
		case c == ' ' && i > 2:
			return b[i+1:]
		case c < 'A' || c > 'Z':
			return nil
		}
	}
	return nil
}

// platformTarget says of a request's target that it may be one of the platform: a path, doubled slashes too, or an absolute URL.
func platformTarget(t []byte) bool {
	if bytes.HasPrefix(t, []byte("/merchant/")) || bytes.HasPrefix(t, []byte("//merchant/")) {
		return true
	}
	const far = 256
	return bytes.HasPrefix(t, []byte("http")) && bytes.Contains(t[:min(len(t), far)], []byte("/merchant/"))
}

// repaired is a request line whose URL has no spaces and tabs any more, or nil where it had none. Of a line that goes on the beginning was read before.
func repaired(line []byte, goesOn bool) []byte {
	first, last := bytes.IndexByte(line, ' '), bytes.LastIndex(line, []byte(" HTTP/1."))
	if goesOn {
		first = -1
	} else if first < 0 {
		return nil
	}
	if last <= first || !bytes.ContainsAny(line[first+1:last], " \t") {
		return nil
	}
	url := bytes.ReplaceAll(line[first+1:last], []byte(" "), []byte("%20"))
	url = bytes.ReplaceAll(url, []byte("\t"), []byte("%09"))
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
