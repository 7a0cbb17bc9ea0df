package cluster

import (
	"bytes"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// Headers between replicas. They are removed before anybody else sees the request.
const (
	headerToken  = "Etcp-Mock-Peer-Token" //nolint:gosec // a header's name
	headerHops   = "Etcp-Mock-Hops"
	headerRemote = "Etcp-Mock-Remote-Addr"
	headerOnly   = "Etcp-Mock-Only-Here" // answer for this replica alone
)

// Target is what a request is about.
type Target struct {
	Sandbox    string
	MerchantNo string // where Sandbox is ""
	Anywhere   bool   // neither: any replica answers it
}

// Edge is how requests of one kind are answered. Its functions may be called at once.
type Edge struct {
	// Target reads what a request is about. body gives the start of its body, up to MaxBody bytes and one more.
	Target func(r *http.Request, body func() []byte) Target
	// Default is the sandbox that gets requests whose merchant number no sandbox has.
	Default string
	// Here answers a request on this replica.
	Here http.Handler
	// Unavailable answers where the owner cannot be reached or the store does not answer.
	Unavailable func(w http.ResponseWriter, r *http.Request, err error)
	// MaxBody is how much of a body Target needs at most, in bytes.
	MaxBody int64
}

// peers is how this replica talks to the others.
type peers struct {
	token     string
	transport *http.Transport
}

func newPeers(token string) *peers {
	return &peers{token: token, transport: &http.Transport{
		DialContext:           (&net.Dialer{Timeout: time.Second}).DialContext,
		MaxIdleConnsPerHost:   256,
		IdleConnTimeout:       time.Minute,
		DisableCompression:    true,
		ResponseHeaderTimeout: 0, // a fault may delay an answer for as long as it says
	}}
}

func (p *peers) close() { p.transport.CloseIdleConnections() }

// Handler answers what clients send: here, or through the replica that owns the sandbox.
func (c *Cluster) Handler(edge Edge) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, name := range []string{headerToken, headerHops, headerRemote, headerOnly} {
			r.Header.Del(name) // a client is no peer
		}
		c.serve(w, r, edge, 0)
	})
}

// strangerTimeout is how much longer who shows no token may send what is left of a request.
const strangerTimeout = time.Second

// Peer answers what other replicas send, on a listener of its own. It wants their token.
func (c *Cluster) Peer(edge Edge) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if subtle.ConstantTimeCompare([]byte(r.Header.Get(headerToken)), []byte(c.opts.Token)) != 1 {
			// Neither its body nor its next request is waited for.
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(strangerTimeout))
			w.Header().Set("Connection", "close")
			http.Error(w, "this is the listener for other replicas of etcp-mock; they send the token of --peer-token", http.StatusForbidden)
			return
		}
		hops, _ := strconv.Atoi(r.Header.Get(headerHops))
		if remote := r.Header.Get(headerRemote); remote != "" {
			r.RemoteAddr = remote
		}
		only := r.Header.Get(headerOnly) != ""
		for _, name := range []string{headerToken, headerHops, headerRemote, headerOnly} {
			r.Header.Del(name)
		}
		if only {
			edge.Here.ServeHTTP(w, r)
			return
		}
		c.serve(w, r, edge, hops)
	})
}

func (c *Cluster) serve(w http.ResponseWriter, r *http.Request, edge Edge, hops int) {
	sandbox, err := c.sandboxOf(r, edge)
	if err != nil {
		edge.Unavailable(w, r, err)
		return
	}
	if sandbox == "" {
		edge.Here.ServeHTTP(w, r)
		return
	}
	peer, elsewhere, err := c.Route(r.Context(), sandbox, hops)
	switch {
	case err != nil:
		edge.Unavailable(w, r, err)
	case !elsewhere:
		edge.Here.ServeHTTP(w, r)
	default:
		c.forward(w, r, peer.Addr, hops+1, false, func(w http.ResponseWriter, r *http.Request) { edge.Unavailable(w, r, unreachable(peer.Name)) })
	}
}

func unreachable(name string) error {
	return fmt.Errorf("%w: replica %s, which owns the sandbox, cannot be reached", ledger.ErrUnavailable, name)
}

// To answers requests through a replica, which answers for itself; ok is false where there is none of that name, or it is this one.
func (c *Cluster) To(name string, edge Edge) (h http.Handler, ok bool) {
	peer, live := c.view.Load().live(name)
	if !live || name == c.opts.Name {
		return nil, false
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.forward(w, r, peer.Addr, maxHops, true, func(w http.ResponseWriter, r *http.Request) { edge.Unavailable(w, r, unreachable(name)) })
	}), true
}

// Create answers a call that makes a sandbox: on the replica that should own one of its id. Where that cannot be reached, it is
// made here, and moves. id reads the id from the body, "" where the call leaves it to the server.
func (c *Cluster) Create(edge Edge, maxBody int64, id func(body []byte) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := peek(r, maxBody+1)
		sandbox := id(body)
		should, ok := c.owner(c.view.Load(), sandbox)
		if sandbox == "" || !ok || should.Name == c.opts.Name {
			edge.Here.ServeHTTP(w, r)
			return
		}
		rest := r.Body
		c.forward(w, r, should.Addr, maxHops, true, func(w http.ResponseWriter, r *http.Request) {
			r.Body = replayed{bytes.NewReader(body), rest}
			edge.Here.ServeHTTP(w, r)
		})
	})
}

