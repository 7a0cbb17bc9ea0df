package fuzz

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/contract/fuzz/internal/model"
	"github.com/etcp-mock/etcp-mock/contract/internal/contracttest"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/sign"
)

// spoiling is a mock whose log of pushes says something else than what it has sent.
type spoiling struct {
	http.Handler
	spoil func(items []map[string]any) []map[string]any
}

func (s spoiling) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, "/pushes") {
		s.Handler.ServeHTTP(w, r)
		return
	}
	held := httptest.NewRecorder()
	s.Handler.ServeHTTP(held, r)
	list := map[string]any{}
	items := struct{ Items []map[string]any }{}
	_, _ = json.Unmarshal(held.Body.Bytes(), &list), json.Unmarshal(held.Body.Bytes(), &items)
	list["items"] = s.spoil(items.Items)
	maps.Copy(w.Header(), held.Header())
	w.Header().Del("Content-Length")
	text, _ := json.Marshal(list) //nolint:errchkjson // it was JSON before
	_, _ = w.Write(text)
}

// aStayOf is a story in which a bound car comes and goes: two pushes are sent of it.
var aStayOf = []fuzzStep{
	{action: "call", subject: "usersigin", fields: []fuzzField{{"mobilePhone", symbol("phone0")}, {"appId", "ETCP"}}},
	{id: 1, action: "call", subject: "bindcar", fields: []fuzzField{{"token", symbol("token0")}, {"plateNumber", symbol("plate0")}}},
	{id: 2, action: "enter", fields: []fuzzField{{"plateNumber", symbol("plate0")}, {"parkingId", "1"}}},
	{id: 3, action: "advance", subject: "1h"},
	{id: 4, action: "exit", fields: []fuzzField{{"plateNumber", symbol("plate0")}, {"payment", "cash"}}},
	{id: 5, action: "redeliver", subject: "0"},
}

// playsStay plays such a story, in the usual setup.
func playsStay(t *testing.T, handler http.Handler, steps []fuzzStep) *breach {
	t.Helper()
	f := playing(handler)
	f.fuzzer.Target = scenarios.InProcess(handler)
	f.fuzzer.Target.Now = time.Now
	p := f.player(story{steps: steps, salt: 1})
	p.setup = model.Usual()
	return p.play(t.Context())
}

// What was pushed is held to what is due: each push is signed and written as §10 has it, in its place, with these fields, tried when it must have been; none is missing, and
// there is no other.
func TestPlayer_pushes(t *testing.T) {
	t.Parallel()
	mock := contracttest.NewHandler(t)
	type items = []map[string]any
	change := func(at int, name, old, instead string) func(items) items {
		return func(all items) items {
			for _, one := range all { // a scenario asks for one kind
				if one["kind"] == []string{"entry", "exit"}[at] {
					one[name] = strings.Replace(one[name].(string), old, instead, 1)
				}
			}
			return all
		}
	}
	attempts := func(at int, change func(attempts []any) []any) func(items) items {
		return func(all items) items {
			for _, one := range all { // a scenario asks for one kind
				if one["kind"] == []string{"entry", "exit"}[at] {
					one["attempts"] = change(one["attempts"].([]any))
				}
			}
			return all
		}
	}
	for _, c := range []struct {
		name  string
		spoil func(items) items
		says  string
	}{
		{"as it is", func(all items) items { return all }, ""},
		{"another signature", change(0, "body", `"signment":"`, `"signment":"0`), "entry push: a merchant's handler refuses it with code 4"},
		{"a byte of what is signed", change(1, "body", `"stayedTime":3600`, `"stayedTime":3601`), "exit push: a merchant's handler refuses it with code 4"},
		{"another type", change(0, "contentType", "application/json", "text/plain"), "entry push: a merchant's handler refuses it"},
		{"another order", func(all items) items { slices.Reverse(all); return all }, "exit push: want entry: "},
		{"one that is missing", func(all items) items {
			return slices.DeleteFunc(all, func(one map[string]any) bool { return one["kind"] == "exit" })
		}, "exit push: one is due, and none was sent"},
		{"none", func(items) items { return items{} }, "entry push: one is due, and none was sent"},
		{"one that is not due", func(all items) items { return append(all, all[max(0, len(all)-1):]...) }, "exit push: none is due, and one was sent: {"},
		{"the other merchant's", func(all items) items {
			all[0]["merchantNo"] = strings.Replace(all[0]["merchantNo"].(string), "F", "G", 1)
			return all
		}, "exit push: want entry: "},
		{"not delivered", change(1, "status", "delivered", "pending"), "exit push: is pending after 1 attempts, want delivered after 1"},
		{"tried too often", attempts(1, func(all []any) []any { return append(all, all[0]) }), "exit push: is delivered after 2 attempts, want delivered after 1"},
		{"not tried again", attempts(0, func(all []any) []any { return all[:1] }), "entry push: is delivered after 1 attempts, want delivered after 2"},
		{"tried too late", attempts(1, func(all []any) []any {
			one := maps.Clone(all[0].(map[string]any))
			one["at"] = "2017-08-20 13:00:01"
			return []any{one}
		}), "exit push: attempt 1 was at 2017-08-20 13:00:01, want 2017-08-20 13:00:00"},
	} {
		b := playsStay(t, spoiling{mock, c.spoil}, aStayOf)
		if c.says == "" {
			require.Nil(t, b, "%s: %+v", c.name, b)
			continue
		}
		require.NotNil(t, b, c.name)
		require.Contains(t, b.message, c.says, c.name)
		require.Equal(t, "§10", b.section, c.name)
		require.Regexp(t, "^push (entry|exit)$", b.kind, c.name)
		if strings.HasPrefix(c.name, "tried ") || strings.HasPrefix(c.name, "not tried ") {
			require.Contains(t, b.shows, `assert: ["len(push.attempts) == `, c.name)
		}
		b.redelivered = map[int]string{5: "entry"}
		text := story{steps: aStayOf, salt: 1}.scenario(model.Usual(), b)
		require.Contains(t, text, b.shows, c.name)
		patient := strings.Replace(text, "within: 2s", "within: 1m", 1) // for a machine that does something else meanwhile; it waits for what comes
		require.Equal(t, "passed", statusOf(t, mock, patient), "%s: what shows it holds where all is right: %s", c.name, text)
		if slices.Contains([]string{"another order", "the other merchant's", "not delivered", "one that is missing", "none"}, c.name) {
			continue // spoilt is the log as a whole, where the step asks for a part of it, or the step would wait
		}
		require.Equal(t, "failed", statusOf(t, spoiling{mock, c.spoil}, text), "%s: what shows it fails: %s", c.name, text)
	}
}

