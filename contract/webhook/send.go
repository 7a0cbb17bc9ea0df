package webhook

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/internal/wire"
)

// send sends a message and waits for the answer.
func (x *examination) send(m message) *reply {
	r := x.sendAs(x.sender, m)
	x.listen(m, r)
	return r
}

// answerWithKey is an answer that has the merchant's key in it, and what it answers.
type answerWithKey struct {
	message message
	reply   *reply
}

// shortKey is up to how many characters a key may stand in any answer by chance.
const shortKey = 5

// listen keeps the first answer that has the merchant's key in it.
func (x *examination) listen(m message, r *reply) {
	key := x.sender.key
	if len(key) <= shortKey || !bytes.Contains(r.Body, []byte(key)) && !strings.Contains(fmt.Sprint(r.Header), key) {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.withKey == nil {
		x.withKey = &answerWithKey{m, r}
	}
}

func (x *examination) sendAs(s sender, m message) *reply {
	x.requests.Add(1)
	var written, reused, met atomic.Bool
	ctx, cancel := context.WithTimeout(httptrace.WithClientTrace(x.ctx, &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			reused.Store(info.Reused)
			met.Store(met.Load() || !info.Reused) // somebody took the connection just now
		},
		WroteRequest: func(info httptrace.WroteRequestInfo) { written.Store(written.Load() || info.Err == nil) },
	}), x.endpoint.Timeout)
	defer cancel()
	method, contentType, body := s.encode(m)
	var payload io.Reader = strings.NewReader(body)
	if body == "" {
		payload = http.NoBody
	}
	r, err := http.NewRequestWithContext(ctx, method, x.address(m), payload)
	if err != nil {
		return &reply{Reply: wire.Reply{Err: err}}
	}
	if contentType != "" && contentType != "-" {
		r.Header.Set("Content-Type", contentType)
	}
	h := x.http
	if m.pieces {
		h = x.inPieces(r, body)
	}
	r.Header.Set("User-Agent", "etcp-mock-contract")
	r.Header["Idempotency-Key"] = nil // is not sent: net/http tries again where the endpoint closed a connection that was kept from an earlier answer
	if len(body) > large {
		x.http.CloseIdleConnections()
	}
	res, err := h.Do(r)
	if err != nil && reused.Load() && !written.Load() && r.GetBody != nil { // … and here where it was closed while the request was being written
		x.http.CloseIdleConnections()
		if r.Body, err = r.GetBody(); err == nil {
			res, err = h.Do(r)
		}
	}
	if err != nil {
		return &reply{Reply: wire.Reply{Err: err}, written: written.Load() || met.Load()}
	}
	defer func() { _ = res.Body.Close() }()
	out := &reply{Reply: wire.Reply{Status: res.StatusCode, Header: res.Header}}
	out.Body, out.Err = io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	return out
}

// large is the size in bytes from which a body gets a connection of its own: of one that was kept nobody can tell whether it broke before the
// request or because of it.
const large = 64 << 10

func (x *examination) address(m message) string {
	if to := x.addresses[m.kind]; to != "" {
		return to
	}
	return x.addresses[client.KindEntry]
}
