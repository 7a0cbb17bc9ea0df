package fuzz

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// symbol stands in a story for a value that is known when it is played: a phone, a plate, or what an answer held.
type symbol string

// story is a sequence of calls, and of the simulator's acts.
type story struct {
	steps []fuzzStep
	salt  uint64 // makes the phones and plates of one run on a platform others than those of the next
}

// fuzzStep is one step of a story.
type fuzzStep struct {
	id       int
	action   string // call, enter, exit or advance
	subject  string // the endpoint; of advance, by how much
	fields   []fuzzField
	raw      string // sent as data in place of the fields
	override string // of the envelope, a name in overrides
	style    string // how the fields are written: spaced, twice or escaped; "": as they come
	stamp    string // time_stamp; "": now
	expired  bool   // it lies outside the window
}

type fuzzField struct {
	name  string
	value any // string, json.Number, bool, nil, []any, map[string]any or symbol
}

// simple is the value that a shrunk story has where any will do.
func simple(name string) any {
	switch name {
	case "mobilePhone":
		return symbol("phone0")
	case "plateNumber":
		return symbol("plate0")
	case "appId":
		return "ETCP"
	case "orderId", "externalOrderId", "verificationInfo", "code", "carEngineNum", "token":
		return "x"
	}
	return nil
}

// newStory makes up a story from a seed and its number.
func newStory(seed, number uint64, simulator, writes bool) story {
	g := generator{rng: rng(seed, number), simulator: simulator, writes: writes || simulator}
	s := story{salt: number}
	if simulator && g.rng.IntN(3) == 0 {
		s.steps = g.stay()
	}
	for range 3 + g.rng.IntN(14) {
		s.steps = append(s.steps, g.step(len(s.steps)))
	}
	return s
}

// generator makes up steps. What earlier ones may have answered is fed into later ones.
type generator struct {
	rng               *rand.Rand
	simulator, writes bool
	tokens, quotes    []int // ids of steps that may have answered one
	quote             []int // the one that this step pays
	plate             symbol
	quoted            bool // the step before asked for a quote
	gone              time.Duration
	next              []string // what comes next: advance by so much, or a call
	odd               bool     // this step may have odd values
}

