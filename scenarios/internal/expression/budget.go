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
	maxUniq  = 5_000     // items of a list whose equals are left out, which compares each with each
)

// MaxText is the most bytes that a text has that is put together.
const MaxText = 1 << 20

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
	b, ok := params[0].(*budget)
	if !ok {
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

// Size is about how many bytes a value takes with all that it holds. It ends once it is over a limit: a value may hold another many times.
func Size(v any, limit int) int {
	size := 16 + sizeOf(v)
	switch x := v.(type) {
	case []any:
		for _, item := range x {
			if size > limit {
				break
			}
			size += Size(item, limit-size)
		}
	case map[string]any:
		for name, item := range x {
			if size > limit {
				break
			}
			size += len(name) + Size(item, limit-size)
		}
	}
	return size
}

// withBudget are the variables and a budget of its own. The variables are shared with others, so that they are copied.
func withBudget(scope map[string]any) map[string]any {
	own := make(map[string]any, len(scope)+1)
	maps.Copy(own, scope)
	own[budgetName] = &budget{steps: maxSteps, made: maxMade, until: time.Now().Add(maxTime)}
	return own
}

func tooLong(name string) error {
	return fmt.Errorf("%s: the text would be over %d bytes", name, MaxText)
}

// replaced takes the place of the library's own replace, which makes a text of any length.
func replaced(params ...any) (any, error) {
	if len(params) != 3 && len(params) != 4 {
		return nil, errors.New("replace takes a text, what to replace, what by, and how often at most")
	}
	var texts [3]string
	for i := range texts {
		var ok bool
		if texts[i], ok = params[i].(string); !ok {
			return nil, fmt.Errorf("replace wants texts, not %s", TypeOf(params[i]))
		}
	}
	times := strings.Count(texts[0], texts[1])
	if len(params) == 4 {
		most, ok := params[3].(int)
		if !ok {
			return nil, fmt.Errorf("replace wants a whole number of times, not %s", TypeOf(params[3]))
		}
		if most >= 0 {
			times = min(times, most)
		}
	}
	if grows := len(texts[2]) - len(texts[1]); grows > 0 && times > 0 && times > (MaxText-len(texts[0]))/grows {
		return nil, tooLong("replace")
	}
	return strings.Replace(texts[0], texts[1], texts[2], times), nil
}

// joined takes the place of the library's own join, as replaced does of replace.
func joined(params ...any) (any, error) {
	glue := ""
	if len(params) == 2 {
		var ok bool
		if glue, ok = params[1].(string); !ok {
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
			text, ok := item.(string)
			if !ok {
				return nil, fmt.Errorf("join wants texts, not %s", TypeOf(item))
			}
			parts = append(parts, text)
		}
	default:
		return nil, fmt.Errorf("join wants a list, not %s", TypeOf(params[0]))
	}
	size := len(glue) * max(len(parts)-1, 0)
	for _, part := range parts {
		if size += len(part); size > MaxText {
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
	text, ok := params[0].(string)
	times, also := params[1].(int)
	switch {
	case !ok || !also || times < 0:
		return nil, fmt.Errorf("repeat wants a text and how often, not %s and %s", TypeOf(params[0]), Brief(params[1]))
	case text != "" && times > MaxText/len(text):
		return nil, tooLong("repeat")
	}
	return strings.Repeat(text, times), nil
}

// unique takes the place of the library's own uniq, which takes any length of time.
func unique(params ...any) (any, error) {
	if len(params) != 1 {
		return nil, errors.New("uniq takes a list")
	}
	list, ok := params[0].([]any)
	if !ok {
		if list, ok = plainValue(params[0]).([]any); !ok {
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
