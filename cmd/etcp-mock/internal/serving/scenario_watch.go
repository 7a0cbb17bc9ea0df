package serving

import (
	"context"
	"log/slog"
	"os"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/mock"
)

// watchScenarios reads a folder's scenarios anew whenever something in it changes, until the context ends. What is wrong
// is logged.
func watchScenarios(ctx context.Context, dir string, server *mock.Server, log *slog.Logger) (stop func(), err error) {
	return reloading(ctx, dir, func(string) bool { return true }, func() { reloadScenarios(server, log) }, log)
}

func reloadScenarios(server *mock.Server, log *slog.Logger) {
	problems := server.ReloadScenarios()
	for _, problem := range problems {
		log.Error("a scenario cannot be read", "problem", problem)
	}
	if len(problems) == 0 {
		log.Info("scenarios read")
	}
}

// checkScenarios says whether a folder can be served at all.
func checkScenarios(dir string) error {
	if dir == "" {
		return nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return cli.Usagef("--scenarios: %v", err)
	}
	if !info.IsDir() {
		return cli.Usagef("--scenarios %s: is no folder", dir)
	}
	return nil
}
