package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/contract/webhook"
	mutants "github.com/etcp-mock/etcp-mock/mutants/schema"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// source is where the tables come from: schemas, and a running mock.
type source struct {
	ctx    context.Context //nolint:containedctx // lives as long as one page
	client *control.Client
}

var errNoTable = errors.New("there is no such table")

// table makes a table by its name; one with an argument has it behind a space, and one in Chinese has zh as its last word.
func (s source) table(name string) (table, error) {
	name, chinese := strings.CutSuffix(name, " "+inChinese)
	name, argument, _ := strings.Cut(name, " ")
	if !chinese {
		return s.inEnglish(name, argument, "")
	}
	t, err := s.inEnglish(name, argument, inChinese)
	if err != nil {
		return t, err
	}
	return translated(t)
}

// inEnglish makes a table in English, but for what the tables of the code have in the language.
func (s source) inEnglish(name, argument, language string) (table, error) {
	switch name {
	case "checks":
		return checks(), nil
	case "endpoints":
		return withoutEnglish(endpoints(), language), nil
	case "parameters":
		return parameters(), nil
	case "codes":
		return codes(), nil
	case "pushes":
		return withoutEnglish(pushes(), language), nil
	case "rules":
		return s.rules(language)
	case "reasons":
		return s.reasons(language)
	case "lints":
		return s.lints(language)
	case "routes":
		return routes(argument)
	case "steps":
		return steps(language)
	case "modifiers":
		return modifiers(language)
	case "matchers":
		return matchers(language)
	case "webhook-checks":
		return webhookChecks(language), nil
	case "unseen-bugs":
		return unseenBugs()
	case "licenses":
		return licenses(s.ctx)
	}
	return nil, errNoTable
}

// unseenBugs are the planted bugs that no client can see.
func unseenBugs() (table, error) {
	const path = "mutants/table.yaml"
	rows, err := mutants.Read(path)
	if errors.Is(err, fs.ErrNotExist) { // a test, which runs in this folder
		rows, err = mutants.Read("../../" + path)
	}
	if err != nil {
		return nil, err
	}
	out := table{{"rule", "in place of", "stands", "why no client sees it"}}
	for _, r := range rows {
		if r.Unseen != "" {
			out = append(out, []string{code(r.Rule), code(r.Before), code(cmp.Or(r.After, " ")), r.Unseen})
		}
	}
	return out, nil
}

// code is a text as code; one that holds a backtick stands between two of them.
func code(text string) string {
	if strings.Contains(text, "`") {
		return "`` " + text + " ``"
	}
	return "`" + text + "`"
}

func coded(texts []string) string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = code(text)
	}
	return strings.Join(out, ", ")
}

func numbers(codes []int) string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = strconv.Itoa(c)
	}
	return strings.Join(out, ", ")
}

func checks() table {
	t := table{{"#", "check", "code"}}
	for _, c := range schemas.Checks() {
		answer := numbers(c.Codes)
		switch c.Number {
		case 1:
			answer = "as injected"
		case 9:
			answer += " (a phone)"
		case 11:
			answer = "those of the endpoint"
		}
		t = append(t, []string{strconv.Itoa(c.Number), c.What, answer})
	}
	return t
}

// englishTitle is the column that says in English what a title of the document says in Chinese.
const englishTitle = "does"

// withoutEnglish leaves out of a Chinese table what its titles say already.
func withoutEnglish(t table, language string) table {
	at := slices.Index(t[0], englishTitle)
	if language == inChinese && at >= 0 {
		for i := range t {
			t[i] = slices.Delete(t[i], at, at+1)
		}
	}
	return t
}

func endpoints() table {
	t := table{{"endpoint", "method", "section", "title", englishTitle, "token", "changes state", "own codes", "by a rule"}}
	yes := map[bool]string{true: "yes"}
	for _, e := range schemas.Endpoints() {
		t = append(t, []string{code(e.Name), e.Method, e.Section, e.Title, e.Does, yes[e.Token], yes[e.Writes], numbers(e.Codes), numbers(e.CodesByRule)})
	}
	return t
}

// forms are the grammars of parameters in words.
var forms = map[schemas.Form]string{
	schemas.FormText:       "text",
	schemas.FormKeptText:   "text, at most 64 characters",
	schemas.FormPhone:      "phone: `^1[3-9][0-9]{9}$`",
	schemas.FormPlate:      "plate",
	schemas.FormPlateColor: "1 blue, 2 black, 3 yellow, 4 white",
	schemas.FormPayment:    "yuan: a plain decimal over 0, at most two places",
	schemas.FormTime:       "`yyyy-MM-dd HH:mm:ss`, Asia/Shanghai",
	schemas.FormVIN:        "17 characters, A–Z and 0–9 without I, O, Q",
	schemas.FormLatitude:   "decimal, −90 to 90, BD-09",
	schemas.FormLongitude:  "decimal, −180 to 180, BD-09",
	schemas.FormRadius:     "whole metres, 500 to 5000",
	schemas.FormPayType:    "1",
}

