package schemas

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
)

//go:embed testdata/document/*.json
var examples embed.FS

// object is a piece of the OpenAPI document. encoding/json sorts its keys, so that equal tables give equal bytes.
type object = map[string]any

// OpenAPI is the contract as an OpenAPI 3.1 document: the twelve endpoints of §9, the four pushes of §10 as webhooks, and
// the mock's control API. It is assembled from this package's tables and schemas; its examples are the document's own.
func OpenAPI(version string) []byte {
	components := object{}
	maps.Copy(components, controlDefinitions())
	paths := object{}
	for i := range endpoints {
		e := &endpoints[i]
		components["data."+e.Name] = component(KindRequest, e.Name)
		components["answer."+e.Name] = component(KindAnswer, e.Name)
		paths[PathPrefix+e.Name] = object{strings.ToLower(e.Method): platformOperation(e)}
	}
	components["envelope"] = component(KindEnvelope, "")
	components["pushAnswer"] = component(KindPushAnswer, "")
	webhooks := object{}
	for i := range pushes {
		p := &pushes[i]
		components["push."+p.Kind] = component(KindPush, p.Kind)
		webhooks[p.Kind] = object{"post": pushOperation(p)}
	}
	for i := range controlRoutes {
		r := &controlRoutes[i]
		item, ok := paths[r.Path].(object)
		if !ok {
			item = object{}
			paths[r.Path] = item
		}
		item[strings.ToLower(r.Method)] = controlOperation(r)
	}
	return encode(object{
		"openapi": "3.1.0",
		"info": object{
			"title": "etcp-mock: the ETCP Open Platform 2.0.2, and the control API of its mock", "version": version,
			"license":     object{"name": "MIT", "identifier": "MIT"},
			"description": "The endpoints under " + PathPrefix + " and the webhooks are the platform's; everything under /__admin is the mock's own.",
		},
		"servers":  []any{object{"url": "/"}},
		"tags":     tags(),
		"paths":    paths,
		"webhooks": webhooks,
		"components": object{"schemas": components, "securitySchemes": object{
			"adminToken": object{"type": "http", "scheme": "bearer", "description": "Wanted where the server does not listen on a loopback address."},
		}},
	}, "  ")
}

func tags() []any {
	list := []any{object{"name": "Platform", "description": "§9 of the platform's document."}, object{"name": "Pushes to the merchant", "description": "§10."}}
	seen := map[string]bool{}
	for i := range controlRoutes {
		if tag := controlRoutes[i].Tag; !seen[tag] {
			seen[tag] = true
			list = append(list, object{"name": tag})
		}
	}
	return list
}

// component is a schema without what only a schema that stands alone needs.
func component(kind, name string) object {
	text, ok := Schema(kind, name)
	if !ok {
		panic("schemas: no schema " + schemaKey(kind, name)) // a row without its file, which a test shows
	}
	var schema object
	if err := json.Unmarshal(text, &schema); err != nil {
		panic("schemas: " + err.Error())
	}
	delete(schema, "$schema")
	delete(schema, "$id")
	return schema
}

func ref(name string) object { return object{"$ref": "#/components/schemas/" + name} }

// example is one of the document's own, by its file's last words: "request.userlogin".
func example(name string) (any, bool) {
	files, err := examples.ReadDir("testdata/document")
	if err != nil {
		return nil, false
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), "."+name+".json") {
			continue
		}
		text, err := examples.ReadFile("testdata/document/" + f.Name())
		if err != nil {
			return nil, false
		}
		var value any
		return value, json.Unmarshal(text, &value) == nil
	}
	return nil, false
}

func jsonContent(schema object, exampleName string) object {
	media := object{"schema": schema}
	if value, ok := example(exampleName); ok {
		media["example"] = value
	}
	return object{"application/json": media}
}

// platformOperation is a call of §9: the enveloped form with the inner data in it.
func platformOperation(e *Endpoint) object {
	data := jsonContent(ref("data."+e.Name), "request."+e.Name)
	operation := object{
		"operationId": e.Name, "tags": []any{"Platform"}, "summary": e.Title + " (" + e.Section + ")",
		"description": sentence(e.Does) + " " + describeCodes(e),
		"responses": object{"200": object{
			"description": "The envelope: code 0 and what was asked for, or another code of §11.",
			"headers": object{
				"X-Mock-Request-Id": object{"description": "The journal entry's id.", "schema": object{"type": "string"}},
				"X-Mock-Reason":     object{"description": "Why it was refused: a stable word.", "schema": object{"type": "string"}},
			},
			"content": jsonContent(object{"anyOf": []any{ref("answer." + e.Name), ref("envelope")}}, "answer."+e.Name),
		}},
	}
	if e.Method == "GET" {
		operation["parameters"] = []any{
			query("merchant_no", merchantNoText, true), query("time_stamp", timeStampText, true),
			object{"name": "data", "in": "query", "required": true, "description": dataText, "content": data},
			query("sign", signText, true),
		}
		return operation
	}
	inner := ref("data." + e.Name)
	operation["requestBody"] = object{"required": true, "content": object{"application/x-www-form-urlencoded": object{
		"schema": object{
			"type": "object", "required": []any{"merchant_no", "time_stamp", "data", "sign"},
			"properties": object{
				"merchant_no": text(merchantNoText), "time_stamp": text(timeStampText), "data": inner, "sign": text(signText),
			},
		},
		"encoding": object{"data": object{"contentType": "application/json"}},
	}}}
	return operation
}

