package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// merchant receives pushes as fast as two cores let it, or hangs.
type merchant struct {
	listener net.Listener
	received atomic.Int64
	refuse   atomic.Bool
	running  sync.WaitGroup
}

func newMerchant(ctx context.Context, hangs bool) (*merchant, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	m := &merchant{listener: listener}
	m.running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			m.running.Go(func() {
				defer func() { _ = conn.Close() }()
				if hangs {
					_, _ = io.Copy(io.Discard, conn)
					return
				}
				m.serve(conn)
			})
		}
	})
	return m, nil
}

func (m *merchant) url() string { return "http://" + m.listener.Addr().String() + "/etcp" }

func (m *merchant) close() { _ = m.listener.Close() }

const (
	taken   = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 25\r\n\r\n" + `{"code":0,"message":"ok"}`
	refused = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 27\r\n\r\n" + `{"code":1,"message":"busy"}`
)

func (m *merchant) serve(conn net.Conn) {
	in := bufio.NewReaderSize(conn, 8<<10)
	for {
		length := 0
		for {
			line, err := in.ReadSlice('\n')
			if err != nil {
				return
			}
			if len(line) <= 2 {
				break
			}
			if len(line) > 16 && strings.EqualFold(string(line[:15]), "Content-Length:") {
				length, _ = strconv.Atoi(strings.TrimSpace(string(line[15:])))
			}
		}
		if _, err := in.Discard(length); err != nil {
			return
		}
		answer := taken
		if m.refuse.Load() {
			answer = refused
		} else {
			m.received.Add(1)
		}
		if _, err := io.WriteString(conn, answer); err != nil {
			return
		}
	}
}

// drive has cars go in and out, in the server's own process, until the request ends or so many have moved: /drive?cars=1000&moves=5000.
func drive(ctx context.Context, handler http.Handler, q url.Values) {
	cars, _ := strconv.Atoi(q.Get("cars"))
	moves, _ := strconv.Atoi(q.Get("moves"))
	for i := 0; ctx.Err() == nil && (moves == 0 || i < moves); i++ {
		path, body := "exit", fmt.Sprintf(`{"plateNumber":"%s"}`, carPlate(i%cars))
		if i/cars%2 == 0 {
			path, body = "enter", fmt.Sprintf(`{"plateNumber":"%s","parkingId":"1"}`, carPlate(i%cars))
		}
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/__admin/sandboxes/default/cars/"+path, strings.NewReader(body))
		r.Host = "127.0.0.1"
		r.Header.Set("Content-Type", "application/json")
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
}

func (c *child) drive(ctx context.Context, cars, moves int) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, fmt.Sprintf("http://%s/drive?cars=%d&moves=%d", c.sideAddr, cars, moves), http.NoBody)
	if err != nil {
		return err
	}
	return exchange(req, func([]byte) error { return nil })
}

func carPlate(i int) string { return fmt.Sprintf("渝B%05d", i) }

// pushFigures is how fast pushes go out.
type pushFigures struct {
	live, liveRequests float64 // a second: to one fast merchant, while requests are answered beside it
	backlog            float64 // a second: everything due at once
	flooded            float64 // the same, while requests are answered over all connections
	requests, besides  outcome // those requests, without the backlog and beside it
	alone, beside      float64 // a second to 90 merchants, alone and beside ten that hang
}

// The sizes of the fixtures that push.
const (
	liveCars = 2_000
	crowd    = 100
	hanging  = 10
)

func measurePushes(ctx context.Context, s settings) (f pushFigures, err error) {
	if err := f.measureLive(ctx, s); err != nil {
		return f, err
	}
	for _, flood := range []bool{false, true} {
		if err := f.measureBacklog(ctx, s, flood); err != nil {
			return f, err
		}
	}
	if f.alone, err = measureCrowd(ctx, s, 0); err != nil {
		return f, err
	}
	f.beside, err = measureCrowd(ctx, s, hanging)
	return f, err
}

func (f *pushFigures) measureLive(ctx context.Context, s settings) error {
	m, err := newMerchant(ctx, false)
	if err != nil {
		return err
	}
	defer m.close()
	c, err := startFixture(ctx, pushFixture(liveCars, m.url()))
	if err != nil {
		return err
	}
	defer c.stop()
	driving, stop := context.WithTimeout(ctx, 4*s.slice)
	defer stop()
	var cars sync.WaitGroup
	cars.Go(func() { _ = c.drive(driving, liveCars, 0) }) // ends with its time
	began := time.Now()
	load, err := load(ctx, c, 2, 4*s.slice, 0, [][]byte{wire("parkingstatus", `{"parkingId":"1"}`)})
	f.live, f.liveRequests = float64(m.received.Load())/time.Since(began).Seconds(), load.rate()
	stop()
	cars.Wait()
	return err
}

