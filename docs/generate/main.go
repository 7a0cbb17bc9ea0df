// Command generate writes the tables of the documentation, from what the tables of the code say: run it in the module's
// root, as make docs does. A table stands between <!-- generated: NAME --> and <!-- end -->.
package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/mock"
)

func main() {
	if err := run(context.Background(), "."); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// run brings every page below root/docs up to date.
func run(ctx context.Context, root string) error {
	return filepath.WalkDir(filepath.Join(root, "docs"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".md" {
			return err
		}
		old, err := os.ReadFile(path) //nolint:gosec // the tree is the caller's own
		if err != nil {
			return err
		}
		text, err := filled(ctx, string(old))
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if text == string(old) {
			return nil
		}
		fmt.Println(path)
		return os.WriteFile(path, []byte(text), 0o644) //nolint:gosec // for everybody to read
	})
}

// mark begins a table.
const mark = "<!-- generated: "

var errNotClosed = errors.New("a table is not closed by <!-- end -->")

var marked = regexp.MustCompile(`(?s)<!-- generated: ([^\n]*?) -->\n.*?<!-- end -->`)

// filled is a page with its tables anew.
func filled(ctx context.Context, page string) (string, error) {
	blocks := marked.FindAllString(page, -1)
	if n := strings.Count(page, mark); n != len(blocks) { // one that is never closed would take what follows up to the end of the next
		return page, fmt.Errorf("%w: %d begin, %d end", errNotClosed, n, len(blocks))
	}
	if len(blocks) == 0 {
		return page, nil
	}
	server, err := mock.New(mock.WithSeed(1))
	if err != nil {
		return "", err
	}
	served := httptest.NewServer(server.Handler())
	defer func() {
		served.Close()
		_ = server.Close(ctx) // nothing is on its way
	}()
	source := source{ctx: ctx, client: control.New(served.URL)}
	var wrong error
	text := marked.ReplaceAllStringFunc(page, func(block string) string {
		name := marked.FindStringSubmatch(block)[1]
		table, err := source.table(name)
		if err != nil {
			wrong = errors.Join(wrong, fmt.Errorf("%s: %w", name, err))
			return block
		}
		return "<!-- generated: " + name + " -->\n" + table.String() + "<!-- end -->"
	})
	return text, wrong
}

// table is rows of cells, the first of them the head.
type table [][]string

func (t table) String() string {
	var b strings.Builder
	for i, row := range t {
		cells := make([]string, len(row)) // the table stays as it is
		for j, cell := range row {
			cells[j] = strings.ReplaceAll(strings.ReplaceAll(cell, "|", `\|`), "\n", " ")
		}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
		if i == 0 {
			b.WriteString(strings.Repeat("|---", len(row)) + "|\n")
		}
	}
	return b.String()
}
