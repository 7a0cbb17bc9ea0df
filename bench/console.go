package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	steadyRate = 5_000           // requests a second while a page is open
	openSlice  = 2 * time.Second // one measurement of the server's processor time
	openSettle = 3 * time.Second // until an opened page has read what was before it

	profiled = 40 // seconds of a processor profile
	// own is what runs for those who follow a sandbox, and for nobody else.
	own = `control\.\(\*broadcast\)\.run|control\.\(\*follower\)\.follow`
)

// watched is the processor time of a server under a steady load, with somebody looking on and without, in turns.
type watched struct {
	name        string
	alone, with []float64 // share of one processor
	own         float64   // per cent of the server's processor time that is spent in what serves onlookers, 0 where it was not found out
}

// more is what looking on adds to the server's processor time, turn by turn.
func (w *watched) more() []float64 {
	all := make([]float64, len(w.with))
	for i := range all {
		all[i] = 100 * (w.with[i]/w.alone[i] - 1)
	}
	return all
}

// onlooker is a way to look on: open begins it and gives what ends it.
type onlooker struct {
	name   string
	settle time.Duration
	open   func(context.Context, *child) (func(), error)
}

// measureConsole is what an open page costs a server that answers 5,000 requests a second: with a reader of the stream that the page reads, and with
// the page itself, in Chromium. Each is measured between two measurements without, and compared with their mean.
func (f *figures) measureConsole(ctx context.Context) error {
	c, err := startFixture(ctx, "")
	if err != nil {
		return err
	}
	defer c.stop()
	work, err := prepare(ctx, c)
	if err == nil {
		err = c.admin(ctx, http.MethodPatch, "/rules", map[string]any{"timestamp.window": "24h"}) // the same requests to the end
	}
	if err != nil {
		return err
	}
	onlookers := []onlooker{{"a reader of the page's event stream", openSettle / 10, readDigest}}
	if browser, err := startBrowser(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench: console: without a page:", err)
	} else {
		defer browser.stop()
		onlookers = append(onlookers, onlooker{"the page, Live", openSettle, browser.open("live")}, onlooker{"the page, Charts", openSettle, browser.open("charts")})
	}
	loading, stop := context.WithCancel(ctx)
	defer stop()
	var sent atomic.Int64
	var failed error
	var load sync.WaitGroup
	load.Go(func() {
		if failed = steadily(loading, c, f.settings.connections, work.requests["a mixed day"], &sent); failed != nil {
			stop()
		}
	})
	f.watched = make([]watched, len(onlookers))
	for i, one := range onlookers {
		f.watched[i].name = one.name
	}
	err = f.watchTurns(loading, c, onlookers, &sent)
	stop()
	load.Wait()
	if ctx.Err() == nil && failed != nil {
		return failed
	}
	return err
}

func (f *figures) watchTurns(ctx context.Context, c *child, onlookers []onlooker, sent *atomic.Int64) error {
	if err := sleep(ctx, openSettle); err != nil { // the journal fills, and the processes warm
		return err
	}
	before, err := share(ctx, c, sent)
	if err != nil {
		return err
	}
	for range f.settings.rounds {
		for i, one := range onlookers {
			end, err := one.open(ctx, c)
			if err != nil {
				return err
			}
			with, err := share(ctx, c, sent, one.settle)
			end()
			if err != nil {
				return err
			}
			after, err := share(ctx, c, sent, openSettle/10)
			if err != nil {
				return err
			}
			w := &f.watched[i]
			w.alone, w.with = append(w.alone, (before+after)/2), append(w.with, with)
			before = after
		}
	}
	for i, one := range onlookers {
		end, err := one.open(ctx, c)
		if err != nil {
			return err
		}
		err = sleep(ctx, one.settle)
		if err == nil {
			f.watched[i].own, err = ownShare(ctx, c)
		}
		end()
		if err != nil {
			return err
		}
	}
	return nil
}

// ownShare is the part of the server's processor time, in per cent, that a profile finds in what serves onlookers: a busy machine makes that slower like
// everything else, and so changes it little. It needs the go command.
func ownShare(ctx context.Context, c *child) (float64, error) {
	text, err := c.profile(ctx, profiled)
	if err != nil {
		return 0, err
	}
	file, err := os.CreateTemp("", "etcp-mock-bench-*.pprof")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.Remove(file.Name()) }()
	_, err = file.Write(text)
	if err = errors.Join(err, file.Close()); err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, "go", "tool", "pprof", "-top", "-nodecount=100000", "-nodefraction=0", "-focus="+own, file.Name()) //nolint:gosec // written above
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return 0, fmt.Errorf("go tool pprof: %w", err)
	}
	return accounted(string(out))
}

var accounting = regexp.MustCompile(`accounting for \S+, ([0-9.]+)% of`)

// accounted reads what part of all samples pprof has shown, in per cent.
func accounted(top string) (float64, error) {
	m := accounting.FindStringSubmatch(top)
	if m == nil {
		return 0, fmt.Errorf("go tool pprof printed %q", top)
	}
	return strconv.ParseFloat(m[1], 64)
}

