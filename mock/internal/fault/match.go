package fault

import (
	"encoding/json"
	"net/url"
	"strconv"
)

// document is a request's data or a push's body; it is read when the first
// fault looks into it.
type document struct {
	text  string
	form  bool
	plate string // what plateNumber is behind its mask

	read   bool
	fields map[string]any // nil where the text holds no object
}

// contains tells whether an object is a subset of the document's.
func (d *document) contains(want map[string]any) bool {
	if !d.read {
		d.read, d.fields = true, d.parse()
	}
	if d.fields == nil {
		return false
	}
	for name, value := range want {
		have, there := d.fields[name]
		if there && name == "plateNumber" && d.plate != "" && value == d.plate {
			continue
		}
		if !there || !subset(value, have) {
			return false
		}
	}
	return true
}

func (d *document) parse() (fields map[string]any) {
	text := d.text
	if d.form {
		form, err := url.ParseQuery(text)
		if err != nil {
			return nil
		}
		if !form.Has("data") { // push.encoding form: each field is a parameter
			fields = make(map[string]any, len(form))
			for name := range form {
				fields[name] = form.Get(name)
			}
			return fields
		}
		text = form.Get("data")
	}
	if json.Unmarshal([]byte(text), &fields) != nil {
		return nil
	}
	return fields
}

// subset compares as JSON does, but that a number and a text that writes it are
// equal: the document itself mixes them. Of an object, fields may be left out.
func subset(want, have any) bool {
	switch w := want.(type) {
	case map[string]any:
		h, is := have.(map[string]any)
		if !is {
			return false
		}
		for name, value := range w {
			if inner, there := h[name]; !there || !subset(value, inner) {
				return false
			}
		}
		return true
	case []any:
		h, is := have.([]any)
		if !is || len(h) != len(w) {
			return false
		}
		for i := range w {
			if !subset(w[i], h[i]) {
				return false
			}
		}
		return true
	case float64:
		if text, is := have.(string); is {
			n, err := strconv.ParseFloat(text, 64)
			return err == nil && n == w
		}
	case string:
		if n, is := have.(float64); is {
			return subset(n, w)
		}
	}
	return want == have
}