// measureBacklog has everything fall due at once; with a flood, while requests are answered over all connections.
func (f *pushFigures) measureBacklog(ctx context.Context, s settings, flood bool) error {
	m, err := newMerchant(ctx, false)
	if err != nil {
		return err
	}
	defer m.close()
	c, err := backlogged(ctx, s, m)
	if err != nil {
		return err
	}
	defer c.stop()
	requests := [][]byte{wire("parkingstatus", `{"parkingId":"1"}`)}
	if flood {
		if f.requests, err = load(ctx, c, s.connections, 4*s.slice, 0, requests); err != nil {
			return err
		}
	}
	draining, drained := context.WithCancel(ctx)
	defer drained()
	var beside sync.WaitGroup
	var failed error
	if flood {
		beside.Go(func() { f.besides, failed = load(draining, c, s.connections, time.Minute, 0, requests) })
	}
	began := time.Now()
	err = c.admin(ctx, http.MethodPost, "/clock/advance", map[string]any{"by": "10s"})
	rate := float64(m.received.Load()) / time.Since(began).Seconds()
	drained()
	beside.Wait()
	if err = errors.Join(err, failed); err != nil {
		return err
	}
	if got := int(m.received.Load()); got < s.pushes {
		return fmt.Errorf("of a backlog of %d only %d arrived", s.pushes, got)
	}
	if f.backlog == 0 {
		f.backlog = rate
	} else {
		f.flooded = rate
	}
	return nil
}

// backlogged starts a mock whose pushes a merchant has refused once: all are due again in ten seconds.
func backlogged(ctx context.Context, s settings, m *merchant) (*child, error) {
	c, err := startFixture(ctx, pushFixture(s.pushes/2, m.url()))
	if err != nil {
		return nil, err
	}
	m.refuse.Store(true)
	err = errors.Join(
		c.admin(ctx, http.MethodPatch, "/rules", map[string]any{"push.ordering": "none"}),
		c.drive(ctx, s.pushes/2, s.pushes),
		c.admin(ctx, http.MethodPost, "/pushes/drain", map[string]any{"timeout": "60s"}),
	)
	m.refuse.Store(false)
	if err != nil {
		c.stop()
		return nil, err
	}
	return c, nil
}

// measureCrowd pushes to a hundred merchants of which some hang, and counts what the first ninety take.
func measureCrowd(ctx context.Context, s settings, hang int) (float64, error) {
	merchants := make([]*merchant, crowd)
	urls := make([]string, crowd)
	for i := range merchants {
		m, err := newMerchant(ctx, i >= crowd-hang)
		if err != nil {
			return 0, err
		}
		defer m.close()
		merchants[i], urls[i] = m, m.url()
	}
	c, err := startFixture(ctx, pushFixture(liveCars, urls...))
	if err != nil {
		return 0, err
	}
	defer c.stop()
	driving, stop := context.WithTimeout(ctx, 4*s.slice)
	defer stop()
	began := time.Now()
	_ = c.drive(driving, liveCars, 0) // ends with its time
	received := int64(0)
	for _, m := range merchants[:crowd-hanging] {
		received += m.received.Load()
	}
	return float64(received) / time.Since(began).Seconds(), ctx.Err()
}

// pushFixture is a fixture whose cars are bound, each through one of the merchants. Three may be bound by a phone.
func pushFixture(cars int, urls ...string) string {
	var f strings.Builder
	fmt.Fprintf(&f, `{"clock":"2017-08-20 12:00:00","merchants":[{"no":"%s","key":"%s"}`, merchantNo, merchantKey)
	for i, u := range urls {
		fmt.Fprintf(&f, `,{"no":"M%d","key":"k%d","push":{"url":"%s"}}`, i, i, u)
	}
	f.WriteString(`],"parkings":[{"id":"1","name":"P","city":"重庆市","lat":"29.5","lon":"106.5","totalSpace":1000000}],"users":[`)
	for i := range cars {
		if i > 0 {
			f.WriteByte(',')
		}
		fmt.Fprintf(&f, `{"phone":"139%08d","plates":[{"plateNumber":"%s","merchantNo":"M%d","since":"2017-08-01 00:00:00"}]}`, i, carPlate(i), i%len(urls))
	}
	f.WriteString(`]}`)
	return f.String()
}
