package api

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
)

// wait ends early where the client has gone or the server stops. The request is
// carried out all the same: the platform would not have known.
func (a *API) wait(c *gin.Context, delay time.Duration) {
	_ = http.NewResponseController(c.Writer).SetReadDeadline(time.Time{}) // else it would seem to have gone; a recorder has none
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.Request.Context().Done():
	case <-a.stopping:
	}
}

// dribble sends an answer byte by byte, in real time. It ends early where the client has gone or the server stops.
func (a *API) dribble(c *gin.Context, answer string, on *fault.OnRequest) {
	pause := time.NewTicker(max(on.Pause(len(answer)), time.Microsecond))
	defer pause.Stop()
	for i := range len(answer) {
		select {
		case <-pause.C:
		case <-c.Request.Context().Done():
			return
		case <-a.stopping:
			_, _ = c.Writer.WriteString(answer[i:])
			return
		}
		if _, err := c.Writer.WriteString(answer[i : i+1]); err != nil {
			return
		}
		c.Writer.Flush()
	}
}

// reset breaks a connection off, as TCP does where a process has died: what was
// sent is lost. Where there is no connection to have, net/http ends the request
// in its own way.
func reset(w http.ResponseWriter) {
	if wrapped, ok := w.(gin.ResponseWriter); ok {
		w = bare(wrapped)
	}
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	conn, _, err := hijacker.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	if wrapped, ok := conn.(*lineConn); ok {
		conn = wrapped.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// bare is the server's own writer: Gin's claims to hijack what may not be.
func bare(w http.ResponseWriter) http.ResponseWriter {
	for {
		wrapper, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return w
		}
		w = wrapper.Unwrap()
	}
}
