// Command bench measures the mock over loopback, everything switched on, in turns with a bare Gin server that does the
// same parsing, hashing and look-up, and writes docs/benchmarks.md. It is bounded: a minute, or with -long a quarter of an hour.
//
//	go run ./bench            # a minute, prints the report
//	go run ./bench -write     # and writes what it measured into docs/benchmarks.md and docs/zh-CN/benchmarks.md
//	go run ./bench -long      # also a million car parks and ten million requests
//	go run ./bench -step replicas -database postgres://… # three replicas beside one, on an empty database
//	npm install --prefix DIR wiremock @mockoon/cli @stoplight/prism-cli && go run ./bench -step peers -peers DIR/node_modules # beside other mock servers
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"slices"
	"strings"
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
	peers      string // a folder node_modules with other mock servers; "" leaves them out
	step, only string // of what there is to measure, "" for all
	profile    string // a folder for the processor profiles of each comparison, "" for none
}

// command is what a command line asks for: to be the server under load, or to measure.
type command struct {
	serve, name, fixture, data string
	settings                   settings
	write, chinese             bool
}

// commandOf reads a command line. What is measured for minutes is known to be there before.
func commandOf(args []string, stderr io.Writer) (command, error) {
	var c command
	set := flag.NewFlagSet("bench", flag.ContinueOnError)
	set.SetOutput(stderr)
	set.StringVar(&c.serve, "serve", "", "be the server under load: mock, replica or baseline")
	set.StringVar(&c.name, "name", "", "the name of the replica under load")
	database := set.String("database", "", "the `URL` of an empty PostgreSQL database, for the step replicas")
	set.StringVar(&c.fixture, "fixture", "", "what the mock under load starts from")
	set.StringVar(&c.data, "data", "", "the directory that the mock under load keeps what it answers in")
	long := set.Bool("long", false, "measure for a quarter of an hour")
	modules := set.String("peers", "", "a folder node_modules with the packages wiremock, @mockoon/cli and @stoplight/prism-cli, for the step peers")
	step := set.String("step", "", "measure only this, or these with commas between: "+strings.Join(stepNames(), ", "))
	only := set.String("only", "", "of the turns, only those whose name has this in it")
	rounds := set.Int("rounds", 0, "turns of each comparison, instead of the usual number")
	profile := set.String("profile", "", "write processor profiles of both servers, under the load of each comparison, into this folder")
	set.BoolVar(&c.write, "write", false, "write docs/benchmarks.md and its Chinese page")
	set.BoolVar(&c.chinese, "chinese", false, "write the Chinese page anew from docs/benchmarks.md, and measure nothing")
	if err := set.Parse(args); err != nil {
		return c, err
	}
	s := settings{rounds: 15, slice: 400 * time.Millisecond, connections: 16, parkings: []int{10, 1_000, 100_000}, pushes: 200_000}
	if *long {
		s = settings{rounds: 9, slice: 2 * time.Second, connections: 16, parkings: []int{10, 1_000, 1_000_000}, endurance: 10_000_000, pushes: 200_000}
	}
	s.step, s.only, s.profile, s.database, s.peers = *step, *only, *profile, *database, *modules
	if *rounds > 0 {
		s.rounds = *rounds
	}
	c.settings = s
	for name := range strings.SplitSeq(s.step, ",") {
		if s.step != "" && !slices.Contains(stepNames(), name) {
			return c, fmt.Errorf("-step: there is no %q; there are %s", name, strings.Join(stepNames(), ", "))
		}
	}
	if info, err := os.Stat(s.profile); s.profile != "" && (err != nil || !info.IsDir()) {
		return c, fmt.Errorf("-profile: there is no folder %s", s.profile)
	}
	switch {
	case set.NArg() > 0:
		return c, fmt.Errorf("want flags only, got %s", strings.Join(set.Args(), " "))
	case *rounds < 0:
		return c, fmt.Errorf("-rounds: want 1 or more, got %d", *rounds)
	}
	return c, nil
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	c, err := commandOf(os.Args[1:], os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		exit(nil)
	}
	if err != nil {
		exit(err)
	}
	if c.serve != "" {
		exit(runChild(ctx, c.serve, c.fixture, c.data, c.name))
	}
	if c.chinese {
		exit(translate(page, chinesePage))
	}
	report, err := measure(ctx, c.settings)
	if err == nil && c.write {
		err = errors.Join(rewrite(page, report), translate(page, chinesePage))
	}
	fmt.Fprint(os.Stdout, report)
	exit(err)
}

// The pages that are written.
const (
	page        = "docs/benchmarks.md"
	chinesePage = "docs/zh-CN/benchmarks.md"
)

// translate writes a page in Chinese.
func translate(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, []byte(inChinese(string(text))), 0o644) //nolint:gosec // a document everybody may read
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