// stay is the beginning of a story in which something is owed.
func (g *generator) stay() []fuzzStep {
	g.plate, g.tokens, g.quotes, g.quoted = "plate0", []int{0}, []int{3}, true
	before := pick(g.rng, []string{"20m", "1h30m", "15m", "25h"})
	g.gone, _ = time.ParseDuration(before)
	return []fuzzStep{
		{id: 0, action: "call", subject: "usersigin", fields: []fuzzField{{"mobilePhone", symbol("phone0")}, {"appId", "ETCP"}}},
		{id: 1, action: "enter", fields: []fuzzField{{"plateNumber", g.plate}, {"parkingId", "1"}}},
		{id: 2, action: "advance", subject: before},
		{id: 3, action: "call", subject: "orderunpay", fields: []fuzzField{{"token", symbol("token0")}, {"plateNumber", g.plate}}},
	}
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// weights make the calls frequent on which others rest.
var weights = map[string]int{"usersigin": 6, "bindcar": 6, "orderunpay": 4, "orderpaid": 4, "unbindcar": 3, "carnum": 3, "surroundingparking": 4, "orderhistory": 2}

func (g *generator) step(id int) fuzzStep {
	if len(g.next) > 0 {
		return g.following(id)
	}
	if g.simulator && id > 0 && g.rng.IntN(5) == 0 {
		return g.act(id)
	}
	return g.call(id)
}

// following is the first of the steps that the one before asked for.
func (g *generator) following(id int) fuzzStep {
	what := g.next[0]
	g.next = g.next[1:]
	if by, err := time.ParseDuration(what); err == nil {
		g.gone += by
		return fuzzStep{id: id, action: "advance", subject: what}
	}
	s := fuzzStep{id: id, action: "call", subject: what}
	switch what {
	case "usersigin":
		g.tokens = append(g.tokens, id)
		s.fields = []fuzzField{{"mobilePhone", symbol("phone0")}, {"appId", "ETCP"}}
	case "orderhistory":
		s.fields = []fuzzField{{"token", symbol("token" + strconv.Itoa(g.tokens[len(g.tokens)-1]))}}
	case "orderunpay":
		s.fields = []fuzzField{{"token", symbol("token" + strconv.Itoa(g.tokens[len(g.tokens)-1]))}, {"plateNumber", g.plate}}
	}
	return s
}

// act is a step of the simulator: a car enters or leaves, or time passes.
func (g *generator) act(id int) fuzzStep {
	switch g.rng.IntN(4) {
	case 0, 1:
		g.plate = symbol("plate" + strconv.Itoa(g.rng.IntN(3)))
		return fuzzStep{id: id, action: "enter", fields: []fuzzField{{"plateNumber", g.plate}, {"parkingId", "1"}}}
	case 2:
		if g.plate != "" {
			if g.rng.IntN(2) == 0 { // the edges of a history
				g.next = []string{pick(g.rng, []string{"168h", "168h0m1s", "1h"}), "usersigin", "orderhistory"}
			}
			return fuzzStep{id: id, action: "exit", fields: []fuzzField{{"plateNumber", g.plate}}}
		}
	}
	by := pick(g.rng, []string{"30s", "61s", "60s", "5m", "15m", "20m", "1h30m", "23h", "24h", "168h", "744h"})
	d, _ := time.ParseDuration(by)
	g.gone += d
	return fuzzStep{id: id, action: "advance", subject: by}
}

// endpoint is which one is called.
func (g *generator) endpoint(id int) schemas.Endpoint {
	var pool []schemas.Endpoint
	for _, e := range schemas.Endpoints() {
		if e.Writes && !g.writes || id == 0 && g.writes && e.Name != "usersigin" && g.rng.IntN(8) > 0 {
			continue
		}
		for range max(1, weights[e.Name]) {
			pool = append(pool, e)
		}
	}
	e := pick(g.rng, pool)
	if g.quoted && g.rng.IntN(3) == 0 { // a quote is young for five minutes only
		paid, _ := schemas.Lookup("orderpaid")
		e = *paid
	}
	g.quoted = e.Name == "orderunpay" && g.writes
	return e
}

// call is a call of the platform, right or wrong.
func (g *generator) call(id int) fuzzStep {
	e := g.endpoint(id)
	s := fuzzStep{id: id, action: "call", subject: e.Name}
	switch g.rng.IntN(16) {
	case 0:
		s.raw = pick(g.rng, garbage)
		return s
	case 1, 2:
		s.override = pick(g.rng, overrides).name
	case 4, 5:
		s.style = pick(g.rng, []string{"spaced", "twice", "escaped"})
	case 3:
		if g.simulator {
			s.edge(g.rng, g.gone)
		}
	}
	g.quote, g.odd = nil, g.rng.IntN(3) == 0
	if len(g.quotes) > 0 {
		g.quote = []int{pick(g.rng, g.quotes[max(0, len(g.quotes)-2):])}
	}
	for _, p := range e.Params {
		if p.Required && (!g.odd || g.rng.IntN(10) > 0) || !p.Required && g.rng.IntN(2) == 0 {
			s.fields = append(s.fields, fuzzField{p.Name, g.value(&e, p)})
		}
	}
	if g.rng.IntN(20) == 0 {
		s.fields = append(s.fields, fuzzField{"memo", pick(g.rng, []any{"x", nil, map[string]any{"a": []any{}}})})
	}
	if g.rng.IntN(10) == 0 {
		g.rng.Shuffle(len(s.fields), func(i, j int) { s.fields[i], s.fields[j] = s.fields[j], s.fields[i] })
	}
	switch e.Name {
	case "usersigin":
		g.tokens = append(g.tokens, id)
	case "orderunpay":
		g.quotes = append(g.quotes, id)
	case "orderpaid":
		if g.simulator && g.plate != "" && len(g.tokens) > 0 && g.rng.IntN(2) == 0 { // the edges of the grace
			g.next = []string{pick(g.rng, []string{"14m59s", "15m", "15m1s", "2h"}), "orderunpay"}
		}
	}
	return s
}

func (g *generator) value(e *schemas.Endpoint, p schemas.Param) any {
	if g.odd && g.rng.IntN(4) == 0 {
		if g.rng.IntN(2) == 0 {
			return g.changed(g.good(p.Form))
		}
		return pick(g.rng, values[p.Form][1])
	}
	if g.rng.IntN(4) == 0 {
		if good := g.good(p.Form); good != "" && p.Name != "token" && p.Name != "orderId" && p.Name != "verificationInfo" && p.Name != "payment" {
			return good
		}
	}
	from := func(ids []int, name string) any {
		if len(ids) == 0 || g.odd && g.rng.IntN(6) == 0 {
			return pick(g.rng, []any{"0b59582d-ea6f-4bf1-a570-e803cc24ebe0", "x"})
		}
		id := ids[len(ids)-1]
		if g.rng.IntN(8) == 0 {
			id = pick(g.rng, ids)
		}
		return symbol(name + strconv.Itoa(id))
	}
	switch {
	case p.Name == "token":
		return from(g.tokens, "token")
	case e.Name == "orderpaid" && p.Name == "orderId":
		return from(g.quote, "order")
	case p.Name == "lat" && g.rng.IntN(4) > 0:
		return pick(g.rng, []any{"29.563", json.Number("29.563"), "29.57", "39.9"})
	case p.Name == "lon" && g.rng.IntN(4) > 0:
		return pick(g.rng, []any{"106.551", json.Number("106.551"), "106.55", "116.4"})
	case p.Name == "verificationInfo" && g.rng.IntN(8) == 0:
		return strings.Repeat(pick(g.rng, []string{"A", "x", "7", "+"}), 128)
	case e.Name == "orderpaid" && p.Name == "verificationInfo":
		return from(g.quote, "proof")
	case e.Name == "orderpaid" && p.Name == "payment" && g.rng.IntN(3) > 0:
		return from(g.quote, "fee")
	case p.Name == "parkingId":
		return pick(g.rng, []any{"1", json.Number("1"), "2", "x"})
	case p.Name == "plateNumber" && g.plate != "" && g.rng.IntN(3) > 0:
		return g.plate
	case p.Name == "code":
		return "000000"
	case p.Name == "scrollId":
		return pick(g.rng, []any{"", nil, "ekndddlfkdslj23412f4224ie"})
	case p.Name == "city":
		return pick(g.rng, []any{"重庆市", "北京市", "", nil})
	}
	return pick(g.rng, values[p.Form][0])
}

// Ways to make a story smaller. Each gives another one.

func (s story) upTo(step int) story {
	i := slices.IndexFunc(s.steps, func(f fuzzStep) bool { return f.id == step })
	return story{slices.Clone(s.steps[:i+1]), s.salt}
}

func (s story) without(i int) story {
	return story{slices.Delete(slices.Clone(s.steps), i, i+1), s.salt}
}

func (s story) withoutField(i, j int) story {
	if j >= len(s.steps[i].fields) || s.steps[i].action != "call" {
		return s
	}
	out := story{slices.Clone(s.steps), s.salt}
	out.steps[i].fields = slices.Delete(slices.Clone(s.steps[i].fields), j, j+1)
	return out
}

func (s story) simpler(i, j int) story {
	if j >= len(s.steps[i].fields) || s.steps[i].action != "call" || simple(s.steps[i].fields[j].name) == nil {
		return s
	}
	out := story{slices.Clone(s.steps), s.salt}
	out.steps[i].fields = slices.Clone(s.steps[i].fields)
	out.steps[i].fields[j].value = simple(s.steps[i].fields[j].name)
	return out
}

// text writes a step's fields as JSON, symbols by what they stand for.
func (f *fuzzStep) text(known func(symbol) any) string {
	if f.raw != "" {
		return f.raw
	}
	open, between, colon, end := "{", ",", ":", "}"
	if f.style == "spaced" {
		open, between, colon, end = " {\r\n", " ,\t", " : ", "\n} "
	}
	b := []byte(open)
	for i, field := range f.fields {
		if i > 0 {
			b = append(b, between...)
		}
		name := string(sign.AppendJSONString(nil, field.name))
		switch f.style {
		case "twice": // the last one counts
			b = append(append(b, name...), `:{"x":[false]},`...)
		case "escaped":
			name = fmt.Sprintf(`"\u%04x%s"`, field.name[0], field.name[1:])
		}
		b = append(append(b, name...), colon...)
		value := field.value
		if s, is := value.(symbol); is {
			value = known(s)
		}
		if text, is := value.(string); is {
			b = sign.AppendJSONString(b, text)
			continue
		}
		b = append(b, jsonvalue.Encode(value)...)
	}
	return string(append(b, end...))
}
