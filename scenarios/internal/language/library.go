package language

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/etcp-mock/etcp-mock/internal/suggest"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// Library is a set of scenarios by name. Once it is filled it is only read.
type Library struct {
	byName map[string]*Scenario
	beside map[string]*Scenario // used by those, and found in a file beside theirs
	given  []string
	judge  syntax.Judge
	under  *Library
	fill   func() // reads what is in it, once; nil: it is there
}

// LazyLibrary is a library whose own scenarios are read when somebody looks for them: where nobody names one, that is never. The contract suite
// stands over the built-in ones and names none of them, which spares contract run a fifth of what it would have to read.
func LazyLibrary(read func() *Library) *Library {
	l := &Library{}
	l.fill = sync.OnceFunc(func() { l.byName = read().byName })
	return l
}

// filled is the library itself, once its scenarios are there; nil is nil.
func (l *Library) filled() *Library {
	if l != nil && l.fill != nil {
		l.fill()
	}
	return l
}

// NewLibrary is a library whose scenarios may use those of another below it, which its own hide; nil: none.
func NewLibrary(under *Library) *Library {
	return &Library{byName: map[string]*Scenario{}, under: under}
}

// Parse is [Parse], and [Scenario.Link] to this library.
func (l *Library) Parse(name string, text []byte) (*Scenario, error) {
	p := parse(name, text, l.reading())
	if p.err != nil {
		return nil, l.missing(p, text, nil)
	}
	return p.scenario, p.scenario.Link(l)
}

// missing adds to what is wrong with a file the scenarios that it names and that are nowhere, those of other wrong files aside.
func (l *Library) missing(p parsed, text []byte, wrong []parsed) error {
	problems, ok := errors.AsType[problem.Problems](p.err)
	if !ok {
		return p.err
	}
	c := &syntax.Checker{File: p.file, Text: text, Problems: problems}
	for _, ref := range p.refers {
		there := ref.Name == p.name || l.Get(ref.Name) != nil
		there = there || slices.ContainsFunc(wrong, func(other parsed) bool { return other.name == ref.Name || Slug(other.name) == ref.Name })
		if !there {
			c.Problem(ref.Position, ref.Path, fmt.Sprintf("there is no scenario %q", ref.Name), suggest.DidYouMean(ref.Name, l.Names()))
		}
	}
	return unique(c.Err().(problem.Problems)) //nolint:errorlint,forcetypeassert // there are some
}

// Add puts a scenario in. A name that is taken in this library is a problem.
func (l *Library) Add(s *Scenario) error {
	if other := l.filled().byName[s.Name]; other != nil {
		c := &syntax.Checker{File: s.File, Text: s.Text}
		c.Problem(s.Position, "name", fmt.Sprintf("the name %q is taken by %s:%d", s.Name, other.File, other.Position.Line), "")
		return c.Err()
	}
	l.byName[s.Name] = s
	return nil
}

// Get is a scenario by its name, or else the one whose slug it is (see [Slug]); nil where there is none, or the slug is
// that of several.
func (l *Library) Get(name string) *Scenario {
	for in := l.filled(); in != nil; in = in.under.filled() {
		if s := cmp.Or(in.byName[name], in.beside[name]); s != nil {
			return s
		}
	}
	var found *Scenario
	for in := l.filled(); in != nil; in = in.under.filled() {
		for _, some := range []map[string]*Scenario{in.byName, in.beside} {
			for _, s := range some {
				if Slug(s.Name) != name || s == found {
					continue
				}
				if found != nil {
					return nil
				}
				found = s
			}
		}
	}
	return found
}

// canonical is the name of the scenario that a name or slug stands for, or the name itself.
func (l *Library) canonical(name string) string {
	if s := l.Get(name); s != nil {
		return s.Name
	}
	return name
}

// Own are the scenarios of this library itself, by name.
func (l *Library) Own() []*Scenario {
	out := make([]*Scenario, 0, len(l.filled().byName))
	for _, name := range slices.Sorted(maps.Keys(l.byName)) {
		out = append(out, l.byName[name])
	}
	return out
}

// Names are the names of all scenarios, in order.
func (l *Library) Names() []string {
	all := map[string]bool{}
	for l = l.filled(); l != nil; l = l.under.filled() {
		for name := range l.byName {
			all[name] = true
		}
		for name := range l.beside {
			all[name] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// All are all scenarios, by name.
func (l *Library) All() []*Scenario {
	names := l.Names()
	out := make([]*Scenario, len(names))
	for i, name := range names {
		out[i] = l.Get(name)
	}
	return out
}

// Load reads scenarios from files and folders (*.yaml, *.yml, *.json, at any depth), over those of another library. What
// they use may also stand in a file beside theirs. What is right is loaded even where something is wrong: then the error
// is [Problems].
func Load(under *Library, paths ...string) (*Library, error) {
	l := NewLibrary(under)
	var files []string
	for _, name := range paths {
		info, err := os.Stat(name)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, name)
			continue
		}
		found, err := filesIn(name)
		if err != nil {
			return nil, err
		}
		for _, each := range found {
			files = append(files, filepath.Join(name, filepath.FromSlash(each)))
		}
	}
	return l, l.read(files, readFile, neighbours)
}

// LoadFS is [Load] of a file system.
func LoadFS(under *Library, fsys fs.FS) (*Library, error) {
	l := NewLibrary(under)
	files, err := scenarioFiles(fsys)
	if err != nil {
		return nil, err
	}
	return l, l.read(files, func(name string) ([]byte, error) { return fs.ReadFile(fsys, name) }, nil)
}

func scenarioFiles(fsys fs.FS) (files []string, err error) {
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case slices.Contains(extensions, path.Ext(name)) && !strings.HasSuffix(name, schemaEnding) && isFile(fsys, name, d):
			files = append(files, name)
		}
		return nil
	})
	return files, err
}

