package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// Row is a bug of the table.
type Row struct {
	File   string `json:"file"`   // the last element of its path
	Rule   string `json:"rule"`   // what it breaks, an id of the suite's rules
	Before string `json:"before"` // stands once in the file
	After  string `json:"after"`
	Unseen string `json:"unseen,omitempty"` // why no client can see it

	// Of a row that was generated: where it is, and what stands around it.
	path    string
	offset  int
	context string
}

func (r Row) String() string {
	text := fmt.Sprintf("%s: %s → %s", r.File, oneLine(r.Before), oneLine(r.After))
	if r.context != "" {
		text += "   in: " + oneLine(r.context)
	}
	return text
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// ErrRule means that a row names no rule of [schemas.Rules]: no case could say that it checks what the row breaks.
var ErrRule = errors.New("no such rule")

// Read reads a table. A row whose rule does not exist is [ErrRule].
func Read(path string) ([]Row, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	document, err := scenarios.ReadDocument(path, text)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(document.JSON))
	dec.DisallowUnknownFields()
	var rows []Row
	if err := dec.Decode(&rows); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var wrong []error
	for _, row := range rows {
		if !slices.ContainsFunc(schemas.Rules(), func(r schemas.Rule) bool { return r.ID == row.Rule }) {
			wrong = append(wrong, fmt.Errorf("%s: %s: %w: %q", path, row, ErrRule, row.Rule))
		}
	}
	return rows, errors.Join(wrong...)
}

// Folders have the code that rows change.
func Folders() []string {
	return []string{"mock/internal", "sign"}
}

// Planted is a tree with bugs.
type Planted struct {
	Texts  map[string][]byte // of the files with bugs, by path
	Values map[int]bool      // the bugs in the values of variables, which are on from the start of a process or not at all
}

// PlantAll plants every row of a table in a tree: the first is bug 1. A text must stand exactly once in all files of its name.
func PlantAll(root string, rows []Row) (Planted, error) {
	files, err := Files(root, Folders()...)
	if err != nil {
		return Planted{}, err
	}
	texts := map[string][]byte{}
	named := map[string][]string{}
	for _, path := range files {
		if texts[path], err = os.ReadFile(path); err != nil {
			return Planted{}, err
		}
		named[filepath.Base(path)] = append(named[filepath.Base(path)], path)
	}
	bugs := map[string][]Bug{}
	planted := Planted{map[string][]byte{}, map[int]bool{}}
	var wrong []error
	for i, row := range rows {
		path, at, err := find(row, named[row.File], texts)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		b := Bug{Number: i + 1, Before: row.Before, After: row.After, Offset: at}
		text, err := Plant(path, texts[path], []Bug{b})
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		planted.Values[b.Number] = bytes.Contains(text, []byte("mutants_active.If("))
		bugs[path] = append(bugs[path], b)
	}
	if len(wrong) > 0 {
		return Planted{}, errors.Join(wrong...)
	}
	for path, list := range bugs {
		if planted.Texts[path], err = Plant(path, texts[path], list); err != nil {
			return Planted{}, err
		}
	}
	return planted, nil
}

var (
	// ErrNotThere means that the text of a row stands in no file of its name.
	ErrNotThere = errors.New("the text is not there")
	// ErrTwice means that it stands there more than once.
	ErrTwice = errors.New("the text is there more than once")
	// ErrSame means that a row changes nothing.
	ErrSame = errors.New("before and after are the same")
)

func find(row Row, paths []string, texts map[string][]byte) (path string, at int, err error) {
	if row.path != "" {
		return row.path, row.offset, nil
	}
	if row.Before == row.After || row.Before == "" {
		return "", 0, fmt.Errorf("%s: %w", row, ErrSame)
	}
	at = -1
	for _, p := range paths {
		for from := 0; ; {
			i := bytes.Index(texts[p][from:], []byte(row.Before))
			if i < 0 {
				break
			}
			if at >= 0 {
				return "", 0, fmt.Errorf("%s: %w", row, ErrTwice)
			}
			path, at = p, from+i
			from = at + 1
		}
	}
	if at < 0 {
		return "", 0, fmt.Errorf("%s: %w", row, ErrNotThere)
	}
	return path, at, nil
}
