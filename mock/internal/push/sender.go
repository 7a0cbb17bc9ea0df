package push

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Bounds of what a merchant's answer may cost.
const (
	maxAnswer      = 1 << 20
	maxAnswerHead  = 64 << 10
	defaultTimeout = 5 * time.Second
)

// SenderOptions is the little there is to choose.
type SenderOptions struct {
	// TLS is the client's configuration for https merchants; nil is Go's default.
	TLS *tls.Config
	// MaxIdlePerHost is how many idle connections to one merchant are kept; 0 is 64.
	MaxIdlePerHost int
	// Allow is where attempts may go.
	Allow Allow
}

// AcceptHost is a merchant that takes every push and is nobody: nothing is sent, the sender answers itself. It is for worlds in
// which pushes are looked at in the log only. No real host has a name that ends in .invalid (RFC 2606).
const AcceptHost = "accept.invalid"

// Sender makes single attempts. It keeps connections alive, but never sends a request twice, so that an attempt on record is one request at the merchant's.
type Sender struct {
	transport *http.Transport
	allow     Allow
}

// NewSender returns a Sender; Close it.
func NewSender(o SenderOptions) *Sender {
	idle := o.MaxIdlePerHost
	if idle <= 0 {
		idle = 64
	}
	s := &Sender{allow: o.Allow}
	s.transport = &http.Transport{
		// Proxy stays nil: a merchant under test is reached directly, whatever the environment says.
		DialContext:            s.Dial,
		TLSClientConfig:        o.TLS.Clone(),
		TLSNextProto:           map[string]func(string, *tls.Conn) http.RoundTripper{}, // HTTP/1.1 only: one exchange, one connection
		DisableCompression:     true,
		MaxIdleConnsPerHost:    idle,
		IdleConnTimeout:        2 * time.Second, // shorter than servers', so that none is closed under a request
		MaxResponseHeaderBytes: maxAnswerHead,
		ReadBufferSize:         2 << 10,
		WriteBufferSize:        4 << 10,
	}
	return s
}

// Dial connects to where pushes may go. A name that leads to an allowed network is
// judged by each address it leads to, before that is contacted.
func (s *Sender) Dial(ctx context.Context, network, to string) (net.Conn, error) {
	d := net.Dialer{KeepAlive: -1}
	if host, port, err := net.SplitHostPort(to); err != nil || !s.allow.named(host, port) {
		if len(s.allow.networks) == 0 {
			return nil, errNotAllowed
		}
		d.Control = func(_, address string, _ syscall.RawConn) error {
			if !s.allow.address(address) {
				return errNotAllowed
			}
			return nil
		}
	}
	return d.DialContext(ctx, network, to)
}

// Close closes the idle connections.
func (s *Sender) Close() { s.transport.CloseIdleConnections() }

var answerBuffers = sync.Pool{New: func() any { b := make([]byte, 0, 4<<10); return &b }}

// Send makes one attempt: one POST, no redirect followed, done within timeout (0: 5s) or when ctx is. It always returns a Result; what was wrong is its Error.
func (s *Sender) Send(ctx context.Context, attempt Attempt, timeout time.Duration) Result {
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	start := time.Now()
	r := s.exchange(ctx, &attempt.Item, timeout)
	r.Duration = time.Since(start)
	r.Delivered = r.Error == ""
	return r
}

func (s *Sender) exchange(parent context.Context, item *Item, timeout time.Duration) Result {
	target, err := Target(item.URL)
	if err != nil {
		return Result{Error: err.Error()}
	}
	if target.Hostname() == AcceptHost {
		if err := parent.Err(); err != nil {
			return Result{Error: explain(parent, parent, err, timeout)}
		}
		return Result{HTTPStatus: http.StatusOK, Response: `{"code":0,"message":"ok"}`}
	}
	ctx, cancel := context.WithTimeout(parent, timeout)
	defer cancel()
	req := (&http.Request{
		Method: http.MethodPost, URL: target, Host: target.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"User-Agent": {"etcp-mock"}},
		Body:   io.NopCloser(strings.NewReader(item.Body)), ContentLength: int64(len(item.Body)),
	}).WithContext(ctx)
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(item.Body)), nil }
	if item.Body == "" {
		req.Body = http.NoBody
	}
	if item.ContentType != "" {
		req.Header["Content-Type"] = []string{item.ContentType}
	}
	if u := target.User; u != nil {
		password, _ := u.Password()
		req.SetBasicAuth(u.Username(), password)
	}

	resp, err := s.transport.RoundTrip(req) // not a Client: it would follow redirects
	if err != nil {
		return Result{Error: explain(parent, ctx, err, timeout)}
	}
	r := Result{HTTPStatus: resp.StatusCode}
	if resp.StatusCode == http.StatusSwitchingProtocols { // its body is the bare connection, which no timeout ends
		_ = resp.Body.Close()
		r.Error = "answered HTTP 101"
		return r
	}
	buf := answerBuffers.Get().(*[]byte)
	defer answerBuffers.Put(buf)
	answer, err := readAnswer(resp.Body, (*buf)[:0])
	if cap(answer) <= 64<<10 {
		*buf = answer
	}
	_ = resp.Body.Close()
	r.Response = excerpt(answer)
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode < 400 && resp.Header.Get("Location") != "":
		r.Error = fmt.Sprintf("redirect to %s (HTTP %d) not followed", short(resp.Header.Get("Location")), resp.StatusCode)
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		r.Error = fmt.Sprintf("answered HTTP %d", resp.StatusCode)
	case errors.Is(err, errTooLong):
		r.Error = err.Error()
	case err != nil:
		r.Error = fmt.Sprintf("answered HTTP %d, but then: %s", resp.StatusCode, explain(parent, ctx, err, timeout))
	default:
		r.Error = refusal(answer)
	}
	return r
}

var errTooLong = errors.New("answer is longer than 1 MiB")

// readAnswer reads a whole answer, or the first mebibyte of a longer one.
func readAnswer(body io.Reader, buf []byte) ([]byte, error) {
	for {
		if len(buf) > maxAnswer {
			return buf[:maxAnswer], errTooLong
		}
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return buf[:min(len(buf), maxAnswer)], err
		}
	}
}

// Target parses a push URL: absolute, http or https, with a host.
func Target(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil {
		if parse, ok := errors.AsType[*url.Error](err); ok {
			err = parse.Err
		}
		return nil, fmt.Errorf("push URL %q: %w", short(raw), err)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("push URL %q: want an absolute http or https URL", short(raw))
	}
	if u.Hostname() == "" {
		return nil, fmt.Errorf("push URL %q: has no host", short(raw))
	}
	return u, nil
}

// explain says in a person's words why there is no answer.
func explain(parent, ctx context.Context, err error, timeout time.Duration) string {
	var dns *net.DNSError
	var timedOut net.Error
	switch {
	case parent.Err() != nil && errors.Is(parent.Err(), context.Canceled):
		return "given up before the answer: the mock is stopping"
	case ctx.Err() != nil || errors.As(err, &timedOut) && timedOut.Timeout():
		return fmt.Sprintf("no answer within %s", timeout)
	case errors.Is(err, errNotAllowed):
		return "not sent: the URL's host is " + errNotAllowed.Error()
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE):
		return "connection reset before the answer was complete"
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(err.Error(), "server closed idle connection"):
		return "connection closed before the answer was complete"
	case errors.As(err, &dns):
		return fmt.Sprintf("host %q not found", dns.Name)
	}
	return short(err.Error())
}