// filesIn are the files of scenarios in a folder.
func filesIn(folder string) ([]string, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	defer root.Close() //nolint:errcheck // it was read only
	return scenarioFiles(root.FS())
}

// isFile says whether a name is a regular file, or a link to one inside the file system: a pipe would hang whoever reads it, and a link out of a
// folder that is served would show what is elsewhere.
func isFile(fsys fs.FS, name string, d fs.DirEntry) bool {
	if d.Type()&fs.ModeSymlink == 0 {
		return d.Type().IsRegular()
	}
	info, err := fs.Stat(fsys, name)
	return err == nil && info.Mode().IsRegular()
}

// MaxFile is how large a file of scenarios may be, in bytes.
const MaxFile = 16 << 20

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it was read only
	text, err := io.ReadAll(io.LimitReader(f, MaxFile+1))
	if err == nil && len(text) > MaxFile {
		err = &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("it has more than %d MiB", MaxFile>>20)}
	}
	return text, err
}

// neighbours are the files of scenarios beside a file.
func neighbours(file string) []string {
	var files []string
	for _, ext := range extensions {
		found, err := filepath.Glob(filepath.Join(escapeGlob.Replace(filepath.Dir(file)), "*"+ext))
		if err != nil {
			continue
		}
		for _, name := range found {
			if info, err := os.Stat(name); err == nil && !strings.HasSuffix(name, schemaEnding) && info.Mode().IsRegular() {
				files = append(files, name)
			}
		}
	}
	return files
}

var (
	extensions = []string{".yaml", ".yml", ".json"}
	escapeGlob = strings.NewReplacer("*", `\*`, "?", `\?`, "[", `\[`)
)

// schemaEnding is that of a JSON Schema, which may lie beside the scenarios that are held to it.
const schemaEnding = ".schema.json"

// find reads the files beside those that use what is not there, and takes what is used from them. A file that cannot be
// read, and is called like what is missing, is reported.
func (l *Library) find(get func(string) ([]byte, error), beside func(string) []string, wrong []parsed) (unreadable []error) {
	wanted := map[string]bool{}
	var files []string
	wantIn := func(name, file string) {
		if l.Get(name) == nil && !wanted[name] {
			wanted[name] = true
			files = append(files, beside(file)...)
		}
	}
	want := func(s *Scenario) {
		for _, name := range s.references() {
			wantIn(name, s.File)
		}
	}
	for _, p := range wrong {
		for _, ref := range p.refers {
			wantIn(ref.Name, p.file)
		}
	}
	for _, s := range l.Own() {
		want(s)
	}
	slices.Sort(files)
	files = slices.Compact(files)
	all := map[string]*Scenario{}
	for i, p := range parseAll(files, get, l.reading()) {
		switch {
		case p.err == nil:
			for _, name := range []string{p.scenario.Name, Slug(p.scenario.Name)} {
				if all[name] == nil {
					all[name] = p.scenario
				}
			}
		case p.err != nil && wanted[NameOf(files[i])]:
			unreadable = append(unreadable, p.err)
		}
	}
	l.beside = map[string]*Scenario{}
	for again := true; again; {
		again = false
		for name := range maps.Clone(wanted) {
			if s := all[name]; s != nil && l.beside[s.Name] == nil {
				l.beside[s.Name], again = s, true
				want(s)
			}
		}
	}
	return unreadable
}

// read parses files and links what they hold.
func (l *Library) read(files []string, get func(string) ([]byte, error), beside func(string) []string) error {
	var problems problem.Problems
	note := func(err error) error {
		if p, ok := errors.AsType[problem.Problems](err); ok {
			problems = append(problems, p...)
			return nil
		}
		return err
	}
	all := parseAll(files, get, l.reading())
	wrong := slices.DeleteFunc(slices.Clone(all), func(p parsed) bool { return p.err == nil })
	for i := range all {
		if all[i].err == nil {
			all[i].err = l.Add(all[i].scenario)
		}
	}
	var unreadable []error
	if beside != nil {
		unreadable = l.find(get, beside, wrong)
	}
	for _, p := range all {
		if p.err != nil && p.scenario == nil {
			text, _ := get(p.file) // it was read before
			p.err = l.missing(p, text, wrong)
		}
		if err := note(p.err); err != nil {
			return err
		}
	}
	for _, err := range unreadable {
		if err := note(err); err != nil {
			return err
		}
	}
	for _, s := range l.Own() {
		if err := s.Link(l); err != nil {
			delete(l.byName, s.Name)
			if err := note(err); err != nil {
				return err
			}
		}
	}
	return unique(problems).Err()
}

// parseAll parses files, as many at once as there are processors, and gives them in their order.
func parseAll(files []string, get func(string) ([]byte, error), how reading) []parsed {
	out := make([]parsed, len(files))
	var next atomic.Int64
	var working sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		working.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(files)); i = next.Add(1) - 1 {
				text, err := get(files[i])
				if err != nil {
					out[i] = parsed{file: files[i], err: err}
					continue
				}
				out[i] = parse(files[i], text, how)
			}
		})
	}
	working.Wait()
	return out
}

// unique leaves out what was found twice: by a scenario, and by one that uses it.
func unique(problems problem.Problems) problem.Problems {
	var out problem.Problems
	seen := map[string]bool{}
	for _, p := range problems {
		if key := p.Error(); !seen[key] {
			seen[key] = true
			out = append(out, p)
		}
	}
	return out
}