func statusOf(t *testing.T, handler http.Handler, text string) string {
	t.Helper()
	parsed, err := scenarios.Parse("found.yaml", []byte(text))
	require.NoError(t, err, text)
	result, err := scenarios.Run(t.Context(), scenarios.InProcess(handler), parsed, scenarios.Options{})
	require.NoError(t, err)
	return string(result.Status)
}

// A wrong field is shown by how many pushes must hold its value, but for an id, which is another one in each run.
func TestShowsField(t *testing.T) {
	t.Parallel()
	due := func(name string) *breach {
		return playsStay(t, spoiling{contracttest.NewHandler(t), func(all []map[string]any) []map[string]any {
			for _, one := range all {
				one["body"] = resigned(t, one["body"].(string), one["merchantNo"].(string), name)
			}
			return all
		}}, aStayOf[:5])
	}
	require.Equal(t, "  - {push: entry, as: one, where: {parkId: 1}, count: 1}\n", due("parkId").shows)
	require.Equal(t, "  - {push: entry, as: one}\n", due("synId").shows)
}

// A kind of push that the model does not know is no finding, and what became of the others is not judged then.
func TestPlayer_pushesOfAnotherKind(t *testing.T) {
	t.Parallel()
	strange := func(all []map[string]any) []map[string]any {
		if len(all) < 2 {
			return all
		}
		one := maps.Clone(all[0])
		one["kind"] = "x-of-its-own"
		all[1]["status"] = "pending"
		return append(all, one)
	}
	require.Nil(t, playsStay(t, spoiling{contracttest.NewHandler(t), strange}, aStayOf[:5]))
}

// A story in which a push was redelivered is written as a scenario that does the same on a mock.
func TestStory_scenarioRedelivers(t *testing.T) {
	t.Parallel()
	target := contracttest.NewMock(t)
	s := story{steps: aStayOf, salt: 1}
	text := s.scenario(model.Usual(), &breach{message: "x", step: 5, wantCode: model.Unsure, redelivered: map[int]string{5: "entry"}})
	parsed, err := scenarios.Parse("found.yaml", []byte(text))
	require.NoError(t, err, text)
	result, err := scenarios.Run(t.Context(), target, parsed, scenarios.Options{})
	require.NoError(t, err)
	require.Equal(t, "passed", string(result.Status), text)
}

