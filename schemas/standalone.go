package schemas

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed common.json envelope.json push-answer.json request/*.json answer/*.json push/*.json
var files embed.FS

// The kinds of schema [Schema] knows.
const (
	KindRequest    = "request"     // the data of a request, by endpoint (§9)
	KindAnswer     = "answer"      // the envelope of a success, by endpoint (§9)
	KindPush       = "push"        // a push's body, by kind of push (§10)
	KindEnvelope   = "envelope"    // any answer, whatever the endpoint; no name
	KindPushAnswer = "push-answer" // a merchant's answer to a push (§10); no name
)

// Schema is a JSON Schema of the contract as JSON text: of a kind, and of the
// endpoint or push it is for. The files refer to common.json for what they
// share; here that is put in, so that the schema stands alone wherever it is
// pasted, an OpenAPI document too. The bytes are the caller's.
//
// The annotation "x-volatile": true marks values that differ from run to run:
// tokens, ids, times and sealed values; "x-yuan": true marks amounts of money.
func Schema(kind, name string) ([]byte, bool) {
	s, ok := entries()[schemaKey(kind, name)]
	if !ok {
		return nil, false
	}
	return bytes.Clone(s.text), true
}

// Volatile lists, as JSON Pointers into the endpoint's answer, the values that
// differ between two honest runs of the same calls: tokens, ids, times and
// sealed values. "*" stands for every index of an array: "/data/*/orderId". An
// unknown endpoint has none.
func Volatile(endpoint string) []string {
	return volatile(schemaKey(KindAnswer, endpoint))
}

// VolatilePush is Volatile for a push's body.
func VolatilePush(kind string) []string {
	return volatile(schemaKey(KindPush, kind))
}

func volatile(key string) []string {
	s, ok := entries()[key]
	if !ok {
		return nil
	}
	return slices.Clone(s.volatile)
}

// IsAmount reports whether a field of the document is an amount of money, by its name: payment, actual, receivableFee.
func IsAmount(field string) bool { return amounts()[field] }

// amounts are the names of the values annotated x-yuan, of all schemas.
var amounts = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, schema := range standalone() {
		for _, pointer := range annotated(schema, "x-yuan") {
			names[path.Base(pointer)] = true
		}
	}
	return names
})

// schemaKey is where a schema is kept: "request/userlogin", "envelope".
func schemaKey(kind, name string) string {
	if kind == KindEnvelope || kind == KindPushAnswer {
		if name != "" {
			return ""
		}
		return kind
	}
	return kind + "/" + name
}

// standalone reads every schema file but common.json and puts in what it refers
// to. The files are embedded, so a mistake in them is a bug: it panics.
var standalone = sync.OnceValue(func() map[string]map[string]any {
	common := readFile("common.json")["$defs"].(map[string]any)
	all := make(map[string]map[string]any)
	for _, dir := range []string{".", KindRequest, KindAnswer, KindPush} {
		entries, err := files.ReadDir(dir)
		if err != nil {
			panic("schemas: " + err.Error())
		}
		for _, entry := range entries {
			name := path.Join(dir, entry.Name())
			if key, isJSON := strings.CutSuffix(name, ".json"); isJSON && name != "common.json" {
				all[key] = inline(readFile(name), common).(map[string]any)
			}
		}
	}
	return all
})

func readFile(name string) map[string]any {
	text, err := files.ReadFile(name)
	if err != nil {
		panic("schemas: " + err.Error())
	}
	value, err := decode(text)
	if err != nil {
		panic("schemas: " + name + ": " + err.Error())
	}
	return value.(map[string]any)
}

// inline puts a shared definition in the place of each reference to it. What
// stands beside the reference is annotation, and wins; the two descriptions are
// joined, since the one says what the value is and the other how it is written.
func inline(value any, common map[string]any) any {
	switch v := value.(type) {
	case []any:
		items := make([]any, len(v))
		for i, item := range v {
			items[i] = inline(item, common)
		}
		return items
	case map[string]any:
		node := make(map[string]any, len(v))
		for name, member := range v {
			node[name] = inline(member, common)
		}
		ref, refers := v["$ref"].(string)
		if !refers {
			return node
		}
		_, name, _ := strings.Cut(ref, "common.json#/$defs/")
		shared, found := common[name].(map[string]any)
		if !found {
			panic(fmt.Sprintf("schemas: %q refers to nothing", ref))
		}
		delete(node, "$ref")
		whole := maps.Clone(shared)
		maps.Copy(whole, node)
		if own, does := node["description"].(string); does {
			whole["description"] = own + " " + shared["description"].(string)
		}
		return whole
	default:
		return value
	}
}

// encode writes what decode read, without HTML's escapes.
func encode(value any, indent string) []byte {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(value); err != nil {
		panic("schemas: " + err.Error())
	}
	return bytes.TrimSpace(text.Bytes())
}

// annotated collects the values with an annotation, sorted.
func annotated(schema map[string]any, annotation string) []string {
	var found []string
	var walk func(node map[string]any, at string)
	walk = func(node map[string]any, at string) {
		if marked, _ := node[annotation].(bool); marked {
			found = append(found, at)
		}
		properties, _ := node["properties"].(map[string]any)
		for name, property := range properties {
			if p, ok := property.(map[string]any); ok {
				walk(p, at+"/"+name)
			}
		}
		if items, ok := node["items"].(map[string]any); ok {
			walk(items, at+"/*")
		}
	}
	walk(schema, "")
	slices.Sort(found)
	return found
}
