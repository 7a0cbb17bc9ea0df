package contract

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/contract/internal/wire"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/chinese"
	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// noJSON says that a call failed because what came is no JSON, or ends before it is whole.
func noJSON(step *scenarios.StepResult) *report.Outage {
	if step == nil || step.Exchange == nil || step.Exchange.Code != nil || step.Exchange.HTTPStatus == 0 || step.Failure == nil ||
		!slices.ContainsFunc(step.Failure.Mismatches, func(m scenarios.Mismatch) bool { return m.Path == "" }) {
		return nil
	}
	return wire.JSONOutage(step.Exchange.URL, step.Exchange.HTTPStatus, []byte(step.Exchange.Body))
}

// refused says that who answered is no platform, but a gateway that lets nobody through.
func refused(step *scenarios.StepResult) *report.Outage {
	if step == nil || step.Exchange == nil || step.Exchange.Code != nil {
		return nil
	}
	x := step.Exchange
	switch x.HTTPStatus {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired:
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout, http.StatusTooManyRequests:
	default:
		return nil
	}
	return wire.Refused(x.URL, x.HTTPStatus, []byte(x.Body))
}

// failuresOf is everything that is wrong in a case.
func (b *batch) failuresOf(out *report.Case, result *scenarios.CaseResult) []report.Failure {
	step := result.Failed()
	if step == nil {
		return []report.Failure{{Message: "failed without a reason"}}
	}
	if inner := innermost(step); inner.Failure != nil { // of a loop, the step in it, with what it sent
		step = inner
	}
	base := report.Failure{Reason: step.MockReason, Explanation: b.in(lang.T(step.Explanation, step.ExplanationZh)), Curl: step.Curl, File: step.File, Line: step.Line, Column: step.Column}
	if b.runner.RepeatLine != nil {
		base.Curl, base.Repeat = "", b.runner.RepeatLine(out, step.Line)
	}
	if x := step.Exchange; x != nil {
		base.Sent = strings.TrimSpace(x.Method + " " + x.URL + " " + x.Data)
		base.Received = strings.TrimSpace(fmt.Sprintf("HTTP %d %s", x.HTTPStatus, head(x.Body)))
	}
	f := step.Failure
	if f.Line > 0 {
		base.File, base.Line, base.Column = f.File, f.Line, f.Column
	}
	if len(f.Mismatches) == 0 {
		base.Message = step.TitleIn(b.runner.Language) + b.in(colon) + b.in(lang.T(f.Detail, chinese.Of(f.Detail)))
		return []report.Failure{base}
	}
	var all []report.Failure
	for i, m := range f.Mismatches {
		one := base
		if i > 0 { // the request is said once
			one = report.Failure{File: base.File, Line: base.Line, Column: base.Column}
		}
		detail := m.Detail
		if b.runner.Language == lang.Chinese {
			detail = inChinese(&m)
		}
		one.Message, one.Path, one.Schema = step.TitleIn(b.runner.Language)+b.in(colon)+detail, m.Path, m.Schema
		if m.Path != "" {
			one.Message = step.TitleIn(b.runner.Language) + b.in(colon) + m.Path + b.in(colon) + detail
		}
		if m.Line > 0 {
			one.File, one.Line, one.Column = m.File, m.Line, m.Column
		}
		if m.Want != nil || m.Absent {
			one.Expected, one.Actual = b.wanted(&m), shown(m.Got)
			if m.Absent {
				one.Actual = b.in(absent)
			}
		}
		all = append(all, one)
	}
	return all
}

var colon = lang.T(": ", "：")

var absent = lang.T("(absent)", "（没有）")

// inChinese is what did not hold, in Chinese where there are words for it.
func inChinese(m *scenarios.Mismatch) string {
	switch {
	case m.DetailZh != "":
		return m.DetailZh
	case m.Path == "assert": // whose values are beside the point
		return chinese.Of(m.Detail)
	case m.Want != nil && m.Absent:
		return fmt.Sprintf("应为 %s，但没有这一项", shown(m.Want))
	case m.Want != nil:
		return fmt.Sprintf("应为 %s，实际为 %s", shown(m.Want), shown(m.Got))
	}
	return chinese.Of(m.Detail)
}

// wanted is what a value had to be: words as they are, any other value as JSON.
func (b *batch) wanted(m *scenarios.Mismatch) string {
	if words, are := m.Want.(string); are && m.WantZh != "" {
		return lang.T(words, m.WantZh).In(b.runner.Language)
	}
	return shown(m.Want)
}

// head is the beginning of a text, with … where it goes on.
func head(text string) string {
	begin := wire.Head([]byte(text))
	if len(text) > wire.HeadSize {
		begin += "…"
	}
	return begin
}

func shown(v any) string {
	const most = 1000
	text := jsonvalue.Encode(v)
	if len(text) > most {
		return head(text)
	}
	return text
}

// sources adds the lines that failures point to.
func (b *batch) sources(out *report.Case, s *scenarios.Scenario) {
	for i := range out.Failures {
		f := &out.Failures[i]
		text := s.Text
		if f.File != s.File {
			for _, other := range b.runner.Library.All() {
				if other.File == f.File {
					text = other.Text
				}
			}
		}
		lines := strings.Split(string(text), "\n")
		if f.Line > 0 && f.Line <= len(lines) {
			f.Source = strings.ToValidUTF8(strings.TrimRight(lines[f.Line-1], "\r"), "�")
		}
	}
}
