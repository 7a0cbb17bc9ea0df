package recording

import (
	"encoding/json"
	"errors"
	"strings"
)

// template is a text whose ${…} the recorder wrote. In every other text they are escaped: what merchants and callers sent must not be evaluated
// by whoever runs the recording, who may have secrets in the environment.
type template string

// plain is a text as a template that means it.
func plain(text string) string { return strings.ReplaceAll(text, "${", "$${") }

// errUnreadable is the error of a value that gives JSON with a name twice, which none does.
var errUnreadable = errors.New("a value that is no JSON")

// literal is a value in which every text but a template is escaped.
func literal(value any) (any, error) {
	switch v := value.(type) {
	case nil, bool, int, json.Number:
		return v, nil
	case template:
		return string(v), nil
	case string:
		return plain(v), nil
	case []any:
		out := make([]any, len(v))
		for i := range v {
			var err error
			if out[i], err = literal(v[i]); err != nil {
				return nil, err
			}
		}
		return out, nil
	case object:
		out := make(object, len(v))
		for i := range v {
			inner, err := literal(v[i].value)
			if err != nil {
				return nil, err
			}
			out[i] = member{v[i].name, inner}
		}
		return out, nil
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	parsed, ok := parse(string(text))
	if !ok {
		return nil, errUnreadable
	}
	return literal(parsed)
}
