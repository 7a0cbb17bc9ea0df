package language

import (
	"fmt"
	"slices"

	"github.com/etcp-mock/etcp-mock/internal/suggest"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/syntax"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// references are the names in a file that stand for something of the sandbox.
type references struct {
	merchants []syntax.Reference // that its steps name
	carParks  []syntax.Reference // that its steps and its fixture's stays name; not those that are not there on purpose
	snapshots []string           // that its steps keep
	restores  []syntax.Reference // that its steps put back
	elsewhere bool               // a request to the control API may have made car parks
}

// referencesTo are the names of a file that was checked. A step that expects its refusal names a car park that is not there on purpose.
func referencesTo(c *syntax.Checker, root *syntax.Node) references {
	out := references{merchants: c.Merchants, carParks: c.CarParks}
	onPurpose := map[problem.Position]bool{}
	eachStep(root, func(step *syntax.Node, path string) {
		out.elsewhere = out.elsewhere || step.Has("http")
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

// checkSnapshots finds snapshots that are put back, and that no step keeps, neither here nor in what the scenario uses.
func checkSnapshots(c *syntax.Checker, s *Scenario) {
	var known []string
	seen := map[*Scenario]bool{}
	var gather func(s *Scenario)
	gather = func(s *Scenario) {
		if s == nil || seen[s] {
			return
		}
		seen[s] = true
		known = append(known, s.refers.snapshots...)
		gather(s.SetupScenario)
		for _, other := range s.Used {
			gather(other)
		}
	}
	gather(s)
	missingSnapshots(c, s.refers.restores, known)
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
