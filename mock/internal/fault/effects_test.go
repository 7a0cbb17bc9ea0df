package fault_test

import (
	"encoding/json"
	"flag"
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
	"github.com/etcp-mock/etcp-mock/schemas"
)

var update = flag.Bool("update", false, "write the tables of docs/faults.md and its Chinese page anew")

// meets adds faults and lets a request meet them.
func meets(t *testing.T, faults ...string) fault.OnRequest {
	t.Helper()
	s := fault.NewSet(rand.NewPCG(1, 2))
	for _, text := range faults {
		_, err := s.Add(read(t, text))
		require.NoError(t, err)
	}
	return s.Request(fault.Request{Endpoint: "bindcar", MerchantNo: "M1", Data: `{}`})
}

// Each field of do has a row, in its order, and each row says what it is in both languages.
func TestEffects_areTheFieldsOfDo(t *testing.T) {
	do := reflect.TypeFor[fault.Do]()
	require.Len(t, schemas.Effects(), do.NumField())
	for i, e := range schemas.Effects() {
		name, _, _ := strings.Cut(do.Field(i).Tag.Get("json"), ",")
		require.Equal(t, name, e.Name)
		require.True(t, e.Requests || e.Pushes, name)
		for _, text := range []string{e.Short, e.Does} {
			require.NotEmpty(t, text, name)
		}
		for _, text := range []string{e.ShortZh, e.DoesZh} {
			require.Regexp(t, `\p{Han}`, text, name)
		}
	}
}

// The tables of docs/faults.md and of its Chinese page are those of the code (go test ./mock/internal/fault -update writes them).
func TestEffects_areInTheDocs(t *testing.T) {
	for page, language := range map[string]struct {
		title string
		text  func(schemas.Effect) string
	}{
		"faults.md":       {"what", func(e schemas.Effect) string { return e.Does }},
		"zh-CN/faults.md": {"作用", func(e schemas.Effect) string { return e.DoesZh }},
	} {
		path := "../../../docs/" + page
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		written := string(raw)
		for kind, of := range map[string]func(schemas.Effect) bool{
			"requests": func(e schemas.Effect) bool { return e.Requests }, "pushes": func(e schemas.Effect) bool { return e.Pushes },
		} {
			var table strings.Builder
			table.WriteString("| `do` | " + language.title + " |\n|---|---|\n")
			for _, e := range schemas.Effects() {
				if of(e) {
					table.WriteString("| `" + e.Name + "` | " + strings.ReplaceAll(language.text(e), "|", `\|`) + " |\n")
				}
			}
			marks := regexp.MustCompile(`(?s)(<!-- effects on ` + kind + ` -->\n).*?(<!-- end of effects -->)`)
			require.Regexp(t, marks, written, page)
			written = marks.ReplaceAllString(written, "${1}"+strings.ReplaceAll(table.String(), "$", "$$")+"${2}")
		}
		if *update {
			require.NoError(t, os.WriteFile(path, []byte(written), 0o600))
			continue
		}
		require.Equal(t, written, string(raw), page)
	}
}

// A gateway's page: a status, headers and a body of its own; of two faults the first is right, header by header.
func TestHeaders(t *testing.T) {
	on := meets(t,
		`{"do":{"httpStatus":429,"headers":{"Retry-After":"7","content-type":"text/html"},"body":"<html>"}}`,
		`{"do":{"headers":{"Content-Type":"text/plain","X-Two":"2"}}}`)
	require.Equal(t, []fault.Header{{Name: "Retry-After", Value: "7"}, {Name: "content-type", Value: "text/html"}, {Name: "X-Two", Value: "2"}}, on.Headers)
	require.True(t, on.Answers)
	require.Equal(t, 429, on.HTTPStatus)
	require.False(t, meets(t, `{"do":{"headers":{"Content-Type":"text/plain"}}}`).Answers, "the request is carried out")
}

// An empty answer, random bytes and a body are three, of which the first fault's is taken.
func TestBodies(t *testing.T) {
	on := meets(t, `{"do":{"empty":true}}`, `{"do":{"body":"x"}}`, `{"do":{"garbage":5}}`)
	require.True(t, on.Answers && on.Empty)
	require.Empty(t, *on.Body)
	require.Nil(t, on.Garbage)

	on = meets(t, `{"do":{"garbage":5}}`, `{"do":{"empty":true}}`, `{"do":{"garbage":9}}`)
	require.True(t, on.Answers && !on.Empty)
	require.Nil(t, on.Body)
	require.Len(t, on.Garbage, 5)
	require.Equal(t, on.Garbage, meets(t, `{"do":{"garbage":5}}`).Garbage, "the seed's")

	on = meets(t, `{"do":{"body":"x"}}`, `{"do":{"empty":true}}`, `{"do":{"garbage":5}}`)
	require.Equal(t, "x", *on.Body)
	require.False(t, on.Empty)
	require.Nil(t, on.Garbage)
}

