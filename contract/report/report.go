// Package report is what a run of the contract runner found, and the forms it is told in: on a terminal, as JUnit, JSON, TAP and
// HTML, and as GitHub's annotations.
//
// A [Report] is plain data. Its cases stand in the order they are defined in, whatever order they ran in; each has one status.
// A [Masker] hides secrets in all of it, so that no writer has to think of them.
package report

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// Status is how a case ended.
type Status string

// The ways a case ends.
const (
	Passed  Status = "passed"
	Failed  Status = "failed"  // a contract is broken
	Warned  Status = "warned"  // broken, but only a SHOULD: no reason to call the whole failed
	Skipped Status = "skipped" // not run, or not judged; Reason says why
)

// The levels of a case.
const (
	Must   = "MUST"
	Should = "SHOULD"
)

// The exit codes of the runner.
const (
	ExitPassed      = 0
	ExitBroken      = 1 // a contract is broken
	ExitUsage       = 2 // a wrong command line or case file
	ExitUnreachable = 3 // the target could not be reached, or broke off
	ExitNothing     = 4 // nothing ran
)

// Report is the outcome of one run.
type Report struct {
	Command  string    `json:"command"` // run, webhook, fuzz, diff or proxy
	Target   string    `json:"target"`
	Seed     uint64    `json:"seed"`
	Started  time.Time `json:"startedAt"` // RFC 3339
	Duration Millis    `json:"durationMs"`
	Requests int       `json:"requests"` // that were sent
	Cases    []Case    `json:"cases"`
	Warnings []string  `json:"warnings,omitempty"`
	Outage   *Outage   `json:"outage,omitempty"` // the target could not be reached, or broke off
	Order    []string  `json:"order,omitempty"`  // the ids in the order the cases were begun, where that was shuffled
	Program  string    `json:"-"`                // what ran, as it is called: "scenario run"; "": contract and the command
	Language string    `json:"-"`                // of what the writers add: "zh" is Chinese, else English
}

// Name is what ran, as a report is headed.
func (r *Report) Name() string { return cmp.Or(r.Program, "contract "+r.Command) }

// Named is a case's id and, where it says more, its title.
func (c *Case) Named() string {
	if c.Title == c.ID {
		return c.ID
	}
	return c.ID + ": " + c.Title
}

// Case is one row of a report.
type Case struct {
	ID       string    `json:"id"` // unique in a report, and the same from run to run
	Title    string    `json:"title"`
	Level    string    `json:"level"`   // MUST or SHOULD
	Section  string    `json:"section"` // of the platform's document: "§10.1"; several are joined by a space
	Tags     []string  `json:"tags,omitempty"`
	Rules    []string  `json:"rules,omitempty"` // that it holds a target to, by the ids of contract coverage
	File     string    `json:"file,omitempty"`
	Line     int       `json:"line,omitempty"` // from 1
	Status   Status    `json:"status"`
	Reason   string    `json:"reason,omitempty"` // why it was skipped
	Duration Millis    `json:"durationMs"`
	Sent     string    `json:"sent,omitempty"`     // what is sent, in a sentence
	Expected string    `json:"expected,omitempty"` // what is expected, in a sentence
	Fix      string    `json:"fix,omitempty"`      // how to fix it, where it failed
	Failures []Failure `json:"failures,omitempty"`
}

// GeneralFix is the case's Fix, or "" where each of its failures says itself how it is fixed: of an answer that came too late, say, a rule about
// signatures says nothing.
func (c *Case) GeneralFix() string {
	own := slices.ContainsFunc(c.Failures, func(f Failure) bool { return f.Fix != "" })
	if own && !slices.ContainsFunc(c.Failures, func(f Failure) bool { return f.Fix == "" }) {
		return ""
	}
	return c.Fix
}

// Failure is one thing that is wrong in a case. A case may have several.
type Failure struct {
	Message  string `json:"message"`
	File     string `json:"file,omitempty"` // where the expectation stands
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
	Source   string `json:"source,omitempty"` // that line's text
	Path     string `json:"path,omitempty"`   // of the value at fault: data[0].remainingFee
	Expected string `json:"expected,omitempty"`
	Actual   string `json:"actual,omitempty"`
	// OfTwo says that Expected and Actual are the answers of two targets, A and B, neither of which is said to be right.
	OfTwo  bool   `json:"-"`
	Schema string `json:"schema,omitempty"` // the violated place of a JSON Schema
	Reason string `json:"reason,omitempty"` // the mock's word: X-Mock-Reason
	// Explanation is why the mock refused the request, in the report's language, with the fix where that is known.
	Explanation string `json:"explanation,omitempty"`

	Sent     string `json:"sent,omitempty"`
	Received string `json:"received,omitempty"`
	Fix      string `json:"fix,omitempty"`    // what this very failure tells, beyond the case's Fix
	Curl     string `json:"curl,omitempty"`   // repeats the request
	Repeat   string `json:"repeat,omitempty"` // a command that runs the case again up to here, where the request cannot be repeated: its target ended with the run
}