func parameters() table {
	t := table{{"endpoint", "parameter", "required", "form"}}
	for _, e := range schemas.Endpoints() {
		for _, p := range e.Params {
			required := map[bool]string{true: "yes"}[p.Required]
			for i, group := range e.Either {
				if slices.Contains(group, p.Name) {
					required = fmt.Sprintf("group %d", i+1)
				}
			}
			if e.Alone == p.Name {
				required = "alone"
			}
			form := forms[p.Form]
			if p.Mixed {
				form += " (string or number)"
			}
			t = append(t, []string{code(e.Name), code(p.Name), required, form})
		}
	}
	return t
}

func codes() table {
	t := table{{"code", "message", "answered by"}}
	for _, c := range schemas.Codes() {
		var by []string
		for _, e := range schemas.Endpoints() {
			switch {
			case slices.Contains(e.Codes, c.Code):
				by = append(by, code(e.Name))
			case slices.Contains(e.CodesByRule, c.Code):
				by = append(by, code(e.Name)+" by a rule")
			}
		}
		whom := strings.Join(by, ", ")
		if c.Code == schemas.CodeOK || slices.Contains(schemas.EnvelopeCodes(), c.Code) {
			whom = "every endpoint"
		}
		if c.Code == schemas.CodeServerError {
			whom = "an injected fault, or a failure of the mock itself"
		}
		t = append(t, []string{strconv.Itoa(c.Code), c.Message, whom})
	}
	return t
}

func pushes() table {
	t := table{{"kind", "section", "title", englishTitle, "fields, in the order that is signed"}}
	for _, p := range schemas.Pushes() {
		t = append(t, []string{code(p.Kind), p.Section, p.Title, p.Does, coded(p.Fields) + "; then `signment`"})
	}
	return t
}

func (s source) rules(language string) (table, error) {
	all, err := s.client.Sandbox(control.Default).Rules(s.ctx)
	if err != nil {
		return nil, err
	}
	t := table{{"rule", "default", "section", "meaning", "values"}}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if strings.HasPrefix(name, "message.") {
			continue
		}
		r := all[name]
		value, err := json.Marshal(r.Default)
		if err != nil {
			return nil, err
		}
		meaning := r.Doc
		if language == inChinese {
			meaning = cmp.Or(r.DocZh, r.Doc)
		}
		text := strings.Trim(string(value), `"`)
		t = append(t, []string{code(name), code(text), strings.Trim(r.Section, "-"), meaning, coded(r.OneOf)})
	}
	return append(t, []string{"`message.<code>`", "that of §11", "§11", "The message that goes with a code; of code 0, that of a success.", ""}), nil
}

// whole is every page of a listing.
func whole[T any](ctx context.Context, list func(context.Context, control.Page) (control.List[T], error)) (all []T, err error) {
	for item, err := range control.All(func(p control.Page) (control.List[T], error) { return list(ctx, p) }) {
		if err != nil {
			return nil, err
		}
		all = append(all, item)
	}
	return all, nil
}

func (s source) reasons(language string) (table, error) {
	all, err := whole(s.ctx, s.client.Reasons)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b control.Reason) int { return a.Code - b.Code })
	t := table{{"code", "reason", "explanation"}}
	for _, r := range all {
		text := r.Explanation
		if language == inChinese {
			text = cmp.Or(r.ExplanationZh, r.Explanation)
		}
		t = append(t, []string{strconv.Itoa(r.Code), code(r.Reason), text})
	}
	return t, nil
}

func (s source) lints(language string) (table, error) {
	all, err := whole(s.ctx, s.client.Lints)
	if err != nil {
		return nil, err
	}
	t := table{{"lint", "section", "meaning"}}
	for _, l := range all {
		text := l.Doc
		if language == inChinese {
			text = cmp.Or(l.DocZh, l.Doc)
		}
		t = append(t, []string{code(l.Rule), l.Section, text})
	}
	return t, nil
}

// routes are the calls of the control API in one of its groups.
func routes(tag string) (table, error) {
	t := table{{"call", "takes", "answers", "does"}}
	for _, r := range schemas.ControlRoutes() {
		if r.Tag != tag {
			continue
		}
		var takes []string
		if r.Body != "" {
			takes = append(takes, r.Body)
		}
		for _, q := range r.Query {
			takes = append(takes, "?"+q)
		}
		answer := strconv.Itoa(r.Status)
		if item, paged := strings.CutPrefix(r.Answer, "[]"); paged {
			answer += " page of " + code(item)
		} else if r.Answer != "" {
			answer += " " + code(r.Answer)
		}
		path := strings.Replace(r.Path, "/__admin/sandboxes/{id}", "…", 1)
		t = append(t, []string{code(r.Method + " " + path), coded(takes), answer, r.Summary})
	}
	if len(t) == 1 {
		return nil, errNoTable
	}
	return t, nil
}

// webhookChecks lists what contract webhook checks, in the words of a language where that has some.
func webhookChecks(language string) table {
	t := table{{"check", "level", "section", "what", "sent"}}
	if language == inChinese {
		t = table{{"检查项", "级别", "章节", "内容", "发送"}}
	}
	for _, c := range webhook.Checks(language) {
		t = append(t, []string{code(c.ID), c.Level, c.Section, c.Title, c.Sent})
	}
	return t
}
