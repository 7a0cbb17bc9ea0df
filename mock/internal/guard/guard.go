// Package guard decides who may call the control API, the console and the metrics. The platform's own paths and the health
// checks are open to everybody.
//
// On a loopback address anyone there may call, but no web page of another origin: a write that a browser marks as
// cross-origin is refused, and so is every call whose Host is not a loopback name or one that was allowed (a page whose name
// was made to lead here, DNS rebinding). On any other address, or where a token was given, the token is wanted:
// as Authorization: Bearer, or as the cookie that POST /__admin/session gives a browser for it.
package guard

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
)

// Options is who is let in.
type Options struct {
	Token  string   // wanted on every address; "" makes one, wanted where the address is no loopback
	MadeUp string   // used in place of a random one, where Token is ""
	Hosts  []string // names a Host may have beside loopback ones, without a port
}

// Guard stands before a server's handler.
type Guard struct {
	token  string
	given  bool
	hosts  map[string]bool
	remote atomic.Bool
	origin *http.CrossOriginProtection

	sessions sessions
}

// New makes a guard.
func New(o Options) *Guard {
	g := &Guard{token: o.Token, given: o.Token != "", hosts: map[string]bool{}, origin: http.NewCrossOriginProtection()}
	if !g.given {
		g.token = cmp.Or(o.MadeUp, rand.Text())
	}
	for _, host := range o.Hosts {
		g.hosts[strings.ToLower(strings.TrimSuffix(host, "."))] = true
	}
	return g
}

// Listens tells the guard where the server listens.
func (g *Guard) Listens(addr net.Addr) { g.remote.Store(!loopback(addr)) }

// Token is what is wanted, and whether the guard made it up for an address that
// is no loopback, so that somebody has to be shown it.
func (g *Guard) Token() (token string, generated bool) { return g.token, g.remote.Load() && !g.given }

// loopback says whether only this machine reaches an address.
func loopback(addr net.Addr) bool {
	if tcp, ok := addr.(*net.TCPAddr); ok {
		return tcp.IP.IsLoopback()
	}
	return addr == nil || addr.Network() == "unix"
}

// wantsToken says whether a request must bring the token: by the server's own
// listener, and, where the handler is another server's, by that one's.
func (g *Guard) wantsToken(r *http.Request) bool {
	if g.given || g.remote.Load() {
		return true
	}
	addr, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	return !loopback(addr)
}

// area is what of the server a path belongs to.
type area int

const (
	open    area = iota // the platform's own paths, /healthz, /readyz
	page                // the console's files, which hold nothing and ask for the token
	session             // where a browser brings the token
	secured             // all else
)

func areaOf(path string) area {
	switch {
	case path == "/__admin/session":
		return session
	case below(path, "/__admin"), path == "/metrics":
		return secured
	case below(path, "/console"):
		return page
	default:
		return open
	}
}

func below(path, prefix string) bool {
	rest, ok := strings.CutPrefix(path, prefix)
	return ok && (rest == "" || rest[0] == '/')
}

// Wrap puts the guard before a handler.
func (g *Guard) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		where := areaOf(r.URL.Path)
		if where == open {
			next.ServeHTTP(w, r)
			return
		}
		if err := g.origin.Check(r); err != nil {
			refuse(w, r, http.StatusForbidden, "no page of another origin may write here")
			return
		}
		token := g.wantsToken(r)
		switch {
		case !token && !g.knownHost(r):
			refuse(w, r, http.StatusForbidden, "the host "+quoted(r.Host)+" is no loopback name; allow it with --admin-host")
		case where == session:
			g.session(w, r, token)
		case where == secured && token && !g.admits(r):
			w.Header().Set("WWW-Authenticate", `Bearer realm="etcp-mock"`)
			if r.Header.Get("Authorization") != "" {
				refuse(w, r, http.StatusUnauthorized, "that is not the admin token")
				return
			}
			refuse(w, r, http.StatusUnauthorized, "the admin token is wanted: Authorization: Bearer …, or the cookie of POST /__admin/session")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// EndChunked has a connection end with a request whose body comes in chunks. Where such a request announces a length too, as one does that is to be
// understood otherwise by a proxy before the server, what follows is no request of the proxy's (RFC 9112 §6.1), and net/http does not show the length.
func EndChunked(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.TransferEncoding) > 0 {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// Public serves only what is open to everybody: the platform's own paths and the health checks. To everything else unknown answers.
func Public(next, unknown http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" && areaOf(r.URL.Path) == open { // "/" leads to the console
			next.ServeHTTP(w, r)
			return
		}
		unknown.ServeHTTP(w, r)
	})
}

// knownHost says whether a request was meant for this machine. One that came over
// no connection was.
func (g *Guard) knownHost(r *http.Request) bool {
	if r.Context().Value(http.LocalAddrContextKey) == nil {
		return true
	}
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().IsLoopback() || g.hosts[host]
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || g.hosts[host]
}

// admits says whether a request brings the token.
func (g *Guard) admits(r *http.Request) bool {
	if scheme, given, found := strings.Cut(r.Header.Get("Authorization"), " "); found && strings.EqualFold(scheme, "Bearer") {
		return g.isToken(strings.TrimSpace(given))
	}
	cookie, err := r.Cookie(cookieName)
	return err == nil && g.sessions.has(g.token, cookie.Value)
}

func (g *Guard) isToken(given string) bool { return same(given, g.token) }

// same compares in a time that depends on neither text.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

const cookieName = "etcp_mock_session"
