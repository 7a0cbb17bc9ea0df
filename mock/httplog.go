package mock

import (
	"log"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// httpLog has what net/http prints go into the server's log, with the weight that it has here.
func httpLog(to *slog.Logger) *log.Logger { return log.New(&httpWriter{log: to, now: time.Now}, "", 0) }

// acceptEvery is how often it is said that connections cannot be accepted: net/http tries again up to a thousand times a second.
const acceptEvery = time.Minute

// httpWriter gets one message of net/http at a time.
type httpWriter struct {
	log *slog.Logger
	now func() time.Time

	mu      sync.Mutex
	said    time.Time
	skipped int
}

func (w *httpWriter) Write(p []byte) (int, error) {
	text := strings.TrimSpace(string(p))
	switch {
	case strings.HasPrefix(text, "http: Accept error"):
		w.accept(text)
	case strings.HasPrefix(text, "http: panic"):
		w.log.Error("net/http", "message", text)
	default: // clients that went away, and that speak no TLS
		w.log.Debug("net/http", "message", text)
	}
	return len(p), nil
}

func (w *httpWriter) accept(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if now := w.now(); w.said.IsZero() || now.Sub(w.said) >= acceptEvery {
		w.log.Warn("a connection could not be accepted", "message", text, "since then", w.skipped)
		w.said, w.skipped = now, 0
		return
	}
	w.skipped++
}
