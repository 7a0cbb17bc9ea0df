// Command report runs the tests that hold what the project promises of its reliability, and writes docs/reliability.md: each
// promise, the test, and the figures of this run. Run it in the module's root, as make reliability does. It writes nothing
// where one fails.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"
)

const page = "docs/reliability.md"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := write(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1) //nolint:gocritic // nothing is left to stop
	}
}

func write(ctx context.Context) error {
	outcomes := make([]outcome, len(promises))
	for i, p := range promises {
		fmt.Fprintf(os.Stderr, "%s %s\n", p.pkg, p.test)
		var err error
		if outcomes[i], err = p.run(ctx); err != nil {
			return fmt.Errorf("%s %s: %w", p.pkg, p.test, err)
		}
	}
	return os.WriteFile(page, []byte(report(outcomes, machine(ctx))), 0o644) //nolint:gosec // for everybody to read
}

// outcome is what a test gave.
type outcome struct {
	took    time.Duration
	figures []string // what it logged as figures
}

var figure = regexp.MustCompile(`figure: (.*)`)

// run runs a promise's test, and no other.
func (p promise) run(ctx context.Context) (outcome, error) {
	cmd := exec.CommandContext(ctx, "go", "test", "-json", "-count=1", "-run", "^"+p.test+"$", "./"+p.pkg) //nolint:gosec // from the table
	cmd.Env = append(os.Environ(), p.env...)
	out, err := cmd.Output()
	var o outcome
	passed := false
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var e struct {
			Action  string  `json:"Action"`
			Test    string  `json:"Test"`
			Output  string  `json:"Output"`
			Elapsed float64 `json:"Elapsed"`
		}
		if err := dec.Decode(&e); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return o, fmt.Errorf("%w: %s", err, out)
		}
		if m := figure.FindStringSubmatch(e.Output); m != nil {
			o.figures = append(o.figures, strings.TrimSpace(m[1]))
		}
		if e.Test == p.test && e.Action == "pass" {
			passed, o.took = true, time.Duration(e.Elapsed*float64(time.Second))
		}
	}
	if err != nil || !passed {
		return o, fmt.Errorf("it did not pass (%w)", errors.Join(err, errNotPassed))
	}
	return o, nil
}

var errNotPassed = errors.New("run it by itself to see why")

// machine is where and when the figures were taken.
func machine(ctx context.Context) string {
	commit, err := exec.CommandContext(ctx, "git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		commit = []byte("an unknown commit")
	}
	return fmt.Sprintf("%s, %s/%s, %d processors, %s, at %s", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(),
		time.Now().UTC().Format(time.DateOnly), strings.TrimSpace(string(commit)))
}

// report is the page.
func report(outcomes []outcome, machine string) string {
	var b strings.Builder
	b.WriteString(`# Reliability

What etcp-mock promises, the test that holds it, and what that test measured last. ` + "`make reliability`" + ` runs the tests and
writes this page; it writes nothing where one fails. ` + "`make test`" + ` runs them all too, with the race detector.

`)
	b.WriteString("Measured with " + machine + ".\n")
	subject := ""
	for i, p := range promises {
		if p.subject != subject {
			subject = p.subject
			b.WriteString("\n## " + subject + "\n\n| promise | test | last run |\n|---|---|---|\n")
		}
		figures := strconv.FormatFloat(outcomes[i].took.Seconds(), 'f', 2, 64) + " s"
		if len(outcomes[i].figures) > 0 {
			figures = strings.Join(outcomes[i].figures, "; ") + " (" + figures + ")"
		}
		test := "`" + p.test + "` in [" + p.pkg + "](../" + p.pkg + ")"
		if len(p.env) > 0 {
			test += ", `" + strings.Join(p.env, " ") + "`"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", p.text, test, figures)
	}
	b.WriteString("\nEverything that is parsed has a fuzz target, whose findings are kept as tests: `make fuzz` runs each. Every package that\n" +
		"starts goroutines fails where one is left at its end.\n")
	return b.String()
}
