package schemas_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
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
		"../scenarios/testdata/valid/*":                true,
		"../scenarios/builtin/*.yaml":                  true,
		"../scenarios/skeleton.yaml":                   true,
		"../scenarios/testdata/invalid/form/*.yaml":    false,
		"../scenarios/testdata/invalid/meaning/*.yaml": false,
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
			if properties, is := x["properties"].(map[string]any); is {
				for name, property := range properties {
					fields++
					if object, is := property.(map[string]any); is {
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