// What came to the fuzzer's own address is what the log says was sent: as often, with the same bytes, method and type, and nothing besides.
func TestPlayer_received(t *testing.T) {
	t.Parallel()
	const kind = "application/json;charset=UTF-8"
	came := func(method, body, contentType string) func(h *hub) {
		return func(h *hub) {
			r := httptest.NewRequest(method, "http://hub/F1-1/F/entry", strings.NewReader(body))
			r.Header.Set("Content-Type", contentType)
			h.ServeHTTP(httptest.NewRecorder(), r)
		}
	}
	logged := func(body string, attempts int) control.Push {
		return control.Push{Kind: client.Kind("exit"), URL: "http://hub/F1-1/F/entry", Body: body, ContentType: kind, Attempts: make([]control.Attempt, attempts)}
	}
	for _, c := range []struct {
		name string
		came []func(h *hub)
		sent []control.Push
		says string
	}{
		{"nothing", nil, nil, ""},
		{"each once", []func(*hub){came("POST", "{}", kind), came("POST", "{ }", kind)}, []control.Push{logged("{}", 1), logged("{ }", 1)}, ""},
		{"twice, as it was tried", []func(*hub){came("POST", "{}", kind), came("POST", "{}", kind)}, []control.Push{logged("{}", 2)}, ""},
		{"elsewhere", nil, []control.Push{{URL: model.Nobody, Attempts: make([]control.Attempt, 1)}}, ""},
		{"not at all", nil, []control.Push{logged("{}", 1)}, "exit push: came 0 times as it is in the log, and was tried 1 times"},
		{"with other bytes", []func(*hub){came("POST", "{ }", kind)}, []control.Push{logged("{}", 1)}, "exit push: came 0 times"},
		{"by PUT", []func(*hub){came("PUT", "{}", kind)}, []control.Push{logged("{}", 1)}, `came by PUT as "application/json;charset=UTF-8", and the log says POST`},
		{"as text", []func(*hub){came("POST", "{}", "text/plain")}, []control.Push{logged("{}", 1)}, `came by POST as "text/plain"`},
		{"once too often", []func(*hub){came("POST", "{}", kind), came("POST", "{}", kind)}, []control.Push{logged("{}", 1)}, "exit push: 2 came, and 1 attempts are in the log"},
		{"without the log", []func(*hub){came("POST", "{}", kind)}, nil, "entry push: 1 came, and 0 attempts are in the log"},
	} {
		h := &hub{url: "http://hub", stories: map[string]*scenarios.Receiver{}}
		p := &player{f: &fuzzing{hub: h}, receiver: h.open("F1-1"), s: story{steps: aStayOf}}
		for _, push := range c.came {
			push(h)
		}
		b := p.received(c.sent)
		if c.says == "" {
			require.Nil(t, b, c.name)
			continue
		}
		require.NotNil(t, b, c.name)
		require.Contains(t, b.message, c.says, c.name)
	}
}

// The hub gives each push to the story that its address names, while that one is played.
func TestHub(t *testing.T) {
	t.Parallel()
	h := &hub{url: "http://hub", stories: map[string]*scenarios.Receiver{}}
	one, two := h.open("F1-1"), h.open("F1-2")
	require.Equal(t, "http://hub/F1-1/", one.URL)
	push := func(path string) int {
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "http://hub"+path, strings.NewReader("{}")))
		return answer.Code
	}
	require.Equal(t, http.StatusOK, push("/F1-1/F/entry"))
	require.Equal(t, http.StatusTeapot, push("/F1-2/G/?status=418"), "as its query asks")
	require.Equal(t, http.StatusNotFound, push("/F1-3/F/entry"))
	for _, r := range []*scenarios.Receiver{one, two} {
		all, _ := r.Since(0)
		require.Len(t, all, 1)
	}
	h.done("F1-1")
	require.Equal(t, http.StatusNotFound, push("/F1-1/F/entry"))
}

// resigned is an entry push to the first merchant with another value of a field, signed as it is then.
func resigned(t *testing.T, body, no, field string) string {
	t.Helper()
	changed := map[string]string{"parkId": strings.Replace(body, `"parkId":1,`, `"parkId":7,`, 1), "synId": strings.Replace(body, `"synId":"`, `"synId":"0`, 1)}[field]
	before, _, found := strings.Cut(changed, `"signment":"`)
	require.True(t, found, changed)
	return before + `"signment":"` + sign.Push(no, sign.RawPushText([]byte(changed)), model.Keys[0]) + `"}`
}
