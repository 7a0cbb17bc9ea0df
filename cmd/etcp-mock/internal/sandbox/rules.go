package sandbox

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/remote"
	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/show"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/suggest"
)

// NewRules is the command rules.
func NewRules() *cobra.Command {
	cmd := newRulesList("rules")
	cmd.Short = "List and set the rules: the choices that the platform's document leaves open"
	cmd.AddCommand(newRulesList("list"), newRulesSet())
	return cmd
}

// ruleItem is a rule in the listing.
type ruleItem struct {
	Name string `json:"name"`
	control.Rule
}

func (i ruleItem) changed() bool { return show.JSON(i.Value) != show.JSON(i.Default) }

func newRulesList(use string) *cobra.Command {
	var r remote.Flags
	var changed bool
	cmd := &cobra.Command{
		Use: use + " [PREFIX]", Short: "List the rules with their values", Args: cli.Args(cobra.MaximumNArgs(1)),
		Example: "  etcp-mock rules\n  etcp-mock rules list push.\n  etcp-mock rules list --changed",
		RunE: func(cmd *cobra.Command, given []string) error {
			rules, err := r.Sandbox().Rules(cmd.Context())
			if err != nil {
				return err
			}
			prefix := strings.Join(given, "")
			names := slices.Sorted(maps.Keys(rules))
			if !slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, prefix) }) {
				return cli.Usagef("no rule %q%s", prefix, nearRule(prefix, rules))
			}
			items := []ruleItem{}
			for _, name := range names {
				item := ruleItem{name, rules[name]}
				if strings.HasPrefix(name, prefix) && (!changed || item.changed()) {
					items = append(items, item)
				}
			}
			return printRules(show.Of(cmd), items)
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	cmd.Flags().BoolVar(&changed, "changed", false, "only those that do not have their default")
	return cmd
}

func printRules(p *show.Printer, items []ruleItem) error {
	return cli.PrintList(p.Printer, items, "no such rule is set", []cli.Column[ruleItem]{
		{Title: "RULE", Cell: func(i ruleItem) string { return p.Bold(cli.Clean(i.Name)) }},
		{Title: "VALUE", Cell: func(i ruleItem) string {
			if i.changed() {
				return p.Yellow(cli.Clean(ruleText(i.Value)))
			}
			return cli.Clean(ruleText(i.Value))
		}},
		{Title: "DEFAULT", Cell: func(i ruleItem) string { return p.Dim(cli.Clean(ruleText(i.Default))) }},
		{Title: "SECTION", Cell: func(i ruleItem) string { return cli.Clean(i.Section) }},
		{Title: "WHAT", Cell: func(i ruleItem) string {
			if len(i.OneOf) > 0 {
				return cli.Clean(p.Either(i.Doc, i.DocZh) + " " + strings.Join(i.OneOf, " | "))
			}
			return cli.Clean(p.Either(i.Doc, i.DocZh))
		}},
	})
}

// ruleText is a value as people write it: a list with commas.
func ruleText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = ruleText(v[i])
		}
		return strings.Join(parts, ",")
	}
	return show.JSON(v)
}

func newRulesSet() *cobra.Command {
	var r remote.Flags
	cmd := &cobra.Command{
		Use: "set NAME=VALUE…", Short: "Set rules, all of them or none",
		Example: "  etcp-mock rules set strict=true timestamp.window=5m\n  etcp-mock rules set push.schedule=10s,30s,2m",
		Args:    cli.Args(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			rules, err := r.Sandbox().Rules(cmd.Context())
			if err != nil {
				return err
			}
			change := map[string]any{}
			if len(given) == 2 && !strings.Contains(given[0], "=") {
				given = []string{given[0] + "=" + given[1]} // rules set NAME VALUE
			}
			for _, arg := range given {
				name, value, found := strings.Cut(arg, "=")
				if !found {
					return cli.Usagef("%q: want NAME=VALUE, such as timestamp.window=5m", arg)
				}
				rule, known := rules[name]
				if !known {
					return cli.Usagef("no rule %q%s", name, nearRule(name, rules))
				}
				change[name] = ruleValue(value, rule.Default)
			}
			now, err := r.Sandbox().SetRules(cmd.Context(), change)
			if err != nil {
				return err
			}
			items := []ruleItem{}
			for _, name := range slices.Sorted(maps.Keys(change)) {
				items = append(items, ruleItem{name, now[name]})
			}
			return printRules(show.Of(cmd), items)
		},
	}
	r.Register(cmd)
	cli.OutputFlag(cmd)
	return cmd
}

// ruleValue reads a value in the type of the rule's default.
func ruleValue(text string, like any) any {
	var value any
	switch like.(type) {
	case string:
		return text
	case []any:
		if json.Unmarshal([]byte(text), &value) == nil {
			return value
		}
		items := []string{} // of nothing, none
		for item := range strings.SplitSeq(text, ",") {
			if item = strings.TrimSpace(item); item != "" || strings.Contains(text, ",") {
				items = append(items, item)
			}
		}
		return items
	}
	if json.Unmarshal([]byte(text), &value) == nil {
		return value
	}
	return text // the server says what it wants
}

// nearRule is what a message says behind a rule that does not exist.
func nearRule(name string, rules map[string]control.Rule) error {
	meant, alike := suggest.Rule(name, slices.Sorted(maps.Keys(rules)))
	switch {
	case meant != "":
		return cli.Errorf("; did you mean %q?", meant)
	case len(alike) == 0, strings.HasPrefix(name, "message."):
		return cli.Errorf("; those there are: etcp-mock rules")
	}
	return cli.Errorf("; there are %s", alike)
}
