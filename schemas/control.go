package schemas

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

//go:embed control/defs.json
var controlDefs []byte

// controlDefinitions are the definitions, each time anew. Where they have "$pushKind" or "$do", the table of pushes or that of
// effects says which there are.
func controlDefinitions() (defs object) {
	text := bytes.ReplaceAll(controlDefs, []byte(`["$pushKind"]`), []byte(encode(pushKinds(), "")))
	text = bytes.Replace(text, []byte(`"$do"`), encode(whatAFaultDoes(), ""), 1)
	if err := json.Unmarshal(text, &defs); err != nil {
		panic("schemas: control/defs.json: " + err.Error()) // embedded
	}
	return defs
}

// ControlRoute is one call of the mock's control API, which the real platform does not have.
type ControlRoute struct {
	Method  string
	Path    string // with {parameters}
	Tag     string
	Summary string
	Query   []string // names of what the query may carry
	Body    string   // the definition of what is sent, "" for none
	Answer  string   // the definition of what is answered; "[]X" is a page of X, "" nothing; a media type says so itself
	Status  int      // of a success
}

// sandboxPath is below one sandbox.
const sandboxPath = "/__admin/sandboxes/{id}"

var paging = []string{"limit", "after", "order"}

func pagedBy(names ...string) []string { return append(names, paging...) }

