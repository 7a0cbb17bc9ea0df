package pack

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
	"sync"
	"time"
)

// ErrValue is the cause where bytes are not a value of the type that is read: cut short, edited, or written of a type that has
// changed since.
var ErrValue = errors.New("not a value of this type")

// Writer writes values of any type as bytes. The zero Writer has written nothing. Its bytes are a stream: the first struct of each
// type comes with the names of its fields, so that one that was given more of them since can still be read. What of a struct JSON
// leaves out, is left out here, too; a type with a JSON of its own is written as that, where it is more than a number or a text.
type Writer struct {
	Bytes []byte
	// To is given the bytes in pieces of some 64 KiB, the last of them by Flush; nil: all are left in Bytes.
	To io.Writer

	known map[reflect.Type]int
	err   error
}

// Write appends a value, given by its pointer. Its error is of a type that JSON cannot write either.
func (w *Writer) Write(value any) error {
	v := reflect.ValueOf(value).Elem()
	codecOf(v.Type()).write(w, v)
	return w.err
}

// Flush hands on what Write has left in Bytes.
func (w *Writer) Flush() error {
	if w.err == nil {
		_, w.err = w.To.Write(w.Bytes)
	}
	w.Bytes = w.Bytes[:0]
	return w.err
}

// handOn is called between the elements of what may be long.
func (w *Writer) handOn() {
	if w.To != nil && len(w.Bytes) >= piece {
		_ = w.Flush() // Write returns the error
	}
}

// ValueReader reads what a Writer wrote, in the same order. The texts it gives are pieces of what is read.
type ValueReader struct {
	Reader

	structs []described // by their number in the stream
	err     error
}

// Read reads a value into what a pointer to a zero value points to. Its error matches [ErrValue].
func (r *ValueReader) Read(value any) error {
	v := reflect.ValueOf(value).Elem()
	codecOf(v.Type()).read(r, v)
	switch {
	case r.err != nil:
		return fmt.Errorf("%w: %w", ErrValue, r.err)
	case r.Failed:
		return fmt.Errorf("%w: it ends early", ErrValue)
	}
	return nil
}

// described is a type of structs that the stream has said the fields of.
type described struct {
	of     reflect.Type
	fields []*field
}

func (r *ValueReader) failed(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
	r.fail()
}

// codec is how values of a type are written and read.
type codec struct {
	form  string // what is on the wire, in short: two types of one form read each other's values
	write func(w *Writer, v reflect.Value)
	read  func(r *ValueReader, v reflect.Value)
}

// field is one field of a struct.
type field struct {
	name  string
	index int
	*codec
}

var (
	codecs   sync.Map // reflect.Type → *codec
	timeType = reflect.TypeFor[time.Time]()
	jsonType = reflect.TypeFor[json.Marshaler]()
)

// codecOf makes the codec of a type once. No type that is written contains itself.
func codecOf(t reflect.Type) *codec {
	if made, ok := codecs.Load(t); ok {
		return made.(*codec)
	}
	made, _ := codecs.LoadOrStore(t, newCodec(t))
	return made.(*codec)
}

