package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"time"
)

// How several replicas on one database are measured: each has one processor's worth of threads, and the load is the same for one and for
// three.
const (
	replicaSandboxes   = 24
	replicaConnections = 48
	replicaTime        = 3 * time.Second
)

// scaled is what replicas answered.
type scaled struct {
	replicas int
	reached  string
	outcome
}

// measureReplicas asks one replica, and then three: by merchant, as a balancer does that hashes the merchant number; by owner, as if it
// hashed like the replicas; and blindly. It needs an empty database (-database).
func (f *figures) measureReplicas(ctx context.Context) error {
	if f.settings.database == "" {
		if f.settings.step != "" {
			return errors.New("-step replicas wants -database postgres://…, an empty database")
		}
		return nil
	}
	for _, n := range []int{1, 3} {
		if err := f.replicas(ctx, n); err != nil {
			return fmt.Errorf("%d replicas: %w", n, err)
		}
	}
	return nil
}

func (f *figures) replicas(ctx context.Context, n int) error {
	replicas := make([]*child, n)
	for i := range replicas {
		name := fmt.Sprintf("%d-of-%d", i+1, n)
		c, err := startChild(ctx, "replica", "", "-data", f.settings.database, "-name", name)
		if err != nil {
			return err
		}
		c.name = name
		defer c.stop()
		replicas[i] = c
	}
	requests := make([][]byte, replicaSandboxes)
	for i := range requests {
		id := sandboxOf(n, i)
		body := map[string]any{"id": id, "fixture": map[string]any{"merchants": []any{map[string]any{"no": id, "key": merchantKey}}}}
		if err := replicas[0].admin(ctx, http.MethodPost, "/__admin/sandboxes", body); err != nil {
			return err
		}
		requests[i] = wireAs(id, "usersigin", fmt.Sprintf(`{"mobilePhone":"137%08d","appId":"ETCP"}`, i))
	}
	owners, err := ownersAt(ctx, replicas, n)
	if err != nil {
		return err
	}
	for _, way := range []struct {
		name string
		to   func(connection, sandbox int) int
	}{
		{"by merchant", func(_, sandbox int) int { return sandbox % n }},
		{"by owner", func(_, sandbox int) int { return owners[sandbox] }},
		{"blindly", func(connection, sandbox int) int { return (connection/replicaSandboxes + sandbox + 1) % n }},
	} {
		if n == 1 && way.name != "by owner" {
			continue
		}
		routes := make([]route, replicaConnections)
		for i := range routes {
			sandbox := i % replicaSandboxes
			routes[i] = route{replicas[way.to(i, sandbox)].addr, requests[sandbox : sandbox+1], patience}
		}
		for _, last := range []time.Duration{replicaTime / 3, replicaTime} { // the first warms
			o, err := loadRoutes(ctx, routes, last, 0)
			if err != nil {
				return fmt.Errorf("%s: %w", way.name, err)
			}
			if last == replicaTime {
				f.replicated = append(f.replicated, scaled{n, way.name, o})
			}
		}
	}
	return nil
}

// sandboxOf is the id of a sandbox, and its merchant's number.
func sandboxOf(replicas, i int) string { return fmt.Sprintf("bench-%d-%d", replicas, i) }

// replicaRow is a row of GET /__admin/replicas.
type replicaRow struct {
	Name      string   `json:"name"`
	Live      bool     `json:"live"`
	Sandboxes []string `json:"sandboxes"`
}

func (c *child) listReplicas(ctx context.Context) ([]replicaRow, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.addr+"/__admin/replicas", http.NoBody)
	if err != nil {
		return nil, err
	}
	var list struct {
		Items []replicaRow `json:"items"`
	}
	err = exchange(req, func(text []byte) error { return json.Unmarshal(text, &list) })
	return list.Items, err
}

// ownersAt is which replica owns each sandbox, once all have what they should.
func ownersAt(ctx context.Context, replicas []*child, n int) ([]int, error) {
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		owners := make([]int, replicaSandboxes)
		found, live := 0, 0
		listed, err := replicas[0].listReplicas(ctx)
		if err != nil {
			return nil, err
		}
		for _, r := range listed {
			i := slices.IndexFunc(replicas, func(c *child) bool { return c.name == r.Name })
			if !r.Live {
				continue
			}
			live++ // one that was killed a moment ago, too: it has to count as dead first
			if i < 0 {
				continue
			}
			for sandbox := range owners {
				if slices.Contains(r.Sandboxes, sandboxOf(n, sandbox)) {
					owners[sandbox] = i
					found++
				}
			}
		}
		if live == n && found == replicaSandboxes {
			return owners, nil
		}
	}
	return nil, errors.New("the sandboxes did not come to rest with their owners")
}

func (f *figures) reportReplicas(say sayer) {
	if len(f.replicated) == 0 {
		return
	}
	say("## Replicas on one PostgreSQL")
	say("")
	say("%d sandboxes, signed sign-ins over %d connections, each replica with GOMAXPROCS=1. A balancer that hashes merchant numbers reaches the owner in one", replicaSandboxes, replicaConnections)
	say("of three cases, for replicas hash sandboxes in a way of their own; \"by owner\" is without a hop.")
	if runtime.NumCPU() < 8 {
		say("This machine has %d processors for the database, the replicas and the load together: it shows what a hop costs, not how replicas scale.", runtime.NumCPU())
	}
	say("")
	say("| replicas, how they are reached | requests/s | p50 ms | p99 ms | of one |")
	say("|---|---:|---:|---:|---:|")
	for _, s := range f.replicated {
		say("| %d, %s | %.0f | %.1f | %.1f | %.2f |", s.replicas, s.reached, s.rate(), float64(s.quantile(50))/1000, float64(s.quantile(99))/1000, s.rate()/f.replicated[0].rate())
	}
	say("")
}
