package etcpmock_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// edit is one place where something is added by hand: text before an anchor of a file, or a file of its own.
type edit struct{ file, anchor, text string }

// anEndpoint is all that is written for one more endpoint, carcolors: the colours of the user's vehicles. It is asked with GET, which
// takes no more than POST.
var anEndpoint = []edit{
	{"schemas/endpoints.go", "\t{\n\t\t// The name is the platform's.", "\t{\n\t\tName: \"carcolors\", Method: \"GET\", Section: \"§9.13\", Title: \"查询车牌颜色\", Does: \"lists the colours of plates\", Token: true,\n" +
		"\t\tParams: []Param{{Name: \"token\", Required: true, Form: FormText}},\n\t\tCodes: []int{CodeInvalidToken},\n\t},\n"},
	{"schemas/request/carcolors.json", "", `{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["token"],
		"properties": {"token": {"$ref": "../common.json#/$defs/text"}}}`},
	{"schemas/answer/carcolors.json", "", `{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["code", "data", "message"],
		"properties": {"code": {"$ref": "../common.json#/$defs/code"}, "message": {"$ref": "../common.json#/$defs/message"},
		"data": {"type": "object", "required": ["colors"], "properties": {"colors": {"type": "array", "items": {"type": "string"}}}}}}`},
	{"mock/internal/platform/command.go", "\t\"carnum\": ", "\t\"carcolors\": (*State).carColors,\n"},
	{"mock/internal/platform/vehicles.go", "// NumberData is the data of carnum.", `// ColorsData is the data of carcolors.
type ColorsData struct {
	Colors []string ` + "`json:\"colors\"`" + `
}

func (w *State) carColors(_ time.Time, who caller, _ *params.Input) outcome {
	colors := []string{}
	if u := w.users[who.phone]; u != nil {
		for _, v := range u.Bound {
			colors = append(colors, v.Color)
		}
	}
	return outcome{data: ColorsData{colors}}
}

`},
	{"client/vehicles.go", "// EndpointCarNum is what", `// EndpointCarColors is what [Client.CarColors] asks.
const EndpointCarColors = "carcolors"

var _ = get(EndpointCarColors)

// CarColors are the colours of the user's plates.
func (c *Client) CarColors(ctx context.Context, token string) ([]string, error) {
	out, err := call[struct{ Colors []string }](ctx, c, EndpointCarColors, tokenOnly{token})
	return out.Colors, err
}

`},
}

// aPush is all that is written for one more kind of push, bound: a vehicle was bound.
var aPush = []edit{
	{"schemas/pushes.go", "\t{\n\t\tKind: PushExit,", "\t{Kind: \"bound\", Section: \"§10.5\", Title: \"车辆绑定信息推送\", Does: \"a vehicle was bound\", Fields: []string{\"plateNumber\", \"time\", \"boundBy\"}},\n"},
	{"schemas/push/bound.json", "", `{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["plateNumber", "time", "boundBy", "signment"],
		"properties": {"plateNumber": {"$ref": "../common.json#/$defs/plate"}, "time": {"$ref": "../common.json#/$defs/time"}, "boundBy": {"type": "string"}, "signment": {"$ref": "../common.json#/$defs/signment"}}}`},
	{"mock/internal/platform/vehicles.go", "\treturn refuse(w.bind(now, who, vehicleOf(in)))", `	if r := w.bind(now, who, vehicleOf(in)); r != nil {
		return refuse(r)
	}
	v := vehicleOf(in)
	if p, wanted := w.push("bound", who.merchant, v, "", map[string]any{"plateNumber": v.Plate, "time": notation.FormatTime(now), "boundBy": who.phone}); wanted {
		return outcome{pushes: []Push{p}}
	}
`},
	{"client/push.go", "// KindExit is the kind", `// KindBound is the kind of [BoundPush].
const KindBound Kind = "bound"

// BoundPush says that a vehicle was bound.
type BoundPush struct{ PlateNumber, BoundBy string }

`},
	{"client/push.go", "\t{KindUnbind, \"\",", "\t{KindBound, \"boundBy\", func(ctx context.Context, h *PushHandler, r *reader) func() error {\n" +
		"\t\treturn bind(ctx, h.OnBound, BoundPush{r.text(\"plateNumber\"), r.text(\"boundBy\")})\n\t}},\n"},
	{"client/pushhandler.go", "\t// OnRefuse, where set,", "\tOnBound func(context.Context, BoundPush) error\n"},
}

