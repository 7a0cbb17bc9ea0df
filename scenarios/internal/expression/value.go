package expression

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
)

// Numbers are exact: an integer is an int, any other a json.Number with its text as it was written, so that 8.00
// stays 8.00 and 0.1 + 0.2 is 0.3. Money must not pass through floats (docs: §9.8's payment).

// maxNumber bounds a number's text; beyond it exact arithmetic costs too much.
const maxNumber = 100

// Number is a JSON number as a value.
func Number(n json.Number) any {
	if strings.ContainsAny(string(n), ".eE") {
		return n
	}
	if i, err := strconv.Atoi(string(n)); err == nil && string(n) != "-0" {
		return i
	}
	return n
}

// Rational is a value's exact number.
func Rational(v any) (*big.Rat, bool) {
	switch n := v.(type) {
	case int:
		return new(big.Rat).SetInt64(int64(n)), true
	case json.Number:
		return ParseRational(string(n))
	case float64:
		if math.IsNaN(n) || math.IsInf(n, 0) {
			return nil, false
		}
		return ParseRational(strconv.FormatFloat(n, 'g', -1, 64))
	case nil, string, bool, []any, map[string]any:
		return nil, false
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return new(big.Rat).SetInt64(r.Int()), true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return new(big.Rat).SetFrac(new(big.Int).SetUint64(r.Uint()), big.NewInt(1)), true
	case reflect.Float32:
		return new(big.Rat).SetFloat64(r.Float()), true
	default:
		return nil, false
	}
}

// ParseRational reads a decimal number exactly; false where it is none, or too long to compute with.
func ParseRational(text string) (*big.Rat, bool) {
	if len(text) > maxNumber || strings.ContainsFunc(text, notDecimal) { // a fraction, another base or a power of two
		return nil, false
	}
	if _, exponent, found := strings.Cut(strings.ToLower(text), "e"); found {
		if power, err := strconv.Atoi(exponent); err != nil || power < -400 || power > 400 {
			return nil, false
		}
	}
	return new(big.Rat).SetString(text)
}

func notDecimal(r rune) bool { return !strings.ContainsRune("0123456789+-.eE", r) }

// decimal is an exact number as a value: whole as an int, else with the digits it has, at most 12 of a fraction that does not end.
func decimal(r *big.Rat) any {
	if r.IsInt() {
		if r.Num().IsInt64() {
			return int(r.Num().Int64())
		}
		return json.Number(r.Num().String())
	}
	const most = 12
	digits, exact := r.FloatPrec()
	if !exact || digits > most {
		digits = most
	}
	return json.Number(strings.TrimRight(strings.TrimRight(r.FloatString(digits), "0"), "."))
}

// arithmetic computes a op b.
func arithmetic(op string, a, b any) (any, error) {
	x, left := Rational(a)
	y, right := Rational(b)
	if s, ok := a.(string); ok && op == "+" {
		if t, also := b.(string); also {
			if len(s)+len(t) > MaxText {
				return nil, tooLong("+")
			}
			return s + t, nil
		}
	}
	if !left || !right {
		return nil, fmt.Errorf("%s %s %s: %s", TypeOf(a), op, TypeOf(b), arithmeticHint(op, left, right))
	}
	switch op {
	case "+":
		return decimal(x.Add(x, y)), nil
	case "-":
		return decimal(x.Sub(x, y)), nil
	case "*":
		return decimal(x.Mul(x, y)), nil
	}
	if y.Sign() == 0 {
		return nil, errors.New("division by zero")
	}
	if op == "/" {
		return decimal(x.Quo(x, y)), nil
	}
	whole := new(big.Int).Quo(new(big.Rat).Quo(x, y).Num(), new(big.Rat).Quo(x, y).Denom())
	return decimal(x.Sub(x, y.Mul(y, new(big.Rat).SetInt(whole)))), nil
}

func arithmeticHint(op string, left, right bool) string {
	if op == "+" && left != right {
		return "a number and a text do not add; string(…) and decimal(…) turn one into the other"
	}
	return "want two numbers"
}

// Compare orders two numbers or two texts.
func Compare(a, b any) (int, error) {
	if x, ok := Rational(a); ok {
		if y, also := Rational(b); also {
			return x.Cmp(y), nil
		}
	}
	s, left := a.(string)
	t, right := b.(string)
	if left && right {
		return strings.Compare(s, t), nil
	}
	return 0, fmt.Errorf("%s and %s have no order", TypeOf(a), TypeOf(b))
}

// Same compares two values by value and JSON type.
func Same(a, b any) bool {
	if x, ok := Rational(a); ok {
		y, also := Rational(b)
		return also && x.Cmp(y) == 0
	}
	switch v := a.(type) {
	case nil:
		return b == nil
	case string:
		w, ok := b.(string)
		return ok && v == w
	case bool:
		w, ok := b.(bool)
		return ok && v == w
	case []any:
		w, ok := b.([]any)
		if !ok || len(v) != len(w) {
			return false
		}
		for i := range v {
			if !Same(v[i], w[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		w, ok := b.(map[string]any)
		if !ok || len(v) != len(w) {
			return false
		}
		for name := range v {
			other, has := w[name]
			if !has || !Same(v[name], other) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a, b)
}

// TypeOf is the JSON type of a value, as messages name it.
func TypeOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	if _, ok := Rational(v); ok {
		return "number"
	}
	return fmt.Sprintf("%T", v)
}

// Decode reads JSON into values as expressions want them.
func Decode(text []byte) (any, error) {
	if json.Valid(text) {
		return jsonvalue.Value(text, func(n string) any { return Number(json.Number(n)) }), nil
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if rest := text[dec.InputOffset():]; len(bytes.TrimLeft(rest, " \t\r\n")) > 0 {
		return nil, errors.New("something follows the value")
	}
	return Exact(v), nil
}

// Exact turns the json.Numbers that are integers into ints, in place.
func Exact(v any) any {
	switch x := v.(type) {
	case json.Number:
		return Number(x)
	case float64:
		r, ok := Rational(x)
		if !ok {
			return x
		}
		return decimal(r)
	case []any:
		for i := range x {
			x[i] = Exact(x[i])
		}
	case map[string]any:
		for name := range x {
			x[name] = Exact(x[name])
		}
	}
	return v
}

// Brief is a value as JSON, not at length.
func Brief(v any) string {
	const most = 120
	var out strings.Builder
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	text := strings.TrimSuffix(out.String(), "\n")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// WithType is a value with its JSON type, for messages: the string "8".
func WithType(v any) string {
	if v == nil {
		return "null"
	}
	return "the " + TypeOf(v) + " " + Brief(v)
}
