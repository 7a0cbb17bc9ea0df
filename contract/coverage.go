package contract

import (
	"cmp"
	"slices"

	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// Cell is one thing that a contract can show: an endpoint that answers a code, or a kind of push that has an outcome.
type Cell struct {
	Endpoint string   `json:"endpoint,omitempty"`
	Code     int      `json:"code"`
	Push     string   `json:"push,omitempty"`
	Outcome  string   `json:"outcome,omitempty"` // delivered, failed or pending
	Section  string   `json:"section"`
	ByRule   bool     `json:"byRule,omitempty"` // only where a rule is set to something else than its default
	Cases    []string `json:"cases"`            // that reach it
}

// Outcomes are the outcomes of a push.
func Outcomes() []string { return []string{"delivered", "failed", "pending"} }

// CheckedRule is a rule of the platform, and the cases that hold a target to it.
type CheckedRule struct {
	ID      string   `json:"id"`
	Section string   `json:"section"`
	Text    string   `json:"text"`
	TextZh  string   `json:"textZh"`           // the same in Chinese
	Unseen  string   `json:"unseen,omitempty"` // why no case can check it
	Cases   []string `json:"cases"`            // that passed
}

// Coverage is the matrix endpoint × code and push kind × outcome, and the rules that cases check.
type Coverage struct {
	Cells []Cell        `json:"cells"`
	Rules []CheckedRule `json:"rules"`
	// Beyond are the cells that were reached and that the tables say no one reaches.
	Beyond []Cell `json:"beyond,omitempty"`
}

// NewCoverage is the matrix of what the tables of package schemas say is reachable, with nothing reached yet.
func NewCoverage() *Coverage {
	c := &Coverage{}
	for _, e := range schemas.Endpoints() {
		codes := append([]int{schemas.CodeOK}, schemas.EnvelopeCodes()...)
		for _, code := range append(codes, e.Codes...) {
			c.Cells = append(c.Cells, Cell{Endpoint: e.Name, Code: code, Section: e.Section})
		}
		for _, code := range e.CodesByRule {
			c.Cells = append(c.Cells, Cell{Endpoint: e.Name, Code: code, Section: e.Section, ByRule: true})
		}
	}
	for _, p := range schemas.Pushes() {
		for _, outcome := range Outcomes() {
			c.Cells = append(c.Cells, Cell{Push: p.Kind, Outcome: outcome, Section: p.Section})
		}
	}
	for _, r := range schemas.Rules() {
		c.Rules = append(c.Rules, CheckedRule{ID: r.ID, Section: r.Section, Text: r.Text, TextZh: r.TextZh, Unseen: r.Unseen})
	}
	return c
}

// AddRules notes the rules that a run has checked: those of the cases that passed. It gives back the names that are no rule's.
func (c *Coverage) AddRules(r *report.Report) (unknown []string) {
	for i := range r.Cases {
		one := &r.Cases[i]
		for _, id := range one.Rules {
			at := slices.IndexFunc(c.Rules, func(r CheckedRule) bool { return r.ID == id })
			switch {
			case at < 0:
				unknown = append(unknown, one.ID+": "+id)
			case one.Status == report.Passed:
				c.Rules[at].Cases = append(c.Rules[at].Cases, one.ID)
			}
		}
	}
	return unknown
}

// Unchecked are the rules that no case has checked, and that one could.
func (c *Coverage) Unchecked() []CheckedRule {
	var unchecked []CheckedRule
	for _, r := range c.Rules {
		if len(r.Cases) == 0 && r.Unseen == "" {
			unchecked = append(unchecked, r)
		}
	}
	return unchecked
}

// Add notes what a case has reached. It is not for several goroutines at once.
func (c *Coverage) Add(id string, hits []scenarios.Hit) {
	for _, t := range hits {
		cell := c.find(t)
		if cell == nil && t.Code == schemas.CodeFailed && t.Push == "" {
			continue // an unknown path or a wrong method, which is no endpoint's
		}
		if cell == nil {
			c.Beyond = append(c.Beyond, Cell{Endpoint: t.Endpoint, Code: t.Code, Push: t.Push, Outcome: t.Outcome})
			cell = &c.Beyond[len(c.Beyond)-1]
		}
		if at, found := slices.BinarySearch(cell.Cases, id); !found {
			cell.Cases = slices.Insert(cell.Cases, at, id)
		}
	}
}

func (c *Coverage) find(t scenarios.Hit) *Cell {
	for _, list := range [][]Cell{c.Cells, c.Beyond} {
		for i := range list {
			if cell := &list[i]; cell.Endpoint == t.Endpoint && cell.Code == t.Code && cell.Push == t.Push && cell.Outcome == t.Outcome {
				return cell
			}
		}
	}
	return nil
}

// Missing are the cells that no case reaches.
func (c *Coverage) Missing() []Cell {
	var missing []Cell
	for _, cell := range c.Cells {
		if len(cell.Cases) == 0 {
			missing = append(missing, cell)
		}
	}
	return missing
}

// Percent is how much of the matrix is reached and of the rules is checked, from 0 to 100; 100 is all of it.
func (c *Coverage) Percent() float64 {
	all := len(c.Cells) + len(c.Rules)
	if all == 0 {
		return 0
	}
	return 100 * float64(all-len(c.Missing())-len(c.Unchecked())) / float64(all)
}

// Codes are the codes of the matrix, in the order of §11.
func (c *Coverage) Codes() []int {
	var codes []int
	for _, row := range schemas.Codes() {
		codes = append(codes, row.Code)
	}
	return codes
}

// Cell is the cell of an endpoint and a code, or nil where no one reaches it.
func (c *Coverage) Cell(endpoint string, code int) *Cell {
	return c.find(scenarios.Hit{Endpoint: endpoint, Code: code})
}

// Sort puts what is beyond the matrix in an order that does not depend on who came first.
func (c *Coverage) Sort() {
	slices.SortStableFunc(c.Beyond, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(a.Endpoint, b.Endpoint), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Push, b.Push), cmp.Compare(a.Outcome, b.Outcome))
	})
}
