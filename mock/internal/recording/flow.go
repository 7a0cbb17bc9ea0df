package recording

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/etcp-mock/etcp-mock/schemas"
)

// source is where a value came from: a step and the expression that takes it out of the step's answer.
type source struct {
	step *step
	expr string
	name string // of the variable, once somebody uses it
	base string // what the variable is called after
}

// flow follows values from the answers they came in to the requests they go into.
type flow struct {
	from  map[string]*source
	names map[string]int // how often a name was given
}

func newFlow() flow {
	return flow{from: map[string]*source{}, names: map[string]int{"vars": 1, "url": 1, "sandbox": 1, "merchant": 1, "now": 1, "today": 1, "fake": 1, "uuid": 1, "env": 1, "index": 1}}
}

// least is the shortest value that is followed: shorter ones are equal by chance.
const least = 6

// came notes that a value came in an answer. The first answer it came in counts.
func (f *flow) came(s *step, value, expr, base string) {
	if len(value) >= least && f.from[value] == nil {
		f.from[value] = &source{step: s, expr: expr, base: base}
	}
}

// answered notes the values of an endpoint's answer that differ from run to run: the schemas know which those are.
func (f *flow) answered(s *step, endpoint string, answer any) {
	for _, pointer := range schemas.Volatile(endpoint) {
		f.collect(s, answer, strings.Split(pointer[1:], "/"), "")
	}
}

func (f *flow) collect(s *step, value any, path []string, expr string) {
	if len(path) == 0 {
		if text, ok := value.(string); ok {
			f.came(s, text, strings.TrimPrefix(expr, "."), expr[strings.LastIndexByte(expr, '.')+1:])
		}
		return
	}
	switch v := value.(type) {
	case object:
		f.collect(s, v.get(path[0]), path[1:], expr+"."+path[0])
	case []any:
		for i, item := range v {
			f.collect(s, item, path[1:], expr+"["+strconv.Itoa(i)+"]")
		}
	}
}

// use gives the variable that holds a value, or "" where it came in no answer.
func (f *flow) use(value string) string {
	s := f.from[value]
	if s == nil {
		return ""
	}
	if s.name == "" {
		s.name = f.fresh(s.base)
		s.step.saves = append(s.step.saves, member{s.name, template(s.expr)})
	}
	return s.name
}

// fresh is a name nobody has: token, token2, token3.
func (f *flow) fresh(base string) string {
	base = strings.TrimFunc(base, func(r rune) bool { return !unicode.IsLetter(r) })
	f.names[base]++
	if n := f.names[base]; n > 1 {
		return base + strconv.Itoa(n)
	}
	return base
}

// fill puts variables in the place of values that came in answers, in any text of a value.
func (f *flow) fill(value any) any {
	switch v := value.(type) {
	case string:
		return f.text(v)
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = f.fill(item)
		}
		return out
	case object:
		out := slices.Clone(v)
		for i := range out {
			out[i].value = f.fill(out[i].value)
		}
		return out
	default:
		return value
	}
}

func (f *flow) text(text string) any {
	if name := f.use(text); name != "" {
		return template("${" + name + "}")
	}
	return text
}

// stable is what of an answer is the same in every run, or nil where nothing is.
func stable(endpoint string, answer object) any {
	var data any
	for _, m := range answer {
		if m.name == "data" {
			data = m.value
		}
	}
	var volatile [][]string
	for _, pointer := range schemas.Volatile(endpoint) {
		volatile = append(volatile, strings.Split(pointer[1:], "/"))
	}
	kept, worth := prune(data, []string{"data"}, volatile)
	if !worth {
		return nil
	}
	return kept
}

func prune(value any, at []string, volatile [][]string) (kept any, worth bool) {
	if slices.ContainsFunc(volatile, func(path []string) bool { return slices.Equal(path, at) }) {
		return nil, false
	}
	switch v := value.(type) {
	case nil:
		return nil, false
	case object:
		out := object{}
		for _, m := range v {
			if inner, worth := prune(m.value, append(slices.Clone(at), m.name), volatile); worth {
				out.set(m.name, inner)
			}
		}
		return out, len(out) > 0
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			inner, worth := prune(item, append(slices.Clone(at), "*"), volatile)
			if out[i] = inner; !worth {
				out[i] = object{member{"$any", true}}
			}
		}
		return out, true // its length is worth something
	default:
		return v, true
	}
}
