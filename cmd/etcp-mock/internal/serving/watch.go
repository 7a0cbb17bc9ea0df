package serving

import (
	"context"
	"log/slog"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// reloading reads something anew whenever a file that matters has changed, until it is stopped or the context ends.
func reloading(ctx context.Context, name string, matters func(string) bool, reload func(), log *slog.Logger) (stop func(), err error) {
	watcher, err := cli.NewWatcher(name)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			changed, err := watcher.Changed(ctx, matters)
			switch {
			case err != nil:
				log.Error("watching files", "error", err)
			case len(changed) == 0:
				return
			default:
				reload()
			}
		}
	}()
	return func() {
		cancel()
		<-done
		watcher.Close()
	}, nil
}
