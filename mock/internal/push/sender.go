package push

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/pushurl"
	"github.com/etcp-mock/etcp-mock/mock/internal/outgoing"
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
	// Dialer makes the connections; nil is one that goes anywhere.
	Dialer *outgoing.Dialer
}

// AcceptHost is a merchant that accepts every push and is nobody: nothing is sent, the sender answers itself. It is for sandboxes in
// which pushes are looked at in the log only. No real host has a name that ends in .invalid (RFC 2606).
const AcceptHost = "accept.invalid"

// Sender makes single attempts. It keeps connections alive, but never sends a request twice, so that an attempt on record is one request at the merchant's.
type Sender struct {
	transport *http.Transport
	dialer    *outgoing.Dialer
}

// NewSender returns a Sender; Close it.
func NewSender(o SenderOptions) *Sender {
	idle := o.MaxIdlePerHost
	if idle <= 0 {
		idle = 64
	}
	dialer := o.Dialer
	if dialer == nil {
		dialer, _ = outgoing.New(outgoing.Options{}) // without a list there is nothing wrong in it
	}
	s := &Sender{dialer: dialer, transport: dialer.HTTP(o.TLS)}
	s.transport.DisableCompression = true
	s.transport.MaxIdleConnsPerHost = idle
	s.transport.MaxResponseHeaderBytes = maxAnswerHead
	s.transport.ReadBufferSize = 2 << 10
	s.transport.WriteBufferSize = 4 << 10
	return s
}

// Close closes the idle connections.
func (s *Sender) Close() { s.transport.CloseIdleConnections() }

var answerBuffers = sync.Pool{New: func() any { b := make([]byte, 0, 4<<10); return &b }}

// Send makes one attempt: one POST, no redirect followed, done within timeout (0: 5s) or when ctx is. It always returns a Result; what was wrong is its Error.
func (s *Sender) Send(ctx context.Context, attempt Attempt, timeout time.Duration) Result {
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	if err := s.dialer.Acquire(ctx, attempt.Item.MerchantNo); err != nil {
		return Result{Error: failStopping.EN}
	}
	hung := false
	defer func() { s.dialer.Release(attempt.Item.MerchantNo, hung) }()
	for {
		start := time.Now()
		r, err := s.exchange(ctx, &attempt.Item, timeout)
		r.Duration = time.Since(start)
		hung = r.Duration >= timeout
		r.Delivered = r.Error == ""
		if err == nil || !outgoing.NoDescriptors(err) {
			return r
		}
		if !Wait(ctx, descriptorPause) {
			return Result{Error: failStopping.EN}
		}
	}
}

// descriptorPause is how long an attempt waits for a descriptor where the process has none left: that is no failure of the merchant's.
const descriptorPause = 100 * time.Millisecond

// Wait waits, in real time, and reports whether the time passed before the context ended.
func Wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// request is what an attempt sends.
func request(item *Item, target *url.URL) *http.Request {
	req := &http.Request{
		Method: http.MethodPost, URL: target, Host: target.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"User-Agent": {"etcp-mock"}},
		Body:   io.NopCloser(strings.NewReader(item.Body)), ContentLength: int64(len(item.Body)),
	}
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
	return req
}

// exchange gives the error, too, where there was no answer.
func (s *Sender) exchange(parent context.Context, item *Item, timeout time.Duration) (Result, error) {
	target, err := pushurl.Parse(item.URL)
	if err != nil {
		return Result{Error: err.Error()}, nil
	}
	if target.Hostname() == AcceptHost {
		if err := parent.Err(); err != nil {
			return Result{Error: explain(parent, parent, err, timeout)}, nil
		}
		return Result{HTTPStatus: http.StatusOK, Response: `{"code":0,"message":"ok"}`}, nil
	}
	ctx, cancel := context.WithTimeout(parent, timeout)
	defer cancel()
	resp, err := s.transport.RoundTrip(request(item, target).WithContext(ctx)) // not a Client: it would follow redirects
	if err != nil {
		return Result{Error: explain(parent, ctx, err, timeout)}, err
	}
	r := Result{HTTPStatus: resp.StatusCode}
	if resp.StatusCode == http.StatusSwitchingProtocols { // its body is the bare connection, which no timeout ends
		_ = resp.Body.Close()
		r.Error = english(failStatus, "101")
		return r, nil
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
		r.Error = english(failRedirect, short(resp.Header.Get("Location")), strconv.Itoa(resp.StatusCode))
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		r.Error = english(failStatus, strconv.Itoa(resp.StatusCode))
	case errors.Is(err, errTooLong):
		r.Error = err.Error()
	case err != nil:
		r.Error = english(failBroken, strconv.Itoa(resp.StatusCode), explain(parent, ctx, err, timeout))
	default:
		r.Error = refusal(answer)
	}
	return r, nil
}

var errTooLong = errors.New(failTooLong.EN)

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

// explain says in a person's words why there is no answer.
func explain(parent, ctx context.Context, err error, timeout time.Duration) string {
	var dns *net.DNSError
	var timedOut net.Error
	var denied *outgoing.DeniedError
	switch {
	case parent.Err() != nil && errors.Is(parent.Err(), context.Canceled):
		return failStopping.EN
	case ctx.Err() != nil || errors.As(err, &timedOut) && timedOut.Timeout():
		return english(failTimeout, timeout)
	case errors.As(err, &denied):
		return english(failDenied, denied.Why)
	case errors.Is(err, syscall.ECONNREFUSED):
		return failRefused.EN
	case errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE):
		return failReset.EN
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(err.Error(), "server closed idle connection"):
		return failClosed.EN
	case errors.As(err, &dns):
		return english(failHost, strconv.Quote(dns.Name))
	}
	return short(err.Error())
}