// anEffect is all that is written for one more effect of a fault, retryAfter: the seconds of a header. Its flag aside, nothing names it elsewhere.
var anEffect = []edit{
	{"schemas/effects.go", "\t{\n\t\tName: \"empty\",", "\t{\n\t\tName: \"retryAfter\", Takes: TakesNumber, Least: 1, Most: 3600, Requests: true,\n\t\tShort: \"Say when to come again.\", ShortZh: \"告知何时重试。\",\n" +
		"\t\tDoes: \"`Retry-After`, in seconds\", DoesZh: \"`Retry-After`，以秒为单位\",\n\t},\n"},
	{"mock/internal/fault/fault.go", "\tEmpty      bool", "\tRetryAfter int `json:\"retryAfter,omitempty\"`\n"},
	{"mock/internal/fault/retryafter.go", "", `package fault

import (
	"math/rand/v2"
	"strconv"
)

func init() {
	register("retryAfter", effect{
		given: func(do *Do) bool { return do.RetryAfter != 0 },
		check: func(c *checker, e *effect, do *Do) {
			c.wants(e.allows(do.RetryAfter), "/do/retryAfter", "want %d to %d", e.Least, e.Most)
		},
		request: func(do *Do, out *OnRequest, _ *rand.PCG) {
			out.Headers = append(out.Headers, Header{"Retry-After", strconv.Itoa(do.RetryAfter)})
		},
	})
}
`},
	{"client/control/faults.go", "\tEmpty   bool", "\tRetryAfter int `json:\"retryAfter,omitempty\"`\n"},
	{"cmd/etcp-mock/internal/sandbox/fault.go", "\tset.BoolVar(&f.fault.Do.Empty,", "\tset.IntVar(&f.fault.Do.RetryAfter, \"retry-after\", 0, \"answers so many seconds as Retry-After\")\n"},
}

// theirUse is a program that uses what was added: the typed client, the push handler, a scenario, the lists of the control API and of
// OpenAPI, and the fuzzer's model of what is asked.
const theirUse = `package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/client/control"
	"github.com/etcp-mock/etcp-mock/contract/fuzz"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
	"github.com/etcp-mock/etcp-mock/schemas"
)

const scenario = ` + "`" + `name: both
vars: {phone: "13800000001"}
sandbox: {merchants: [{no: M1, key: k1, push: {url: "http://accept.invalid/", urls: {bound: "http://accept.invalid/bound"}}}], clock: 2017-08-20 12:00:00}
steps:
  - call: usersigin
    data: {mobilePhone: "${phone}", appId: A}
    save: {token: data.token}
  - call: bindcar
    data: {token: "${token}", plateNumber: 渝ATX061, plateColor: "2"}
  - call: carcolors
    data: {token: "${token}"}
    expect: {data: {colors: ["2"]}}
  - push: bound
    expect: {boundBy: "${phone}"}
  - verify: {pushes: {kind: bound, count: 1}}
  - fault: {on: {endpoint: carcolors}, do: {retryAfter: 3}}
` + "`" + `

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	ctx := context.Background()
	server, err := mock.New(mock.WithSeed(1))
	check(err)
	check(server.Start("127.0.0.1:0"))
	defer server.Close(ctx)

	bound := make(chan client.BoundPush, 1)
	handler := &client.PushHandler{MerchantNo: "demo", Key: "demo-key", OnBound: func(_ context.Context, p client.BoundPush) error { bound <- p; return nil }}
	merchant := httptest.NewServer(handler)
	defer merchant.Close()
	box := control.New(server.URL()).Sandbox("default")
	check(box.PutMerchant(ctx, control.Merchant{No: "demo", Key: "demo-key", Push: &control.PushHook{URL: merchant.URL, Kinds: []client.Kind{client.KindBound}}}))

	c := client.New(server.URL(), "demo", "demo-key")
	token, err := c.UserSignin(ctx, client.Signin{MobilePhone: "13800000001", AppID: "A"})
	check(err)
	check(c.BindCar(ctx, client.Binding{Token: token, PlateNumber: "渝ATX061"}))
	colors, err := c.CarColors(ctx, token)
	check(err)
	fmt.Println("client:", colors)
	select {
	case p := <-bound:
		fmt.Println("push:", p.PlateNumber, p.BoundBy)
	case <-time.After(time.Minute):
		log.Fatal("no push came")
	}

	_, err = box.AddFault(ctx, control.Fault{Do: control.FaultDo{RetryAfter: 3601}})
	fmt.Println("fault:", err)
	_, err = box.AddFault(ctx, control.Fault{Do: control.FaultDo{RetryAfter: 3}})
	check(err)
	answer, err := http.Get(server.URL() + schemas.PathPrefix + "carcolors")
	check(err)
	answer.Body.Close()
	fmt.Println("retry:", answer.Header.Get("Retry-After"))
	check(box.ClearFaults(ctx))

	s, err := scenarios.Parse("both.yaml", []byte(scenario))
	check(err)
	result, err := scenarios.Run(ctx, scenarios.InProcess(server.Handler()), s, scenarios.Options{})
	check(err)
	if failed := result.Cases[0].Failed(); failed != nil {
		log.Fatal(failed.Name, ": ", failed.Failure.Detail)
	}
	fmt.Println("scenario:", result.Status)

	var document struct {
		Paths, Webhooks map[string]json.RawMessage
		Components      struct{ Schemas map[string]json.RawMessage }
	}
	check(json.Unmarshal(schemas.OpenAPI("0"), &document))
	_, webhook := document.Webhooks["bound"]
	path := document.Paths[schemas.PathPrefix+"carcolors"]
	fmt.Println("openapi:", webhook, len(path) > 0, strings.Contains(string(document.Components.Schemas["PushHook"]), "bound"),
		strings.Contains(string(document.Components.Schemas["Fault"]), "\"retryAfter\""))
	fmt.Println("kinds:", slices.Contains(client.Kinds(), client.KindBound), client.Method("carcolors"))

	_, found := fuzz.Fuzzer{Target: scenarios.InProcess(server.Handler()), MaxCalls: 1000, Seed: 1}.Run(ctx)
	fmt.Println("fuzzer: findings", len(found))
}
`

