package language

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/suggest"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// references are the names in a file that stand for something of the sandbox.
type references struct {
	merchants []syntax.Reference // that its steps name
	carParks  []syntax.Reference // that its steps and its fixture's stays name; not those that are not there on purpose
	snapshots []string           // that its steps keep
	restores  []syntax.Reference // that its steps put back
	codes     []syntax.Reference // that its steps expect
	injected  []string           // codes that its faults answer
	elsewhere bool               // a request to the control API may have made car parks, and faults
}

// referencesTo are the names of a file that was checked. A step that expects its refusal names a car park that is not there on purpose.
func referencesTo(c *syntax.Checker, root *syntax.Node) references {
	out := references{merchants: c.Merchants, carParks: c.CarParks, codes: c.Codes}
	inject := func(fault *syntax.Node) {
		if code := fault.Get("do").Get("code"); code != nil {
			out.injected = append(out.injected, code.Scalar)
			out.elsewhere = out.elsewhere || template.IsTemplate(code)
		}
	}
	if faults := root.Get("sandbox").Get("faults"); faults != nil {
		for _, fault := range faults.Items {
			inject(fault)
		}
	}
	onPurpose := map[problem.Position]bool{}
	eachStep(root, func(step *syntax.Node, path string) {
		out.elsewhere = out.elsewhere || step.Has("http")
		inject(step.Get("fault"))
		if name := step.Get("snapshot"); name != nil {
			out.snapshots = append(out.snapshots, name.Scalar)
		}
		if name := step.Get("restore"); name != nil && name.Kind == syntax.TextKind {
			out.restores = append(out.restores, syntax.Reference{Name: name.Scalar, Position: name.Position, Path: syntax.Join(path, "restore")})
		}
		if step.Get("expect").Has("status") {
			for _, m := range step.Members {
				if park := m.Value.Get("parkingId"); park != nil {
					onPurpose[park.Position] = true
				}
			}
		}
	})
	out.carParks = slices.DeleteFunc(slices.Clone(out.carParks), func(r syntax.Reference) bool { return onPurpose[r.Position] })
	return out
}

// eachStep visits the steps of a file, however broken, those inside steps too.
func eachStep(root *syntax.Node, visit func(step *syntax.Node, path string)) {
	var walk func(list *syntax.Node, path string)
	walk = func(list *syntax.Node, path string) {
		if list == nil {
			return
		}
		for i, step := range list.Items {
			at := syntax.Index(path, i)
			visit(step, at)
			walk(step.Get("parallel"), syntax.Join(at, "parallel"))
			walk(step.Get("repeat").Get("steps"), syntax.Join(at, "repeat.steps"))
		}
	}
	walk(root.Get("steps"), "steps")
	walk(root.Get("finally"), "finally")
}

// checkReferences finds merchants and car parks that the sandbox does not have. What is computed is known when the scenario runs.
func checkReferences(c *syntax.Checker, r references, fixture *template.Value) {
	if fixture == nil || fixture.Shape != template.ObjectShape {
		return
	}
	list := fixture.Find("merchants")
	if known, literal := literals(list, "no", "name"); literal && (list != nil || !r.elsewhere) {
		for _, ref := range r.merchants {
			switch {
			case ref.Name == "" || slices.Contains(known, ref.Name):
			case list == nil:
				c.Problem(ref.Position, ref.Path, fmt.Sprintf("the sandbox has no merchant %q", ref.Name), "without merchants it has one whose number is made up")
			default:
				c.Problem(ref.Position, ref.Path, fmt.Sprintf("the sandbox has no merchant %q", ref.Name), syntax.DidYouMeanOr(ref.Name, known))
			}
		}
	}
	list = fixture.Find("parkings")
	if known, literal := literals(list, "id"); literal && !r.elsewhere {
		for _, ref := range r.carParks {
			switch {
			case slices.Contains(known, ref.Name):
			case list == nil:
				c.Problem(ref.Position, ref.Path, fmt.Sprintf("the sandbox has no car park %q", ref.Name), "it has none: give it some under parkings")
			default:
				c.Problem(ref.Position, ref.Path, fmt.Sprintf("the sandbox has no car park %q", ref.Name), syntax.DidYouMeanOr(ref.Name, known))
			}
		}
	}
}

