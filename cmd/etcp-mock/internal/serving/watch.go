package serving

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long files have to be quiet before they are read: editors write in several steps.
const settle = 100 * time.Millisecond

// watching is one thing that serve --watch reads anew.
type watching struct {
	watcher *fsnotify.Watcher
	tree    bool              // folders that are made below the watched ones are watched, too
	about   func(string) bool // whether a file that has changed matters
	reload  func()
	log     *slog.Logger
}

// start watches a folder until the context ends. Folders are watched, not files, which editors replace.
func (w watching) start(ctx context.Context, dir string) (stop func(), err error) {
	if w.watcher, err = fsnotify.NewWatcher(); err != nil {
		return nil, fmt.Errorf("--watch: %w", err)
	}
	if w.tree {
		err = watchTree(w.watcher, dir)
	} else {
		err = w.watcher.Add(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("--watch: %w", errors.Join(err, w.watcher.Close()))
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.follow(ctx)
	}()
	return func() { _ = w.watcher.Close(); <-done }, nil
}

func (w watching) follow(ctx context.Context) {
	quiet := time.NewTimer(settle)
	quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case event, open := <-w.watcher.Events:
			if !open {
				return
			}
			if w.tree && event.Has(fsnotify.Create) {
				_ = watchTree(w.watcher, event.Name) // a file, or gone again
			}
			if w.about(event.Name) {
				quiet.Reset(settle)
			}
		case err, open := <-w.watcher.Errors:
			if !open {
				return
			}
			w.log.Error("watching files", "error", err)
		case <-quiet.C:
			w.reload()
		}
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