func newCodec(t reflect.Type) *codec {
	switch t.Kind() { //nolint:exhaustive // the others are below
	case reflect.String:
		return &codec{
			"text", func(w *Writer, v reflect.Value) { w.Bytes = AppendText(w.Bytes, v.String()) },
			func(r *ValueReader, v reflect.Value) { v.SetString(r.Text()) },
		}
	case reflect.Bool:
		return &codec{
			"bool", func(w *Writer, v reflect.Value) { w.Bytes = AppendBool(w.Bytes, v.Bool()) },
			func(r *ValueReader, v reflect.Value) { v.SetBool(r.Bool()) },
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return &codec{
			"int", func(w *Writer, v reflect.Value) { w.Bytes = binary.AppendVarint(w.Bytes, v.Int()) },
			func(r *ValueReader, v reflect.Value) { v.SetInt(r.Signed()) },
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return &codec{
			"uint", func(w *Writer, v reflect.Value) { w.Bytes = binary.AppendUvarint(w.Bytes, v.Uint()) },
			func(r *ValueReader, v reflect.Value) { v.SetUint(r.Number()) },
		}
	case reflect.Float64:
		return &codec{
			"float", func(w *Writer, v reflect.Value) { w.Bytes = binary.AppendUvarint(w.Bytes, math.Float64bits(v.Float())) },
			func(r *ValueReader, v reflect.Value) { v.SetFloat(math.Float64frombits(r.Number())) },
		}
	}
	switch {
	case t == timeType:
		return &codec{"time", writeTime, readTime}
	case t.Kind() == reflect.Pointer:
		return pointerCodec(codecOf(t.Elem()))
	case t.Implements(jsonType), reflect.PointerTo(t).Implements(jsonType):
		return &codec{"json", writeJSON, readJSON}
	case t.Kind() == reflect.Slice:
		return sliceCodec(t)
	case t.Kind() == reflect.Map && t.Elem().Kind() != reflect.Interface:
		return mapCodec(t)
	case t.Kind() == reflect.Struct:
		return structCodec(t)
	default:
		return &codec{"json", writeJSON, readJSON}
	}
}

func writeTime(w *Writer, v reflect.Value) {
	t := v.Interface().(time.Time)
	_, east := t.Zone()
	w.Bytes = binary.AppendVarint(AppendTime(w.Bytes, t), int64(east))
}

// shanghai is the offset of Asia/Shanghai, in seconds: that of nearly every time.
const shanghai = 8 * 60 * 60

func readTime(r *ValueReader, v reflect.Value) {
	t := r.Time()
	switch east := r.Signed(); east {
	case shanghai:
	case 0:
		t = t.UTC()
	default:
		t = t.In(time.FixedZone("", int(east)))
	}
	v.Set(reflect.ValueOf(t))
}

// writeJSON writes nothing where there is nothing: JSON's null would be read as a value of some types.
func writeJSON(w *Writer, v reflect.Value) {
	switch v.Kind() { //nolint:exhaustive // the others are never nil
	case reflect.Interface, reflect.Map, reflect.Slice:
		if v.IsNil() {
			w.Bytes = AppendText(w.Bytes, "")
			return
		}
	}
	text, err := json.Marshal(v.Interface())
	if err != nil && w.err == nil {
		w.err = err
	}
	w.Bytes = AppendText(w.Bytes, string(text))
}

func readJSON(r *ValueReader, v reflect.Value) {
	text := r.Text()
	if text == "" {
		return
	}
	if err := json.Unmarshal([]byte(text), v.Addr().Interface()); err != nil {
		r.failed("%s: %w", v.Type(), err)
	}
}

func pointerCodec(to *codec) *codec {
	return &codec{
		"*" + to.form,
		func(w *Writer, v reflect.Value) {
			if w.Bytes = AppendBool(w.Bytes, !v.IsNil()); !v.IsNil() {
				to.write(w, v.Elem())
			}
		},
		func(r *ValueReader, v reflect.Value) {
			if r.Bool() {
				v.Set(reflect.New(v.Type().Elem()))
				to.read(r, v.Elem())
			}
		},
	}
}

// length is how many follow; 0 is nil, so that one is told from a list of none.
func (w *Writer) length(v reflect.Value) int {
	if v.IsNil() {
		w.Bytes = binary.AppendUvarint(w.Bytes, 0)
		return 0
	}
	w.Bytes = binary.AppendUvarint(w.Bytes, uint64(v.Len())+1) //nolint:gosec // never negative
	return v.Len()
}

func (r *ValueReader) length() (n int, isNil bool) {
	n64 := r.Number()
	if n64 == 0 {
		return 0, true
	}
	if n64-1 > uint64(len(r.Rest)) { // each is a byte at least
		r.failed("%d of something in %d bytes", n64-1, len(r.Rest))
		return 0, true
	}
	return int(n64 - 1), false //nolint:gosec // bounded above
}

func sliceCodec(t reflect.Type) *codec {
	of := codecOf(t.Elem())
	return &codec{
		"[]" + of.form,
		func(w *Writer, v reflect.Value) {
			for i := range w.length(v) {
				of.write(w, v.Index(i))
				w.handOn()
			}
		},
		func(r *ValueReader, v reflect.Value) {
			n, isNil := r.length()
			if isNil {
				return
			}
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := 0; i < n && !r.Failed; i++ {
				of.read(r, v.Index(i))
			}
		},
	}
}

func mapCodec(t reflect.Type) *codec {
	key, value := codecOf(t.Key()), codecOf(t.Elem())
	return &codec{
		"map of " + key.form + " to " + value.form,
		func(w *Writer, v reflect.Value) {
			w.length(v)
			for all := v.MapRange(); all.Next(); {
				key.write(w, all.Key())
				value.write(w, all.Value())
				w.handOn()
			}
		},
		func(r *ValueReader, v reflect.Value) {
			n, isNil := r.length()
			if isNil {
				return
			}
			v.Set(reflect.MakeMapWithSize(v.Type(), n))
			for i := 0; i < n && !r.Failed; i++ {
				k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
				key.read(r, k)
				value.read(r, e)
				v.SetMapIndex(k, e)
			}
		},
	}
}

func structCodec(t reflect.Type) *codec {
	var fields []*field
	byName := map[string]*field{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || !f.IsExported() && !f.Anonymous {
			continue
		}
		if name == "" {
			name = f.Name
		}
		made := &field{name, i, codecOf(f.Type)}
		fields, byName[name] = append(fields, made), made
	}
	return &codec{
		"struct",
		func(w *Writer, v reflect.Value) {
			w.head(t, fields)
			for _, f := range fields {
				f.write(w, v.Field(f.index))
			}
		},
		func(r *ValueReader, v reflect.Value) {
			for _, f := range r.head(t, byName) {
				f.read(r, v.Field(f.index))
				if r.Failed {
					return
				}
			}
		},
	}
}

// head is the number of a struct's type in the stream, with its fields the first time.
func (w *Writer) head(t reflect.Type, fields []*field) {
	n, known := w.known[t]
	if known {
		w.Bytes = binary.AppendUvarint(w.Bytes, uint64(n)) //nolint:gosec // never negative
		return
	}
	if w.known == nil {
		w.known = map[reflect.Type]int{}
	}
	n = len(w.known)
	w.known[t] = n
	w.Bytes = binary.AppendUvarint(w.Bytes, uint64(n))
	w.Bytes = binary.AppendUvarint(w.Bytes, uint64(len(fields)))
	for _, f := range fields {
		w.Bytes = AppendText(AppendText(w.Bytes, f.name), f.form)
	}
}

// head is which fields follow.
func (r *ValueReader) head(t reflect.Type, byName map[string]*field) []*field {
	n := r.Number()
	switch {
	case r.Failed:
		return nil
	case n < uint64(len(r.structs)):
		if r.structs[n].of != t {
			r.failed("%s: what was described is a %s", t, r.structs[n].of)
			return nil
		}
		return r.structs[n].fields
	case n > uint64(len(r.structs)):
		r.failed("%s: a struct that was not described", t)
		return nil
	}
	var fields []*field
	for range r.Length() {
		name, form := r.Text(), r.Text()
		f := byName[name]
		if f == nil || f.form != form {
			r.failed("%s: it has no %s of this kind (%s)", t, name, form)
			return nil
		}
		fields = append(fields, f)
	}
	r.structs = append(r.structs, described{t, fields})
	return fields
}
