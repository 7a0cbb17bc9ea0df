package schemas

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
)

// reader turns the validator's tree of errors into problems. It keeps the
// leaves, names what is missing or too much one by one, and says "no time"
// where the validator would print a pattern of three hundred characters.
type reader struct {
	schema   map[string]any
	value    any
	problems []Problem
}

func (r *reader) read(e *jsonschema.ValidationError) {
	if len(e.Causes) > 0 {
		for _, cause := range e.Causes {
			r.read(cause)
		}
		return
	}
	_, fragment, _ := strings.Cut(e.AbsoluteKeywordLocation, "#")
	at, where := unescaped(e.InstanceLocation), unescaped(fragment)
	parent, keyword := where[:max(strings.LastIndexByte(where, '/'), 0)], where[strings.LastIndexByte(where, '/')+1:]
	node, _ := follow(r.schema, parent).(map[string]any)
	value := follow(r.value, at)
	object, _ := value.(map[string]any)
	switch keyword {
	case "required":
		names, _ := node[keyword].([]any)
		for _, name := range names {
			if _, has := object[name.(string)]; !has {
				r.add(at, where, strconv.Quote(name.(string))+" is missing")
			}
		}
	case "additionalProperties":
		known, _ := node["properties"].(map[string]any)
		for name := range object {
			if _, knows := known[name]; !knows {
				r.add(at+"/"+jsonvalue.EscapePointer(name), where, "is a field the document does not know")
			}
		}
	case "pattern", "minLength", "enum":
		if title, _ := node["title"].(string); title != "" {
			r.add(at, where, fmt.Sprintf("%s is no %s", shown(value), title))
		} else {
			r.add(at, where, e.Message)
		}
	case "not":
		r.add(at, where, shown(value)+" counts as absent")
	default:
		r.add(at, where, e.Message)
	}
}

func (r *reader) add(pointer, schemaPointer, detail string) {
	r.problems = append(r.problems, Problem{pointer, schemaPointer, detail})
}

// follow is the value at a JSON Pointer, or nil.
func follow(value any, pointer string) any {
	if pointer == "" {
		return value
	}
	for token := range strings.SplitSeq(pointer[1:], "/") {
		switch v := value.(type) {
		case map[string]any:
			value = v[jsonvalue.UnescapePointer(token)]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// shown is a value as a message shows it: as JSON, and not at length.
func shown(value any) string {
	const most = 40
	text := string(encode(value, ""))
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
