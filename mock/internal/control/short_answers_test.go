package control_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/schemas"
)

// longTexts are bodies with a long text in each of their members, two levels deep, and as the name of one.
func longTexts(long string) map[string]string {
	quoted, _ := json.Marshal(long) //nolint:errchkjson // a text always encodes
	bodies := map[string]string{"the name of a member": `{` + string(quoted) + `:1}`, "a text": string(quoted)}
	for _, name := range []string{
		"id", "seed", "fixture", "scenario", "now", "mode", "by", "key", "name", "push", "plateNumber", "plateColor", "parkingId", "at", "userType", "payment", "kind", "merchantNo", "fields", "endpoint",
		"data", "sign", "where", "source", "token", "phone", "state", "strict", "count", "steps", "clock", "platform", "start", "on", "do", "city", "lat", "lon", "tariff", "vin", "url", "timeStamp", "given",
	} {
		bodies[name] = `{"` + name + `":` + string(quoted) + `}`
	}
	for _, name := range []string{"fixture", "push", "data", "clock", "platform", "on", "do", "tariff"} {
		for _, inner := range []string{"now", "start", "endpoint", "url", "urls", "kinds", "body", "code", "unitPrice", "merchantNo", "name"} {
			bodies[name+"/"+inner] = `{"` + name + `":{"` + inner + `":` + string(quoted) + `}}`
		}
	}
	for _, source := range []string{"name: x\nsteps:\n  - call: %", "name: x\nsteps:\n  - %: 1", "name: x\nsteps:\n  - sleep: ${%}", "%", "name: %\nsteps: 1"} {
		text, _ := json.Marshal(m{"source": strings.ReplaceAll(source, "%", long)}) //nolint:errchkjson // texts always encode
		bodies["source "+source] = string(text)
	}
	return bodies
}

// Whatever text is sent to any call of the document, and however long it is, a refusal is short.
func TestControl_refusalsAreShort(t *testing.T) {
	t.Parallel()
	c := newControlled(t)
	c.AcceptPushes(t)
	long := strings.Repeat("\\\"渝", 2_500)
	bodies := longTexts(long)
	for _, route := range schemas.ControlRoutes() {
		if route.Method == http.MethodGet || strings.HasSuffix(route.Path, "/events") {
			continue
		}
		path := strings.NewReplacer("{id}", "default", "{sandbox}", "default").Replace(route.Path)
		for strings.Contains(path, "{") {
			before, rest, _ := strings.Cut(path, "{")
			_, behind, _ := strings.Cut(rest, "}")
			path = before + url.PathEscape(strings.Repeat("x", 5000)) + behind
		}
		for name, body := range bodies {
			if route.Body == "" && name != "a text" {
				continue
			}
			a := c.Ask(t, route.Method, path, body, "Accept-Language", map[bool]string{true: "zh", false: "en"}[len(name)%2 == 0])
			if a.Status >= http.StatusBadRequest {
				require.Less(t, len(a.Body), 12<<10, "%s %s with a long %s", route.Method, path[:min(len(path), 200)], name)
			}
		}
	}
}
