package mock

import (
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"
)

// sayEvery is how often the same is said: net/http tries again to accept up to a thousand times a second, and so may a client that speaks the wrong protocol.
const sayEvery = time.Minute

// httpWriter has what net/http prints go into the server's log, one message at a time, with the weight that it has here.
type httpWriter struct {
	log *slog.Logger
	now func() time.Time

	mu   sync.Mutex
	last map[string]*often // by message
}

// often is a message that is not said each time.
type often struct {
	said    time.Time
	skipped int
}

func newHTTPWriter(to *slog.Logger) *httpWriter { return &httpWriter{log: to, now: time.Now} }

func (w *httpWriter) Write(p []byte) (int, error) {
	text := strings.TrimSpace(string(p))
	switch {
	case strings.HasPrefix(text, "http: Accept error"):
		w.sometimes("a connection could not be accepted", "message", text)
	case strings.HasPrefix(text, "http: panic"):
		w.log.Error("net/http", "message", text)
	case strings.Contains(text, "client sent an HTTP request to an HTTPS server"):
		w.sometimes("a client spoke plain HTTP to this address, which speaks TLS", "fix", "give the client a base URL that begins with https://, or serve without --tls", "message", text)
	default: // clients that went away, and that speak no TLS
		w.log.Debug("net/http", "message", text)
	}
	return len(p), nil
}

// spokeTLS is told of a client that began a TLS handshake with an address that speaks plain HTTP. Its request never arrives, so that no journal has it.
func (w *httpWriter) spokeTLS(from net.Addr) {
	w.sometimes("a client spoke TLS to this address, which speaks plain HTTP", "fix", "give the client a base URL that begins with http://, or serve with --tls", "from", from.String())
}

// sometimes warns, once a minute for each message.
func (w *httpWriter) sometimes(message string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.last == nil {
		w.last = map[string]*often{}
	}
	o := w.last[message]
	if o == nil {
		o = &often{}
		w.last[message] = o
	}
	if now := w.now(); o.said.IsZero() || now.Sub(o.said) >= sayEvery {
		w.log.Warn(message, append(args, "since then", o.skipped)...)
		o.said, o.skipped = now, 0
		return
	}
	o.skipped++
}
