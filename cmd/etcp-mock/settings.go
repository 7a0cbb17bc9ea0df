package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// defaultConfig is the file of settings that is read where it lies in the current folder.
const defaultConfig = "etcp-mock.yaml"

// variable is the environment variable of a flag: ETCP_MOCK_LOG_FORMAT.
func variable(flag string) string {
	return "ETCP_MOCK_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// prepare fills the flags that were not given from the environment, then from the file of settings, and checks those
// that every command shares.
func prepare(cmd *cobra.Command) error {
	settings, err := readSettings(cmd)
	if err != nil {
		return err
	}
	var wrong error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || wrong != nil || f.Name == "help" {
			return
		}
		if text, ok := os.LookupEnv(variable(f.Name)); ok && text != "" && !isOwnOnly(f) {
			if err := cmd.Flags().Set(f.Name, text); err != nil {
				wrong = usagef("%s: %v", variable(f.Name), err)
			}
			return
		}
		wrong = settings.fill(cmd, f)
	})
	if wrong != nil {
		return wrong
	}
	return checkShared(cmd)
}

// ownOnlyMark marks a flag that has the name of another command's and not its meaning: where serve listens says nothing about exec,
// whose port is a free one. It comes from the command line or from the command's own part of the file, not from what is set for all.
const ownOnlyMark = "etcp-mock-own-only"

func ownOnly(cmd *cobra.Command, flag string) {
	cmd.Flag(flag).Annotations = map[string][]string{ownOnlyMark: nil}
}

func isOwnOnly(f *pflag.Flag) bool {
	_, marked := f.Annotations[ownOnlyMark]
	return marked
}

// checkShared checks the flags that have a few values only.
func checkShared(cmd *cobra.Command) error {
	for name, values := range map[string][]string{
		"output": {"table", "json"}, "color": {"auto", "always", "never"}, "lang": {"auto", "en", "zh"},
	} {
		if f := cmd.Flags().Lookup(name); f != nil && !slices.Contains(values, f.Value.String()) {
			return usagef("--%s is %s, not %q", name, strings.Join(values, ", "), f.Value.String())
		}
	}
	return nil
}

// settings are the values of a file: those for every command, and those for one, which go first.
type settings struct {
	document *scenarios.Document
	values   map[string]any
	path     string // of the command: "pushes list"
}

func readSettings(cmd *cobra.Command) (*settings, error) {
	s := &settings{path: strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")}
	name, named := cmd.Flag("config").Value.String(), true
	if name == "" {
		name = os.Getenv(variable("config"))
	}
	if name == "" {
		name, named = defaultConfig, false
	}
	text, err := os.ReadFile(name) //nolint:gosec // the user names it
	switch {
	case errors.Is(err, fs.ErrNotExist) && !named:
		return s, nil
	case err != nil:
		return nil, fmt.Errorf("settings: %w", err)
	}
	if s.document, err = scenarios.ReadDocument(name, text); err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	if err := json.Unmarshal(s.document.JSON, &s.values); err != nil {
		return nil, s.document.At("", "settings are an object: flags, and commands with flags")
	}
	return s, s.check(cmd.Root())
}

// check refuses names that no command knows: a setting that is misspelt would say nothing otherwise.
func (s *settings) check(root *cobra.Command) error {
	for name, value := range s.values {
		pointer := "/" + name
		inner, isObject := value.(map[string]any)
		if !isObject {
			if !anyCommandHas(root, name) {
				return s.document.At(pointer, "no command has a flag --"+name)
			}
			continue
		}
		cmd, rest, err := root.Find(strings.Fields(name))
		if err != nil || len(rest) > 0 || cmd == root {
			return s.document.At(pointer, "no such command: "+name)
		}
		for flag := range inner {
			if cmd.Flags().Lookup(flag) == nil && root.PersistentFlags().Lookup(flag) == nil {
				return s.document.At(pointer+"/"+flag, "etcp-mock "+name+" has no flag --"+flag)
			}
		}
	}
	return nil
}

func anyCommandHas(cmd *cobra.Command, flag string) bool {
	if cmd.Flags().Lookup(flag) != nil || cmd.PersistentFlags().Lookup(flag) != nil {
		return true
	}
	return slices.ContainsFunc(cmd.Commands(), func(c *cobra.Command) bool { return anyCommandHas(c, flag) })
}

// fill sets a flag to what the file says.
func (s *settings) fill(cmd *cobra.Command, f *pflag.Flag) error {
	pointer := "/" + f.Name
	value, ok := s.values[f.Name]
	ok = ok && !isOwnOnly(f)
	if own, is := s.values[s.path].(map[string]any); is {
		if special, has := own[f.Name]; has {
			value, ok, pointer = special, true, "/"+s.path+"/"+f.Name
		}
	}
	if !ok {
		return nil
	}
	values, several := value.([]any)
	if !several {
		values = []any{value}
	}
	for _, v := range values {
		var text string
		switch v := v.(type) {
		case string:
			text = v
		case bool, float64:
			raw, _ := json.Marshal(v) //nolint:errchkjson // a bool or a finite number
			text = string(raw)
		default:
			return s.document.At(pointer, "a flag is a text, a number, true or false, or a list of them")
		}
		if err := cmd.Flags().Set(f.Name, text); err != nil {
			return s.document.At(pointer, err.Error())
		}
	}
	return nil
}
