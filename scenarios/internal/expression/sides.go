package expression

import "strings"

// Sides says what an assertion compared: the values of both sides of a comparison, or of the variables it reads.
func Sides(e *Expression, scope map[string]any) string {
	var said []string
	say := func(text string) {
		part, err := Compile(text)
		if err != nil {
			return
		}
		if v, err := part.Eval(scope); err == nil && Brief(v) != text {
			said = append(said, text+" is "+Brief(v))
		}
	}
	if left, right, ok := Comparison(e.Text); ok {
		say(left)
		say(right)
	} else {
		for _, name := range e.Names {
			switch scope[name].(type) {
			case map[string]any, []any, nil:
			default:
				say(name)
			}
		}
	}
	if len(said) == 0 {
		return ""
	}
	return ": " + strings.Join(said, ", ")
}