var controlRoutes = []ControlRoute{
	{"GET", "/healthz", "Server", "Is it alive?", nil, "", "Health", 200},
	{"GET", "/readyz", "Server", "Does it serve?", nil, "", "Health", 200},
	{"GET", "/metrics", "Server", "Figures for Prometheus", nil, "", "text/plain", 200},
	{"GET", "/__admin/version", "Server", "What is running", nil, "", "Version", 200},
	{"GET", "/__admin/replicas", "Server", "List the processes that share the store, and which sandboxes each owns", paging, "", "[]Replica", 200},
	{"GET", "/__admin/openapi.json", "Server", "This document", nil, "", "application/json", 200},
	{"GET", "/__admin/docs", "Server", "This document, to read and to try", nil, "", "text/html", 200},
	{"GET", "/__admin/session", "Server", "Is the admin token wanted, and is this browser let in?", nil, "", "Session", 200},
	{"POST", "/__admin/session", "Server", "Give this browser a cookie for the admin token", nil, "NewSession", "", 204},
	{"DELETE", "/__admin/session", "Server", "Take this browser's cookie back", nil, "", "", 204},
	{"POST", "/__admin/sign/explain", "Server", "What a signature is right for, or what was signed instead", nil, "SignExplain", "SignExplained", 200},
	{"GET", "/__admin/reasons", "Server", "List the words of X-Mock-Reason", paging, "", "[]Reason", 200},
	{"GET", "/__admin/lints", "Server", "List the lints of the journal", paging, "", "[]LintRule", 200},

	{"GET", "/__admin/sandboxes", "Sandboxes", "List the sandboxes", paging, "", "[]SandboxItem", 200},
	{"POST", "/__admin/sandboxes", "Sandboxes", "Make a sandbox", nil, "NewSandbox", "Sandbox", 201},
	{"GET", sandboxPath, "Sandboxes", "A sandbox", nil, "", "Sandbox", 200},
	{"DELETE", sandboxPath, "Sandboxes", "End a sandbox; default stays (409)", nil, "", "", 204},
	{"POST", sandboxPath + "/reset", "Sandboxes", "Back to its own fixture", nil, "", "Sandbox", 200},
	{"GET", sandboxPath + "/state", "Sandboxes", "Take everything out; at a request id, push id, sequence number or time", []string{"at"}, "", "State", 200},
	{"PUT", sandboxPath + "/state", "Sandboxes", "Put everything back, whole or not at all", nil, "State", "Sandbox", 200},
	{"POST", sandboxPath + "/fork", "Sandboxes", "Make a new sandbox as this one was at a point of its log", nil, "Fork", "Sandbox", 201},
	{"GET", sandboxPath + "/diff", "Sandboxes", "List what changed between two points of the log", pagedBy("from", "to"), "", "[]Difference", 200},
	{"POST", sandboxPath + "/undo", "Sandboxes", "Back to what it was at a point of its log", nil, "Undo", "Sandbox", 200},
	{"GET", sandboxPath + "/log", "Sandboxes", "List the inputs in the order they were applied", paging, "", "[]LogItem", 200},
	{"GET", sandboxPath + "/rules", "Sandboxes", "What the platform goes by", nil, "", "Rules", 200},
	{"PATCH", sandboxPath + "/rules", "Sandboxes", "Change rules, all or none", nil, "RuleChanges", "Rules", 200},

	{"GET", sandboxPath + "/clock", "World", "What time it is", nil, "", "Clock", 200},
	{"PUT", sandboxPath + "/clock", "World", "Set, freeze or run the clock", nil, "ClockChange", "Clock", 200},
	{"POST", sandboxPath + "/clock/advance", "World", "Move the clock; all that falls due on the way happens", nil, "Advance", "Clock", 200},
	{"GET", sandboxPath + "/merchants", "World", "List merchants, with their keys", paging, "", "[]Merchant", 200},
	{"PUT", sandboxPath + "/merchants/{no}", "World", "Make or replace a merchant", nil, "PutMerchant", "Merchant", 200},
	{"DELETE", sandboxPath + "/merchants/{no}", "World", "Take a merchant away", nil, "", "", 204},
	{"POST", sandboxPath + "/merchants/{no}/examine", "World", "Judge a merchant's endpoint for pushes, as contract webhook does", nil, "", "WebhookReport", 200},
	{"GET", sandboxPath + "/parkings", "World", "List car parks", paging, "", "[]Parking", 200},
	{"GET", sandboxPath + "/parkings/{parking}", "World", "A car park", nil, "", "Parking", 200},
	{"PUT", sandboxPath + "/parkings/{parking}", "World", "Make or replace a car park", nil, "PutParking", "Parking", 200},
	{"DELETE", sandboxPath + "/parkings/{parking}", "World", "Take a car park away, unless cars are in it (409)", nil, "", "", 204},
	{"GET", sandboxPath + "/vehicles", "World", "List the registry", paging, "", "[]Vehicle", 200},
	{"GET", sandboxPath + "/vehicles/{plate}", "World", "What is known of a vehicle: its row of the registry, who has bound it", []string{"plateColor"}, "", "VehicleCard", 200},
	{"PUT", sandboxPath + "/vehicles/{plate}", "World", "Write a row of the registry", []string{"plateColor"}, "PutVehicle", "Vehicle", 200},
	{"DELETE", sandboxPath + "/vehicles/{plate}", "World", "Take a row out of the registry", []string{"plateColor"}, "", "", 204},
	{"GET", sandboxPath + "/users", "World", "List users and what each has bound", paging, "", "[]User", 200},
	{"GET", sandboxPath + "/users/{phone}", "World", "What a phone has bound", nil, "", "User", 200},
	{"GET", sandboxPath + "/sms", "World", "List the codes sent, newest first, the latest of each phone", paging, "", "[]SMSItem", 200},
	{"GET", sandboxPath + "/sms/{phone}", "World", "The latest code sent to a phone", nil, "", "SMS", 200},
	{"POST", sandboxPath + "/cars/enter", "World", "A car drives in", nil, "Enter", "Order", 201},
	{"POST", sandboxPath + "/cars/exit", "World", "A car drives out", nil, "Exit", "Order", 200},
	{"GET", sandboxPath + "/orders", "World", "List stays", pagedBy("plateNumber", "state"), "", "[]Order", 200},
	{"GET", sandboxPath + "/orders/{order}/fee", "World", "The fee of a stay over time: each instant at which it changes, and why; from the entrance until now, or at most 31 days", []string{"until", "limit", "after"}, "", "FeeCurve", 200},
	{"GET", sandboxPath + "/stays/{order}", "World", "List what happened in the course of a stay, from the SMS code to the last push, and the attempts to come", paging, "", "[]StayItem", 200},

	{"GET", sandboxPath + "/pushes", "Pushes", "List pushes with every attempt", pagedBy("kind", "merchantNo", "plateNumber", "status"), "", "[]Push", 200},
	{"POST", sandboxPath + "/pushes", "Pushes", "Trigger a push by hand", nil, "Trigger", "Push", 201},
	{"GET", sandboxPath + "/pushes/{push}", "Pushes", "A push", nil, "", "Push", 200},
	{"POST", sandboxPath + "/pushes/{push}/redeliver", "Pushes", "Once more, byte for byte", nil, "", "Push", 202},
	{"POST", sandboxPath + "/pushes/verify", "Pushes", "Did the pushes go out?", nil, "VerifyPushes", "Verified", 200},
	{"POST", sandboxPath + "/pushes/drain", "Pushes", "Wait until no attempt is due or in flight (504 with what is left)", nil, "Drain", "Drained", 200},

	{"GET", sandboxPath + "/requests", "Journal", "List what the mock was asked", pagedBy("endpoint", "merchantNo", "code", "lint", "reason", "phone", "plateNumber", "orderId"), "", "[]Request", 200},
	{"GET", sandboxPath + "/requests/{request}", "Journal", "A request", nil, "", "Request", 200},
	{"POST", sandboxPath + "/requests/verify", "Journal", "Was the mock asked that?", nil, "VerifyRequests", "Verified", 200},
	{"POST", sandboxPath + "/verify/sequence", "Journal", "Did these come in this order?", nil, "VerifySequence", "SequenceVerified", 200},
	{"DELETE", sandboxPath + "/requests", "Journal", "Forget what it was asked", nil, "", "", 204},
	{"GET", sandboxPath + "/recording", "Journal", "What was done, as a scenario that does it again", []string{"from"}, "", "application/yaml", 200},
	{"GET", sandboxPath + "/events", "Journal", "What happens, as it happens (server-sent events; Last-Event-ID or after resumes; digest=true counts requests that come too fast)", []string{"after", "digest"}, "", "text/event-stream", 200},

	{"GET", sandboxPath + "/faults", "Faults", "List faults with what each has done", paging, "", "[]Fault", 200},
	{"POST", sandboxPath + "/faults", "Faults", "Have something go wrong", nil, "Fault", "Fault", 201},
	{"DELETE", sandboxPath + "/faults/{fault}", "Faults", "Take a fault away", nil, "", "", 204},
	{"DELETE", sandboxPath + "/faults", "Faults", "Take every fault away", nil, "", "", 204},

	{"GET", "/__admin/scenarios", "Scenarios", "List scenarios", paging, "", "[]ScenarioItem", 200},
	{"POST", "/__admin/scenarios/run", "Scenarios", "Run a scenario (202; 200 with its result where wait is set)", nil, "RunScenario", "Run", 202},
	{"POST", "/__admin/scenarios/validate", "Scenarios", "Say everything that is wrong with a scenario", nil, "ValidateScenario", "ScenarioValidity", 200},
	{"POST", "/__admin/scenarios/reload", "Scenarios", "Read the folder of scenarios anew", nil, "", "ScenarioReload", 200},
	{"GET", "/__admin/scenarios/{scenario}", "Scenarios", "A scenario with its source", nil, "", "ScenarioItem", 200},
	{"GET", "/__admin/runs", "Scenarios", "List runs, the newest first", paging, "", "[]Run", 200},
	{"GET", "/__admin/runs/{run}", "Scenarios", "How far a run is", nil, "", "Run", 200},
	{"DELETE", "/__admin/runs/{run}", "Scenarios", "Break a run off: its finally runs, its sandbox goes", nil, "", "", 204},
}

