package schemas_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/scenarios"
)

// The schema that editors use is the one the parser's table gives: etcp-mock scenario schema writes it.
func TestScenarioSchema_isThatOfTheTable(t *testing.T) {
	text, err := os.ReadFile("scenario.schema.json")
	require.NoError(t, err)
	require.Equal(t, string(scenarios.Schema()), string(text), "write it anew: etcp-mock scenario schema > schemas/scenario.schema.json")
}

func scenarioSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	require.NoError(t, c.AddResource("scenario.json", bytes.NewReader(scenarios.Schema())))
	schema, err := c.Compile("scenario.json")
	require.NoError(t, err)
	return schema
}

// Schema and parser take and refuse the same files. What a schema cannot see (expressions, variables, YAML itself) only the
// parser refuses.
func TestScenarioSchema_agreesWithTheParser(t *testing.T) {
	schema := scenarioSchema(t)
	for pattern, right := range map[string]bool{
		"../scenarios/internal/language/testdata/valid/*":                true,
		"../scenarios/builtin/*.yaml":                                    true,
		"../scenarios/skeleton.yaml":                                     true,
		"../scenarios/internal/language/testdata/invalid/form/*.yaml":    false,
		"../scenarios/internal/language/testdata/invalid/meaning/*.yaml": false,
	} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, name := range files {
			text, err := os.ReadFile(name)
			require.NoError(t, err)
			_, parsed := scenarios.Parse(name, text)
			require.Equal(t, right, parsed == nil, "%s: %v", name, parsed)
			document, err := scenarios.ReadDocument(name, text)
			if filepath.Base(filepath.Dir(name)) == "meaning" && (err != nil || filepath.Base(name) != "undefined-in-a-broken-file.yaml") {
				continue
			}
			require.NoError(t, err)
			var value any
			dec := json.NewDecoder(bytes.NewReader(document.JSON))
			dec.UseNumber()
			require.NoError(t, dec.Decode(&value))
			err = schema.Validate(value)
			require.Equal(t, right, err == nil, "%s: %v", name, err)
		}
	}
}

// Every field of the format is explained.
func TestScenarioSchema_describesEveryField(t *testing.T) {
	var root map[string]any
	require.NoError(t, json.Unmarshal(scenarios.Schema(), &root))
	fields := 0
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch x := v.(type) {
		case map[string]any:
			if properties, ok := x["properties"].(map[string]any); ok {
				for name, property := range properties {
					fields++
					if object, ok := property.(map[string]any); ok {
						require.NotEmpty(t, object["description"], "%s/%s", at, name)
					}
				}
			}
			for name, each := range x {
				walk(at+"/"+name, each)
			}
		case []any:
			for _, each := range x {
				walk(at, each)
			}
		}
	}
	walk("", root)
	require.Greater(t, fields, 200)
}

// In Chinese the schema says all of it in Chinese, and is the same schema: without titles and descriptions the two are equal.
func TestScenarioSchema_inChinese(t *testing.T) {
	var english, chinese any
	require.NoError(t, json.Unmarshal(scenarios.Schema(), &english))
	require.NoError(t, json.Unmarshal(scenarios.SchemaIn("zh"), &chinese))
	han := regexp.MustCompile(`\p{Han}`)
	texts := 0
	var bare func(value any, inChinese bool)
	bare = func(value any, inChinese bool) {
		switch value := value.(type) {
		case map[string]any:
			for _, name := range []string{"title", "description"} {
				text, ok := value[name].(string)
				if !ok {
					continue
				}
				if delete(value, name); inChinese && strings.Contains(text, " ") { // not the name of a step
					texts++
					require.Regexp(t, han, text)
				}
			}
			for _, each := range value {
				bare(each, inChinese)
			}
		case []any:
			for _, each := range value {
				bare(each, inChinese)
			}
		}
	}
	bare(english, false)
	bare(chinese, true)
	require.Equal(t, english, chinese)
	require.Greater(t, texts, 100)
	require.Equal(t, scenarios.Schema(), scenarios.SchemaIn("en"))
}

// meaning are what the parser finds wrong that no schema can see.
var meaning = []string{"undefined variable", "does not compile", "is an empty expression", "$match: ", " has no parameter ", " has no \"", "there is no code ", "there is no HTTP status ", "is no URL, and no path", "want one of requests", "so that nothing would be set", "code is a number, never", "no order is in the state ", "the sandbox has no car park ", "the sandbox has no merchant ", "there is no snapshot ", "the row lacks "}

// However a file is changed, schema and parser agree about its form.
func TestScenarioSchema_agreesAboutMutants(t *testing.T) {
	schema := scenarioSchema(t)
	text, err := os.ReadFile("../scenarios/internal/language/testdata/valid/everything.yaml")
	require.NoError(t, err)
	document, err := scenarios.ReadDocument("everything.yaml", text)
	require.NoError(t, err)
	var whole map[string]any
	require.NoError(t, json.Unmarshal(document.JSON, &whole))
	var root any
	tried, refused := 0, 0
	try := func() {
		mutant, err := json.Marshal(root)
		require.NoError(t, err)
		var value any
		require.NoError(t, json.Unmarshal(mutant, &value))
		bySchema := schema.Validate(value)
		_, err = scenarios.Parse("mutant", mutant)
		ofForm := false
		if problems, ok := errors.AsType[scenarios.Problems](err); ok {
			ofForm = slices.ContainsFunc(problems, func(p *scenarios.Problem) bool {
				return !slices.ContainsFunc(meaning, func(what string) bool { return strings.Contains(p.Detail, what) })
			})
		}
		tried++
		if ofForm {
			refused++
		}
		require.Equal(t, ofForm, bySchema != nil, "%s\nparser: %v\nschema: %v", mutant, err, bySchema)
	}
	// A step at a time, and the rest without steps: a mutant of the whole would cost the validator fifty times as much.
	for _, step := range whole["steps"].([]any) {
		root = map[string]any{"name": "one", "steps": []any{step}}
		mutate(root, try)
	}
	whole["steps"] = []any{map[string]any{"sleep": "1s"}}
	root = whole
	mutate(root, try)
	require.Greater(t, tried, 1000)
	require.Greater(t, refused, tried/3)
}

// mutate changes one thing at a time, below a value, and calls try with each.
func mutate(v any, try func()) {
	others := []any{nil, -1.5, "text", []any{}}
	switch x := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(x)) {
			value := x[name]
			for _, other := range others {
				x[name] = other
				try()
			}
			delete(x, name)
			try()
			x["zz"+name] = value
			try()
			delete(x, "zz"+name)
			x[name] = value
			mutate(value, try)
		}
	case []any:
		for i, value := range x {
			for _, other := range others {
				x[i] = other
				try()
			}
			x[i] = value
			mutate(value, try)
		}
	}
}
