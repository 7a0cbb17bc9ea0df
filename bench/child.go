package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/etcp-mock/etcp-mock/bench/baseline"
	"github.com/etcp-mock/etcp-mock/internal/collector"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/postgres"
)

// runChild is the process under load: the server, and beside it a listener that says what it has allocated and drives cars.
// With a directory the mock keeps what it answers there.
func runChild(ctx context.Context, kind, fixture, data, name string) error {
	gin.SetMode(gin.ReleaseMode)
	var (
		handler http.Handler
		address string
		lc      net.ListenConfig
		end     = func() {}
	)
	switch kind {
	case "baseline":
		handler = baseline.Handler()
		listener, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
		go func() { _ = server.Serve(listener) }() // ends with the process
		address = listener.Addr().String()
	case "mock", "replica":
		server, err := startMock(kind, fixture, data, name)
		if err != nil {
			return err
		}
		handler, address = server.Handler(), server.Addr()
		end = func() { _ = server.Close(context.WithoutCancel(ctx)) } // a figure that is missing is not printed
	default:
		return errors.New("-serve is mock, replica or baseline")
	}
	side, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /stats", func(w http.ResponseWriter, _ *http.Request) {
		if err := json.NewEncoder(w).Encode(readStats()); err != nil {
			return // the parent has gone
		}
	})
	mux.HandleFunc("GET /cpu", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(processorTime()) // or the parent has gone
	})
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("POST /end", func(http.ResponseWriter, *http.Request) { end() })
	mux.HandleFunc("POST /drive", func(_ http.ResponseWriter, r *http.Request) { drive(r.Context(), handler, r.URL.Query()) })
	sideServer := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = sideServer.Serve(side) }() // ends with the process
	fmt.Fprintln(os.Stdout, address, side.Addr())
	<-ctx.Done()
	return nil
}

// startMock starts a mock on a free port.
func startMock(kind, fixture, data, name string) (*mock.Server, error) {
	opts := []mock.Option{mock.WithSeed(1)}
	if fixture != "" {
		text, err := os.ReadFile(fixture)
		if err != nil {
			return nil, err
		}
		opts = append(opts, mock.WithFixture(text))
	}
	collector.Tune() // as etcp-mock serve does, which has read the fixture by then
	if kind == "replica" {
		opts = append(opts, mock.WithReplica(postgres.Replica{Name: name, PeerToken: "of this benchmark"}))
	}
	if data != "" {
		opts = append(opts, mock.WithData(data, mock.DefaultSync))
	}
	server, err := mock.New(opts...)
	if err != nil {
		return nil, err
	}
	return server, server.Start("127.0.0.1:0")
}

// stats is what a process has used so far.
type stats struct {
	Mallocs uint64 `json:"mallocs"`
	Bytes   uint64 `json:"bytes"`
}

func readStats() stats {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return stats{m.Mallocs, m.TotalAlloc}
}

// child is a server in a process of its own.
type child struct {
	cmd            *exec.Cmd
	addr, sideAddr string
	name           string        // of a replica
	started        time.Duration // from exec to its address
}

func startChild(ctx context.Context, kind, fixture string, more ...string) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, append([]string{"-serve", kind, "-fixture", fixture}, more...)...) //nolint:gosec // this very program
	cmd.Stderr = os.Stderr
	if kind == "replica" {
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1") // several are compared with one
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("the %s did not start: %w", kind, errors.Join(err, cmd.Wait()))
	}
	c := &child{cmd: cmd, started: time.Since(began)}
	_, err = fmt.Sscan(line, &c.addr, &c.sideAddr)
	return c, err
}

func (c *child) stop() {
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
}

func (c *child) stats(ctx context.Context) (s stats, err error) { return s, c.side(ctx, "/stats", &s) }

// side asks the listener beside the server.
func (c *child) side(ctx context.Context, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.sideAddr+path, http.NoBody)
	if err != nil {
		return err
	}
	return exchange(req, func(text []byte) error { return json.Unmarshal(text, into) })
}

// profile is a processor profile of the process over so many seconds.
func (c *child) profile(ctx context.Context, seconds int) (profile []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", c.sideAddr, seconds), http.NoBody)
	if err != nil {
		return nil, err
	}
	err = exchange(req, func(text []byte) error { profile = text; return nil })
	return profile, err
}

// cpu is the processor time that the process has used, 0 where that is not known.
func (c *child) cpu(ctx context.Context) (used time.Duration) {
	_ = c.side(ctx, "/cpu", &used) // a figure that is missing is not printed
	return used
}

// memory is what the process holds, nothing where there is no /proc.
func (c *child) memory() memory {
	return memory{resident: c.status("VmRSS"), own: c.status("RssAnon")}
}

// mostMemory is the most that the process has held, in bytes.
func (c *child) mostMemory() int64 { return c.status("VmHWM") }

// status is a line of what the system says of the process, in bytes, 0 where there is none.
func (c *child) status(name string) int64 {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(c.cmd.Process.Pid) + "/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "\n"+name+":")
	line, _, _ := strings.Cut(rest, "\n")
	kilobytes, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(line, "kB")), 10, 64)
	return kilobytes << 10
}