// checkUsed finds snapshots that are put back, and that no step keeps, and codes that nothing answers, neither here nor in what the scenario uses.
func checkUsed(c *syntax.Checker, s *Scenario) {
	all := references{restores: s.refers.restores, codes: s.refers.codes}
	seen := map[*Scenario]bool{}
	var gather func(s *Scenario)
	gather = func(s *Scenario) {
		if s == nil || seen[s] {
			return
		}
		seen[s] = true
		all.snapshots = append(all.snapshots, s.refers.snapshots...)
		all.injected = append(all.injected, s.refers.injected...)
		all.elsewhere = all.elsewhere || s.refers.elsewhere
		gather(s.SetupScenario)
		for _, other := range s.Used {
			gather(other)
		}
	}
	gather(s)
	missingSnapshots(c, all.restores, all.snapshots)
	missingCodes(c, all)
}

// missingCodes finds codes that §11 does not have, and that no fault answers.
func missingCodes(c *syntax.Checker, all references) {
	for _, ref := range all.codes {
		code, err := strconv.Atoi(ref.Name)
		if known := schemas.Message(code) != "" && err == nil; !known && !all.elsewhere && !slices.Contains(all.injected, ref.Name) {
			c.Problem(ref.Position, ref.Path, "there is no code "+ref.Name, codeHint(ref))
		}
	}
}

// codeHint names the code that is like one that is not there, of those that the endpoint answers, or else all that it answers.
func codeHint(ref syntax.Reference) string {
	var known []int
	for _, row := range schemas.Codes() {
		known = append(known, row.Code)
	}
	if e, ok := schemas.Lookup(ref.Of); ok {
		known = slices.Concat([]int{schemas.CodeOK}, schemas.EnvelopeCodes(), e.Codes, e.CodesByRule)
		slices.Sort(known)
	}
	names := make([]string, len(known))
	for i, code := range known {
		names[i] = strconv.Itoa(code)
	}
	if near := suggest.Nearest(ref.Name, names); near != "" {
		return "did you mean " + near + "?"
	}
	all := strings.Join(names, ", ")
	if ref.Of != "" {
		return fmt.Sprintf("%s answers %s", ref.Of, all)
	}
	return "§11 has " + all
}

func missingSnapshots(c *syntax.Checker, restores []syntax.Reference, known []string) {
	for _, ref := range restores {
		if !slices.Contains(known, ref.Name) {
			c.Problem(ref.Position, ref.Path, fmt.Sprintf("there is no snapshot %q", ref.Name), suggest.DidYouMean(ref.Name, known))
		}
	}
}

// checkRows finds variables that a row of the matrix lacks, that another has, and that are read and not defined elsewhere.
func checkRows(c *syntax.Checker, s *Scenario, known map[string]bool) {
	defined := map[string]bool{}
	s.Walk(func(step *Step) {
		for _, name := range step.defines() {
			defined[name] = true
		}
	})
	of := map[string]int{} // the first row that has it
	var names []string
	for i, row := range s.Matrix {
		for _, name := range row.Names {
			if _, has := of[name]; !has {
				of[name], names = i, append(names, name)
			}
		}
	}
	for i, row := range s.Matrix {
		for _, name := range names {
			read := slices.ContainsFunc(s.uses, func(u stepUse) bool { return slices.Contains(u.Names, name) })
			if read && !known[name] && !defined[name] && !slices.Contains(row.Names, name) {
				c.Problem(row.Position, syntax.Index("matrix", i), fmt.Sprintf("the row lacks %q, which row %d has", name, of[name]+1), "")
			}
		}
	}
}

// literals are the texts below keys of a list's items; nil has none. It reports false where one is computed: it is known when the scenario runs.
func literals(list *template.Value, keys ...string) (texts []string, all bool) {
	if list == nil {
		return nil, true
	}
	for _, item := range list.Items {
		for _, key := range keys {
			value := item.Find(key)
			if value == nil {
				continue
			}
			text, literal := value.Literal.(string)
			if !literal || value.Shape != template.LiteralShape {
				return nil, false
			}
			texts = append(texts, text)
		}
	}
	return texts, true
}
