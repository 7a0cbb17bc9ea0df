// Command bench measures the mock over loopback, everything switched on, in turns with a bare Gin server that does the
// same parsing, hashing and look-up, and writes docs/benchmarks.md. It is bounded: a minute, or with -long a quarter of an hour.
//
//	go run ./bench            # a minute, prints the report
//	go run ./bench -write     # and writes what it measured into docs/benchmarks.md
//	go run ./bench -long      # also a million car parks and ten million requests
//	go run ./bench -step replicas -database postgres://… # three replicas beside one, on an empty database
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"time"
)

// settings is how much is measured.
type settings struct {
	rounds      int           // turns of a comparison
	slice       time.Duration // one measurement
	connections int
	parkings    []int
	endurance   int // requests, 0 for none
	pushes      int // of a backlog

	database   string // an empty one, for several replicas; "" leaves them out
	step, only string // of what there is to measure, "" for all
	profile    string // a folder for the processor profiles of each comparison, "" for none
}

func main() {
	serve := flag.String("serve", "", "be the server under load: mock, replica or baseline")
	name := flag.String("name", "", "the name of the replica under load")
	database := flag.String("database", "", "the `URL` of an empty PostgreSQL database, for the step replicas")
	fixture := flag.String("fixture", "", "what the mock under load starts from")
	data := flag.String("data", "", "the directory that the mock under load keeps what it answers in")
	long := flag.Bool("long", false, "measure for a quarter of an hour")
	step := flag.String("step", "", "measure only this, or these with commas between: start, turns, refused, endpoints, sizes, pushes, kept, restart, pauses, replicas, inside or endurance")
	only := flag.String("only", "", "of the turns, only those whose name has this in it")
	rounds := flag.Int("rounds", 0, "turns of each comparison, instead of the usual number")
	profile := flag.String("profile", "", "write processor profiles of both servers, under the load of each comparison, into this folder")
	write := flag.Bool("write", false, "write docs/benchmarks.md")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *serve != "" {
		exit(runChild(ctx, *serve, *fixture, *data, *name))
	}
	s := settings{rounds: 15, slice: 400 * time.Millisecond, connections: 16, parkings: []int{10, 1_000, 100_000}, pushes: 40_000}
	if *long {
		s = settings{rounds: 9, slice: 2 * time.Second, connections: 16, parkings: []int{10, 1_000, 1_000_000}, endurance: 10_000_000, pushes: 200_000}
	}
	s.step, s.only, s.profile, s.database = *step, *only, *profile, *database
	if *rounds > 0 {
		s.rounds = *rounds
	}
	report, err := measure(ctx, s)
	if err == nil && *write {
		err = rewrite("docs/benchmarks.md", report)
	}
	fmt.Fprint(os.Stdout, report)
	exit(err)
}

// rewrite puts what was measured into a document; sections that were not stay as they are.
func rewrite(name, report string) error {
	older, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.WriteFile(name, []byte(merged(string(older), report)), 0o644) //nolint:gosec // a document everybody may read
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}