// An endpoint and a kind of push take six edits each, an effect of a fault five, the tests of what they do aside. Everything else is read off the tables: with
// just these edits laid over the module's files, the server, the client, scenarios, the fuzzer and OpenAPI have them.
func TestAdding_anEndpointAPushAndAnEffect(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the module anew")
	}
	require.LessOrEqual(t, len(anEndpoint), 6)
	require.LessOrEqual(t, len(aPush), 6)
	require.LessOrEqual(t, len(anEffect), 5)
	root, err := filepath.Abs(".")
	require.NoError(t, err)
	folder := t.TempDir()
	written, overlay := map[string]string{}, map[string]string{}
	for _, e := range slices.Concat(anEndpoint, aPush, anEffect, []edit{{"internal/adding/main.go", "", theirUse}}) {
		before, begun := written[e.file]
		if !begun && e.anchor != "" {
			text, err := os.ReadFile(e.file)
			require.NoError(t, err)
			before = string(text)
		}
		require.True(t, e.anchor == "" || strings.Count(before, e.anchor) == 1, "%s: %q is there once", e.file, e.anchor)
		written[e.file] = strings.Replace(before, e.anchor, e.text+e.anchor, 1)
	}
	written["mock/internal/platform/vehicles.go"] = strings.Replace(written["mock/internal/platform/vehicles.go"],
		"\treturn refuse(w.bind(now, who, vehicleOf(in)))", "\treturn outcome{}", 1) // what the push's edit stands in place of
	for file, text := range written {
		copied := filepath.Join(folder, strings.ReplaceAll(file, "/", "_"))
		require.NoError(t, os.WriteFile(copied, []byte(text), 0o600))
		overlay[filepath.Join(root, filepath.FromSlash(file))] = copied
	}
	list, err := json.Marshal(map[string]any{"Replace": overlay})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "overlay.json"), list, 0o600))
	run := exec.CommandContext(t.Context(), "go", "run", "-overlay", filepath.Join(folder, "overlay.json"), "./internal/adding")
	out, err := run.CombinedOutput()
	require.NoError(t, err, string(out))
	require.Equal(t, `client: [1]
push: 渝ATX061 13800000001
fault: /do/retryAfter: want 1 to 3600
retry: 3
scenario: passed
openapi: true true true true
kinds: true GET
fuzzer: findings 0
`, string(out))
}