// share is the part of one processor that the server uses for the steady rate, over a slice that begins after a while.
func share(ctx context.Context, c *child, sent *atomic.Int64, settle ...time.Duration) (float64, error) {
	for _, d := range settle {
		if err := sleep(ctx, d); err != nil {
			return 0, err
		}
	}
	cpu, count := c.cpu(ctx), sent.Load()
	if err := sleep(ctx, openSlice); err != nil {
		return 0, err
	}
	cpu, count = c.cpu(ctx)-cpu, sent.Load()-count
	if count == 0 || cpu <= 0 {
		return 0, errors.New("the server's processor time is not known")
	}
	return cpu.Seconds() / float64(count) * steadyRate, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// steadily sends the steady rate of requests until the context ends.
func steadily(ctx context.Context, c *child, connections int, requests [][]byte, sent *atomic.Int64) error {
	every := time.Duration(connections) * time.Second / steadyRate
	var all sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for i := range connections {
		all.Go(func() {
			next := time.Now().Add(every * time.Duration(i) / time.Duration(connections))
			more := func() bool {
				if late := time.Since(next); late > time.Second { // what a machine that stood still did not send is not made up for
					next = next.Add(late)
				}
				if sleep(ctx, time.Until(next)) != nil {
					return false
				}
				next = next.Add(every)
				sent.Add(1)
				return true
			}
			_, err := loadOne(context.WithoutCancel(ctx), route{c.addr, rotated(requests, i), patience}, more)
			mu.Lock()
			defer mu.Unlock()
			failed = errors.Join(failed, err)
		})
	}
	all.Wait()
	return failed
}

func rotated(requests [][]byte, by int) [][]byte {
	by %= len(requests)
	return append(append([][]byte{}, requests[by:]...), requests[:by]...)
}

// readDigest reads the stream that an open page reads.
func readDigest(ctx context.Context, c *child) (func(), error) {
	ctx, cancel := context.WithCancel(ctx)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.addr+"/__admin/sandboxes/default/events?digest=true", http.NoBody)
	if err != nil {
		cancel()
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		cancel()
		return nil, err
	}
	var reading sync.WaitGroup
	reading.Go(func() {
		defer func() { _ = res.Body.Close() }()
		_, _ = io.Copy(io.Discard, res.Body) // ends with the context
	})
	return func() { cancel(); reading.Wait() }, nil
}

// browser is a Chromium without windows, told over HTTP which pages to open.
type browser struct {
	cmd     *exec.Cmd
	profile string
	host    string
}

func startBrowser(ctx context.Context) (*browser, error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "etcp-mock-bench-chromium")
	if err != nil {
		return nil, err
	}
	b := &browser{profile: profile}
	b.cmd = exec.CommandContext(ctx, path, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", //nolint:gosec // found above
		"--disable-component-update", "--disable-sync", "--remote-debugging-port=0", "--user-data-dir="+profile, "about:blank")
	out, err := b.cmd.StderrPipe()
	if err == nil {
		err = b.cmd.Start()
	}
	if err != nil {
		_ = os.RemoveAll(profile)
		return nil, err
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, at, found := strings.Cut(lines.Text(), "DevTools listening on "); found {
			u, err := url.Parse(at)
			if err != nil {
				b.stop()
				return nil, err
			}
			b.host = u.Host
			go func() { _, _ = io.Copy(io.Discard, out) }() // ends with the browser
			return b, nil
		}
	}
	b.stop()
	return nil, errors.New("chromium did not say where it listens")
}

func (b *browser) stop() {
	if b.cmd.Process != nil {
		_ = b.cmd.Process.Kill()
		_ = b.cmd.Wait()
	}
	_ = os.RemoveAll(b.profile)
}

// open gives what opens a page of the console in a tab.
func (b *browser) open(page string) func(context.Context, *child) (func(), error) {
	return func(ctx context.Context, c *child) (func(), error) {
		var tab struct {
			ID string `json:"id"`
		}
		err := b.ask(ctx, http.MethodPut, "/json/new?"+url.QueryEscape("http://"+c.addr+"/console/#/"+page), func(text []byte) error { return json.Unmarshal(text, &tab) })
		if err != nil {
			return nil, err
		}
		return func() {
			_ = b.ask(context.WithoutCancel(ctx), http.MethodGet, "/json/close/"+tab.ID, func([]byte) error { return nil })
		}, nil
	}
}

func (b *browser) ask(ctx context.Context, method, path string, read func([]byte) error) error {
	req, err := http.NewRequestWithContext(ctx, method, "http://"+b.host+path, http.NoBody)
	if err != nil {
		return err
	}
	return exchange(req, read)
}

func (f *figures) reportConsole(say sayer) {
	if len(f.watched) == 0 {
		return
	}
	say("## An open page")
	say("")
	say("The server's processor time at %d requests a second (a mixed day, %d connections), in slices of %s with somebody looking on, each between two slices without;", steadyRate, f.settings.connections, openSlice)
	say("medians of %d turns with the least and the most. What serves onlookers is what a profile of %d seconds finds of their own code in it, which a busy machine", len(f.watched[0].with), profiled)
	say("hardly changes. The page runs in Chromium on the same processors, and has read the journal before it is measured. The machine was %s.", busy())
	say("")
	say("| | of one processor, without | with | more than without | what serves onlookers |")
	say("|---|---:|---:|---:|---:|")
	for i := range f.watched {
		w := &f.watched[i]
		say("| %s | %.1f %% | %.1f %% | %s | %.1f %% |", w.name, 100*median(w.alone), 100*median(w.with), spread(w.more(), "%.1f %%"), w.own)
	}
	say("")
}
