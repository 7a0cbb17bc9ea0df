package scenarios

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/language"
)

// Text is a variable's value as it is typed on a command line. It takes the type that the variable has in the file that
// defines it: 12 is a number where the file has a number, and a text where the file has a text, or no such variable.
type Text string

// ParseVar reads a variable as commands take it: name=text, whose value is a [Text], or name:=json, whose value is what the
// JSON says.
func ParseVar(given string) (name string, value any, err error) {
	name, text, found := strings.Cut(given, "=")
	name, isJSON := strings.CutSuffix(name, ":")
	switch {
	case !found || name == "":
		return "", nil, fmt.Errorf("want name=value, or name:=json, got %q", given)
	case !language.Identifier().MatchString(name):
		return "", nil, fmt.Errorf("%q is no name of a variable: letters, digits and _", name)
	case !isJSON:
		return name, Text(text), nil
	}
	value, err = expression.Decode([]byte(text))
	if err != nil {
		return "", nil, fmt.Errorf("the value of %s is no JSON: %w", name, err)
	}
	return name, value, nil
}

// given is a value from outside in place of a variable's own.
func given(value, own any) any {
	text, ok := value.(Text)
	if !ok {
		return expression.Exact(value)
	}
	switch own.(type) {
	case int, json.Number:
		if _, ok := expression.ParseRational(string(text)); ok && json.Valid([]byte(text)) {
			return expression.Number(json.Number(text))
		}
	case bool:
		if text == "true" || text == "false" {
			return text == "true"
		}
	}
	return string(text)
}
