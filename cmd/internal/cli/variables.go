package cli

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/internal/suggest"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// meant is a hint at the nearest of the names there are.
func meant(given string, known []string) error {
	if near := nearest(given, known); near != "" {
		return newProblem("; did you mean %q?", []any{near})
	}
	return newProblem("", nil)
}

// meantWord is meant of a word of the command line, as it is typed: with the dashes of a flag.
func meantWord(dashes, given string, known []string) error {
	if near := nearest(given, known); near != "" {
		return newProblem("; did you mean %s?", []any{dashes + near})
	}
	return newProblem("", nil)
}

func nearest(given string, known []string) string {
	return cmp.Or(suggest.Nearest(given, known), suggest.SameStart(given, known))
}

// VariableFlags give variables their values from outside: --var and --var-file.
type VariableFlags struct {
	given []string
	file  string
}

// Register adds the flags.
func (v *VariableFlags) Register(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&v.given, "var", nil, "`name=value` of a variable, of the type it has in the file; name:=json for any other")
	cmd.Flags().StringVar(&v.file, "var-file", "", "YAML or JSON `file` of variables; they are masked in all output")
}

// Variables are values from outside, by name.
type Variables struct{ Plain, Secret map[string]any }

// Names are the names of all.
func (v Variables) Names() []string {
	return slices.Concat(slices.Collect(maps.Keys(v.Plain)), slices.Collect(maps.Keys(v.Secret)))
}

// Read reads --var and --var-file.
func (v *VariableFlags) Read() (out Variables, err error) {
	out.Plain = map[string]any{}
	for _, each := range v.given {
		name, value, err := scenarios.ParseVar(each)
		if err != nil {
			return out, Usagef("--var: %v", err)
		}
		out.Plain[name] = value
	}
	if v.file == "" {
		return out, nil
	}
	text, err := ReadFile(v.file, MostOfFile)
	if err != nil {
		return out, Usagef("--var-file: %v", err)
	}
	document, err := scenarios.ReadDocument(v.file, text)
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal(document.JSON, &out.Secret); err != nil {
		return out, Usagef("--var-file %s: want a mapping of variables", v.file)
	}
	return out, nil
}

// Check refuses a variable that nothing that runs has: it would say nothing otherwise. Of a file of variables it only says so: a file of secrets
// serves many runs, so that others may be for other scenarios, unless one is like a variable there is.
func (v Variables) Check(cmd *cobra.Command, cases []scenarios.Case) error {
	if err := v.check(cases); err != nil {
		return err
	}
	if names := unread(v.Secret, cases); len(names) > 0 {
		Note(cmd, "warning: --var-file: no scenario that is run has %s", names)
	}
	return nil
}

func (v Variables) check(cases []scenarios.Case) error {
	var known []string
	for _, c := range cases {
		for _, each := range c.Scenario.AllVars() {
			known = append(known, each.Name)
		}
	}
	if names := unread(v.Plain, cases); len(names) > 0 {
		return Usagef("--var %s: no scenario that is run has this variable%s", names[0], meant(names[0], known))
	}
	for _, name := range unread(v.Secret, cases) {
		if suggest.Nearest(name, known) != "" {
			return Usagef("--var-file: no scenario that is run has the variable %s%s", name, meant(name, known))
		}
	}
	return nil
}

// unread are the names of variables that none of the cases has, sorted; none where nothing runs, which is said otherwise.
func unread(given map[string]any, cases []scenarios.Case) (names []string) {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		declared := name == "code" || len(cases) == 0 // what an sms step asks for
		for _, c := range cases {
			has, _ := c.Scenario.Declares(name)
			declared = declared || has
		}
		if !declared {
			names = append(names, name)
		}
	}
	return names
}
