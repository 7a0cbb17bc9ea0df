package api

import (
	"crypto/tls"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform"
)

// disturb is check 1: it lets the faults have their way with a request, before
// anything else is asked of it. One that answers in the platform's place, or
// cuts the connection before, leaves nothing to be carried out.
func (a *API) disturb(c *gin.Context, x *exchange) {
	on := x.sandbox.FaultRequest(fault.Request{Endpoint: x.row.Name, MerchantNo: x.form.merchantNo, Data: x.form.data})
	x.fault = &on
	if on.Delay > 0 {
		a.wait(c, on.Delay)
		x.locate(a.worlds) // the clocks have moved
	}
	if !on.Answers && on.Cut != fault.Before {
		return
	}
	refusal := platform.Refuse("injected-fault").With("fault", strings.Join(fault.IDs(on.Hits), ", "))
	if on.Code != nil {
		refusal.Code = *on.Code
	}
	if on.Cut == "" {
		refusal.Say("what", "answered", "作了应答")
	} else {
		refusal.Say("what", "cut the connection", "切断了连接")
	}
	x.refuse(refusal)
	x.answer.Message = on.Message
	if x.status = http.StatusOK; on.HTTPStatus != 0 {
		x.status = on.HTTPStatus
	}
}

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

// reset breaks a connection off, as TCP does where a process has died: what was
// sent is lost. Where there is no connection to have, net/http ends the request
// in its own way.
func reset(w http.ResponseWriter) {
	if wrapped, is := w.(gin.ResponseWriter); is {
		w = bare(wrapped)
	}
	hijacker, is := w.(http.Hijacker)
	if !is {
		panic(http.ErrAbortHandler)
	}
	conn, _, err := hijacker.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if secure, is := conn.(*tls.Conn); is {
		conn = secure.NetConn()
	}
	if tcp, is := conn.(*net.TCPConn); is {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// bare is the server's own writer: Gin's claims to hijack what may not be.
func bare(w http.ResponseWriter) http.ResponseWriter {
	for {
		wrapper, is := w.(interface{ Unwrap() http.ResponseWriter })
		if !is {
			return w
		}
		w = wrapper.Unwrap()
	}
}