// sandboxOf is the sandbox that a request is for, "" where any replica answers it.
func (c *Cluster) sandboxOf(r *http.Request, edge Edge) (string, error) {
	target := edge.Target(r, func() []byte { return peek(r, edge.MaxBody+1) })
	switch {
	case target.Anywhere:
		return "", nil
	case target.Sandbox != "":
		return target.Sandbox, nil
	}
	sandbox, ok, err := c.Merchant(r.Context(), target.MerchantNo)
	if err != nil || ok {
		return sandbox, err
	}
	return edge.Default, nil
}

// peek reads the start of a body and puts it back.
func peek(r *http.Request, limit int64) []byte {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(r.Body, limit))
	var rest io.Reader = r.Body
	if err != nil {
		rest = failing{err} // whoever reads it meets the same error
	}
	r.Body = replayed{io.MultiReader(bytes.NewReader(text), rest), r.Body}
	return text
}

type replayed struct {
	io.Reader
	io.Closer
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// forward sends a request to a peer and its answer back, byte for byte as it comes. Where the peer's connection breaks,
// so does the client's: the request may have happened, and an answer of ours would hide it. (A fault that cuts a
// connection arrives so, too.) So it does where the peer counts as dead before it has answered to the end. Where no connection could be made, unsent
// answers.
func (c *Cluster) forward(w http.ResponseWriter, r *http.Request, addr string, hops int, only bool, unsent http.HandlerFunc) {
	proxy := &httputil.ReverseProxy{
		Transport: c.peers.transport,
		Rewrite: func(p *httputil.ProxyRequest) {
			p.Out.URL.Scheme, p.Out.URL.Host, p.Out.Host = "http", addr, p.In.Host
			p.Out.URL.RawQuery = p.In.URL.RawQuery // also where it is malformed
			for name, values := range p.In.Header {
				if strings.HasPrefix(name, "X-Forwarded-") || name == "Forwarded" {
					p.Out.Header[name] = values
				}
			}
			c.peers.sign(p.Out, r.RemoteAddr, hops)
			if only {
				p.Out.Header.Set(headerOnly, "1")
			}
		},
		FlushInterval: -1,
		ErrorLog:      log.New(io.Discard, "", 0), // that a client or a peer has gone is no error of ours
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			if isUnsent(err) {
				unsent(w, r)
				return
			}
			cut(w)
		},
	}
	ctx, over := c.waiting.begin(r.Context(), addr)
	defer over()
	proxy.ServeHTTP(w, r.WithContext(ctx))
}

func (p *peers) sign(r *http.Request, remote string, hops int) {
	r.Header.Set(headerToken, p.token)
	r.Header.Set(headerHops, strconv.Itoa(hops))
	r.Header.Set(headerRemote, remote)
}

// isUnsent reports whether no connection was made, so that nothing has happened.
func isUnsent(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// cut resets the client's connection.
func cut(w http.ResponseWriter) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	conn, _, err := hijacker.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	for wrapper, ok := conn.(interface{ NetConn() net.Conn }); ok; wrapper, ok = conn.(interface{ NetConn() net.Conn }) {
		conn = wrapper.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// Answer is what a peer said about itself alone.
type Answer struct {
	Replica string
	Status  int
	Body    []byte
	Err     error // ErrUnavailable: it did not answer
}

// Ask sends a GET to each other live replica, for it to answer for itself alone. What comes is by name.
func (c *Cluster) Ask(ctx context.Context, pathAndQuery string, header http.Header) []Answer {
	var live []Answer
	var addrs []string
	for _, r := range c.view.Load().replicas {
		if r.Live && r.Name != c.opts.Name {
			live, addrs = append(live, Answer{Replica: r.Name}), append(addrs, r.Addr)
		}
	}
	done := make(chan struct{})
	for i := range live {
		go func() {
			live[i].Status, live[i].Body, live[i].Err = c.ask(ctx, addrs[i], pathAndQuery, header)
			done <- struct{}{}
		}()
	}
	for range live {
		<-done
	}
	return live
}

const (
	askTimeout = 5 * time.Second
	askMax     = 64 << 20
)

func (c *Cluster) ask(ctx context.Context, addr, pathAndQuery string, header http.Header) (int, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	u, err := url.Parse("http://" + addr + pathAndQuery)
	if err != nil {
		return 0, nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil) //nolint:gosec // to a peer, by the address it has given the store
	if err != nil {
		return 0, nil, err
	}
	r.Header = header.Clone()
	if r.Header == nil {
		r.Header = http.Header{}
	}
	c.peers.sign(r, "", maxHops)
	r.Header.Set(headerOnly, "1")
	res, err := c.peers.transport.RoundTrip(r)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close() //nolint:errcheck // it was read
	body, err := io.ReadAll(io.LimitReader(res.Body, askMax))
	return res.StatusCode, body, err
}
