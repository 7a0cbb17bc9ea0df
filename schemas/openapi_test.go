package schemas_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"
	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/schemas"
)

func openAPI(t *testing.T) (text []byte, doc map[string]any) {
	t.Helper()
	text = schemas.OpenAPI("1.2.3")
	require.NoError(t, json.Unmarshal(text, &doc))
	return text, doc
}

// The document is valid against the OpenAPI initiative's own schema of 3.1 (2021-04-15).
func TestOpenAPI_isValid(t *testing.T) {
	official, err := os.ReadFile("testdata/openapi-3.1.schema.json")
	require.NoError(t, err)
	schema, err := jsonschema.CompileString("openapi.json", string(official))
	require.NoError(t, err)
	_, doc := openAPI(t)
	require.NoError(t, schema.Validate(doc))

	doc["openapi"] = "3"
	require.Error(t, schema.Validate(doc), "the schema can say no")
}

// Every reference leads somewhere, every component is a schema of draft 2020-12, and every component is used.
func TestOpenAPI_componentsCompile(t *testing.T) {
	text, doc := openAPI(t)
	compiler := jsonschema.NewCompiler()
	compiler.Draft = jsonschema.Draft2020
	require.NoError(t, compiler.AddResource("mem:///openapi.json", strings.NewReader(string(text))))
	components := doc["components"].(map[string]any)["schemas"].(map[string]any)
	for name := range components {
		_, err := compiler.Compile("mem:///openapi.json#/components/schemas/" + name)
		require.NoError(t, err, name)
		require.Contains(t, string(text), `"#/components/schemas/`+name+`"`, "%s is used by nothing", name)
	}
	for _, reference := range references(doc) {
		name, ok := strings.CutPrefix(reference, "#/components/schemas/")
		require.True(t, ok, reference)
		require.Contains(t, components, name)
	}
}

func references(value any) (found []string) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			found = append(found, references(item)...)
		}
	case map[string]any:
		if r, ok := v["$ref"].(string); ok {
			found = append(found, r)
		}
		for _, member := range v {
			found = append(found, references(member)...)
		}
	}
	return found
}

// Nothing of the tables is missing, and no two operations share an id.
func TestOpenAPI_hasEveryRow(t *testing.T) {
	_, doc := openAPI(t)
	paths := doc["paths"].(map[string]any)
	operation := func(path, method string) map[string]any {
		item, _ := paths[path].(map[string]any)
		found, _ := item[strings.ToLower(method)].(map[string]any)
		require.NotNil(t, found, "%s %s", method, path)
		return found
	}
	var ids []string
	for _, e := range schemas.Endpoints() {
		o := operation(schemas.PathPrefix+e.Name, e.Method)
		ids = append(ids, o["operationId"].(string))
		require.Contains(t, o["summary"], e.Section)
		for _, code := range e.Codes {
			require.Contains(t, o["description"], schemas.Message(code))
		}
	}
	for _, r := range schemas.ControlRoutes() {
		ids = append(ids, operation(r.Path, r.Method)["operationId"].(string))
	}
	for _, p := range schemas.Pushes() {
		require.Contains(t, doc["webhooks"], p.Kind)
	}
	slices.Sort(ids)
	require.Equal(t, slices.Compact(slices.Clone(ids)), ids)
}

// The examples are the document's own, and right by the schemas beside them.
func TestOpenAPI_examples(t *testing.T) {
	_, doc := openAPI(t)
	for _, e := range schemas.Endpoints() {
		text, err := json.Marshal(doc["paths"].(map[string]any)[schemas.PathPrefix+e.Name])
		require.NoError(t, err)
		var item map[string]struct {
			Responses map[string]struct {
				Content map[string]struct{ Example json.RawMessage }
			}
		}
		require.NoError(t, json.Unmarshal(text, &item))
		answer := item[strings.ToLower(e.Method)].Responses["200"].Content["application/json"].Example
		require.NotEmpty(t, answer, e.Name)
		require.NoError(t, schemas.ValidateAnswer(e.Name, answer), e.Name)
	}
}

// A body of the control API is judged by its definition.
func TestValidateControl(t *testing.T) {
	require.NoError(t, schemas.ValidateControl("Clock", []byte(`{"now":"2017-08-20 12:00:00","mode":"frozen","rate":1}`)))
	var violation *schemas.ValidationError
	require.ErrorAs(t, schemas.ValidateControl("Clock", []byte(`{"now":"2017-08-20 12:00:00","mode":"still","rate":1}`)), &violation)
	require.Equal(t, "/mode", violation.Problems[0].Pointer)
	require.ErrorAs(t, schemas.ValidateControl("[]Order", []byte(`{"items":[{}],"next":""}`)), &violation)
	require.ErrorIs(t, schemas.ValidateControl("Nothing", []byte(`{}`)), schemas.ErrUnknownSchema)
}
