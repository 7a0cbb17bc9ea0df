package recording

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// object is a JSON object that keeps the order it was written in.
type object []member

type member struct {
	name  string
	value any
}

func (o *object) set(name string, value any) { *o = append(*o, member{name, value}) }

// setText sets a text that is not empty.
func (o *object) setText(name, text string) {
	if text != "" {
		o.set(name, text)
	}
}

// MarshalJSON writes the members in their order, Chinese as it is.
func (o object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	out.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			out.WriteByte(',')
		}
		if err := enc.Encode(m.name); err != nil {
			return nil, err
		}
		out.WriteByte(':')
		if err := enc.Encode(m.value); err != nil {
			return nil, err
		}
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// parse reads JSON, objects in their order and numbers as they are written. It refuses an object that has a name twice.
func parse(text string) (any, bool) {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	value, ok := parseValue(dec)
	_, err := dec.Token()
	return value, ok && errors.Is(err, io.EOF)
}

func parseValue(dec *json.Decoder) (any, bool) {
	token, err := dec.Token()
	if err != nil {
		return nil, false
	}
	switch token {
	case json.Delim('{'):
		return parseObject(dec)
	case json.Delim('['):
		list := []any{}
		for dec.More() {
			item, ok := parseValue(dec)
			if !ok {
				return nil, false
			}
			list = append(list, item)
		}
		_, err := dec.Token()
		return list, err == nil
	}
	return token, true
}

func parseObject(dec *json.Decoder) (any, bool) {
	out, seen := object{}, map[string]bool{}
	for dec.More() {
		token, err := dec.Token()
		name, isText := token.(string)
		if err != nil || !isText || seen[name] {
			return nil, false
		}
		seen[name] = true
		value, ok := parseValue(dec)
		if !ok {
			return nil, false
		}
		out.set(name, value)
	}
	_, err := dec.Token()
	return out, err == nil
}

// get is a member's value, or nil.
func (o object) get(name string) any {
	for _, m := range o {
		if m.name == name {
			return m.value
		}
	}
	return nil
}
