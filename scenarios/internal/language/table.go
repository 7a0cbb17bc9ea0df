package language

import (
	"encoding/json"
	"slices"

	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// reserved are names that every expression has already.
var reserved = append([]string{"merchant", "sandbox", "url", "index", "push", "true", "false", "nil", "let", "in", "not", "and", "or", "if", "else", "matches", "contains"}, expression.FunctionNames...)

func checkNames(c *syntax.Checker, n *syntax.Node, path string) {
	for _, m := range n.Members {
		if slices.Contains(reserved, m.Name) {
			c.Problem(m.Position, syntax.Join(path, m.Name), "the name is taken: expressions have it already", "")
		}
	}
}

// Leaves of the table.
var (
	Identifier = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)
	Word       = lazyregexp.New(`^[\p{L}\p{N}][\p{L}\p{N}._-]*$`)
	title      = lazyregexp.New(`^[^\p{Cc}\s]([^\p{Cc}]{0,198}[^\p{Cc}\s])?$`)
	// ScenarioName is the name of another scenario, or its slug.
	ScenarioName = &syntax.Form{Want: "a name of a scenario", Kind: syntax.TextKind, Pattern: title, Fixed: true, Refers: true}
	// MerchantName is a merchant of the sandbox, by number or name; that there is one, linking checks.
	MerchantName = &syntax.Form{Want: "a text", Kind: syntax.TextKind, Name: "merchant", Check: func(c *syntax.Checker, n *syntax.Node, path string) {
		template.Text.Check(c, n, path)
		if !template.IsTemplate(n) {
			c.Merchants = append(c.Merchants, syntax.Reference{Name: n.Scalar, Position: n.Position, Path: path})
		}
	}}
	// CarPark is a car park of the sandbox, by its id; that there is one, linking checks.
	CarPark = func() *syntax.Form {
		form := *template.Text
		form.Check = func(c *syntax.Checker, n *syntax.Node, path string) {
			template.Text.Check(c, n, path)
			if !template.IsTemplate(n) {
				c.CarParks = append(c.CarParks, syntax.Reference{Name: n.Scalar, Position: n.Position, Path: path})
			}
		}
		return &form
	}()
	Endpoint = &syntax.Form{Want: "endpoint", Kind: syntax.TextKind, OneOf: func() (names []string) {
		for _, e := range schemas.Endpoints() {
			names = append(names, e.Name)
		}
		return names
	}()}
	PushKind = &syntax.Form{Want: "kind of push", Kind: syntax.TextKind, OneOf: func() (names []string) {
		for _, p := range schemas.Pushes() {
			names = append(names, p.Kind)
		}
		return names
	}()}
	Vars   = &syntax.Form{Want: "a mapping of variables", Kind: syntax.ObjectKind, Each: template.Any, Defines: true, Keys: Identifier, Reserved: reserved, KeyWant: "name of a variable: letters, digits and _", Check: checkNames}
	Values = &syntax.Form{Want: "a mapping", Kind: syntax.ObjectKind, Each: template.Any}
)

// checked is a rule that contract coverage has.
var checked = &syntax.Form{Want: "rule of the platform", Kind: syntax.TextKind, Name: "checked", OneOf: func() (ids []string) {
	for _, rule := range schemas.Rules() {
		ids = append(ids, rule.ID)
	}
	return ids
}()}

// scenarioForm is the whole file.
var scenarioForm = &syntax.Form{Want: "a scenario, a mapping", Kind: syntax.ObjectKind, Fields: []syntax.Field{
	syntax.Required("name", &syntax.Form{Want: "a name of at most 200 characters, on one line", Kind: syntax.TextKind, Pattern: title, Fixed: true}, "The scenario's name, by which it is run and used: any text. Files and URLs have a slug made of it."),
	syntax.Optional("summary", syntax.Plain, "What it shows, in a sentence."),
	syntax.Optional("summaryZh", syntax.Plain, "The same in Chinese."),
	syntax.Optional("tags", syntax.List(&syntax.Form{Want: "a tag of letters, digits, dots, dashes and underscores", Kind: syntax.TextKind, Pattern: Word, Fixed: true}, "a list of tags"), "Words to choose scenarios by."),
	syntax.Optional("covers", syntax.List(section, "a list of sections"), "Sections of the platform's document it covers: §9.8."),
	syntax.Optional("checks", syntax.List(checked, "a list of rules"), "Rules of the platform that it holds a target to, by the ids of contract coverage: bind-max."),
	syntax.Optional("vars", Vars, "Variables and their values; --var changes them. One may use those above it."),
	syntax.Optional("sandbox", fixtureForm, "The sandbox it starts in. Against the real platform it is left out."),
	syntax.Optional("needs", syntax.List(&syntax.Form{Want: "part of sandbox", Kind: syntax.TextKind, OneOf: sandboxParts}, "a list of parts of a sandbox"), "The state it rests on: parts of sandbox (clock, users, orders, …). On a target where they cannot be set, the real platform or a sandbox that is given, it is skipped, with the reason."),
	syntax.Optional("setup", ScenarioName, "Another scenario that is run first, in the same sandbox; its variables and what it saves come along."),
	syntax.Optional("matrix", &syntax.Form{Want: "a list of rows of variables", Kind: syntax.ListKind, Item: Vars, Least: 1}, "Rows of variables; each row is a case of its own."),
	syntax.Required("steps", &syntax.Form{Want: "a list of steps", Kind: syntax.ListKind, Item: StepForm, Least: 1}, "The story, step by step. The first step that fails ends it."),
	syntax.Optional("finally", stepsForm, "Steps that are run at the end whatever happened."),
}}

// sandboxParts are the parts of a sandbox that a scenario can say it needs.
var sandboxParts = func() (names []string) {
	for _, field := range fixtureForm.Fields {
		names = append(names, field.Name)
	}
	return names
}()

// Schema is the JSON Schema of scenario files, for editors: schemas/scenario.schema.json.
func Schema() []byte { return SchemaIn(lang.English) }

// SchemaIn is [Schema] with titles and descriptions in a language.
func SchemaIn(language string) []byte {
	schema := syntax.JSONSchema(scenarioForm)
	if language == lang.Chinese {
		translate(schema)
	}
	text, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		panic(err) // plain maps always encode
	}
	return append(text, '\n')
}

// translate puts the titles and descriptions of a schema, and of those in it, into Chinese.
func translate(node any) {
	switch node := node.(type) {
	case []any:
		for _, item := range node {
			translate(item)
		}
	case map[string]any:
		for name, value := range node {
			if text, ok := value.(string); ok && (name == "title" || name == "description") {
				node[name] = descriptions.Of(text)
				continue
			}
			translate(value)
		}
	}
}
