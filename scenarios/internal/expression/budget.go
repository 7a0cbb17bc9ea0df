package expression

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"time"
)

// The bounds of what an expression does, beside the library's own on the memory of lists.
const (
	maxSteps = 1_000_000 // of its loops
	maxMade  = 64 << 20  // bytes of what the steps of its loops give
	maxText  = 1 << 20   // bytes of one text that is put together
	maxUniq  = 5_000     // items of a list whose equals are left out, which compares each with each
)

// maxTime bounds its loops, of which a step may look through a long list or text; a test of another bound has more of it.
var maxTime = 500 * time.Millisecond

// budget is what is left for one run of an expression with loops.
type budget struct {
	steps, made int
	until       time.Time
}

// budgetName is the variable that holds the budget; step is the function that every loop's body goes through.
const (
	budgetName = ours + "budget"
	stepName   = ours + "step"
)

var errNotForExpressions = errors.New(stepName + " is not for expressions")

// step counts one turn of a loop, and what it gave.
func step(params ...any) (any, error) {
	if len(params) != 2 {
		return nil, errNotForExpressions
	}
	b, is := params[0].(*budget)
	if !is {
		return nil, errNotForExpressions
	}
	b.steps--
	b.made -= sizeOf(params[1])
	switch {
	case b.steps < 0 || b.steps%64 == 0 && time.Now().After(b.until):
		return nil, fmt.Errorf("takes over %d steps, or over %v", maxSteps, maxTime)
	case b.made < 0:
		return nil, fmt.Errorf("makes over %d MiB", maxMade>>20)
	}
	return params[1], nil
}

// sizeOf is about how many bytes a value takes, without what its items hold.
func sizeOf(v any) int {
	const item = 16
	switch x := v.(type) {
	case nil, bool, int:
		return 0
	case string:
		return len(x)
	case []any:
		return item * len(x)
	case map[string]any:
		return 2 * item * len(x)
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.String, reflect.Slice, reflect.Map:
		return item * r.Len()
	default:
		return item
	}
}

// withBudget are the variables and a budget of its own. The variables are shared with others, so that they are copied.
func withBudget(scope map[string]any) map[string]any {
	own := make(map[string]any, len(scope)+1)
	maps.Copy(own, scope)
	own[budgetName] = &budget{steps: maxSteps, made: maxMade, until: time.Now().Add(maxTime)}
	return own
}

func tooLong(name string) error {
	return fmt.Errorf("%s: the text would be over %d bytes", name, maxText)
}

// replaced takes the place of the library's own replace, which makes a text of any length.
func replaced(params ...any) (any, error) {
	if len(params) != 3 && len(params) != 4 {
		return nil, errors.New("replace takes a text, what to replace, what by, and how often at most")
	}
	var texts [3]string
	for i := range texts {
		var is bool
		if texts[i], is = params[i].(string); !is {
			return nil, fmt.Errorf("replace wants texts, not %s", TypeOf(params[i]))
		}
	}
	times := strings.Count(texts[0], texts[1])
	if len(params) == 4 {
		most, is := params[3].(int)
		if !is {
			return nil, fmt.Errorf("replace wants a whole number of times, not %s", TypeOf(params[3]))
		}
		if most >= 0 {
			times = min(times, most)
		}
	}
	if grows := len(texts[2]) - len(texts[1]); grows > 0 && times > 0 && times > (maxText-len(texts[0]))/grows {
		return nil, tooLong("replace")
	}
	return strings.Replace(texts[0], texts[1], texts[2], times), nil
}

// joined takes the place of the library's own join, as replaced does of replace.
func joined(params ...any) (any, error) {
	glue := ""
	if len(params) == 2 {
		var is bool
		if glue, is = params[1].(string); !is {
			return nil, fmt.Errorf("join wants a text between, not %s", TypeOf(params[1]))
		}
	} else if len(params) != 1 {
		return nil, errors.New("join takes a list, and a text between")
	}
	var parts []string
	switch list := params[0].(type) {
	case []string:
		parts = list
	case []any:
		for _, item := range list {
			text, is := item.(string)
			if !is {
				return nil, fmt.Errorf("join wants texts, not %s", TypeOf(item))
			}
			parts = append(parts, text)
		}
	default:
		return nil, fmt.Errorf("join wants a list, not %s", TypeOf(params[0]))
	}
	size := len(glue) * max(len(parts)-1, 0)
	for _, part := range parts {
		if size += len(part); size > maxText {
			return nil, tooLong("join")
		}
	}
	return strings.Join(parts, glue), nil
}

// repeated takes the place of the library's own repeat, as replaced does of replace.
func repeated(params ...any) (any, error) {
	if len(params) != 2 {
		return nil, errors.New("repeat takes a text, and how often")
	}
	text, is := params[0].(string)
	times, also := params[1].(int)
	switch {
	case !is || !also || times < 0:
		return nil, fmt.Errorf("repeat wants a text and how often, not %s and %s", TypeOf(params[0]), Brief(params[1]))
	case text != "" && times > maxText/len(text):
		return nil, tooLong("repeat")
	}
	return strings.Repeat(text, times), nil
}

// unique takes the place of the library's own uniq, which takes any length of time.
func unique(params ...any) (any, error) {
	if len(params) != 1 {
		return nil, errors.New("uniq takes a list")
	}
	list, is := params[0].([]any)
	if !is {
		if list, is = plainValue(params[0]).([]any); !is {
			return nil, fmt.Errorf("uniq wants a list, not %s", TypeOf(params[0]))
		}
	}
	if len(list) > maxUniq {
		return nil, fmt.Errorf("uniq: the list has over %d items", maxUniq)
	}
	out := []any{}
	for _, item := range list {
		if has, _ := contains(item, out); has != true {
			out = append(out, item)
		}
	}
	return out, nil
}
