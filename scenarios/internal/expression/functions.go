package expression

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"strconv"
	"strings"
)

// exactFunctions take the place of the library's own where those would compute with floats.
var exactFunctions = map[string]func(params ...any) (any, error){
	"abs":     one("abs", func(r *big.Rat) any { return decimal(new(big.Rat).Abs(r)) }),
	"floor":   one("floor", func(r *big.Rat) any { return decimal(floor(r)) }),
	"ceil":    one("ceil", func(r *big.Rat) any { return decimal(new(big.Rat).Neg(floor(new(big.Rat).Neg(r)))) }),
	"round":   one("round", func(r *big.Rat) any { return decimal(floor(new(big.Rat).Add(r, big.NewRat(1, 2)))) }),
	"int":     convert("int", true),
	"float":   convert("float", false),
	"decimal": convert("decimal", false),
	"min":     fold("min", func(a, b *big.Rat) bool { return b.Cmp(a) < 0 }),
	"max":     fold("max", func(a, b *big.Rat) bool { return b.Cmp(a) > 0 }),
	"sum":     sum,
	"string":  func(params ...any) (any, error) { return only("string", params, Display) },
	"yuan":    yuan,
	"replace": replaced,
	"join":    joined,
	"repeat":  repeated,
	"uniq":    unique,
}

func only(name string, params []any, f func(any) (string, error)) (any, error) {
	if len(params) != 1 {
		return nil, fmt.Errorf("%s takes one value", name)
	}
	return f(params[0])
}

func one(name string, f func(*big.Rat) any) func(params ...any) (any, error) {
	return func(params ...any) (any, error) {
		if len(params) != 1 {
			return nil, fmt.Errorf("%s takes one number", name)
		}
		r, ok := Rational(params[0])
		if !ok {
			return nil, fmt.Errorf("%s wants a number, not %s", name, TypeOf(params[0]))
		}
		return f(r), nil
	}
}

func floor(r *big.Rat) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Div(r.Num(), r.Denom())) // Euclidean: rounds down for a positive denominator
}

// convert reads a number or the text of one.
func convert(name string, whole bool) func(params ...any) (any, error) {
	return func(params ...any) (any, error) {
		if len(params) != 1 {
			return nil, fmt.Errorf("%s takes one value", name)
		}
		v := params[0]
		if text, ok := v.(string); ok {
			v = json.Number(strings.TrimSpace(text))
		}
		r, ok := Rational(v)
		if !ok {
			return nil, fmt.Errorf("%s: %v is no number", name, params[0])
		}
		if whole {
			return decimal(new(big.Rat).SetInt(new(big.Int).Quo(r.Num(), r.Denom()))), nil
		}
		return decimal(r), nil
	}
}

// yuan is an amount with two decimals: 8 is "8.00".
func yuan(params ...any) (any, error) {
	return only("yuan", params, func(v any) (string, error) {
		if text, ok := v.(string); ok {
			v = json.Number(text)
		}
		r, ok := Rational(v)
		if !ok {
			return "", fmt.Errorf("yuan wants a number, not %s", TypeOf(v))
		}
		return r.FloatString(2), nil
	})
}

func numbers(name string, params []any) ([]*big.Rat, error) {
	var all []*big.Rat
	for _, p := range params {
		list, ok := p.([]any)
		if !ok {
			list = []any{p}
		}
		for _, item := range list {
			r, ok := Rational(item)
			if !ok {
				return nil, fmt.Errorf("%s wants numbers, not %s", name, TypeOf(item))
			}
			all = append(all, r)
		}
	}
	return all, nil
}

func fold(name string, better func(a, b *big.Rat) bool) func(params ...any) (any, error) {
	return func(params ...any) (any, error) {
		all, err := numbers(name, params)
		if err != nil {
			return nil, err
		}
		if len(all) == 0 {
			return nil, fmt.Errorf("%s of nothing", name)
		}
		best := all[0]
		for _, r := range all[1:] {
			if better(best, r) {
				best = r
			}
		}
		return decimal(best), nil
	}
}

func sum(params ...any) (any, error) {
	all, err := numbers("sum", params)
	total := new(big.Rat)
	for _, r := range all {
		total.Add(total, r)
	}
	return decimal(total), err
}

// Display is a value inside a longer text.
func Display(v any) (string, error) {
	switch x := v.(type) {
	case nil:
		return "", errors.New("is null, which has no text")
	case string:
		return x, nil
	case json.Number:
		return x.String(), nil
	case int:
		return strconv.Itoa(x), nil
	case bool:
		return strconv.FormatBool(x), nil
	}
	text, err := json.Marshal(v)
	return string(text), err
}

// plainValue brings what the library computed into the values JSON has.
func plainValue(v any) any {
	if n, ok := v.(json.Number); ok {
		return Number(n)
	}
	if r, ok := Rational(v); ok {
		return decimal(r)
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Slice, reflect.Array:
		list := make([]any, r.Len())
		for i := range list {
			list[i] = plainValue(r.Index(i).Interface())
		}
		return list
	case reflect.String:
		return r.String()
	case reflect.Func:
		return nil
	case reflect.Map:
		object := make(map[string]any, r.Len())
		for _, key := range r.MapKeys() {
			object[fmt.Sprint(key.Interface())] = plainValue(r.MapIndex(key).Interface())
		}
		return object
	default:
		if s, ok := v.(fmt.Stringer); ok {
			return s.String()
		}
		return v
	}
}
