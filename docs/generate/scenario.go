package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// node is what is read of the scenario's JSON Schema.
type node struct {
	Title       string           `json:"title"`
	Description string           `json:"description"`
	Properties  map[string]*node `json:"properties"`
	Required    []string         `json:"required"`
	AnyOf       []*node          `json:"anyOf"`
	Defs        map[string]*node `json:"$defs"`
	Ref         string           `json:"$ref"`
}

func schema(language string) (*node, error) {
	root := &node{}
	return root, json.Unmarshal(scenarios.SchemaIn(language), root)
}

// modifiersOf are the properties that every step has.
func modifiersOf(all []*node) map[string]string {
	common := map[string]string{}
	for name, property := range all[0].Properties {
		everywhere := !slices.ContainsFunc(all, func(step *node) bool { return step.Properties[name] == nil })
		if everywhere {
			common[name] = property.Description
		}
	}
	return common
}

func steps(language string) (table, error) {
	root, err := schema(language)
	if err != nil {
		return nil, err
	}
	all := root.Defs["step"].AnyOf
	common := modifiersOf(all)
	t := table{{"step", "does", "its own fields; `?` may be left out"}}
	for _, step := range all {
		var own []string
		for _, name := range slices.Sorted(maps.Keys(step.Properties)) {
			if _, ok := common[name]; !ok && name != step.Title {
				own = append(own, name)
			}
		}
		of := coded(own)
		if value := step.Properties[step.Title]; len(value.Properties) > 0 {
			if of != "" {
				of += "; "
			}
			of += "`{" + strings.Join(fieldsOf(value), ", ") + "}`"
		}
		t = append(t, []string{code(step.Title), step.Description, of})
	}
	return t, nil
}

// fieldsOf are the fields of a mapping: those that are required, then those that are not, with a question mark.
func fieldsOf(value *node) []string {
	fields := slices.Sorted(slices.Values(value.Required))
	for _, name := range slices.Sorted(maps.Keys(value.Properties)) {
		if !slices.Contains(value.Required, name) {
			fields = append(fields, name+"?")
		}
	}
	return fields
}

func modifiers(language string) (table, error) {
	root, err := schema(language)
	if err != nil {
		return nil, err
	}
	common := modifiersOf(root.Defs["step"].AnyOf)
	t := table{{"field", "what"}}
	for _, name := range slices.Sorted(maps.Keys(common)) {
		t = append(t, []string{code(name), common[name]})
	}
	return t, nil
}

func matchers(language string) (table, error) {
	root, err := schema(language)
	if err != nil {
		return nil, err
	}
	t := table{{"matcher", "the value"}}
	for _, option := range root.Defs["matcher"].AnyOf {
		for _, name := range slices.Sorted(maps.Keys(option.Properties)) {
			t = append(t, []string{code(name), option.Properties[name].Description})
		}
	}
	return t, nil
}
