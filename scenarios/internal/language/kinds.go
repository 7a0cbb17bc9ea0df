// Package language is the language of scenario files: what a file may hold, with the positions of what is wrong, the steps as
// they are read, the library that files are linked in. Running them is package scenarios, which registers the kinds of steps.
package language

import (
	"cmp"
	"slices"
	"sync"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/match"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

// Kind is a kind of step as files have it, and everything that is known of it before it runs.
type Kind struct {
	Name     string         // the key of a step that says what it does
	NameZh   string         // what a report in Chinese says in its place
	Doc      string         // what it does, in a sentence or two, shown by editors
	Form     *syntax.Form   // of its value
	Beside   []syntax.Field // keys beside it that only this step takes
	Answer   Answer
	Subject  func(body *syntax.Node) string                       // of its value: the endpoint, the plate, …
	Children ChildOrder                                           // how the steps inside it are run
	Check    func(c *syntax.Checker, n *syntax.Node, path string) // of the whole step: what its forms cannot say
	Read     func(b *Builder, step *Step, n *syntax.Node, path string)
	Needs    func(step *Step) Need // what it wants of the target
	Defines  func(step *Step) []string
	Seeks    bool // its run looks itself for what matches expect and assert, and waits for it
	Verdict  bool // it expects something even without expect and assert
	Judged   bool // its value is what the server is sent
}

// check is what the forms of a step cannot say. One that expects the server's refusal may send anything.
func (k *Kind) check(c *syntax.Checker, n *syntax.Node, path string) {
	if k.Check != nil {
		k.Check(c, n, path)
	}
	if k.Judged && !n.Get("expect").Has("status") {
		c.Judged(k.Name, n.Get(k.Name), syntax.Join(path, k.Name))
	}
}

// Answer is what a step answers.
type Answer struct {
	Names []string // of its fields, which expect may hold
	Seen  []string // what expressions see beside them
	Open  bool     // its fields cannot be known
	None  bool     // there is none: expressions see the variables
}

// Known is an answer that has fields of these names, and no others.
func Known(names ...string) Answer { return Answer{Names: names} }

// Answers that are not known by their fields.
var (
	Anything = Answer{Open: true}
	NoAnswer = Answer{None: true}
)

// ChildOrder is how the steps inside a step are run.
type ChildOrder uint8

// The orders.
const (
	NoSteps ChildOrder = iota + 1
	InOrder
	AtOnce
)

// Need is what a step wants of its target.
type Need uint8

// The needs; several may be joined.
const (
	NeedControl Need = 1 << iota // the control API of a mock
	NeedPushes                   // pushes, by the control API or a receiver
	NeedWrites                   // to change something on the platform
	NeedSMS                      // an SMS code
)

// Nothing is what a step needs that any target can do.
func Nothing(*Step) Need { return 0 }

// MockOnly is what a step needs that only a mock can do.
func MockOnly(*Step) Need { return NeedControl }

// DefinesNothing is what a step defines that gives no variable a value, but by save.
func DefinesNothing(*Step) []string { return nil }

// NoSubject is the subject of a step that has none.
func NoSubject(*syntax.Node) string { return "" }

// Itself is the subject of a step whose value is a text.
func Itself(body *syntax.Node) string {
	if body.Kind == syntax.TextKind {
		return body.Scalar
	}
	return ""
}

// Member is the subject of a step whose value is a mapping.
func Member(name string) func(*syntax.Node) string {
	return func(body *syntax.Node) string {
		if n := body.Get(name); n != nil {
			return n.Scalar
		}
		return ""
	}
}

// ReadValue reads a step's value, and the keys that stand beside it.
func ReadValue(b *Builder, step *Step, n *syntax.Node, path string) {
	step.Body = template.Compile(b.Checker, n.Get(step.Action), syntax.Join(path, step.Action))
	for _, field := range step.Kind.Beside {
		if value := n.Get(field.Name); value != nil {
			step.Extras[field.Name] = template.Compile(b.Checker, value, syntax.Join(path, field.Name))
		}
	}
}

var registered []*Kind

// Register makes a kind of step known. It is called before main begins.
func Register(a *Kind) { registered = append(registered, a) }

// Kinds are all kinds of steps, by name.
var Kinds = sync.OnceValue(func() []*Kind {
	return slices.SortedFunc(slices.Values(registered), func(a, b *Kind) int { return cmp.Compare(a.Name, b.Name) })
})

// kindOf is what a step of the right form does.
func kindOf(n *syntax.Node) *Kind {
	all := Kinds()
	return all[slices.IndexFunc(all, func(a *Kind) bool { return n.Has(a.Name) })]
}

var stepsForm = &syntax.Form{Want: "a list of steps", Kind: syntax.ListKind, Item: StepForm, Name: "steps"}

// StepForm is any step: its action, what stands beside that, and what any step takes.
var StepForm = &syntax.Form{Want: "a step", Kind: syntax.ObjectKind, Name: "step", Alternatives: sync.OnceValue(func() []*syntax.Form {
	var forms []*syntax.Form
	for _, a := range Kinds() {
		fields := append([]syntax.Field{syntax.Required(a.Name, a.Form, a.Doc)}, a.Beside...)
		form := syntax.Object("a step", append(fields, modifiers(a)...)...)
		form.Check = a.check
		forms = append(forms, form)
	}
	return forms
})}

var saveForm = &syntax.Form{
	Want: "a mapping of variables to expressions over the answer", Kind: syntax.ObjectKind, Each: template.AnswerExpression, Defines: true,
	Keys: Identifier, Reserved: reserved, KeyWant: "name of a variable: letters, digits and _", Check: checkNames,
}

// modifiers are what any step takes.
func modifiers(a *Kind) []syntax.Field {
	expected := match.Form
	if !a.Answer.Open && !a.Answer.None {
		fields := make([]syntax.Field, len(a.Answer.Names))
		for i, name := range a.Answer.Names {
			fields[i] = syntax.Field{Name: name, Form: match.Form}
		}
		expected = &syntax.Form{Want: "a mapping", Kind: syntax.ObjectKind, Fields: fields}
	}
	assertion := syntax.List(template.AnswerExpression, "an expression, or a list of them")
	return []syntax.Field{
		syntax.Optional("name", syntax.Plain, "What the step shows, for people."),
		syntax.Optional("if", template.Expression, "The step is skipped unless this is true."),
		syntax.Optional("expect", expected, "What the answer must hold: a subset, by value and JSON type, with matchers."),
		syntax.Optional("assert", &syntax.Form{Want: "an expression, or a list of them", Options: []*syntax.Form{template.AnswerExpression, assertion}}, "Expressions over the answer and the variables that must be true."),
		syntax.Optional("save", saveForm, "Variables taken from the answer by expressions: data.token."),
		syntax.Optional("until", template.AnswerExpression, "Repeats the step until this is true of its answer."),
		syntax.Optional("every", template.FixedDuration, "How long between two attempts; default 100ms."),
		syntax.Optional("within", template.FixedDuration, "How long is tried, in real time; default 5s with until."),
	}
}
