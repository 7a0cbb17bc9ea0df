package cli

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// SelectionFlags choose cases: --tag, --name, --file.
type SelectionFlags struct {
	tags, names []string
	file        string
}

// Register adds the flags.
func (f *SelectionFlags) Register(cmd *cobra.Command) {
	cmd.Flags().StringSliceVar(&f.tags, "tag", nil, "only cases with one of these `tags`; !tag: without it")
	cmd.Flags().StringSliceVar(&f.names, "name", nil, "only cases whose name is, holds or matches (*, ?) one of these `names`")
	cmd.Flags().StringVar(&f.file, "file", "", "only `FILE:LINE`: the row of the matrix there, or the steps up to the one there; FILE:LINE as an argument is the same")
}

// Selection is the cases that were chosen, and where they come from.
type Selection struct {
	Library *scenarios.Library
	Cases   []scenarios.Case
	All     int      // before the filters
	Paths   []string // files and folders that were named
	Line    int      // of the one file, where one was named
}

// Source is where a program takes cases from that are named.
type Source struct {
	Library   func() *scenarios.Library // of what is built in
	Otherwise func(*scenarios.Library) []*scenarios.Scenario
	List      string          // the command that lists them
	Judge     scenarios.Judge // holds files to what a server takes; nil: that shows when they run
}

// Choose loads what the arguments name (files, files with a line, folders, names) and filters it. Without arguments it is what the source says.
// The variables that are given from outside need not be defined by them.
func (f *SelectionFlags) Choose(args []string, from Source, given ...string) (*Selection, error) {
	if f.file != "" {
		name, line := splitLine(f.file)
		if line == 0 {
			return nil, Usagef("--file is FILE:LINE, not %q", f.file)
		}
		args = append(slices.Clone(args), name+":"+strconv.Itoa(line))
	}
	s := &Selection{Library: from.Library()}
	var names []string
	for _, arg := range args {
		name, line := splitLine(arg)
		switch _, err := os.Stat(name); {
		case err == nil:
			s.Paths = append(s.Paths, name)
			if line > 0 {
				s.Line = line
			}
		case !errors.Is(err, fs.ErrNotExist):
			return nil, Usagef("%v", err)
		case looksLikePath(arg):
			return nil, Usagef("there is no file %s", name)
		default:
			names = append(names, arg)
		}
	}
	if s.Line > 0 && len(args) > 1 {
		return nil, Usagef("a line is of one file: name that file alone")
	}
	var wanted []*scenarios.Scenario
	if len(s.Paths) > 0 {
		loaded, err := scenarios.Load(scenarios.NewLibrary(s.Library).Give(given...).JudgedBy(from.Judge), s.Paths...)
		if err != nil {
			return nil, err
		}
		if err := checkLine(s.Paths[0], s.Line); err != nil {
			return nil, err
		}
		s.Library = loaded
		wanted = append(wanted, loaded.Own()...)
	}
	for _, name := range names {
		found := s.Library.Get(name)
		if found == nil {
			return nil, Usagef("there is no scenario %q%s; the names there are: %s", name, meant(name, s.Library.Names()), from.List)
		}
		if !slices.Contains(wanted, found) {
			wanted = append(wanted, found)
		}
	}
	if len(args) == 0 {
		wanted = from.Otherwise(s.Library)
	}
	among := wanted
	if len(s.Paths) == 0 {
		among = s.Library.All()
	}
	if err := f.checkTags(among); err != nil {
		return nil, err
	}
	s.filter(f, wanted)
	return s, nil
}

// checkLine refuses a line that a file does not have: every step would come before it.
func checkLine(name string, line int) error {
	if line == 0 {
		return nil
	}
	text, err := ReadFile(name, MostOfFile)
	if err != nil {
		return Usagef("%v", err)
	}
	if lines := bytes.Count(bytes.TrimSuffix(text, []byte("\n")), []byte("\n")) + 1; line > lines {
		return Usagef("%s has %d lines, and no line %d", name, lines, line)
	}
	return nil
}

// filter takes the cases of the scenarios that the flags and the line leave.
func (s *Selection) filter(f *SelectionFlags, wanted []*scenarios.Scenario) {
	for _, w := range wanted {
		for _, c := range w.Cases() {
			s.All++
			if f.wants(c) && (s.Line == 0 || c.At(s.Line)) {
				s.Cases = append(s.Cases, c)
			}
		}
	}
}

// checkTags refuses a tag that no scenario has: with it a run would check nothing, and without it what was to be left out.
func (f *SelectionFlags) checkTags(among []*scenarios.Scenario) error {
	if len(f.tags) == 0 {
		return nil
	}
	var known []string
	for _, s := range among {
		known = append(known, s.Tags...)
	}
	slices.Sort(known)
	for _, tag := range f.tags {
		name := strings.TrimPrefix(tag, "!")
		if len(known) == 0 {
			return Usagef("--tag: no scenario has the tag %q, or any other", name)
		}
		if !slices.Contains(known, name) {
			return Usagef("--tag: no scenario has the tag %q%s; the tags there are: %s", name, meant(name, known), slices.Compact(known))
		}
	}
	return nil
}

func looksLikePath(arg string) bool {
	return strings.ContainsAny(arg, `/\`) || strings.Contains(arg, ".yaml") || strings.Contains(arg, ".yml") || strings.Contains(arg, ".json")
}

// splitLine takes file.yaml:12 apart; the line is 0 where there is none.
func splitLine(arg string) (name string, line int) {
	cut := strings.LastIndexByte(arg, ':')
	if cut < 0 {
		return arg, 0
	}
	if n, err := strconv.Atoi(arg[cut+1:]); err == nil && n > 0 {
		return arg[:cut], n
	}
	return arg, 0
}

// matches reports whether a name is like a pattern: * is any text, slashes included, and ? any character.
func matches(pattern, name string) bool {
	like := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern))
	ok, err := regexp.MatchString("^(?s:"+like+")$", name)
	return ok && err == nil
}

func (f *SelectionFlags) wants(c scenarios.Case) bool {
	if len(f.names) > 0 && !slices.ContainsFunc(f.names, func(n string) bool { return strings.Contains(c.Name(), n) || matches(n, c.Name()) }) {
		return false
	}
	included, includes := false, false
	for _, tag := range f.tags {
		if without, found := strings.CutPrefix(tag, "!"); found {
			if slices.Contains(c.Scenario.Tags, without) {
				return false
			}
			continue
		}
		includes = true
		included = included || slices.Contains(c.Scenario.Tags, tag)
	}
	return included || !includes
}