const (
	merchantNoText = "The merchant's number (§3.1)."
	timeStampText  = "yyyyMMddHHmmss, Asia/Shanghai (§3.2)."
	dataText       = "The business parameters, a JSON object as text (§3.3)."
	signText       = "UPPER(HEX(MD5(data + merchant_key + time_stamp))) over the decoded text of data (§6)."
)

func text(description string) object { return object{"type": "string", "description": description} }

func query(name, description string, required bool) object {
	return object{"name": name, "in": "query", "required": required, "description": description, "schema": object{"type": "string"}}
}

func describeCodes(e *Endpoint) string {
	lines := []string{"Its codes, beside those of the envelope:"}
	for _, code := range append([]int{CodeOK}, e.Codes...) {
		lines = append(lines, fmt.Sprintf("* %d %s", code, Message(code)))
	}
	return strings.Join(lines, "\n")
}

// sentence is what a row does as a sentence.
func sentence(does string) string { return strings.ToUpper(does[:1]) + does[1:] + "." }

func pushOperation(p *Push) object {
	return object{
		"operationId": "push." + p.Kind, "tags": []any{"Pushes to the merchant"}, "summary": p.Title + " (" + p.Section + ")",
		"description": sentence(p.Does) + " signment is UPPER(HEX(MD5(merchant_no + data + merchant_key))), where data is the body's fields in their order, without signment.",
		"requestBody": object{"required": true, "content": jsonContent(ref("push."+p.Kind), "push."+p.Kind)},
		"responses": object{"200": object{
			"description": "Code 0: dealt with. Anything else has the push come again.",
			"content":     object{"application/json": object{"schema": ref("pushAnswer"), "example": object{"code": 0, "message": "ok"}}},
		}},
	}
}

var pathParameter = regexp.MustCompile(`\{([a-z]+)\}`)

func controlOperation(r *ControlRoute) object {
	var parameters []any
	for _, match := range pathParameter.FindAllStringSubmatch(r.Path, -1) {
		parameters = append(parameters, object{"name": match[1], "in": "path", "required": true, "schema": object{"type": "string"}})
	}
	for _, name := range r.Query {
		parameters = append(parameters, object{"name": name, "in": "query", "schema": object{"type": "string"}})
	}
	success := object{"description": cmp.Or(strings.TrimPrefix(r.Answer, "[]"), "Done.")}
	switch {
	case r.Answer == "":
	case strings.Contains(r.Answer, "/"):
		success["content"] = object{r.Answer: object{"schema": object{}}}
	case strings.HasPrefix(r.Answer, "[]"):
		success["content"] = object{"application/json": object{"schema": object{
			"type": "object", "required": []any{"items"},
			"properties": object{"items": object{"type": "array", "items": ref(r.Answer[2:])}, "next": text("Goes on as after; absent at the end.")},
		}}}
	default:
		success["content"] = object{"application/json": object{"schema": ref(r.Answer)}}
	}
	operation := object{
		"operationId": operationID(r), "tags": []any{r.Tag}, "summary": r.Summary,
		"responses": object{
			strconv.Itoa(r.Status): success,
			"default":              object{"description": "What is wrong.", "content": object{"application/problem+json": object{"schema": ref("Problem")}}},
		},
		"security": []any{object{}, object{"adminToken": []any{}}},
	}
	if parameters != nil {
		operation["parameters"] = parameters
	}
	if r.Body != "" {
		operation["requestBody"] = object{"content": object{"application/json": object{"schema": ref(r.Body)}}}
	}
	return operation
}

// operationID is a name for generated clients: "put-merchants-no", "post-clock-advance".
func operationID(r *ControlRoute) string {
	path := strings.TrimPrefix(r.Path, sandboxPath+"/")
	path = strings.NewReplacer("/__admin/", "", "{", "", "}", "", "/", "-", ".", "-").Replace(path)
	return strings.ToLower(r.Method) + "-" + strings.Trim(path, "-")
}

// Example is one of the document's own: the data of a request or the answer of an endpoint, or a push, as JSON. The bytes are
// the caller's.
func Example(kind, name string) ([]byte, bool) {
	value, ok := example(kind + "." + name)
	if !ok {
		return nil, false
	}
	return encode(value, ""), true
}
