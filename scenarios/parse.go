package scenarios

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client/control"
)

// The limits of a scenario's file. A long recording is some megabytes.
var scenarioLimits = limits{bytes: 32 << 20, nodes: 1_000_000}

// Parse reads a scenario from YAML (or JSON). Its error is [Problems]: everything that is wrong with the file, each with
// its place. Whether the scenarios it uses exist, [Scenario.Link] says; without any, Parse has checked everything.
func Parse(name string, text []byte) (*Scenario, error) { return parse(name, text, nil) }

// parse parses a scenario that may read variables given from outside.
func parse(name string, text []byte, given []string) (*Scenario, error) {
	root, err := readTree(name, text, scenarioLimits)
	if err != nil {
		return nil, Problems{err.(*Problem)} //nolint:errorlint // its only kind of error
	}
	c := &checker{file: name, text: text}
	c.form(scenarioForm, root, "")
	if len(c.problems) > 0 {
		c.nowhere(root, given)
		return nil, c.err()
	}
	c.uses = nil // building notes them with their steps
	s := c.scenario(root)
	s.uses = c.uses
	if len(s.references()) == 0 {
		c.variables(s, given)
		s.linked = true
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	return s, nil
}

// scenario builds the model of a file that has the right form.
func (c *checker) scenario(root *node) *Scenario {
	s := &Scenario{File: c.file, Text: c.text, Name: root.get("name").scalar, Place: root.get("name").place}
	if n := root.get("summary"); n != nil {
		s.Summary = n.scalar
	}
	s.Tags, s.Covers = texts(root.get("tags")), texts(root.get("covers"))
	if n := root.get("setup"); n != nil {
		s.Setup, s.setupPlace = n.scalar, n.place
	}
	s.vars = c.vars(root.get("vars"), "vars")
	if n := root.get("sandbox"); n != nil {
		s.fixture = compileTemplate(c, n, "sandbox")
	}
	if n := root.get("matrix"); n != nil {
		for i, item := range n.items {
			row := &Row{Place: item.place, vars: c.vars(item, index("matrix", i))}
			for _, v := range row.vars {
				row.Names = append(row.Names, v.name)
			}
			s.Matrix = append(s.Matrix, row)
		}
	}
	s.Steps = c.steps(s, root.get("steps"), "steps", PhaseSteps)
	s.Finally = c.steps(s, root.get("finally"), "finally", PhaseFinally)
	return s
}

func texts(n *node) []string {
	if n == nil {
		return nil
	}
	out := make([]string, len(n.items))
	for i, item := range n.items {
		out[i] = item.scalar
	}
	return out
}

func (c *checker) vars(n *node, path string) []variable {
	if n == nil {
		return nil
	}
	out := make([]variable, len(n.members))
	for i, m := range n.members {
		out[i] = variable{m.name, m.place, compileTemplate(c, m.value, join(path, m.name))}
	}
	return out
}

func (c *checker) steps(s *Scenario, n *node, path string, phase Phase) []*Step {
	if n == nil {
		return nil
	}
	out := make([]*Step, len(n.items))
	for i, item := range n.items {
		out[i] = c.step(s, item, index(path, i), phase)
	}
	return out
}

func (c *checker) step(s *Scenario, n *node, path string, phase Phase) *Step {
	step := &Step{Place: n.place, Phase: phase, file: s, extras: map[string]*template{}}
	first := len(c.uses)
	for i := range actions {
		body := n.get(actions[i].name)
		if body == nil {
			continue
		}
		step.action, step.Action = &actions[i], actions[i].name
		c.body(s, step, body, join(path, step.Action))
		break
	}
	if m := n.get("name"); m != nil {
		step.Name = m.scalar
	}
	for _, m := range n.members {
		c.modifier(step, m, join(path, m.name))
	}
	for i := range c.uses[first:] {
		if u := &c.uses[first+i]; u.step == nil {
			u.step = step
		}
	}
	return step
}

// body compiles what the step does, and what stands beside it.
func (c *checker) body(s *Scenario, step *Step, body *node, path string) {
	switch step.Action {
	case "parallel":
		step.Steps = c.steps(s, body, path, step.Phase)
		return
	case "repeat":
		step.body = compileTemplate(c, body.get("times"), join(path, "times"))
		step.Steps = c.steps(s, body.get("steps"), join(path, "steps"), step.Phase)
		return
	case "set":
		step.with = c.vars(body, path)
		return
	}
	step.body = compileTemplate(c, body, path)
	if body.kind == textKind {
		step.Subject = body.scalar
	}
	switch step.Action {
	case "enter", "exit":
		step.Subject = scalarOf(body.get("plateNumber"))
	case "trigger":
		step.Subject = scalarOf(body.get("kind"))
	case "sms":
		step.Subject = scalarOf(body.get("mobilePhone"))
	case "http":
		step.Subject = scalarOf(body.get("url"))
	}
}

func scalarOf(n *node) string {
	if n == nil {
		return ""
	}
	return n.scalar
}

func (c *checker) modifier(step *Step, m member, path string) {
	switch m.name {
	case "name", step.Action:
	case "expect":
		step.expect = compileMatcher(c, m.value, path)
	case "where":
		step.where = compileMatcher(c, m.value, path)
	case "with":
		step.with = c.vars(m.value, path)
	case "assert":
		list := m.value.items
		if m.value.kind == textKind {
			list = []*node{m.value}
		}
		for i, item := range list {
			if e := c.expressionOf(item, index(path, i), true); e != nil {
				step.asserts = append(step.asserts, placedExpression{e, item.place})
			}
		}
	case "save":
		for _, each := range m.value.members {
			if e := c.expressionOf(each.value, join(path, each.name), true); e != nil {
				step.saves = append(step.saves, saved{each.name, placedExpression{e, each.value.place}})
			}
		}
	case "until":
		if e := c.expressionOf(m.value, path, true); e != nil {
			step.until = &placedExpression{e, m.value.place}
		}
	case "if":
		step.unless, step.ifPlace = c.expressionOf(m.value, path, false), m.value.place
	case "every":
		step.every = durationOf(m.value)
	case "within":
		step.within, step.waits = durationOf(m.value), true
	default:
		step.extras[m.name] = compileTemplate(c, m.value, path)
	}
}

func durationOf(n *node) time.Duration {
	d, _ := control.ParseDuration(n.scalar) // checked by its form
	return d
}

func (c *checker) expression(n *node, path string) { c.expressionOf(n, path, false) }

// expressionOf compiles an expression. One that stands as ${…} is taken for what is in it.
func (c *checker) expressionOf(n *node, path string, answer bool) *expression {
	text := n.scalar
	if inner, is := strings.CutPrefix(strings.TrimSpace(text), "${"); is && strings.HasSuffix(inner, "}") && closing(inner) == len(inner)-1 {
		text = inner[:len(inner)-1]
	}
	e, err := compileExpression(strings.TrimSpace(text))
	if err != nil {
		c.at(n.place, path, fmt.Sprintf("%s %s", brief(n.scalar), err), "")
		return nil
	}
	c.reads(e, n.place, path, answer)
	return e
}

// compileMatcher compiles an expectation.
func compileMatcher(c *checker, n *node, path string) *matcher {
	m := &matcher{place: n.place}
	switch n.kind {
	case listKind:
		m.shape = listMatcher
		for i, item := range n.items {
			m.items = append(m.items, compileMatcher(c, item, index(path, i)))
		}
	case objectKind:
		if slices.ContainsFunc(n.members, func(m member) bool { return isOperation(m.name) }) {
			m.shape = opsMatcher
			m.ops = c.operations(n, path)
			return m
		}
		m.shape = objectMatcher
		for _, each := range n.members {
			m.named = append(m.named, namedMatcher{each.name, compileMatcher(c, each.value, join(path, each.name))})
		}
	default:
		m.value = compileTemplate(c, n, path)
	}
	return m
}

func (c *checker) operations(n *node, path string) []operation {
	var ops []operation
	for _, each := range n.members {
		known := matcherOpOf(each.name)
		switch {
		case !isOperation(each.name):
			c.at(each.place, path, fmt.Sprintf("%q stands beside matchers; a mapping is either values or matchers", each.name), "")
			continue
		case known == nil:
			c.at(each.place, path, fmt.Sprintf("there is no matcher %q", each.name), didYouMeanOr(each.name, matcherNames()))
			continue
		}
		before := len(c.problems) + c.more
		c.form(known.form, each.value, join(path, each.name))
		op := operation{name: each.name, operand: compileTemplate(c, each.value, join(path, each.name))}
		if len(c.problems)+c.more > before {
			continue
		}
		switch each.name {
		case "$within":
			if !n.has("$near") {
				c.at(each.place, path, "$within goes with $near", "")
			}
			continue
		case "$near":
			within := n.get("$within")
			if within == nil {
				c.at(each.place, path, "$near wants $within: how far off the time may be", "")
				continue
			}
			op.within = compileTemplate(c, within, join(path, "$within"))
		case "$match":
			if op.operand.shape == literalShape {
				var err error
				if op.regex, err = regexp.Compile(each.value.scalar); err != nil {
					c.at(each.value.place, path, "$match: "+strings.TrimPrefix(err.Error(), "error parsing regexp: "), "")
				}
			}
		}
		ops = append(ops, op)
	}
	return ops
}
