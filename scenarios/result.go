package scenarios

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/match"
	"github.com/etcp-mock/etcp-mock/scenarios/problem"
)

// Status is how a case or a step ended.
type Status string

// The ends of cases and steps.
const (
	Passed  Status = "passed"
	Failed  Status = "failed"
	Skipped Status = "skipped"
)

// Class says what kind of failure it is: who has to fix what.
type Class string

// The classes of failures.
const (
	ClassExpectation Class = "expectation" // an answer that is not what the scenario, or the endpoint's schema, says
	ClassTransport   Class = "transport"   // the target could not be reached, or broke off
	ClassExpression  Class = "expression"  // an expression that fails, or gives what cannot be used
	ClassFixture     Class = "fixture"     // the server refused the sandbox
	ClassControl     Class = "control"     // the server refused an act of the simulator
	ClassCanceled    Class = "canceled"    // the run was broken off, or out of time
)

// Result is what became of a scenario, case by case.
type Result struct {
	Scenario string        `json:"scenario"`
	File     string        `json:"file"`
	Status   Status        `json:"status"` // failed if a case is, skipped if all are
	Seed     uint64        `json:"seed"`   // the same seed, the same run
	Started  time.Time     `json:"started"`
	Duration time.Duration `json:"durationNs"`
	Cases    []*CaseResult `json:"cases"`
}

// CaseResult is what became of a row of the matrix, or of a scenario without one.
type CaseResult struct {
	Name             string         `json:"name"` // the scenario's name, with the row: pays[2]
	Row              int            `json:"row"`  // from 1; 0 without a matrix
	problem.Position                // of the row, or of the scenario's name
	Vars             map[string]any `json:"vars,omitempty"` // of the row
	Status           Status         `json:"status"`
	Reason           string         `json:"reason,omitempty"` // why it was skipped
	Class            Class          `json:"class,omitempty"`  // of its first failure
	Sandbox          string         `json:"sandbox,omitempty"`
	Kept             bool           `json:"kept,omitempty"` // the sandbox is still there
	Started          time.Time      `json:"started"`
	Duration         time.Duration  `json:"durationNs"`
	Steps            []*StepResult  `json:"steps"`
	Hits             []Hit          `json:"hits,omitempty"`
}

// StepResult is what became of a step. Steps of setup and of scenarios used stand inside the step that brought them.
type StepResult struct {
	Name             string         `json:"name"`   // its own, or what it does
	Action           string         `json:"action"` // call, enter, push, …; sandbox for the making of the sandbox, setup for the setup
	Subject          string         `json:"subject,omitempty"`
	Phase            language.Phase `json:"phase"`
	File             string         `json:"file"`
	problem.Position                // of the step
	Status           Status         `json:"status"`
	Reason           string         `json:"reason,omitempty"` // why it was skipped
	Duration         time.Duration  `json:"durationNs"`
	Attempts         int            `json:"attempts,omitempty"` // of one that polls
	Failure          *Failure       `json:"failure,omitempty"`
	Exchange         *Exchange      `json:"exchange,omitempty"` // the last one, of a call or http
	Answer           any            `json:"answer,omitempty"`   // what expressions saw
	MockReason       string         `json:"mockReason,omitempty"`
	Explanation      string         `json:"explanation,omitempty"` // of a step that failed: why the mock refused its call, with the fix where that is known, or why no such push came
	ExplanationZh    string         `json:"explanationZh,omitempty"`
	Curl             string         `json:"curl,omitempty"`          // a command that repeats the request; of a mock in this process, as a served one would be asked
	Unknown          []string       `json:"unknownFields,omitempty"` // paths of fields of the answer that the document does not know; they are no failure
	Steps            []*StepResult  `json:"steps,omitempty"`

	step  *language.Step
	scope map[string]any
}