// Outage says that the target could not be reached, or broke off: nothing is said about the contract then.
type Outage struct {
	Kind     string `json:"kind"` // unreachable, timeout, tls, redirect, html, truncated, not-json, unauthorized or refused
	Detail   string `json:"detail"`
	DetailZh string `json:"detailZh,omitempty"`
	Head     string `json:"head,omitempty"` // the first 200 bytes of what came
	Case     string `json:"case,omitempty"` // the id of the case it happened in
	Fix      string `json:"fix,omitempty"`
	FixZh    string `json:"fixZh,omitempty"`
}

// NewOutage says in which way no answer came, in both languages.
func NewOutage(kind string, detail lang.Text, head string, fix lang.Text) *Outage {
	return &Outage{Kind: kind, Detail: detail.EN, DetailZh: detail.ZH, Head: head, Fix: fix.EN, FixZh: fix.ZH}
}

// In is what happened and what can be done about it, in a language.
func (o *Outage) In(language string) (detail, fix string) {
	if language == lang.Chinese {
		return cmp.Or(o.DetailZh, o.Detail), cmp.Or(o.FixZh, o.Fix)
	}
	return o.Detail, o.Fix
}

// Line is the outage in a line: its kind, and what happened.
func (o *Outage) Line(language string) string {
	detail, _ := o.In(language)
	return lang.T("%s: %s", "%s：%s").With(o.kind(language), detail).In(language)
}

// outageNames are the kinds of outage in words.
var outageNames = map[string]lang.Text{
	"unreachable":  lang.T("unreachable", "无法连接"),
	"timeout":      lang.T("timeout", "超时"),
	"tls":          lang.T("tls", "TLS 失败"),
	"redirect":     lang.T("redirect", "重定向"),
	"html":         lang.T("html", "HTML 页面"),
	"truncated":    lang.T("truncated", "应答不完整"),
	"not-json":     lang.T("not-json", "不是 JSON"),
	"unauthorized": lang.T("unauthorized", "未授权"),
	"refused":      lang.T("refused", "被网关拒绝"),
}

// kind is the kind of outage as a report shows it.
func (o *Outage) kind(language string) string {
	if name := outageNames[o.Kind].In(language); name != "" {
		return name
	}
	return o.Kind
}

// Unsuccessful are the cases that failed, in their order.
func (r *Report) Unsuccessful() []*Case {
	var failed []*Case
	for i := range r.Cases {
		if r.Cases[i].Status == Failed {
			failed = append(failed, &r.Cases[i])
		}
	}
	return failed
}

// Position is where a case failed, or stands: file:line; "" where it is in no file.
func (c *Case) Position() string {
	file, line := c.File, c.Line
	if len(c.Failures) > 0 && c.Failures[0].File != "" {
		file, line = c.Failures[0].File, c.Failures[0].Line
	}
	if file == "" {
		return ""
	}
	return file + ":" + strconv.Itoa(line)
}

// String is the outage in a line.
func (o *Outage) String() string { return o.Kind + ": " + o.Detail }

// Millis is a duration that JSON shows in milliseconds, to the microsecond.
type Millis time.Duration

// MarshalJSON gives a number.
func (m Millis) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, m.float(), 'f', -1, 64), nil
}

// UnmarshalJSON reads a number.
func (m *Millis) UnmarshalJSON(text []byte) error {
	var ms float64
	if err := json.Unmarshal(text, &ms); err != nil {
		return err
	}
	*m = Millis(ms * float64(time.Millisecond))
	return nil
}

func (m Millis) float() float64 {
	return float64(time.Duration(m).Round(time.Microsecond)) / float64(time.Millisecond)
}

// String is the duration as Go prints it, to a sensible length.
func (m Millis) String() string {
	d := time.Duration(m)
	switch {
	case d >= time.Second:
		return d.Round(10 * time.Millisecond).String()
	case d >= time.Millisecond:
		return d.Round(time.Millisecond).String()
	}
	return d.Round(time.Microsecond).String()
}

// Count is how many cases ended in a way.
func (r *Report) Count(s Status) int {
	n := 0
	for i := range r.Cases {
		if r.Cases[i].Status == s {
			n++
		}
	}
	return n
}

// Ran is how many cases were judged.
func (r *Report) Ran() int { return len(r.Cases) - r.Count(Skipped) }

// ExitCode is the runner's verdict. An outage outweighs everything: unreachable is never "failed", and nothing run is never
// "passed".
func (r *Report) ExitCode() int {
	switch {
	case r.Outage != nil:
		return ExitUnreachable
	case r.Count(Failed) > 0:
		return ExitBroken
	case r.Ran() == 0:
		return ExitNothing
	}
	return ExitPassed
}
