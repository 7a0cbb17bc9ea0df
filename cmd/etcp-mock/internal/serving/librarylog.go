package serving

import (
	"log"
	"log/slog"
	"strings"
)

// libraryLog has what libraries print through package log go into the server's log.
type libraryLog struct{ to *slog.Logger }

// redirectLibraries sends package log, which net/http's client prints to, through a logger.
func redirectLibraries(to *slog.Logger) {
	log.SetFlags(0)
	log.SetOutput(libraryLog{to})
}

// Write leaves out what the library quotes: that was sent by somebody, and may be a merchant's key.
func (l libraryLog) Write(p []byte) (int, error) {
	text, _, quotes := strings.Cut(strings.TrimSpace(string(p)), `"`)
	if quotes {
		text += "…"
	}
	l.to.Warn("a library", "message", text)
	return len(p), nil
}