// TitleIn is what the step is called, in English ("en") or Chinese ("zh"): its own name, or what it does. In Chinese, what it sends and expects stands
// in place of a name in English where the file is in both languages (summaryZh).
func (s *StepResult) TitleIn(language string) string {
	if s.step == nil {
		return s.Name
	}
	name := s.Name
	if s.step.Name == "" { // it says what the step does
		name = ""
	}
	return s.step.TitleIn(language, name, s.Subject)
}

// Failure is why a step failed.
type Failure struct {
	Class            Class      `json:"class"`
	Detail           string     `json:"detail"` // in a line
	File             string     `json:"file"`
	problem.Position            // of the expectation, the expression or the value at fault
	Source           string     `json:"source,omitempty"`     // the line there
	Mismatches       []Mismatch `json:"mismatches,omitempty"` // all of them
}

// mismatches are what a matcher found, of a step's file.
func mismatches(found []match.Difference) []Mismatch {
	var out []Mismatch
	for _, d := range found {
		out = append(out, Mismatch{Path: d.Path, Want: d.Want, Got: d.Got, Absent: d.Absent, Detail: d.Detail, Position: d.Position})
	}
	return out
}

// Mismatch is one expectation that did not hold, as values.
type Mismatch struct {
	Path             string `json:"path"`             // in the answer: data[0].remainingFee
	Want             any    `json:"want,omitempty"`   // the value, or the matcher as it is written: {"$gt":0}
	WantZh           string `json:"-"`                // where Want is words: they in Chinese
	Got              any    `json:"got,omitempty"`    // nil where there is none
	Absent           bool   `json:"absent,omitempty"` // there is none
	Detail           string `json:"detail"`           // want 10, got 9
	DetailZh         string `json:"detailZh,omitempty"`
	Schema           string `json:"schema,omitempty"` // of a violated schema: answer/orderunpay#/properties/data
	File             string `json:"file"`
	problem.Position        // of the expectation
	Source           string `json:"source,omitempty"` // the line there
}

// Exchange is a request and its answer, secrets masked.
type Exchange struct {
	Method     string          `json:"method"`
	URL        string          `json:"url"`
	Endpoint   string          `json:"endpoint,omitempty"`
	MerchantNo string          `json:"merchantNo,omitempty"`
	Data       string          `json:"data,omitempty"` // the parameter data, decoded; of http the body
	HTTPStatus int             `json:"httpStatus,omitempty"`
	Code       *int            `json:"code,omitempty"` // nil where no envelope came
	Message    string          `json:"message,omitempty"`
	Body       string          `json:"body,omitempty"`
	RequestID  string          `json:"requestId,omitempty"` // the journal entry's, on a mock
	Envelope   json.RawMessage `json:"-"`                   // the answer as it came, not masked, for comparing two targets
	Header     http.Header     `json:"-"`                   // of the answer, likewise
}

// Hit is a cell of the coverage: an endpoint's code, or a push's outcome.
type Hit struct {
	Endpoint string `json:"endpoint,omitempty"`
	Code     int    `json:"code"`
	Push     string `json:"push,omitempty"`
	Outcome  string `json:"outcome,omitempty"` // pending, delivered, failed
}

// Event is news of a run.
type Event struct {
	Case  *CaseResult // under way: only Name, Row and Position are settled
	Step  *StepResult // nil: the case begins, or has ended (its Status is set then)
	Index int         // of the step in its phase
	Total int         // steps of the case, those inside steps not counted
	Ended bool        // the step, or the case, is over
}

// Visit goes through all steps of the case, those inside steps after the step itself.
func (c *CaseResult) Visit(visit func(*StepResult)) {
	var walk func([]*StepResult)
	walk = func(steps []*StepResult) {
		for _, s := range steps {
			visit(s)
			walk(s.Steps)
		}
	}
	walk(c.Steps)
}

// Failed is the first step that failed and holds the reason, or nil.
func (c *CaseResult) Failed() *StepResult {
	var found *StepResult
	c.Visit(func(s *StepResult) {
		if found == nil && s.Status == Failed && s.Failure != nil {
			found = s
		}
	})
	return found
}
