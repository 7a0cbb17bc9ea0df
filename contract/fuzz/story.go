package fuzz

import (
	"fmt"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/sign"
)

// symbol stands in a story for a value that is known when it is played: a phone, a plate, or what an answer held.
type symbol string

// derived is a value made of a symbol's: longer by a character, in small letters, and the like.
type derived struct {
	of  symbol
	how string // a name in derivations
}

// derivation changes a text. In a scenario it is an expression of the variable %s.
type derivation struct {
	of         func(text string) string
	expression string
}

var derivations = map[string]derivation{
	"longer":  {func(s string) string { return s + "0" }, `%[1]s + '0'`},
	"shorter": {func(s string) string { return s[:len(s)-1] }, `%[1]s[0:len(%[1]s) - 1]`},
	"spaced":  {func(s string) string { return s + " " }, `%[1]s + ' '`},
	"behind":  {func(s string) string { return " " + s }, `' ' + %[1]s`},
	"lower":   {strings.ToLower, `lower(%[1]s)`},
	"upper":   {strings.ToUpper, `upper(%[1]s)`},
	"dashed":  {func(s string) string { return strings.ReplaceAll(s, "-", "") }, `replace(%[1]s, '-', '')`},
	"changed": {func(s string) string { return "~" + s[1:] }, `'~' + %[1]s[1:]`},
	"twice":   {func(s string) string { return s + s }, `%[1]s + %[1]s`},
}

// story is a sequence of calls, and of the simulator's acts.
type story struct {
	steps []fuzzStep
	salt  uint64 // makes the phones and plates of one run on a platform others than those of the next
	made  uint64 // the number that its setup follows from
}

// fuzzStep is one step of a story.
type fuzzStep struct {
	id        int
	action    string // call, enter, exit, sms, redeliver or advance
	subject   string // the endpoint; of advance, by how much; of redeliver, which of the pushes there are
	as        int    // which of the two merchants calls
	fields    []fuzzField
	raw       string   // sent as data in place of the fields
	encoded   string   // data as it stands in the request, URL-encoded; raw is what it decodes to
	overrides []string // of the envelope, names in overrides
	way       string   // how it is sent, a name in ways
	style     string   // how the fields are written: spaced, twice or escaped; "": as they come
	strip     bool     // what is signed is stripped of its spaces, whatever the rule says
	stamp     string   // time_stamp; "": now
	expired   bool     // it lies outside the window
}

type fuzzField struct {
	name  string
	value any // string, json.Number, bool, nil, []any, map[string]any, symbol or derived
}

// simple is the value that a shrunk story has where any will do.
func simple(name string) any {
	switch name {
	case "mobilePhone":
		return symbol("phone0")
	case "plateNumber":
		return symbol("plate0")
	case "appId":
		return "ETCP"
	case "orderId", "externalOrderId", "verificationInfo", "code", "carEngineNum", "token":
		return "x"
	}
	return nil
}

// resolve is a field's value as it is sent.
func resolve(value any, known func(symbol) any) any {
	switch v := value.(type) {
	case symbol:
		return known(v)
	case derived:
		text, ok := known(v.of).(string)
		if !ok || text == "" {
			return "x"
		}
		return derivations[v.how].of(text)
	}
	return value
}

// symbolOf is the symbol in a value; "": there is none.
func symbolOf(value any) symbol {
	switch v := value.(type) {
	case symbol:
		return v
	case derived:
		return v.of
	}
	return ""
}

// Ways to make a story smaller. Each gives another one.

func (s story) with(steps []fuzzStep) story { return story{steps, s.salt, s.made} }

func (s story) upTo(step int) story {
	i := slices.IndexFunc(s.steps, func(f fuzzStep) bool { return f.id == step })
	return s.with(slices.Clone(s.steps[:i+1]))
}

func (s story) without(i, n int) story { return s.with(slices.Delete(slices.Clone(s.steps), i, i+n)) }

// changed is the story with one step changed.
func (s story) changed(i int, change func(f *fuzzStep)) story {
	out := s.with(slices.Clone(s.steps))
	out.steps[i].fields = slices.Clone(out.steps[i].fields)
	change(&out.steps[i])
	return out
}

func (s story) withoutField(i, j int) story {
	if j >= len(s.steps[i].fields) || s.steps[i].action != "call" {
		return s
	}
	return s.changed(i, func(f *fuzzStep) { f.fields = slices.Delete(f.fields, j, j+1) })
}

func (s story) simpler(i, j int) story {
	if j >= len(s.steps[i].fields) || s.steps[i].action != "call" || simple(s.steps[i].fields[j].name) == nil {
		return s
	}
	return s.changed(i, func(f *fuzzStep) { f.fields[j].value = simple(f.fields[j].name) })
}

// plainly is the story with one step sent as it should be, where it is not.
func (s story) plainly(i int) story {
	f := &s.steps[i]
	if len(f.overrides) == 0 && f.way == "" && f.style == "" && !f.strip && f.stamp == "" {
		return s
	}
	return s.changed(i, func(f *fuzzStep) {
		f.overrides, f.way, f.style, f.strip, f.stamp, f.expired = nil, "", "", false, "", false
	})
}

// text writes a step's fields as JSON, symbols by what they stand for.
func (f *fuzzStep) text(known func(symbol) any) string {
	return f.written(func(value any) any { return resolve(value, known) })
}

func (f *fuzzStep) written(value func(any) any) string {
	if f.raw != "" {
		return f.raw
	}
	open, between, colon, end := "{", ",", ":", "}"
	if f.style == "spaced" {
		open, between, colon, end = " {\r\n", " ,\t", " : ", "\n} "
	}
	b := make([]byte, 0, 256)
	b = append(b, open...)
	for i, field := range f.fields {
		if i > 0 {
			b = append(b, between...)
		}
		switch f.style {
		case "twice": // the last one counts
			b = append(sign.AppendJSONString(b, field.name), `:{"x":[false]},`...)
			b = sign.AppendJSONString(b, field.name)
		case "escaped":
			b = fmt.Appendf(b, `"\u%04x%s"`, field.name[0], field.name[1:])
		default:
			b = sign.AppendJSONString(b, field.name)
		}
		b = append(b, colon...)
		resolved := value(field.value)
		text, isText := resolved.(string)
		switch {
		case isText && f.style == "escaped" && text != "":
			b = appendEscaped(b, text)
		case isText:
			b = sign.AppendJSONString(b, text)
		default:
			b = append(b, jsonvalue.Encode(resolved)...)
		}
	}
	return string(append(b, end...))
}

// appendEscaped writes a text as JSON with its first character escaped.
func appendEscaped(b []byte, text string) []byte {
	first := []rune(text)[0]
	if first >= 0x10000 || first == '$' { // of two units, or a scenario's variable
		return sign.AppendJSONString(b, text)
	}
	rest := sign.AppendJSONString(nil, text[len(string(first)):])
	return append(fmt.Appendf(b, `"\u%04x`, first), rest[1:]...)
}
