package schemas

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// ErrUnknownSchema says that there is no endpoint, or no kind of push, of the
// name given. It is the caller's mistake, not the judged text's.
var ErrUnknownSchema = errors.New("no such schema")

// Problem is one way in which a text violates its schema.
type Problem struct {
	Pointer       string `json:"pointer"`       // JSON Pointer to the value at fault; for a missing one, to the object it is missing from
	SchemaPointer string `json:"schemaPointer"` // JSON Pointer to the violated keyword, in what Schema gives
	Detail        string `json:"detail"`        // in English, lower case
	DetailZh      string `json:"-"`             // the same in Chinese; "" where there are no words for it
}

// ValidationError says that a text violates its schema, in every way found. The
// problems are sorted by pointer.
type ValidationError struct {
	Schema   string // "request/userlogin", "envelope"
	Problems []Problem
}

func (e *ValidationError) Error() string {
	parts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		parts[i] = cmp.Or(p.Pointer, "(root)") + ": " + p.Detail
	}
	return e.Schema + ": " + strings.Join(parts, "; ")
}

// In is the error in a language: Chinese for "zh", else English.
func (e *ValidationError) In(language string) string {
	if language != lang.Chinese {
		return e.Error()
	}
	parts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		parts[i] = cmp.Or(p.Pointer, "（根）") + "：" + cmp.Or(p.DetailZh, p.Detail)
	}
	return e.Schema + "：" + strings.Join(parts, "；")
}

// ValidateRequest judges the data of a request: the decoded text of the
// parameter (§3.3), against what §9 says the endpoint takes. It returns a
// [*ValidationError], or [ErrUnknownSchema].
func ValidateRequest(endpoint string, data []byte) error {
	return validate(schemaKey(KindRequest, endpoint), data)
}

// ValidateAnswer judges a whole answer: by the endpoint's schema where its code
// is 0, and otherwise by the envelope's, which takes the codes of §11 only. It
// returns a [*ValidationError], or [ErrUnknownSchema].
func ValidateAnswer(endpoint string, body []byte) error {
	if rightBefore.has(endpoint, body) {
		return nil
	}
	key := schemaKey(KindAnswer, endpoint)
	if entries()[key] == nil {
		return fmt.Errorf("%w: %s", ErrUnknownSchema, key)
	}
	value, err := decode(body)
	if err != nil || !succeeded(value) {
		key = KindEnvelope
	}
	if err := entries()[key].judge(key, value, err); err != nil {
		return err
	}
	rightBefore.add(endpoint, body)
	return nil
}

// rightBefore are short answers that were judged right before. Most refusals of a run are the same few texts, and judging them was a
// tenth of its time.
var rightBefore remembered

type remembered struct {
	mu    sync.RWMutex
	texts map[answered]struct{}
}

type answered struct{ endpoint, body string }

// The limits of what is remembered: how many answers, and of which length in bytes.
const (
	mostRemembered    = 1024
	longestRemembered = 256
)

