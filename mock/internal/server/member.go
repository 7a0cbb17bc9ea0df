package server

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/etcp-mock/etcp-mock/internal/httpserver"
	"github.com/etcp-mock/etcp-mock/mock/internal/ledger"
)

// Member is a server's part among those that share its ledger. A program that shares none does not link one.
type Member interface {
	// Name tells it from the others.
	Name() string
	// Addr is where the others reach it, once it has joined.
	Addr() string
	// Ledger is what they share.
	Ledger() ledger.Ledger
	// Join takes part, and gives the handler that answers any request, by this server or through another.
	Join(s *Server, log *slog.Logger, limits httpserver.Limits) (http.Handler, error)
	// Leave gives up what this server owns, for the others to take.
	Leave(ctx context.Context) error
}
