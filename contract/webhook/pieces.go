package webhook

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// between is how long the second piece of a body comes after the first: a receiver that reads once, or decodes each piece, has done so by then.
const between = 60 * time.Millisecond

// acceptInPieces sends a right push whose body comes in two pieces. No cause is looked for where it is refused: the same push as a whole is accepted.
func (x *examination) acceptInPieces(what lang.Text) {
	m := x.maker.entry()
	m.pieces = true
	if x.endpoint.Handler == nil && (strings.HasPrefix(x.address(m), "https:") || x.network == nil) {
		x.skip = lang.Text{EN: "what comes through TLS, or through a transport of one's own, is not split", ZH: "经 TLS 或自备传输发送的内容不拆分"}
		return
	}
	r := x.send(m)
	if x.note(m, what, r, true) {
		return
	}
	if why := r.refusal(x.endpoint.Timeout); !why.IsZero() {
		x.fail(m, r, lang.Text{EN: "%s was not accepted: %s", ZH: "%s：未被接受：%s"}.With(what, why)).Fix = x.in(x.own)
	}
}

// inPieces makes a request's body come in two pieces, and gives the client that sends it so.
func (x *examination) inPieces(r *http.Request, body string) *http.Client {
	r.ContentLength = int64(len(body))
	r.GetBody = func() (io.ReadCloser, error) { return &pieces{rest: []string{body[:cut(body)], body[cut(body):]}}, nil }
	r.Body, _ = r.GetBody() // it does not fail
	if x.network == nil {
		return x.http
	}
	own := x.network.Clone()
	own.DisableKeepAlives = true
	own.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return splitConn{conn}, nil
	}
	client := *x.http
	client.Transport = own
	return &client
}

// cut is where a text is split: within its first character of several bytes, or in its middle.
func cut(text string) int {
	if i := strings.IndexFunc(text, func(r rune) bool { return r > 0x7f }); i >= 0 {
		return i + 1
	}
	return len(text) / 2
}

// pieces is a body that is read in two pieces, as a handler in this process gets it.
type pieces struct{ rest []string }

func (p *pieces) Read(into []byte) (int, error) {
	for len(p.rest) > 0 && p.rest[0] == "" {
		p.rest = p.rest[1:]
	}
	if len(p.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(into, p.rest[0])
	p.rest[0] = p.rest[0][n:]
	return n, nil
}

func (p *pieces) Close() error { return nil }

// splitConn sends a request's body in two pieces, whether net/http writes it with the head or apart.
type splitConn struct{ net.Conn }

func (c splitConn) Write(p []byte) (int, error) {
	begins := 0 // the body
	if head := bytes.Index(p, []byte("\r\n\r\n")); head >= 0 {
		begins = head + 4
	}
	if begins == len(p) {
		return c.Conn.Write(p)
	}
	at := begins + cut(string(p[begins:]))
	n, err := c.Conn.Write(p[:at])
	if err != nil {
		return n, err
	}
	time.Sleep(between)
	more, err := c.Conn.Write(p[at:])
	return n + more, err
}
