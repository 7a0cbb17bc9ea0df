package control

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/suggest"
	"github.com/etcp-mock/etcp-mock/mock/internal/engine"
	"github.com/etcp-mock/etcp-mock/mock/internal/fault"
	"github.com/etcp-mock/etcp-mock/mock/internal/journal"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/params"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/reasons"
	"github.com/etcp-mock/etcp-mock/mock/internal/problem"
	"github.com/etcp-mock/etcp-mock/mock/internal/push"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// A name that does not exist is an error wherever it is asked about: a verification that looks for nothing would hold.

// unknown is what is said of a name that does not exist.
func unknown(what, name string, names []string) string {
	text := "no " + what + " " + strconv.Quote(name)
	if near := suggest.Nearest(name, names); near != "" {
		return text + "; did you mean " + near + "?"
	}
	if len(names) > 0 && len(names) <= mostNames {
		return text + "; there are " + strings.Join(names, ", ")
	}
	return text
}

// mostNames is how many names an error lists.
const mostNames = 24

func checkName(e *strict.Invalid, at, what, name string, names []string) {
	if !slices.Contains(names, name) {
		e.Add(at, unknown(what, name, names))
	}
}

func endpointNames() []string {
	names := make([]string, 0, len(schemas.Endpoints()))
	for _, row := range schemas.Endpoints() {
		names = append(names, row.Name)
	}
	return names
}

// pushKinds are the kinds of §10.
func pushKinds() []string {
	kinds := make([]string, 0, len(schemas.Pushes()))
	for _, row := range schemas.Pushes() {
		kinds = append(kinds, row.Kind)
	}
	return kinds
}

func reasonNames() []string { return slices.Sorted(maps.Keys(reasons.All())) }

// lintNames are the lints, and the words for whichever.
func lintNames() []string {
	names := []string{}
	for _, l := range params.LintRules() {
		names = append(names, l.Rule)
	}
	slices.Sort(names)
	return append(names, "any", "true")
}

// parameterNames are those of an endpoint, or of every one for "".
func parameterNames(endpoint string) []string {
	names := []string{}
	for _, row := range schemas.Endpoints() {
		if endpoint != "" && row.Name != endpoint {
			continue
		}
		for _, p := range row.Params {
			if !slices.Contains(names, p.Name) {
				names = append(names, p.Name)
			}
		}
	}
	return names
}

// fieldNames are those of a kind of push, or of every one for "".
func fieldNames(kind string) []string {
	names := []string{}
	for _, row := range schemas.Pushes() {
		if kind != "" && row.Kind != kind {
			continue
		}
		for _, field := range append(slices.Clone(row.Fields), "signment") {
			if !slices.Contains(names, field) {
				names = append(names, field)
			}
		}
	}
	return names
}

// named holds names against what there is and, as a refused request may carry any, against what the journal and the push log have seen:
// what came is no slip of the reader's.
type named struct {
	in      *call
	invalid *strict.Invalid
}

// asked reports whether the journal has a request that a filter finds.
func (n named) asked(f journal.Filter) (seen bool) {
	n.in.sandbox.Read(func(v engine.View, _ time.Time) {
		found, _ := v.Journal().List(f, 0, 1, true)
		seen = len(found) > 0
	})
	return seen
}

func (n named) endpoint(at, name string) (known bool) {
	if known = name == "" || slices.Contains(endpointNames(), name) || n.asked(journal.Filter{Endpoint: name}); !known {
		checkName(n.invalid, at, "endpoint", name, endpointNames())
	}
	return known
}

func (n named) merchant(at, no string) {
	if no == "" {
		return
	}
	var have []string
	seen := false
	n.in.sandbox.Read(func(v engine.View, _ time.Time) {
		for _, m := range v.State().Merchants() {
			have = append(have, m.No)
		}
		pushes, _ := v.Pushes().ListNewest(push.Filter{MerchantNo: no}, 0, 1)
		seen = len(pushes) > 0
	})
	if !seen && !n.asked(journal.Filter{MerchantNo: no}) {
		checkName(n.invalid, at, "merchant", no, have)
	}
}

// code is one of §11, or one that a fault answers or has answered.
func (n named) code(at string, code *int) {
	if code == nil || slices.ContainsFunc(schemas.Codes(), func(row schemas.Code) bool { return row.Code == *code }) ||
		slices.ContainsFunc(n.in.sandbox.Faults(), func(f fault.Active) bool { return f.Do.Code != nil && *f.Do.Code == *code }) ||
		n.asked(journal.Filter{Code: code}) {
		return
	}
	codes := make([]string, 0, len(schemas.Codes()))
	for _, row := range schemas.Codes() {
		codes = append(codes, strconv.Itoa(row.Code))
	}
	checkName(n.invalid, at, "code", strconv.Itoa(*code), codes)
}

