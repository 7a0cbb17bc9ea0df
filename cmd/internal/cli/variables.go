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
	if near := cmp.Or(suggest.Nearest(given, known), suggest.SameStart(given, known)); near != "" {
		return newProblem("; did you mean %q?", []any{near})
	}
	return newProblem("", nil)
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

// check refuses a variable that nothing that runs has: it would say nothing otherwise.
func (v Variables) check(cases []scenarios.Case) error {
	for _, name := range slices.Sorted(maps.Keys(v.Plain)) {
		if name == "code" || len(cases) == 0 { // what an sms step asks for
			continue
		}
		var known []string
		found := false
		for _, c := range cases {
			declared, _ := c.Scenario.Declares(name)
			found = found || declared
			for _, each := range c.Scenario.AllVars() {
				known = append(known, each.Name)
			}
		}
		if !found {
			return Usagef("--var %s: no scenario that is run has this variable%s", name, meant(name, known))
		}
	}
	return v.checkSecret(cases)
}

// checkSecret refuses a variable of a file that nothing has and that is like one there is. Others are for other scenarios: a file of secrets serves
// many runs.
func (v Variables) checkSecret(cases []scenarios.Case) error {
	var known []string
	for _, c := range cases {
		for _, each := range c.Scenario.AllVars() {
			known = append(known, each.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(v.Secret)) {
		declared := slices.ContainsFunc(cases, func(c scenarios.Case) bool { has, _ := c.Scenario.Declares(name); return has })
		if near := suggest.Nearest(name, known); !declared && near != "" {
			return Usagef("--var-file: no scenario that is run has the variable %s%s", name, meant(name, known))
		}
	}
	return nil
}
