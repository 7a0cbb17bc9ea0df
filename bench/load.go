package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// outcome is what a load came to.
type outcome struct {
	requests int64
	took     time.Duration
	latency  *hdrhistogram.Histogram // microseconds
	cpu      time.Duration           // of the server
}

func (o outcome) rate() float64 { return float64(o.requests) / o.took.Seconds() }

// quantile is in microseconds.
func (o outcome) quantile(q float64) int64 { return o.latency.ValueAtQuantile(q) }

func newLatency() *hdrhistogram.Histogram { return hdrhistogram.New(1, 60_000_000, 3) }

// load sends requests, each connection the next as soon as the last is answered, until the time is over or the limit (0: none) is reached.
func load(ctx context.Context, c *child, connections int, last time.Duration, limit int64, requests [][]byte) (outcome, error) {
	routes := make([]route, connections)
	for i := range routes {
		routes[i] = route{c.addr, slices.Concat(requests[i%len(requests):], requests[:i%len(requests)]), patience}
	}
	before := c.cpu(ctx)
	total, err := loadRoutes(ctx, routes, last, limit)
	total.cpu = c.cpu(ctx) - before
	return total, err
}

// route is what one connection sends, and where to.
type route struct {
	addr     string
	requests [][]byte
	patience time.Duration // for the last answer, once the time is over
}

// patience is how long a server may take for its last answer.
const patience = 30 * time.Second

// loadRoutes is a load over connections each of which has its own server and requests.
func loadRoutes(ctx context.Context, routes []route, last time.Duration, limit int64) (outcome, error) {
	if err := ctx.Err(); err != nil {
		return outcome{latency: newLatency()}, err
	}
	ctx, cancel := context.WithTimeout(ctx, last)
	defer cancel()
	var (
		mu     sync.Mutex
		total  = outcome{latency: newLatency()}
		failed error
		left   atomic.Int64
		all    sync.WaitGroup
	)
	left.Store(limit)
	began := time.Now()
	for _, r := range routes {
		all.Go(func() {
			part, err := loadOne(ctx, r, func() bool { return limit == 0 || left.Add(-1) >= 0 })
			mu.Lock()
			defer mu.Unlock()
			failed = errors.Join(failed, err)
			total.requests += part.requests
			total.latency.Merge(part.latency)
		})
	}
	all.Wait()
	total.took = time.Since(began)
	return total, failed
}

func loadOne(ctx context.Context, r route, more func() bool) (o outcome, err error) {
	o.latency = newLatency()
	conn, err := (&net.Dialer{Timeout: r.patience}).DialContext(context.WithoutCancel(ctx), "tcp", r.addr) // however short the time of the load
	if err != nil {
		return o, err
	}
	defer func() { _ = conn.Close() }()
	over := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now().Add(r.patience)) }) // a server that hangs is not waited for for ever
	defer over()
	in := bufio.NewReaderSize(conn, 16<<10)
	for i := 0; ctx.Err() == nil && more(); i++ {
		began := time.Now()
		if _, err := conn.Write(r.requests[i%len(r.requests)]); err != nil {
			return o, err
		}
		if err := readAnswer(in); err != nil {
			return o, err
		}
		o.requests++
		_ = o.latency.RecordValue(max(1, time.Since(began).Microseconds())) // beyond a minute nothing is answered
	}
	return o, nil
}

// readAnswer reads an HTTP/1.1 answer and insists on status 200.
func readAnswer(in *bufio.Reader) error {
	status, err := in.ReadSlice('\n')
	if err != nil {
		return err
	}
	if len(status) < 12 || string(status[9:12]) != "200" {
		more, _ := in.Peek(in.Buffered()) // it says why
		return fmt.Errorf("answered %q %q", status, more)
	}
	length := -1
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) <= 2 {
			break
		}
		if len(line) > 16 && (line[0] == 'C' || line[0] == 'c') && strings.EqualFold(string(line[:15]), "Content-Length:") {
			if length, err = strconv.Atoi(strings.TrimSpace(string(line[15:]))); err != nil {
				return err
			}
		}
	}
	if length < 0 {
		return errors.New("an answer has no Content-Length")
	}
	_, err = io.CopyN(io.Discard, in, int64(length))
	return err
}