// plate refuses what is no plate, unless it was seen: a push that was triggered may carry anything. A masked plate (§9.7) is one that nothing has.
func (n named) plate(at, given string, seen func(plate string) bool) {
	plate, _, _ := notation.NormalPlate(given)
	if plate != "" && !notation.ValidPlate(plate) && !strings.Contains(plate, "****") && !seen(plate) {
		n.invalid.Add(at, noPlate(given))
	}
}

func noPlate(plate string) string {
	return "want a plate such as 渝ATX061, got " + strconv.Quote(plate)
}

// pushed reports whether a push was of a plate.
func (n named) pushed(plate string) (seen bool) {
	n.in.sandbox.Read(func(v engine.View, _ time.Time) {
		pushes, _ := v.Pushes().ListNewest(push.Filter{PlateNumber: plate}, 0, 1)
		seen = len(pushes) > 0
	})
	return seen
}

func never(string) bool { return false }

// phone refuses what is no mobile phone.
func (n named) phone(phone string) {
	if phone != "" && !notation.ValidPhone(phone) {
		n.invalid.Add("", noPhone(phone))
	}
}

func noPhone(phone string) string {
	return "want a mobile phone such as 13800000001, got " + strconv.Quote(phone)
}

// members refuses those of a subset that nothing can have: neither the names there are, nor any seen.
func (n named) members(at, what string, raw json.RawMessage, names []string, seen func(name string) bool) {
	var members map[string]json.RawMessage
	if raw == nil || json.Unmarshal(raw, &members) != nil {
		return // that it is no object is said where it is read
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if !slices.Contains(names, name) && !seen(name) {
			n.invalid.Add(at+strict.Pointer(name), unknown(what, name, names))
		}
	}
}

// sent reports whether a request carried a parameter of this name.
func (n named) sent(name string) (seen bool) {
	quoted, _ := json.Marshal(name) //nolint:errchkjson // a string
	var all journal.Journal
	n.in.sandbox.Read(func(v engine.View, _ time.Time) { all = v.Journal().Snapshot() })
	all.Forward(func(e *journal.Entry) bool {
		var members map[string]json.RawMessage
		if strings.Contains(e.Data, string(quoted)) && json.Unmarshal([]byte(e.Data), &members) == nil {
			_, seen = members[name]
		}
		return !seen
	})
	return seen
}

// request checks what a request is looked for by.
func (n named) request(at, endpoint, merchantNo string, code *int, data json.RawMessage) {
	known := n.endpoint(at+"/endpoint", endpoint)
	n.merchant(at+"/merchantNo", merchantNo)
	n.code(at+"/code", code)
	what := "parameter"
	if endpoint != "" {
		what += " of " + endpoint
	}
	if known {
		n.members(at+"/data", what, data, parameterNames(endpoint), n.sent)
	}
}

// push checks what a push is looked for by; the member that names its kind, and that which holds a part of its body, are given.
func (n named) push(at, kindName, kind, merchantNo, bodyName string, body json.RawMessage) {
	known := kind == "" || slices.Contains(pushKinds(), kind)
	if !known {
		checkName(n.invalid, at+"/"+kindName, "kind of push", kind, pushKinds())
	}
	n.merchant(at+"/merchantNo", merchantNo)
	if known {
		what := "field of a push"
		if kind != "" {
			what += " " + kind
		}
		n.members(at+"/"+bodyName, what, body, fieldNames(kind), never)
	}
}

// fault checks the fields of a push that a fault is on: the mock makes its body, which has no others. A request may carry any, and come from
// a merchant that is not there yet.
func (n named) fault(on *fault.On) {
	if slices.Contains(pushKinds(), on.Push) {
		n.members("/on/where", "field of a push "+on.Push, on.Where, fieldNames(on.Push), never)
	}
}

// inQuery checks a name that a parameter of the query has, where it has one.
func inQuery(parameter, what, name string, names []string) error {
	if name == "" || slices.Contains(names, name) {
		return nil
	}
	return problem.InQuery(parameter, unknown(what, name, names))
}

// asInQuery is what named found of a parameter of the query.
func (in *call) asInQuery(parameter string, check func(named)) error {
	n := named{in, &strict.Invalid{}}
	if check(n); len(n.invalid.Problems) > 0 {
		return problem.InQuery(parameter, n.invalid.Problems[0].Detail)
	}
	return nil
}
