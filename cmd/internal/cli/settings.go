package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// configVariable is the environment variable that names a program's file of settings: ETCP_MOCK_CONFIG, CONTRACT_CONFIG.
func configVariable(root *cobra.Command) string {
	return strings.ToUpper(strings.ReplaceAll(root.Name(), "-", "_")) + "_CONFIG"
}

// Variable is the environment variable of a flag: ETCP_MOCK_LOG_FORMAT.
func Variable(flag string) string {
	return "ETCP_MOCK_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// SharedFlags adds the flags that every command of a program has: --color, --lang and --config.
func SharedFlags(root *cobra.Command) {
	root.PersistentFlags().String("color", "auto", "auto (on a terminal), always or never; NO_COLOR turns auto off")
	root.PersistentFlags().String("lang", "auto", "`language` of explanations: en, zh, or auto (the terminal's)")
	root.PersistentFlags().String("config", "", "YAML `file` with flags, as NAME: VALUE for all commands that have one, or COMMAND: {NAME: VALUE} for one command")
}

// SettingsHelp says where a flag's value comes from, for the help of a program.
func SettingsHelp(program, example string) string {
	return fmt.Sprintf(`A flag that is not given is taken from the environment (%s, ETCP_MOCK_LANG, and so on),
then from the file that --config or %s names (else %s.yaml in the current folder, where there is one),
then its default.`,
		example, strings.ToUpper(strings.ReplaceAll(program, "-", "_"))+"_CONFIG", program)
}

// Prepare fills the flags that were not given from the environment, then from the file of settings, and checks those
// that every command shares.
func Prepare(cmd *cobra.Command) error {
	fromEnvironment, fromFolder, err := fillFlags(cmd)
	if err != nil {
		return err
	}
	if err := withhold(cmd, fromEnvironment, fromFolder); err != nil {
		return err
	}
	if err := checkNumbers(cmd); err != nil {
		return err
	}
	return checkShared(cmd)
}

// Configured is another command of the same program with its flags as the environment and the file of settings have them: what it would do
// if it were run here without flags.
func Configured(cmd *cobra.Command, name string) (*cobra.Command, error) {
	other, _, err := cmd.Root().Find([]string{name})
	if err != nil {
		return nil, err
	}
	_, _, err = fillFlags(other)
	return other, err
}

// fillFlags sets the flags that were not given, and reports which come from the environment and which from the folder's file.
func fillFlags(cmd *cobra.Command) (fromEnvironment, fromFolder map[string]bool, err error) {
	settings, err := readSettings(cmd)
	if err != nil {
		return nil, nil, err
	}
	var wrong error
	fromEnvironment, fromFolder = map[string]bool{}, map[string]bool{}
	markGiven(cmd)
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || wrong != nil || f.Name == "help" || f.Name == "version" || f.Name == "config" {
			return
		}
		if text, ok := os.LookupEnv(Variable(f.Name)); ok && text != "" && !IsOwnOnly(f) {
			if err := cmd.Flags().Set(f.Name, text); err != nil {
				wrong = Usagef("%s: %s", Variable(f.Name), wanted(f, text))
			}
			fromEnvironment[f.Name] = true
			annotate(f, environmentMark, nil)
			return
		}
		wrong = settings.fill(cmd, f)
		fromFolder[f.Name] = f.Changed && settings.implicit
	})
	return fromEnvironment, fromFolder, wrong
}

// secretMark marks a flag whose value is sent to the server that another flag names.
const secretMark = "etcp-mock-sent-to" //nolint:gosec // no secret

// SentTo marks a flag as a secret that is sent to the servers that other flags name. From the environment it is sent only to a server
// that the environment, the command line or a file that was named has named: a file that happens to lie in the current folder, as in a
// repository that was cloned, must not have it sent elsewhere.
func SentTo(cmd *cobra.Command, secret string, servers ...string) {
	annotate(cmd.Flag(secret), secretMark, servers)
}

func annotate(f *pflag.Flag, mark string, values []string) {
	if f.Annotations == nil {
		f.Annotations = map[string][]string{}
	}
	f.Annotations[mark] = values
}

// environmentMark marks a flag whose value comes from the environment.
const environmentMark = "etcp-mock-from-environment"

// FromEnvironment reports whether a flag was not given and has its value from the environment, which sets it for every command.
func FromEnvironment(cmd *cobra.Command, flag string) bool {
	_, marked := cmd.Flag(flag).Annotations[environmentMark]
	return marked
}

// fileMark marks a flag whose value comes from a file of settings, with where it stands there.
const fileMark = "etcp-mock-from-file"

// SetBy names where a flag has its value from: the key of a file of settings with its position, server (etcp-mock.yaml:1:9), the variable of the
// environment, or the flag itself. It is "" where nothing has set it, so that it has its default.
func SetBy(cmd *cobra.Command, flag string) string {
	f := cmd.Flag(flag)
	switch {
	case f == nil:
		return ""
	case len(f.Annotations[fileMark]) == 1:
		return flag + " (" + f.Annotations[fileMark][0] + ")"
	case FromEnvironment(cmd, flag):
		return Variable(flag)
	case f.Changed:
		return "--" + flag
	}
	return ""
}

var namesFlag = lazyregexp.New(`--([a-z][a-z-]*[a-z])`)

// NameVariables names in what is wrong the variables of the environment, or the keys of the file of settings with their positions, in place of the
// flags that have their values from there: nobody has typed these. A command line that a text tells to type stays as it is.
func NameVariables(cmd *cobra.Command, text string) string {
	text, typed, found := strings.Cut(text, cmd.Root().Name()+" ")
	if found {
		typed = cmd.Root().Name() + " " + typed
	}
	return namesFlag().ReplaceAllStringFunc(text, func(named string) string {
		name := strings.TrimPrefix(named, "--")
		f := cmd.Flag(name)
		if f == nil || f.Value.String() == "" { // it may have been put aside
			return named
		}
		return cmp.Or(SetBy(cmd, name), named)
	}) + typed
}

