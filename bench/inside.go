package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
)

// insideRuns is how often each benchmark of a package is run.
const insideRuns = 5

// insideRow is a figure of a package's own benchmarks, which go test runs.
type insideRow struct {
	name                       string
	pkg, bench, figure, format string
	figures                    []float64
}

var insideRows = []insideRow{
	{name: "lock held, carnum", pkg: "./mock/internal/sandbox", bench: "LockHeld/read/carnum", figure: "held-ns/median", format: "%.0f ns"},
	{name: "lock held, orderunpay", pkg: "./mock/internal/sandbox", bench: "LockHeld/read/orderunpay", figure: "held-ns/median", format: "%.0f ns"},
	{name: "lock held, parkingstatus", pkg: "./mock/internal/sandbox", bench: "LockHeld/read/parkingstatus", figure: "held-ns/median", format: "%.0f ns"},
	{name: "lock held, bindcar", pkg: "./mock/internal/sandbox", bench: "LockHeld/write/bindcar", figure: "held-ns/median", format: "%.0f ns"},
	{name: "lock held, usersigin", pkg: "./mock/internal/sandbox", bench: "LockHeld/write/usersigin", figure: "held-ns/median", format: "%.0f ns"},
	{name: "surroundingparking's search, 5 km, a million car parks", pkg: "./mock/internal/platform", bench: "Radius/metres=5000", figure: "ns/op", format: "%.0f ns"},
	{name: "an input applied, carnum", pkg: "./mock/internal/engine", bench: "Apply/carnum", figure: "ns/op", format: "%.0f ns"},
	{name: "an input applied, orderunpay", pkg: "./mock/internal/engine", bench: "Apply/orderunpay", figure: "ns/op", format: "%.0f ns"},
	{name: "memory of a journal entry", pkg: "./mock/internal/engine", bench: "Kept/entry", figure: "bytes/each", format: "%.0f bytes"},
	{name: "memory of a delivered push", pkg: "./mock/internal/engine", bench: "Kept/push", figure: "bytes/each", format: "%.0f bytes"},
	{name: "memory of a finished order", pkg: "./mock/internal/engine", bench: "Kept/order", figure: "bytes/each", format: "%.0f bytes"},
	{name: "memory of a token", pkg: "./mock/internal/engine", bench: "Kept/token", figure: "bytes/each", format: "%.0f bytes"},
	{name: "replay of a mixed log", pkg: "./mock/internal/engine", bench: "Replay", figure: "inputs/s", format: "%.0f inputs/s"},
}

// measureInside runs the packages' own benchmarks. It needs the go command and the repository as the working directory.
func (f *figures) measureInside(ctx context.Context) error {
	for _, row := range insideRows {
		if err := benchmark(ctx, &row); err != nil {
			return err
		}
		f.inside = append(f.inside, row)
	}
	return nil
}

func benchmark(ctx context.Context, row *insideRow) error {
	cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", row.bench+"$", "-benchtime", "300ms", "-count", strconv.Itoa(insideRuns), row.pkg) //nolint:gosec // of the table above
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go test -bench %s %s: %w", row.bench, row.pkg, err)
	}
	row.figures = figuresIn(out.String(), row.figure)
	if len(row.figures) == 0 {
		return fmt.Errorf("go test -bench %s %s: no %s", row.bench, row.pkg, row.figure)
	}
	return nil
}

// figuresIn are the figures of one unit in what go test -bench prints.
func figuresIn(out, unit string) (figures []float64) {
	for _, found := range regexp.MustCompile(`(?m)\s([0-9.e+-]+) `+regexp.QuoteMeta(unit)+`(\s|$)`).FindAllStringSubmatch(out, -1) {
		if figure, err := strconv.ParseFloat(found[1], 64); err == nil {
			figures = append(figures, figure)
		}
	}
	return figures
}
