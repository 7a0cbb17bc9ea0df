// Package input reads what commands are given: KEY=VALUE pairs, times, names of values, files.
package input

import (
	"encoding/json"
	"strings"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
)

// Pairs are KEY=VALUE arguments in their order.
type Pairs []Pair

// Pair is one KEY=VALUE argument, its value as JSON.
type Pair struct {
	Key string
	Raw json.RawMessage
}

// ParsePairs reads KEY=TEXT and KEY:=JSON arguments.
func ParsePairs(given []string) (Pairs, error) {
	out := Pairs{}
	for _, arg := range given {
		key, value, found := strings.Cut(arg, "=")
		if !found || key == "" || key == ":" {
			return nil, cli.Usagef("%q: want KEY=VALUE for a text, or KEY:=VALUE for a number or other JSON", arg)
		}
		if name, ok := strings.CutSuffix(key, ":"); ok {
			if !json.Valid([]byte(value)) {
				return nil, cli.Usagef("%q: what stands behind := is JSON; a text is written %s=%s", arg, name, value)
			}
			out = append(out, Pair{name, json.RawMessage(value)})
			continue
		}
		raw, err := JSON(value)
		if err != nil {
			return nil, err
		}
		out = append(out, Pair{key, raw})
	}
	return out, nil
}

// Values are the pairs without their order. A dot in a key makes an object in an object.
func (ps Pairs) Values() map[string]any {
	if len(ps) == 0 {
		return nil
	}
	out := map[string]any{}
	for _, p := range ps {
		inner, key := out, p.Key
		for {
			head, rest, nested := strings.Cut(key, ".")
			if !nested || head == "" || rest == "" {
				break
			}
			next, ok := inner[head].(map[string]any)
			if !ok {
				next = map[string]any{}
				inner[head] = next
			}
			inner, key = next, rest
		}
		inner[key] = p.Raw
	}
	return out
}

// Object is the pairs as a compact JSON object in their order.
func (ps Pairs) Object() string {
	var b strings.Builder
	b.WriteByte('{')
	for i, p := range ps {
		if i > 0 {
			b.WriteByte(',')
		}
		name, _ := JSON(p.Key)
		b.Write(name)
		b.WriteByte(':')
		b.Write(p.Raw)
	}
	b.WriteByte('}')
	return b.String()
}

// JSON is a value as JSON without escapes for HTML.
func JSON(v any) (json.RawMessage, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return json.RawMessage(strings.TrimSuffix(b.String(), "\n")), nil
}
