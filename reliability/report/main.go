// Command report runs the tests that hold what the project promises of its reliability, and writes docs/reliability.md and its
// Chinese page: each promise, the test, and the figures of this run. Run it in the module's root, as make reliability does. It
// writes nothing where one fails.
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
	where := machine(ctx)
	for _, l := range languages {
		if err := os.WriteFile(l.page, []byte(l.report(outcomes, where)), 0o644); err != nil { //nolint:gosec // for everybody to read
			return err
		}
	}
	return nil
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
	o, passed, wrong := read(bytes.NewReader(out), p.test)
	if wrong != nil {
		return o, fmt.Errorf("%w: %s", wrong, out)
	}
	if err != nil || !passed {
		return o, fmt.Errorf("it did not pass (%w)", errors.Join(err, errNotPassed))
	}
	return o, nil
}

// read reads what go test -json said of a test: its figures, and the time from its start to its end. The time it gives itself leaves out parts
// that ran in parallel.
func read(events io.Reader, test string) (o outcome, passed bool, err error) {
	var began time.Time
	for dec := json.NewDecoder(events); ; {
		var e struct {
			Time   time.Time `json:"Time"`
			Action string    `json:"Action"`
			Test   string    `json:"Test"`
			Output string    `json:"Output"`
		}
		if err := dec.Decode(&e); errors.Is(err, io.EOF) {
			return o, passed, nil
		} else if err != nil {
			return o, false, err
		}
		if m := figure.FindStringSubmatch(e.Output); m != nil {
			o.figures = append(o.figures, strings.TrimSpace(m[1]))
		}
		switch {
		case e.Test != test:
		case e.Action == "run":
			began = e.Time
		case e.Action == "pass":
			passed, o.took = true, e.Time.Sub(began)
		}
	}
}

var errNotPassed = errors.New("run it by itself to see why")

// machine is where and when the figures were taken: version, platform, number of processors, day and commit.
func machine(ctx context.Context) []any {
	commit, err := exec.CommandContext(ctx, "git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		commit = []byte("unknown")
	}
	return []any{runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH, runtime.NumCPU(), time.Now().UTC().Format(time.DateOnly), strings.TrimSpace(string(commit))}
}

// language is a page in a language.
type language struct {
	page, root string // its path, and the way from it to the module's root
	intro      string
	machine    string // a format of what machine gives
	head       string // of each table
	test       string // a format of a test, its package and the way there
	comma      string // before the variables of a test's environment
	figures    string // a format of what a test logged, and how long it took
	end        string
	words      func(promise) (subject, text string)
}

var languages = []language{
	{
		page: "docs/reliability.md", root: "../",
		intro: `# Reliability

[中文](zh-CN/reliability.md)

What etcp-mock promises, the test that holds it, and what that test measured last. ` + "`make reliability`" + ` runs the tests and
writes this page; it writes nothing where one fails. ` + "`make test`" + ` runs them all too, with the race detector.

`,
		machine: "Measured with %s, %s, %d processors, %s, at %s.\n",
		head:    "| promise | test | last run |\n|---|---|---|\n",
		test:    "`%s` in [%s](%s)",
		comma:   ", ",
		figures: "%s (%s)",
		end: "\nEverything that is parsed has a fuzz target, whose findings are kept as tests: `make fuzz` runs each. Every package that\n" +
			"starts goroutines fails where one is left at its end.\n",
		words: func(p promise) (subject, text string) { return p.subject, p.text },
	},
	{
		page: "docs/zh-CN/reliability.md", root: "../../",
		intro: `# 可靠性

[English](../reliability.md)

etcp-mock 保证什么、由哪个测试检验、该测试最近一次的结果。` + "`make reliability`" + ` 运行这些测试并生成本页；有一项不通过，就什么都不写。
` + "`make test`" + ` 也会全部运行，并开启竞态检测。结果一栏是测试自己的输出，为英文；括号里是耗时。

`,
		machine: "测量环境：%s，%s，%d 个处理器，%s，提交 %s。\n",
		head:    "| 保证 | 测试 | 最近一次结果 |\n|---|---|---|\n",
		test:    "`%s`（[%s](%s)）",
		comma:   "，",
		figures: "%s（%s）",
		end: "\n凡是需要解析的内容都有 fuzz 目标，发现的问题作为测试保留下来：`make fuzz` 逐个运行。凡是启动 goroutine 的包，结束时只要有一个没有退出，\n" +
			"测试就不通过。\n",
		words: func(p promise) (subject, text string) { return subjectsZh[p.subject], p.zh },
	},
}

// report is the page.
func (l language) report(outcomes []outcome, machine []any) string {
	var b strings.Builder
	b.WriteString(l.intro)
	fmt.Fprintf(&b, l.machine, machine...)
	last := ""
	for i, p := range promises {
		subject, text := l.words(p)
		if subject != last {
			last = subject
			b.WriteString("\n## " + subject + "\n\n" + l.head)
		}
		figures := strconv.FormatFloat(outcomes[i].took.Seconds(), 'f', 2, 64) + " s"
		if len(outcomes[i].figures) > 0 {
			figures = fmt.Sprintf(l.figures, strings.Join(outcomes[i].figures, "; "), figures)
		}
		test := fmt.Sprintf(l.test, p.test, p.pkg, l.root+p.pkg)
		if len(p.env) > 0 {
			test += l.comma + "`" + strings.Join(p.env, " ") + "`"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", text, test, figures)
	}
	return b.String() + l.end
}
