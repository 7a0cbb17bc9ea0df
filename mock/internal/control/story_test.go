package control_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/mock/internal/servertest"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// A path of the control API with an empty element is answered as one that names nothing.
func TestControl_emptyElements(t *testing.T) {
	server, err := mock.New(mock.WithFixture([]byte(servertest.Fixture)))
	require.NoError(t, err)
	do := func(method, path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "http://127.0.0.1/", strings.NewReader(body))
		r.URL.Path, r.RequestURI = path, ""
		w := httptest.NewRecorder()
		server.Handler().ServeHTTP(w, r)
		return w
	}
	var api struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	require.NoError(t, json.Unmarshal(do(http.MethodGet, "/__admin/openapi.json", "").Body.Bytes(), &api))
	tried := 0
	for rest, methods := range api.Paths {
		ours := strings.HasPrefix(rest, "/__admin")
		for from := 0; ours && strings.Contains(rest[from:], "{"); {
			at := from + strings.Index(rest[from:], "{")
			end := at + strings.Index(rest[at:], "}") + 1
			from = end
			empty := strings.NewReplacer("{id}", "default", "{", "", "}", "").Replace(rest[:at]) + strings.NewReplacer("{", "", "}", "").Replace(rest[end:])
			for method := range methods {
				status := do(strings.ToUpper(method), empty, "{}").Code
				require.GreaterOrEqual(t, status, 300, "%s %s", method, empty)
				require.Less(t, status, 500, "%s %s", method, empty)
				tried++
			}
		}
	}
	require.Greater(t, tried, 50)
}

// FuzzControlStory calls the control API with whatever comes, one call after the other: nothing fails, a refusal is a problem with a detail,
// what is refused as invalid has changed nothing, and the log gives the state again.
func FuzzControlStory(f *testing.F) {
	f.Add([]byte("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"))
	f.Fuzz(rapid.MakeFuzz(controlStory))
}

// The same, of random stories.
func TestControlStory(t *testing.T) {
	rapid.Check(t, controlStory)
}

// storyValues are what a story's bodies, queries and paths are made of.
var storyValues = []any{
	"M1", "M2", "1", "渝ATX061", "13800000001", "渝停", "2017-08-20 12:30:00", "9000-01-01 00:00:00", "45m", "1000d", "-1h", "r1", "p1", "f1", "carnum", "entry", "frozen", "running", "default", "cash",
	"", "\u202e", "x\x00y", "😀", "../..", "http://127.0.0.1:1/", "http://[::1]:0/", "ftp://x", strings.Repeat("a", 5000), 0.0, 1.0, -1.0, 1e308, 1e-12, 9.3e18, true, nil,
	[]any{},
	map[string]any{},
}

// storyCalls are the methods and paths of everything that OpenAPI lists but the streams, which have no end, and the console.
var storyCalls = sync.OnceValues(func() (calls [][2]string, err error) {
	var api struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	err = json.Unmarshal(schemas.OpenAPI("story"), &api)
	for _, path := range slices.Sorted(maps.Keys(api.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(api.Paths[path])) {
			if !strings.HasSuffix(path, "/events") && !strings.HasPrefix(path, "/console") {
				calls = append(calls, [2]string{strings.ToUpper(method), path})
			}
		}
	}
	return calls, err
})

func controlStory(t *rapid.T) {
	server, err := mock.New(mock.WithFixture([]byte(servertest.Fixture)))
	require.NoError(t, err)
	defer func() { require.NoError(t, server.Close(context.Background())) }()
	calls, err := storyCalls()
	require.NoError(t, err)
	handler := server.Handler()
	do := func(method, path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "http://127.0.0.1/", strings.NewReader(body))
		r.URL.Path, r.URL.RawQuery, _ = strings.Cut(path, "?")
		r.RequestURI = ""
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w
	}
	value := rapid.SampledFrom(storyValues)
	names := []string{
		"id", "seed", "fixture", "at", "to", "by", "now", "mode", "rate", "key", "name", "push", "url", "kinds", "city", "lat", "lon", "totalSpace", "tariff", "plateNumber", "plateColor", "parkingId", "payment",
		"on", "do", "code", "endpoint", "merchantNo", "kind", "fields", "timeout", "data", "count", "min", "max", "steps", "source", "vin", "engine", "timeStamp", "sign", "after", "times", "limit", "order", "from",
	}
	var body func(depth int) any
	body = func(depth int) any {
		if depth == 0 || rapid.IntRange(0, 2).Draw(t, "plain") == 0 {
			return value.Draw(t, "value")
		}
		object := map[string]any{}
		for range rapid.IntRange(0, 4).Draw(t, "members") {
			object[rapid.SampledFrom(names).Draw(t, "name")] = body(depth - 1)
		}
		return object
	}
	for range rapid.IntRange(1, 12).Draw(t, "calls") {
		call := rapid.SampledFrom(calls).Draw(t, "call")
		path := call[1]
		for strings.Contains(path, "{") {
			from, to := strings.Index(path, "{"), strings.Index(path, "}")
			text, ok := value.Draw(t, "part").(string)
			if !ok || strings.Contains(path, "/sandboxes/{") && from < 25 {
				text = "default"
			}
			path = path[:from] + strings.ReplaceAll(text, "?", "") + path[to+1:]
		}
		if rapid.IntRange(0, 4).Draw(t, "query") == 0 {
			path += "?" + rapid.SampledFrom(names).Draw(t, "parameter") + "=" + rapid.SampledFrom([]string{"", "1", "-1", "x", "r1", "渝ATX061", "%zz"}).Draw(t, "argument")
		}
		var sent string
		if object, ok := body(3).(map[string]any); ok {
			delete(object, "within")
			text, err := json.Marshal(object)
			require.NoError(t, err)
			sent = string(text)
		}
		before := do(http.MethodGet, "/__admin/sandboxes/default", "").Body.String()
		w := do(call[0], path, sent)
		require.NotEqual(t, http.StatusInternalServerError, w.Code, "%s %s %s\n%s", call[0], path, sent, w.Body)
		if w.Code >= 400 && strings.HasPrefix(path, "/__admin") {
			require.Contains(t, w.Header().Get("Content-Type"), "problem+json", "%s %s %s\n%s", call[0], path, sent, w.Body)
			var problem struct{ Detail string }
			require.NoError(t, json.Unmarshal(w.Body.Bytes(), &problem))
			require.NotEmpty(t, problem.Detail)
		}
		if w.Code == http.StatusUnprocessableEntity || w.Code == http.StatusNotFound {
			require.Equal(t, before, do(http.MethodGet, "/__admin/sandboxes/default", "").Body.String(), "%s %s %s was refused, and has changed something", call[0], path, sent)
		}
	}
	servertest.CheckReplay(t, server)
}