// ControlRoutes lists the calls of the control API. The slice is the caller's.
func ControlRoutes() []ControlRoute { return slices.Clone(controlRoutes) }

// ValidateControl judges a body of the control API by its definition, as [ControlRoute] names it ("[]Order" is a page of
// orders). It returns a [*ValidationError], or [ErrUnknownSchema].
func ValidateControl(name string, body []byte) error {
	e, ok := compiledControl()[name]
	if !ok {
		return fmt.Errorf("%w: control/%s", ErrUnknownSchema, name)
	}
	return e.validate("control/"+name, body)
}

// compiledControl readies the definitions at their first use, each by itself and as a page of it.
var compiledControl = sync.OnceValue(func() map[string]*entry {
	defs := controlDefinitions()
	const where = "etcp:///control.json"
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	all := make(map[string]*entry, 2*len(defs))
	pages := make(map[string]any, len(defs))
	for name := range defs {
		pages[name] = map[string]any{
			"type": "object", "required": []any{"items"},
			"properties": map[string]any{"items": map[string]any{"type": "array", "items": ref(name)}, "next": map[string]any{"type": "string"}},
		}
	}
	doc := map[string]any{"components": map[string]any{"schemas": defs}, "pages": pages}
	if err := c.AddResource(where, bytes.NewReader(encode(doc, ""))); err != nil {
		panic("schemas: " + err.Error())
	}
	for name := range defs {
		all[name] = &entry{node: doc, schema: ready(c.MustCompile(where + "#/components/schemas/" + name))}
		all["[]"+name] = &entry{node: doc, schema: ready(c.MustCompile(where + "#/pages/" + name))}
	}
	return all
})