func (r *remembered) has(endpoint string, body []byte) bool {
	if len(body) > longestRemembered {
		return false
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	_, ok := r.texts[answered{endpoint, string(body)}]
	return ok
}

func (r *remembered) add(endpoint string, body []byte) {
	if len(body) > longestRemembered {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.texts == nil || len(r.texts) >= mostRemembered {
		r.texts = map[answered]struct{}{}
	}
	r.texts[answered{endpoint, string(body)}] = struct{}{}
}

// ValidatePlatform judges a whole answer as [ValidateAnswer] does, but for fields that the document does not know: a platform may have
// grown since it was written, and no client is hurt by them. They are listed by their JSON Pointers. The data of an answer that has none is
// no such field (§8).
func ValidatePlatform(endpoint string, body []byte) (unknown []string, err error) {
	err = ValidateAnswer(endpoint, body)
	invalid, ok := errors.AsType[*ValidationError](err)
	if !ok {
		return nil, err
	}
	rest := &ValidationError{Schema: invalid.Schema}
	for _, p := range invalid.Problems {
		if strings.HasSuffix(p.SchemaPointer, "/additionalProperties") && p.Pointer != "/data" {
			unknown = append(unknown, p.Pointer)
			continue
		}
		rest.Problems = append(rest.Problems, p)
	}
	if len(rest.Problems) == 0 {
		return unknown, nil
	}
	return unknown, rest
}

// ValidatePush judges a push's body as the JSON of its fields, against §10. Its
// signature and the order of its fields are package sign's to judge. It returns
// a [*ValidationError], or [ErrUnknownSchema].
func ValidatePush(kind string, body []byte) error {
	return validate(schemaKey(KindPush, kind), body)
}

// ValidatePushAnswer judges a merchant's answer to a push (§10.1.1). A code that
// is not 0 is a well-formed refusal. It returns a [*ValidationError].
func ValidatePushAnswer(body []byte) error {
	return validate(KindPushAnswer, body)
}

// succeeded says whether an answer's code is a number equal to 0, however it is
// spelt: "0.0" is to meet the endpoint's schema, not to slip past it.
func succeeded(answer any) bool {
	envelope, _ := answer.(map[string]any)
	code, isNumber := envelope["code"].(json.Number)
	if !isNumber {
		return false
	}
	number, err := code.Float64()
	return err == nil && number == 0
}

// entry is a schema ready for use. Each is compiled at its first use, which a run of the contract suite needs for half of them: compiling takes a
// tenth of what reading that suite does.
type entry struct {
	node     map[string]any
	text     []byte
	volatile []string
	schema   func() *jsonschema.Schema
}

// entries are all schemas. They are embedded, so one that does not compile is a
// bug: it panics.
var entries = sync.OnceValue(func() map[string]*entry {
	all := make(map[string]*entry)
	for key, node := range standalone() {
		text := encode(node, "  ")
		all[key] = &entry{node, text, annotated(node, "x-volatile"), sync.OnceValue(func() *jsonschema.Schema { return compile(key, text) })}
	}
	return all
})

func compile(key string, text []byte) *jsonschema.Schema {
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.AssertFormat = true
	where := "etcp:///" + key + ".json"
	if err := c.AddResource(where, bytes.NewReader(text)); err != nil {
		panic("schemas: " + err.Error())
	}
	schema, err := c.Compile(where)
	if err != nil {
		panic("schemas: " + err.Error())
	}
	return schema
}

// ready is a schema that is compiled already.
func ready(schema *jsonschema.Schema) func() *jsonschema.Schema {
	return func() *jsonschema.Schema { return schema }
}

func validate(key string, text []byte) error {
	e, ok := entries()[key]
	if !ok {
		return fmt.Errorf("%w: %s", ErrUnknownSchema, key)
	}
	return e.validate(key, text)
}

// validate holds a text to the schema; key names it in the error.
func (e *entry) validate(key string, text []byte) error {
	value, err := decode(text)
	return e.judge(key, value, err)
}

// judge holds what decode gave to the schema.
func (e *entry) judge(key string, value any, err error) error {
	if err != nil {
		return &ValidationError{Schema: key, Problems: []Problem{{Detail: err.Error()}}}
	}
	err = e.schema().Validate(value)
	if err == nil {
		return nil
	}
	var violation *jsonschema.ValidationError
	if !errors.As(err, &violation) {
		return &ValidationError{Schema: key, Problems: []Problem{{Detail: err.Error()}}}
	}
	r := reader{schema: e.node, value: value}
	r.read(violation)
	slices.SortStableFunc(r.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.SchemaPointer, b.SchemaPointer), cmp.Compare(a.Detail, b.Detail))
	})
	return &ValidationError{Schema: key, Problems: r.problems}
}

// decode reads one JSON value in valid UTF-8, its numbers kept as written.
func decode(text []byte) (any, error) {
	if !utf8.Valid(text) {
		return nil, errors.New("is not valid UTF-8")
	}
	if json.Valid(text) {
		value := jsonvalue.Value(text, func(n string) any { return json.Number(n) })
		return value, sane(value)
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, errors.New("is not JSON: it ends too early")
		}
		return nil, fmt.Errorf("is not JSON: %w", err)
	}
	if rest := text[dec.InputOffset():]; len(bytes.TrimLeft(rest, " \t\r\n")) > 0 {
		return nil, errors.New("is not JSON: something follows the value")
	}
	return value, sane(value)
}

// sane refuses numbers that no platform means. The validator computes with
// exact fractions: an exponent of a million would cost megabytes, and one beyond
// that it takes for no number at all, and panics.
func sane(value any) error {
	switch v := value.(type) {
	case json.Number:
		_, exponent, _ := strings.Cut(strings.ToLower(v.String()), "e")
		power, err := strconv.Atoi(cmp.Or(exponent, "0"))
		if err != nil || power < -400 || power > 400 || len(v) > 1000 {
			return errors.New("has a number out of all bounds")
		}
	case []any:
		for _, item := range v {
			if err := sane(item); err != nil {
				return err
			}
		}
	case map[string]any:
		for _, member := range v {
			if err := sane(member); err != nil {
				return err
			}
		}
	}
	return nil
}

// unescaped undoes the validator's percent-encoding of JSON Pointers, which is
// meant for URLs.
func unescaped(pointer string) string {
	if plain, err := url.PathUnescape(pointer); err == nil {
		return plain
	}
	return pointer
}
