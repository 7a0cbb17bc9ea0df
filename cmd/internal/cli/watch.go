package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// settle is how long a burst of changes is waited for.
const settle = 100 * time.Millisecond

// watchFiles runs everything once, and then what changes.
func (r *running) watchFiles(cmd *cobra.Command, s *Selection, args []string) error {
	if len(s.Paths) == 0 {
		return Usagef("--watch: name the files or folders to watch")
	}
	watcher, err := NewWatcher(s.Paths...)
	if err != nil {
		return err
	}
	defer watcher.Close()
	report := func(err error) {
		var code ExitCode
		switch text := FileProblems(Language(cmd), err); {
		case err == nil, errors.As(err, &code):
		case text != "":
			fmt.Fprintln(cmd.ErrOrStderr(), text)
		default:
			fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s\n", cmd.Root().Name(), TextOf(Language(cmd), err))
		}
		Note(cmd, "watching; interrupt to end")
	}
	report(r.once(cmd, s))
	for {
		changed, err := watcher.Changed(cmd.Context(), isCaseFile)
		if err != nil || len(changed) == 0 {
			return err
		}
		again, err := r.choose(args)
		if err == nil {
			again.Cases = slices.DeleteFunc(again.Cases, func(c scenarios.Case) bool { return !touches(again.Library, c.Scenario, changed) })
			if len(again.Cases) == 0 {
				continue
			}
			err = r.once(cmd, again)
		}
		report(err)
	}
}

func isCaseFile(name string) bool {
	ext := filepath.Ext(name)
	return ext == ".yaml" || ext == ".yml" || ext == ".json"
}

// Watcher tells of files that change.
type Watcher struct{ files *fsnotify.Watcher }

// NewWatcher watches files, and folders with all below them.
func NewWatcher(names ...string) (*Watcher, error) {
	files, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("--watch: %w", err)
	}
	w := &Watcher{files}
	for _, name := range names {
		if err := w.add(name); err != nil {
			w.Close()
			return nil, fmt.Errorf("--watch: %w", err)
		}
	}
	return w, nil
}

// Close ends the watching.
func (w *Watcher) Close() { _ = w.files.Close() }

// add watches folders, not files: editors replace files.
func (w *Watcher) add(name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return w.files.Add(filepath.Dir(name))
	}
	return filepath.WalkDir(name, func(each string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return w.files.Add(each)
	})
}

// Changed waits for files that matter to change, until it has been quiet for a moment, and gives their names. None: the context has ended.
func (w *Watcher) Changed(ctx context.Context, matters func(name string) bool) (map[string]bool, error) {
	changed := map[string]bool{}
	var quiet <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return nil, nil
		case err := <-w.files.Errors:
			return nil, fmt.Errorf("--watch: %w", err)
		case e := <-w.files.Events:
			if e.Op == fsnotify.Chmod {
				continue
			}
			if info, err := os.Stat(e.Name); err == nil && info.IsDir() && e.Has(fsnotify.Create) {
				_ = w.add(e.Name) // what is in it will be seen when it changes
			}
			if name := filepath.Clean(e.Name); matters(name) {
				changed[name] = true
				quiet = time.After(settle)
			}
		case <-quiet:
			return changed, nil
		}
	}
}

// touches says whether a scenario, or one that it uses, stands in a changed file.
func touches(l *scenarios.Library, s *scenarios.Scenario, changed map[string]bool) bool {
	seen := map[*scenarios.Scenario]bool{}
	var visit func(s *scenarios.Scenario) bool
	visit = func(s *scenarios.Scenario) bool {
		if s == nil || seen[s] {
			return false
		}
		seen[s] = true
		found := changed[filepath.Clean(s.File)] || s.Setup != "" && visit(l.Get(s.Setup))
		s.Walk(func(step *scenarios.Step) {
			if step.Uses != "" {
				found = visit(l.Get(step.Uses)) || found
			}
		})
		return found
	}
	return visit(s)
}
