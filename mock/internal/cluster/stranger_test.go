package cluster

import (
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Who shows the listener for peers no token is refused and let go, also where the body that was announced never comes.
func TestPeer_stranger(t *testing.T) {
	n := newNode(t, newFakeStore(), "a", staying)
	for _, head := range []string{"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\na"} {
		conn, err := net.Dial("tcp", n.back.Listener.Addr().String()) //nolint:noctx // a literal address
		require.NoError(t, err)
		require.NoError(t, conn.SetDeadline(time.Now().Add(time.Minute)))
		fmt.Fprint(conn, head)
		answer, err := io.ReadAll(conn) // to the end of the connection
		require.NoError(t, err)
		require.Contains(t, string(answer), "403 Forbidden")
		require.NoError(t, conn.Close())
	}
}