// A dribbled answer takes so long a byte, and no longer than ten minutes in all.
func TestDribble(t *testing.T) {
	on := meets(t, `{"do":{"dribble":"50ms"}}`, `{"do":{"dribble":"1s"}}`)
	require.False(t, on.Answers)
	require.Equal(t, 50*time.Millisecond, on.Pause(100))
	require.Equal(t, fault.MaxDelay/100_000, on.Pause(100_000))
	require.Zero(t, on.Pause(0))
	none := fault.OnRequest{}
	require.Zero(t, none.Pause(100))
}

// What happens to a request is the same after a trip through JSON, random bytes too.
func TestOnRequest_json(t *testing.T) {
	on := meets(t, `{"do":{"garbage":300,"headers":{"A":"b"},"dribble":"3ms","delay":"1s"}}`)
	text, err := json.Marshal(on)
	require.NoError(t, err)
	var again fault.OnRequest
	require.NoError(t, json.Unmarshal(text, &again))
	require.Equal(t, on, again)
}

// Each effect has its limits, which are named by the field.
func TestCheck_effects(t *testing.T) {
	many := map[string]string{}
	for i := range 21 {
		many["H"+string(rune('a'+i))] = ""
	}
	tooMany, err := json.Marshal(many)
	require.NoError(t, err)
	for do, pointer := range map[string]string{
		`{"headers":{"Content-Length":"5"}}`:                    "/do/headers/Content-Length",
		`{"headers":{"transfer-encoding":"chunked"}}`:           "/do/headers/transfer-encoding",
		`{"headers":{"a b":"5"}}`:                               "/do/headers/a b",
		`{"headers":{"":"5"}}`:                                  "/do/headers/",
		`{"headers":{"X":"a\r\nSet-Cookie: b"}}`:                "/do/headers/X",
		`{"headers":{"X":"` + strings.Repeat("x", 1001) + `"}}`: "/do/headers/X",
		`{"headers":` + string(tooMany) + `}`:                   "/do/headers",
		`{"garbage":-1}`:                                        "/do/garbage",
		`{"garbage":65537}`:                                     "/do/garbage",
		`{"garbage":5,"body":"x"}`:                              "/do/garbage",
		`{"garbage":5,"empty":true}`:                            "/do/garbage",
		`{"empty":true,"body":"x"}`:                             "/do/empty",
		`{"empty":true,"truncate":true}`:                        "/do/truncate",
		`{"empty":true,"dribble":"1s"}`:                         "/do/dribble",
		`{"dribble":"0s"}`:                                      "/do/dribble",
		`{"dribble":"11s"}`:                                     "/do/dribble",
		`{"cut":"after","dribble":"1s"}`:                        "/do/cut",
		`{"cut":"after","headers":{"A":"b"}}`:                   "/do/cut",
		`{"cut":"after","empty":true}`:                          "/do/cut",
		`{"httpStatus":204,"garbage":1}`:                        "/do/httpStatus",
		`{"headers":{}}`:                                        "/do",
		`{"garbage":0,"empty":false}`:                           "/do",
	} {
		var f fault.Fault
		require.Empty(t, strict.Decode([]byte(`{"do":`+do+`}`), &f, strict.Limits{}), do)
		problems := f.Check()
		require.Len(t, problems, 1, do)
		require.Equal(t, pointer, problems[0].Pointer, do)
	}
	for _, e := range schemas.Effects() {
		do := map[string]any{
			"code": 2, "message": "m", "httpStatus": 503, "headers": map[string]string{"A": "b"}, "body": "b", "empty": true, "garbage": 3, "truncate": true,
			"dribble": "1s", "cut": "before", "delay": "1s", "duplicate": 2, "reorder": true, "corruptSign": true, "drop": true,
		}[e.Name]
		require.NotNil(t, do, e.Name)
		for _, on := range []string{"", "exit"} {
			text, err := json.Marshal(map[string]any{"on": map[string]any{"push": on}, "do": map[string]any{e.Name: do}})
			require.NoError(t, err)
			var f fault.Fault
			require.Empty(t, strict.Decode(text, &f, strict.Limits{}))
			fits := on == "" && e.Requests || on != "" && e.Pushes
			require.Equal(t, fits, len(f.Check()) == 0, "%s", text)
		}
	}
}
