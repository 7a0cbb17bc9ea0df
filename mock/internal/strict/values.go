package strict

import (
	"encoding"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/excerpt"
)

var (
	rawType    = reflect.TypeFor[json.RawMessage]()
	numberType = reflect.TypeFor[json.Number]()
)

// decode sets v, which is addressable, to a value.
func (d *decoder) decode(n *node, v reflect.Value, p *path) {
	t := v.Type()
	switch {
	case t == rawType:
		v.SetBytes([]byte(d.src[n.start:n.end]))
		return
	case v.Kind() == reflect.Pointer:
		if n.kind == kindNull {
			v.SetZero()
			return
		}
		fresh := reflect.New(t.Elem())
		d.decode(n, fresh.Elem(), p)
		v.Set(fresh)
		return
	case d.own(n, v, p):
		return
	case t == numberType:
		if n.kind != kindNumber {
			d.wrong(n, p, "a number")
			return
		}
		v.SetString(strings.Clone(n.text))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.object(n, v, p)
	case reflect.Map:
		d.mapping(n, v, p)
	case reflect.Slice:
		d.slice(n, v, p)
	case reflect.Interface:
		if v.NumMethod() > 0 {
			d.refuse(n.start, p, "cannot be set from JSON")
			return
		}
		if value := d.plain(n, p); value == nil {
			v.SetZero()
		} else {
			v.Set(reflect.ValueOf(value))
		}
	case reflect.String:
		if n.kind != kindString {
			d.wrong(n, p, "a string")
			return
		}
		v.SetString(strings.Clone(n.text))
	case reflect.Bool:
		if n.kind != kindBool {
			d.wrong(n, p, "a boolean")
			return
		}
		v.SetBool(n.text == "true")
	default:
		d.number(n, v, p)
	}
}

// own lets a type that has a say in it read the value; false: it has none.
func (d *decoder) own(n *node, v reflect.Value, p *path) bool {
	if v.Type().PkgPath() == "" { // an unnamed type has no methods, but for embedded ones
		return false
	}
	var err error
	switch u := v.Addr().Interface().(type) {
	case JSONUnmarshaler:
		v.SetZero()
		err = u.UnmarshalStrictJSON(json.RawMessage(d.src[n.start:n.end]))
	case TextUnmarshaler:
		if n.kind != kindString {
			d.wrong(n, p, "a string")
			return true
		}
		v.SetZero()
		err = u.UnmarshalStrict(strings.Clone(n.text))
	case encoding.TextUnmarshaler:
		if other, ok := u.(json.Unmarshaler); ok && n.kind != kindString {
			v.SetZero()
			err = other.UnmarshalJSON([]byte(d.src[n.start:n.end]))
			break
		}
		if n.kind != kindString {
			d.wrong(n, p, "a string")
			return true
		}
		v.SetZero()
		err = u.UnmarshalText([]byte(n.text))
	case json.Unmarshaler:
		v.SetZero()
		err = u.UnmarshalJSON([]byte(d.src[n.start:n.end]))
	default:
		return false
	}
	var inner ProblemsError
	switch {
	case errors.As(err, &inner):
		for _, i := range inner {
			if d.enough() {
				break
			}
			d.problems = append(d.problems, Problem{Pointer: p.String() + i.Pointer, Detail: i.Detail, Offset: n.start + i.Offset, meaning: true})
		}
	case err != nil:
		d.refuse(n.start, p, err.Error())
	}
	return true
}

func (d *decoder) slice(n *node, v reflect.Value, p *path) {
	if n.kind == kindString && v.Type().Elem().Kind() == reflect.Uint8 { // as encoding/json writes it
		bytes, err := base64.StdEncoding.DecodeString(n.text)
		if err != nil {
			d.refuse(n.start, p, "want base64")
			return
		}
		v.SetBytes(bytes)
		return
	}
	switch n.kind {
	case kindNull:
		v.SetZero()
	case kindArray:
		fresh := reflect.MakeSlice(v.Type(), len(n.items), len(n.items))
		for i := range n.items {
			if d.enough() {
				return
			}
			d.decode(&n.items[i], fresh.Index(i), d.paths.at(p, i))
		}
		v.Set(fresh)
	default:
		d.wrong(n, p, "an array")
	}
}

