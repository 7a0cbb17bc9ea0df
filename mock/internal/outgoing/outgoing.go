// Package outgoing makes every connection that a server opens by itself: for pushes, for the examination of an endpoint, for the http
// steps of scenarios. It decides where they may go, and how many there are at once.
package outgoing

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"
	"time"
)

// Options is where connections may go, and how many at once.
type Options struct {
	// Allow lists hosts ("merchant.test", "*.merchant.test", "127.0.0.1"), hosts with a port ("merchant.test:9000", "[::1]:9000") and
	// networks ("10.0.0.0/8"); none at all allow every place.
	Allow []string
	// DenyPrivate refuses addresses of this machine and of private networks that Allow does not list.
	DenyPrivate bool
	// Connections is how many exchanges there are at once; 0 is half of the descriptors that the process may have
	// open, 4096 at most.
	Connections int
}

// Dialer makes the connections of a server.
type Dialer struct {
	allow  allow
	budget *budget
}

// New makes a dialer.
func New(o Options) (*Dialer, error) {
	a, err := newAllow(o.Allow, o.DenyPrivate)
	if err != nil {
		return nil, err
	}
	limit := o.Connections
	if limit <= 0 {
		limit = min(max(Descriptors()/2, 16), 4096)
	}
	return &Dialer{allow: a, budget: newBudget(limit)}, nil
}

// Dial connects to where connections may go. A name that leads to an allowed network is judged by each address it leads to,
// before that is contacted. What may not be contacted is a [*DeniedError].
func (d *Dialer) Dial(ctx context.Context, network, to string) (net.Conn, error) {
	dialer := net.Dialer{KeepAlive: -1}
	if d.allow.anywhere() {
		return dialer.DialContext(ctx, network, to)
	}
	host, port, err := net.SplitHostPort(to)
	switch {
	case err == nil && d.allow.named(host, port):
	case d.allow.limited && len(d.allow.networks) == 0:
		return nil, errNotAllowed
	default:
		dialer.Control = func(_, address string, _ syscall.RawConn) error { return d.allow.address(address) }
	}
	return dialer.DialContext(ctx, network, to)
}

// Acquire waits until whoever is named may have one more exchange, and takes it. Those who hang leave room:
// however many there are, one who comes new need not wait for them.
func (d *Dialer) Acquire(ctx context.Context, who string) error { return d.budget.acquire(ctx, who) }

// Release gives back what Acquire took. hung says that the time ran out before there was an answer: who hangs gets fewer at once, until it answers.
func (d *Dialer) Release(who string, hung bool) { d.budget.release(who, hung) }

// HTTP is a transport without proxy and without HTTP/2: one exchange, one connection. Its user closes its idle connections.
func (d *Dialer) HTTP(config *tls.Config) *http.Transport {
	return &http.Transport{
		// Proxy stays nil: a merchant under test is reached directly, whatever the environment says.
		DialContext:     d.Dial,
		TLSClientConfig: config.Clone(),
		TLSNextProto:    map[string]func(string, *tls.Conn) http.RoundTripper{},
		MaxIdleConns:    max(d.budget.limit/4, 4),
		IdleConnTimeout: 2 * time.Second, // shorter than servers', so that none is closed under a request
	}
}

// Shared has each exchange of a transport counted as one of whoever is named, from its request to the end of its answer. How long the
// answers take changes nothing for it.
func (d *Dialer) Shared(who string, next http.RoundTripper) http.RoundTripper {
	return shared{d, who, next}
}

type shared struct {
	dialer *Dialer
	who    string
	next   http.RoundTripper
}

func (s shared) RoundTrip(r *http.Request) (*http.Response, error) {
	s.dialer.budget.widen(s.who)
	if err := s.dialer.Acquire(r.Context(), s.who); err != nil {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, err
	}
	answer, err := s.next.RoundTrip(r)
	if err != nil {
		s.dialer.Release(s.who, false)
		return nil, err
	}
	answer.Body = &body{ReadCloser: answer.Body, close: func() { s.dialer.Release(s.who, false) }}
	return answer, nil
}

// body is an answer's; the exchange ends with it.
type body struct {
	io.ReadCloser
	close func()
}

func (b *body) Close() error {
	err := b.ReadCloser.Close()
	if b.close != nil {
		b.close()
		b.close = nil
	}
	return err
}

// NoDescriptors says whether a connection failed since the process or the machine has no descriptor left: no fault of whoever
// was to be contacted.
func NoDescriptors(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}
