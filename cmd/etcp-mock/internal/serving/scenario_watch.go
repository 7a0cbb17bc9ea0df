package serving

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/mock"
)

// settle is how long a folder has to be quiet before it is read: editors write in several steps.
const settle = 100 * time.Millisecond

// watchScenarios reads a folder's scenarios anew whenever something in it changes, until the context ends. What is wrong
// is logged. Folders are watched, not files, which editors replace.
func watchScenarios(ctx context.Context, dir string, server *mock.Server, log *slog.Logger) (stop func(), err error) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("--watch: %w", err)
	}
	if err := watchTree(watcher, dir); err != nil {
		return nil, errors.Join(err, watcher.Close())
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		quiet := time.NewTimer(settle)
		quiet.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case event, open := <-watcher.Events:
				if !open {
					return
				}
				if event.Has(fsnotify.Create) {
					_ = watchTree(watcher, event.Name) // a file, or gone again
				}
				quiet.Reset(settle)
			case err, open := <-watcher.Errors:
				if !open {
					return
				}
				log.Error("watching scenarios", "error", err)
			case <-quiet.C:
				reloadScenarios(server, log)
			}
		}
	}()
	return func() { _ = watcher.Close(); <-done }, nil
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

// watchTree watches a folder and those in it.
func watchTree(watcher *fsnotify.Watcher, dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.IsDir() {
			return nil
		}
		return watcher.Add(path)
	})
}

// checkScenarios says whether a folder can be served at all.
func checkScenarios(dir string, watch bool) error {
	if dir == "" {
		if watch {
			return cli.Usagef("--watch wants --scenarios")
		}
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
