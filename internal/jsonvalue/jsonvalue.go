// Package jsonvalue reads, writes and compares JSON values whose numbers keep the digits they were written with.
package jsonvalue

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
)

var errTrailing = errors.New("something follows the JSON value")

// Decode reads one JSON value. Numbers become [json.Number]; text after the value is an error.
func Decode(text []byte) (v any, err error) {
	if json.Valid(text) {
		return Value(text, func(n string) any { return json.Number(n) }), nil
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errTrailing
	}
	return v, nil
}

// Encode writes a value as compact JSON without HTML escapes. A value that JSON cannot hold gives the error's text.
func Encode(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err.Error()
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// TypeOf is the JSON type of a value that [Decode] gave: null, string, number, boolean, array or object.
func TypeOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case json.Number, float64, int, int64, uint64:
		return "number"
	case bool:
		return "boolean"
	case []any:
		return "array"
	default:
		return "object"
	}
}

var (
	escaper   = strings.NewReplacer("~", "~0", "/", "~1")
	unescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

// Unquote is the text of a JSON string, quotes and all, that is known to be one; of a wrong escape it is what stands between the quotes.
func Unquote(quoted string) string {
	inner := quoted[1 : len(quoted)-1]
	if strings.IndexByte(inner, '\\') < 0 {
		return inner
	}
	var out string
	if json.Unmarshal([]byte(quoted), &out) != nil {
		return inner
	}
	return out
}

// EscapePointer writes a name as one element of a JSON pointer (RFC 6901).
func EscapePointer(name string) string { return escaper.Replace(name) }

// UnescapePointer reads one element of a JSON pointer.
func UnescapePointer(element string) string { return unescaper.Replace(element) }

// Path is a JSON pointer as people write a position: parkings[0].lat.
func Path(pointer string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		part = UnescapePointer(part)
		if _, err := strconv.Atoi(part); err == nil {
			b.WriteString("[" + part + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(part)
	}
	return b.String()
}