func (d *decoder) mapping(n *node, v reflect.Value, p *path) {
	t := v.Type()
	if t.Key().Kind() != reflect.String {
		d.refuse(n.start, p, "cannot be set from JSON")
		return
	}
	switch n.kind {
	case kindNull:
		v.SetZero()
	case kindObject:
		fresh := reflect.MakeMapWithSize(t, len(n.members))
		for i := range n.members {
			if d.enough() {
				return
			}
			m := &n.members[i]
			key, value := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
			inside := d.paths.in(p, m.key)
			name := node{kind: kindString, start: m.at, text: m.key}
			d.mapKey(&name, key, inside)
			d.decode(&m.value, value, inside)
			fresh.SetMapIndex(key, value)
		}
		v.Set(fresh)
	default:
		d.wrong(n, p, "an object")
	}
}

func (d *decoder) mapKey(n *node, key reflect.Value, p *path) {
	var err error
	switch u := key.Addr().Interface().(type) {
	case TextUnmarshaler:
		err = u.UnmarshalStrict(strings.Clone(n.text))
	case encoding.TextUnmarshaler:
		err = u.UnmarshalText([]byte(n.text))
	default:
		key.SetString(strings.Clone(n.text))
	}
	if err != nil {
		d.refuse(n.start, p, "the name of this field: "+err.Error())
	}
}

// plain is a value as encoding/json makes it without a type.
func (d *decoder) plain(n *node, p *path) any {
	switch n.kind {
	case kindBool:
		return n.text == "true"
	case kindString:
		return strings.Clone(n.text)
	case kindNumber:
		f, err := strconv.ParseFloat(n.text, 64)
		if err != nil {
			d.refuse(n.start, p, "the number is out of range")
		}
		return f
	case kindArray:
		items := make([]any, len(n.items))
		for i := range n.items {
			items[i] = d.plain(&n.items[i], d.paths.at(p, i))
		}
		return items
	case kindObject:
		members := make(map[string]any, len(n.members))
		for i := range n.members {
			m := &n.members[i]
			members[strings.Clone(m.key)] = d.plain(&m.value, d.paths.in(p, m.key))
		}
		return members
	case kindNull:
	}
	return nil
}

// number sets a value of a numeric kind, exactly or not at all.
func (d *decoder) number(n *node, v reflect.Value, p *path) {
	var err error
	switch {
	case v.CanInt():
		bits := v.Type().Bits()
		if n.kind == kindNumber {
			var i int64
			i, err = strconv.ParseInt(n.text, 10, bits)
			v.SetInt(i)
		}
	case v.CanUint():
		bits := v.Type().Bits()
		if n.kind == kindNumber {
			var u uint64
			u, err = strconv.ParseUint(n.text, 10, bits)
			v.SetUint(u)
		}
	case v.CanFloat():
		if n.kind == kindNumber {
			var f float64
			f, err = strconv.ParseFloat(n.text, v.Type().Bits())
			v.SetFloat(f)
		}
	default:
		d.refuse(n.start, p, "cannot be set from JSON")
		return
	}
	switch {
	case n.kind != kindNumber && v.CanFloat():
		d.wrong(n, p, "a number")
	case n.kind != kindNumber:
		d.wrong(n, p, "an integer")
	case err != nil:
		d.refuse(n.start, p, fmt.Sprintf("want %s, got %s", wanted(v), excerpt.Given(n.text)))
	}
}

// wanted names the numbers that a value can hold.
func wanted(v reflect.Value) string {
	switch bits := v.Type().Bits(); {
	case v.CanInt():
		return fmt.Sprintf("an integer from %d to %d", -1<<(bits-1), 1<<(bits-1)-1)
	case v.CanUint():
		return fmt.Sprintf("an integer from 0 to %d", ^uint64(0)>>(64-bits))
	default:
		return "a number a float can hold"
	}
}
