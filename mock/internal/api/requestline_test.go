package api

import (
	"bufio"
	"io"
	"net"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// net/http asks for a single byte while it answers; the line that follows on the same connection is repaired all the same, and
// what stands behind it comes whole.
func TestLineConn_singleByteFirst(t *testing.T) {
	const line, fixed, rest = "GET /merchant/x?data={\"a\": 1} HTTP/1.1\r\n", "GET /merchant/x?data={\"a\":%201} HTTP/1.1\r\n", "Host: h\r\n\r\na b"
	here, there := net.Pipe()
	go func() {
		_, _ = there.Write([]byte(line + rest))
		_ = there.Close()
	}()
	conn := &lineConn{Conn: here}
	defer func() { _ = conn.Close() }()
	first := make([]byte, 1)
	_, err := io.ReadFull(conn, first)
	require.NoError(t, err)
	all, err := io.ReadAll(bufio.NewReader(conn))
	require.NoError(t, err)
	require.Equal(t, fixed+rest, string(first)+string(all))
}

// A line that comes in pieces is read to its end before it is repaired; another's is left alone.
func TestLineConn_pieces(t *testing.T) {
	for _, tt := range []struct{ pieces, want string }{
		{"GET /merchant/x?a=1 2| 3 HTTP/1.1\r\n", "GET /merchant/x?a=1%202%203 HTTP/1.1\r\n"},
		{"GET /__admin/x y HTTP/1.1\r\n", "GET /__admin/x y HTTP/1.1\r\n"},
		{"GET /merchant/x?a=1|&b=2 3|\t4 HTTP/1.1\r\nHost: a b\r\n", "GET /merchant/x?a=1&b=2%203%094 HTTP/1.1\r\nHost: a b\r\n"},
		{"GET /merchant/x?a=1|&b=2 HTTP/1.1\r\nHost: a b\r\n", "GET /merchant/x?a=1&b=2 HTTP/1.1\r\nHost: a b\r\n"},
		{"PUT http://h/merchant/x?a=1 2 HTTP/1.1\r\n", "PUT http://h/merchant/x?a=1%202 HTTP/1.1\r\n"},
		{"\r\nGET //merchant/x?a=1 2 HTTP/1.1\r\n", "GET //merchant/x?a=1%202 HTTP/1.1\r\n"},
		{"GET /merchant/x HTTP/1.1\r\n\r\n", "GET /merchant/x HTTP/1.1\r\n\r\n"},
	} {
		here, there := net.Pipe()
		go func() {
			start := 0
			for i, c := range tt.pieces + "|" {
				if c == '|' {
					_, _ = there.Write([]byte(tt.pieces[start:i]))
					start = i + 1
				}
			}
			_ = there.Close()
		}()
		all, err := io.ReadAll(&lineConn{Conn: here})
		require.NoError(t, err)
		require.Equal(t, tt.want, string(all))
	}
}

// brokenOff is a connection whose reads are broken off after each piece, as net/http does when it has answered while a next request begins.
type brokenOff struct {
	net.Conn
	pieces []string
	off    bool
}

func (c *brokenOff) Read(p []byte) (int, error) {
	if len(c.pieces) == 0 {
		return 0, io.EOF
	}
	if c.off = !c.off; !c.off {
		return 0, os.ErrDeadlineExceeded
	}
	n := copy(p, c.pieces[0])
	if c.pieces[0] = c.pieces[0][n:]; c.pieces[0] == "" {
		c.pieces = c.pieces[1:]
	}
	return n, nil
}

// A line whose reading is broken off is held, and repaired when net/http reads again: no beginning of it goes out with spaces.
func TestLineConn_brokenOff(t *testing.T) {
	for _, tt := range []struct {
		pieces []string
		want   string
	}{
		{[]string{"GET /merchant/x?a=1 2", " 3 HTTP/1.1\r\nHost: h\r\n"}, "GET /merchant/x?a=1%202%203 HTTP/1.1\r\nHost: h\r\n"},
		{[]string{"GET /merchant/x?a=1", "&b= 2", "&c=3 4 HT", "TP/1.1\r\n"}, "GET /merchant/x?a=1&b=%202&c=3%204 HTTP/1.1\r\n"},
		{[]string{"GET /merchant/x?a=1 2"}, "GET /merchant/x?a=1 2"},
	} {
		conn, all := &lineConn{Conn: &brokenOff{pieces: tt.pieces}}, []byte(nil)
		p := make([]byte, 1) // as net/http asks meanwhile
		for {
			n, err := conn.Read(p)
			all = append(all, p[:n]...)
			if err == io.EOF { //nolint:errorlint // as Read says it
				break
			}
			if err != nil {
				require.ErrorIs(t, err, os.ErrDeadlineExceeded)
			}
			p = make([]byte, 4096)
		}
		require.Equal(t, tt.want, string(all))
	}
}
