package scenarios

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/match"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
)

// act does what a step says, and reports what came of it.
type act func(r *runner, ctx context.Context, f *frame, step *Step, out *outcome) error

// action is a kind of step, and everything that is known of it. Each has a file of its own, step_….go, that registers it;
// no other code knows it by its name.
type action struct {
	name     string         // the key of a step that says what it does
	doc      string         // what it does, in a sentence or two, shown by editors
	form     *syntax.Form   // of its value
	beside   []syntax.Field // keys beside it that only this step takes
	answer   answer
	subject  func(body *syntax.Node) string                       // of its value: the endpoint, the plate, …
	children childOrder                                           // how the steps inside it are run
	check    func(c *syntax.Checker, n *syntax.Node, path string) // of the whole step: what its forms cannot say
	read     func(b *builder, step *Step, n *syntax.Node, path string)
	needs    func(step *Step) need // what it wants of the target
	defines  func(step *Step) []string
	run      act
	expects  func(r *runner, step *Step, out *outcome) []Mismatch // what it is held to without saying so
	seeks    bool                                                 // its run looks itself for what matches expect and assert, and waits for it
	verdict  bool                                                 // it expects something even without expect and assert
}

// answer is what a step answers.
type answer struct {
	names []string // of its fields, which expect may hold
	seen  []string // what expressions see beside them
	open  bool     // its fields cannot be known
	none  bool     // there is none: expressions see the variables
}

func known(names ...string) answer { return answer{names: names} }

var (
	anything = answer{open: true}
	noAnswer = answer{none: true}
)

// childOrder is how the steps inside a step are run.
type childOrder uint8

const (
	noSteps childOrder = iota + 1
	inOrder
	atOnce
)

// need is what a step wants of its target.
type need uint8

const (
	needControl need = 1 << iota // the control API of a mock
	needPushes                   // pushes, by the control API or a receiver
	needWrites                   // to change something on the platform
	needSMS                      // an SMS code
)

// What rows say that have nothing to say.
func nothing(*Step) need { return 0 }

func mockOnly(*Step) need { return needControl }

func definesNothing(*Step) []string { return nil }

func expectsNothing(*runner, *Step, *outcome) []Mismatch { return nil }

func noSubject(*syntax.Node) string { return "" }

// itself is the subject of a step whose value is a text.
func itself(body *syntax.Node) string {
	if body.Kind == syntax.TextKind {
		return body.Scalar
	}
	return ""
}

// member is the subject of a step whose value is a mapping.
func member(name string) func(*syntax.Node) string {
	return func(body *syntax.Node) string {
		if n := body.Get(name); n != nil {
			return n.Scalar
		}
		return ""
	}
}

// readValue reads a step's value, and the keys that stand beside it.
func readValue(b *builder, step *Step, n *syntax.Node, path string) {
	step.body = template.Compile(b.c, n.Get(step.Action), syntax.Join(path, step.Action))
	for _, field := range step.action.beside {
		if value := n.Get(field.Name); value != nil {
			step.extras[field.Name] = template.Compile(b.c, value, syntax.Join(path, field.Name))
		}
	}
}

var registered []*action

// register makes a kind of step known. It is called before main begins.
func register(a *action) { registered = append(registered, a) }

// actions are all kinds of steps, by name.
var actions = sync.OnceValue(func() []*action {
	return slices.SortedFunc(slices.Values(registered), func(a, b *action) int { return cmp.Compare(a.name, b.name) })
})

// actionOf is what a step of the right form does.
func actionOf(n *syntax.Node) *action {
	all := actions()
	return all[slices.IndexFunc(all, func(a *action) bool { return n.Has(a.name) })]
}

var stepsForm = &syntax.Form{Want: "a list of steps", Kind: syntax.ListKind, Item: stepForm, Name: "steps"}

// stepForm is any step: its action, what stands beside that, and what any step takes.
var stepForm = &syntax.Form{Want: "a step", Kind: syntax.ObjectKind, Name: "step", Alternatives: sync.OnceValue(func() []*syntax.Form {
	var forms []*syntax.Form
	for _, a := range actions() {
		fields := append([]syntax.Field{syntax.Required(a.name, a.form, a.doc)}, a.beside...)
		form := syntax.Object("a step", append(fields, modifiers(a)...)...)
		form.Check = a.check
		forms = append(forms, form)
	}
	return forms
})}

var saveForm = &syntax.Form{
	Want: "a mapping of variables to expressions over the answer", Kind: syntax.ObjectKind, Each: template.AnswerExpression, Defines: true,
	Keys: identifier, Reserved: reserved, KeyWant: "name of a variable: letters, digits and _", Check: checkNames,
}

// modifiers are what any step takes.
func modifiers(a *action) []syntax.Field {
	expected := match.Form
	if !a.answer.open && !a.answer.none {
		fields := make([]syntax.Field, len(a.answer.names))
		for i, name := range a.answer.names {
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
