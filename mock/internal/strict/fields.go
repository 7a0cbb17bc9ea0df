package strict

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/etcp-mock/etcp-mock/internal/excerpt"
	"github.com/etcp-mock/etcp-mock/internal/suggest"
)

// field is a struct's field as JSON knows it.
type field struct {
	name  string
	index []int
	plain bool // a text that nothing but its kind says how to read, in the struct itself
}

var shapes sync.Map // reflect.Type → []field

// fieldsOf lists the fields of a struct type in their order, those of embedded structs among them, hidden ones not.
func fieldsOf(t reflect.Type) []field {
	if cached, ok := shapes.Load(t); ok {
		return cached.([]field)
	}
	var all []field
	collect(t, nil, map[reflect.Type]bool{}, &all)
	var seen []field
	for _, f := range all { // of two with one name the shallower counts, of those the first
		i := slices.IndexFunc(seen, func(s field) bool { return s.name == f.name })
		switch {
		case i < 0:
			seen = append(seen, f)
		case len(f.index) < len(seen[i].index):
			seen[i] = f
		}
	}
	shapes.Store(t, seen)
	return seen
}

func collect(t reflect.Type, prefix []int, within map[reflect.Type]bool, out *[]field) {
	if within[t] {
		return
	}
	within[t] = true
	defer delete(within, t)
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, _, _ := strings.Cut(tag, ",")
		index := append(slices.Clone(prefix), i)
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		switch {
		case tag == "-":
		case f.Anonymous && name == "" && inner.Kind() == reflect.Struct && (f.IsExported() || f.Type.Kind() == reflect.Struct):
			collect(inner, index, within, out)
		case !f.IsExported():
		default:
			if name == "" {
				name = f.Name
			}
			*out = append(*out, field{name, index, len(index) == 1 && isPlainText(f.Type)})
		}
	}
}

// isPlainText says whether a type is a text that no method of it reads.
func isPlainText(t reflect.Type) bool {
	return t.Kind() == reflect.String && t != numberType && !readsItself(reflect.New(t).Elem())
}

// find is where a field of a name stands among the fields, -1 where none has it. Most objects have their fields in the order of the type: it is
// looked for first where it would be then.
func find(fields []field, name string, first int) int {
	if first < len(fields) && fields[first].name == name {
		return first
	}
	return slices.IndexFunc(fields, func(f field) bool { return f.name == name })
}

// reach returns a field's value; pointers to embedded structs on the way are replaced by copies, never written through.
func reach(v reflect.Value, index []int, copied map[string]bool) reflect.Value {
	for depth, i := range index {
		if depth > 0 && v.Kind() == reflect.Pointer {
			if where := fmt.Sprint(index[:depth]); !copied[where] {
				copied[where] = true
				fresh := reflect.New(v.Type().Elem())
				if !v.IsNil() {
					fresh.Elem().Set(v.Elem())
				}
				v.Set(fresh)
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v
}

// object sets a struct.
func (d *decoder) object(n *node, v reflect.Value, p *path) {
	if n.kind != kindObject {
		d.wrong(n, p, "an object")
		return
	}
	fields := fieldsOf(v.Type())
	copied := map[string]bool{}
	for i := range n.members {
		if d.enough() {
			return
		}
		m := &n.members[i]
		inside := d.paths.in(p, m.key)
		at := slices.IndexFunc(fields, func(f field) bool { return f.name == m.key })
		if at < 0 {
			d.refuse(m.at, inside, unknown(m.key, fields, v.Type()))
			continue
		}
		d.decode(&m.value, reach(v, fields[at].index, copied), inside)
	}
}

// Placer knows of names that are no fields of a type where they stand in it: "rules, as bind.max". It says "" of others.
type Placer interface{ PlaceOf(name string) string }

// unknown says what to do about a field nobody knows.
func unknown(name string, fields []field, t reflect.Type) string {
	if near := suggest.Nearest(name, namesOf(fields)); near != "" {
		return fmt.Sprintf("unknown field %q; did you mean %q?", excerpt.Given(name), near)
	}
	if place := placeOf(name, fields, t); place != "" {
		return fmt.Sprintf("unknown field %q; it stands under %s", excerpt.Given(name), place)
	}
	if len(fields) == 0 {
		return fmt.Sprintf("unknown field %q; none is known here", excerpt.Given(name))
	}
	return fmt.Sprintf("unknown field %q; known are %s", excerpt.Given(name), strings.Join(namesOf(fields), ", "))
}

// placeOf is where a name stands that is no field of a type: what the type says, or else the one of its fields that has such a field itself.
func placeOf(name string, fields []field, t reflect.Type) string {
	if placer, ok := reflect.TypeAssert[Placer](reflect.Zero(t)); ok {
		if place := placer.PlaceOf(name); place != "" {
			return place
		}
	}
	place := ""
	for _, f := range fields {
		inner := t.FieldByIndex(f.index).Type
		for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if inner.Kind() != reflect.Struct || !slices.Contains(namesOf(fieldsOf(inner)), name) {
			continue
		}
		if place != "" {
			return "" // there are several
		}
		place = f.name
	}
	return place
}

func namesOf(fields []field) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = f.name
	}
	return out
}
