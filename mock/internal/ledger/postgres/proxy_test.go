//go:build unix

package postgres_test

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// proxy is a network that fails on demand.
type proxy struct {
	listener    net.Listener
	to          string
	loseAnswers atomic.Bool // the next answer of each connection that there is gets lost, and the connection with it
	cut         atomic.Bool // nothing gets through, and nobody is told
	healed      chan struct{}
	wg          sync.WaitGroup
}

func newProxy(t *testing.T, to string) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &proxy{listener: listener, to: to, healed: make(chan struct{})}
	p.wg.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			p.wg.Go(func() { p.serve(conn) })
		}
	})
	t.Cleanup(func() {
		if p.cut.Load() {
			p.heal()
		}
		_ = listener.Close()
		p.wg.Wait()
	})
	return p
}

func (p *proxy) url(t *testing.T, database string) string {
	t.Helper()
	u := mustParse(t, database)
	u.Host = p.listener.Addr().String()
	return u.String()
}

func (p *proxy) heal() {
	p.cut.Store(false)
	close(p.healed)
}

func (p *proxy) serve(client net.Conn) {
	defer client.Close()
	if p.cut.Load() {
		<-p.healed
		return
	}
	upstream, err := net.Dial("tcp", p.to)
	if err != nil {
		return
	}
	defer upstream.Close()
	p.wg.Go(func() {
		p.pass(upstream, client, false)
		_ = upstream.Close()
	})
	p.pass(client, upstream, true)
}

func (p *proxy) pass(to io.Writer, from io.Reader, answers bool) {
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if p.cut.Load() {
			<-p.healed
			return
		}
		if err != nil || answers && p.loseAnswers.CompareAndSwap(true, false) {
			return
		}
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
	}
}