// withhold takes back the secrets of the environment that would go to a server of the folder's file.
func withhold(cmd *cobra.Command, fromEnvironment, fromFolder map[string]bool) error {
	var wrong error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		servers := f.Annotations[secretMark]
		i := slices.IndexFunc(servers, func(server string) bool { return fromFolder[server] })
		if i < 0 || !fromEnvironment[f.Name] {
			return
		}
		server := servers[i]
		wrong = errors.Join(wrong, f.Value.Set(""))
		f.Changed = false
		Note(cmd, "%s: %s is not sent to %s, which only the file %s.yaml of this folder names; name it with --%s or %s",
			cmd.Root().Name(), Variable(f.Name), cmd.Flag(server).Value, cmd.Root().Name(), server, Variable(server))
	})
	return wrong
}

// ownOnlyMark marks a flag that has the name of another command's and not its meaning: where serve listens says nothing about exec,
// whose port is a free one, and the sandbox of a shell's commands is not the one that contract's cases are to run in. It comes from the command line or from the command's own part of the file, not from what is set for all.
const ownOnlyMark = "etcp-mock-own-only"

// OwnOnly marks a flag that is read from the command line and its own settings only.
func OwnOnly(cmd *cobra.Command, flag string) {
	annotate(cmd.Flag(flag), ownOnlyMark, nil)
}

// IsOwnOnly reports whether a flag is marked by [OwnOnly].
func IsOwnOnly(f *pflag.Flag) bool {
	_, marked := f.Annotations[ownOnlyMark]
	return marked
}

// checkShared checks the flags that have a few values only.
func checkShared(cmd *cobra.Command) error {
	for name, values := range map[string][]string{
		"output": {"table", "json"}, "color": {"auto", "always", "never"}, "lang": {"auto", "en", "zh"},
	} {
		if f := cmd.Flags().Lookup(name); f != nil && !slices.Contains(values, f.Value.String()) {
			return Usagef("--%s is %s, not %q", name, lang.AnyOf(values), f.Value.String())
		}
	}
	return nil
}

// settings are the values of a file: those for every command, and those for one, which go first.
type settings struct {
	document *scenarios.Document
	implicit bool // nobody named the file: it lies in the current folder
	values   map[string]any
	path     string // of the command: "pushes list"
}

func readSettings(cmd *cobra.Command) (*settings, error) {
	s := &settings{path: strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")}
	name, named, option := cmd.Flag("config").Value.String(), true, "--config"
	if name == "" {
		option = configVariable(cmd.Root())
		name = os.Getenv(option)
	}
	if name == "" {
		name, named = cmd.Root().Name()+".yaml", false // read where it lies in the current folder
	}
	read := ReadFile
	if !named {
		read = ReadFound
	}
	text, err := read(name, MostOfFile)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !named:
		return s, nil
	case err != nil:
		return nil, Usagef("%s: %s", option, err)
	}
	s.implicit = !named
	if s.document, err = scenarios.ReadDocument(name, text); err != nil {
		return nil, fmt.Errorf("%s: %w", option, err)
	}
	numbers := json.NewDecoder(bytes.NewReader(s.document.JSON))
	numbers.UseNumber() // a seed has more digits than a float keeps
	if err := numbers.Decode(&s.values); err != nil {
		return nil, s.at("", "settings are an object: flags, and commands with flags")
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
				return s.atKey(pointer, "no command has a flag --"+name)
			}
			continue
		}
		cmd, rest, err := root.Find(strings.Fields(name))
		if err != nil || len(rest) > 0 || cmd == root {
			return s.atKey(pointer, "no such command: "+name)
		}
		for flag := range inner {
			if cmd.Flags().Lookup(flag) == nil && root.PersistentFlags().Lookup(flag) == nil {
				return s.atKey(pointer+"/"+flag, root.Name()+" "+name+" has no flag --"+flag)
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
	ok = ok && !IsOwnOnly(f)
	if own, isMap := s.values[s.path].(map[string]any); isMap {
		if special, has := own[f.Name]; has {
			value, ok, pointer = special, true, "/"+s.path+"/"+f.Name
		}
	}
	if !ok {
		return nil
	}
	values, several := value.([]any)
	if _, takesList := f.Value.(pflag.SliceValue); several && !takesList {
		return s.at(pointer, "--"+f.Name+" takes one value, not a list")
	}
	if !several {
		values = []any{value}
	}
	for _, v := range values {
		var text string
		switch v := v.(type) {
		case string:
			text = v
		case bool:
			text = strconv.FormatBool(v)
		case json.Number:
			text = v.String()
		default:
			return s.at(pointer, "a flag is a text, a number, true or false, or a list of them")
		}
		if err := cmd.Flags().Set(f.Name, text); err != nil {
			return s.at(pointer, wanted(f, text).Error())
		}
	}
	at := s.document.At(pointer, "")
	annotate(f, fileMark, []string{fmt.Sprintf("%s:%d:%d", at.File, at.Line, at.Column)})
	return nil
}

// at is what is wrong with a value of the file.
func (s *settings) at(pointer, detail string) error { return unnamed(s.document.At(pointer, detail)) }

// atKey is what is wrong with a name in the file.
func (s *settings) atKey(pointer, detail string) error {
	return unnamed(s.document.AtKey(pointer, detail))
}

// unnamed is a problem without the name of its field, which its position says.
func unnamed(p *scenarios.Problem) error {
	p.Field = ""
	return p
}
