package fuzz

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

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
}

type fuzzField struct {
	name  string
	value any // string, json.Number, bool, nil, []any, map[string]any or symbol
}

// overrides are ways to override an envelope, and what is answered.
var overrides = []struct {
	name, yaml string
	code       int
}{
	{"no merchant_no", "{omit: [merchant_no]}", schemas.CodeMissingParameter},
	{"no time_stamp", "{omit: [time_stamp]}", schemas.CodeMissingParameter},
	{"no data", "{omit: [data]}", schemas.CodeMissingParameter},
	{"no sign", "{omit: [sign]}", schemas.CodeMissingParameter},
	{"unknown merchant", "{merchantNo: nobody-knows-this-one}", schemas.CodeUnknownMerchant},
	{"malformed stamp", `{timeStamp: "2017-08-20"}`, schemas.CodeBadParameter},
	{"old stamp", `{timeStamp: "20010101120000"}`, schemas.CodeTimestampExpired},
	{"wrong sign", `{sign: "A3DE1813F4DDBADFC18555E18A2E579D"}`, schemas.CodeBadSignature},
	{"another key", "{key: not-the-key}", schemas.CodeBadSignature},
}

func overrideOf(name string) (yaml string, code int, known bool) {
	for _, b := range overrides {
		if b.name == name {
			return b.yaml, b.code, true
		}
	}
	return "", 0, false
}

// garbage is data that is no JSON object in UTF-8.
var garbage = []string{
	"x", "null", "[]", `"{}"`, "{", `{"token":`, `{"token":"t"}}`, "{\"token\":\"\xff\xfe\"}", "[" + strings.Repeat("[", 2000), "<a/>", "{'token':'t'}", "1e999",
}

// values are what a parameter may be given: good ones, and odd ones.
var values = map[schemas.Form][2][]any{
	schemas.FormPhone: {
		{symbol("phone0"), symbol("phone0"), symbol("phone1")},
		{"12345678901", "1380000000", "138000000011", "1380000000a", "+8613800000001", " 13800000001", "１３８００００００００１", true, []any{"13800000001"}, json.Number("13800000001.5"), nil, "", "13800000001\x00"},
	},
	schemas.FormPlate: {
		{symbol("plate0"), symbol("plate1"), symbol("plate2"), symbol("plate3"), symbol("plate4")},
		{"渝", "渝ATX06", "渝ATX061234", "渝ATXO61", "渝ATX0I1", "AATX061", "渝1TX061", "渝A学X061", "渝ATX06学", "粤ZA123港", "渝　ATX061", "渝ATX061\u200b", false, json.Number("5"), map[string]any{"a": "b"}, nil, "", "🅿ATX061"},
	},
	schemas.FormPlateColor: {{"1", "2", json.Number("1"), json.Number("3"), "4"}, {"0", "5", "blue", json.Number("1.5"), true, []any{}, nil, "", "１", json.Number("-1")}},
	schemas.FormText: {
		{"ETCP", "x", symbol("text0"), symbol("text1")},
		{json.Number("7"), map[string]any{}, []any{json.Number("1")}, true, nil, "", "<>&'\"\\", "渝🅿\u2028", strings.Repeat("长", 3000)},
	},
	schemas.FormKeptText: {
		{"ETCP", "x", symbol("text0"), symbol("text1"), strings.Repeat("长", 64)},
		{json.Number("7"), map[string]any{}, []any{json.Number("1")}, true, nil, "", "<>&'\"\\", "渝🅿\u2028", strings.Repeat("长", 65), strings.Repeat("长", 3000)},
	},
	schemas.FormPayment: {{"5", "5.0", json.Number("10"), json.Number("5.5")}, {"0", "-5", "5.000", "5e0", "+5", ".5", "5.", " 5", "5,0", json.Number("0"), true, nil, "", "９", "999999.99"}},
	schemas.FormTime: {
		{"2017-08-20 12:30:00", "2016-02-29 00:00:00"},
		{"2017-02-29 00:00:00", "2017-08-20 24:00:00", "2017-8-20 12:30:00", "2017-08-20T12:30:00", "20170820123000", json.Number("20170820123000"), true, nil, "", "2017-08-20 12:30:00 "},
	},
	schemas.FormVIN:       {{"LVSHBFDC7RF414158", "12345678901234567"}, {"LVSHBFDC7RF41415", "LVSHBFDC7RF4141588", "LVSHBFDC7RF41415I", "lvshbfdc7rf414158", true, nil, ""}},
	schemas.FormLatitude:  {{"29.563", json.Number("29.563"), "-90", "90"}, {"91", "NaN", "29,5", "+29", "1e1", " 29", true, nil, ""}},
	schemas.FormLongitude: {{"106.551", json.Number("106.551"), "-180", "180"}, {"181", "Infinity", "106,5", true, nil, ""}},
	schemas.FormRadius:    {{"500", "5000", json.Number("1200")}, {"499", "5001", "1e3", "-500", "500.5", true, nil, ""}},
	schemas.FormPayType:   {{"1", json.Number("1")}, {"0", "2", "x", true, nil, ""}},
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
	odd               bool // this step may have odd values
}

// stay is the beginning of a story in which something is owed.
func (g *generator) stay() []fuzzStep {
	g.plate, g.tokens, g.quotes, g.quoted = "plate0", []int{0}, []int{3}, true
	return []fuzzStep{
		{id: 0, action: "call", subject: "usersigin", fields: []fuzzField{{"mobilePhone", symbol("phone0")}, {"appId", "ETCP"}}},
		{id: 1, action: "enter", fields: []fuzzField{{"plateNumber", g.plate}, {"parkingId", "1"}}},
		{id: 2, action: "advance", subject: pick(g.rng, []string{"20m", "1h30m"})},
		{id: 3, action: "call", subject: "orderunpay", fields: []fuzzField{{"token", symbol("token0")}, {"plateNumber", g.plate}}},
	}
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// weights make the calls frequent on which others rest.
var weights = map[string]int{"usersigin": 6, "bindcar": 6, "orderunpay": 4, "orderpaid": 4, "unbindcar": 3, "carnum": 3}

func (g *generator) step(id int) fuzzStep {
	if g.simulator && id > 0 && g.rng.IntN(5) == 0 {
		switch g.rng.IntN(4) {
		case 0, 1:
			g.plate = symbol("plate" + strconv.Itoa(g.rng.IntN(3)))
			return fuzzStep{id: id, action: "enter", fields: []fuzzField{{"plateNumber", g.plate}, {"parkingId", "1"}}}
		case 2:
			if g.plate != "" {
				return fuzzStep{id: id, action: "exit", fields: []fuzzField{{"plateNumber", g.plate}}}
			}
		}
		return fuzzStep{id: id, action: "advance", subject: pick(g.rng, []string{"30s", "61s", "20m", "1h30m"})}
	}
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
	s := fuzzStep{id: id, action: "call", subject: e.Name}
	switch g.rng.IntN(25) {
	case 0:
		s.raw = pick(g.rng, garbage)
		return s
	case 1:
		s.override = pick(g.rng, overrides).name
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
	}
	return s
}

func (g *generator) value(e *schemas.Endpoint, p schemas.Param) any {
	if g.odd && g.rng.IntN(4) == 0 {
		return pick(g.rng, values[p.Form][1])
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
	b := []byte{'{'}
	for i, field := range f.fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(sign.AppendJSONString(b, field.name), ':')
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
	return string(append(b, '}'))
}

// scenario writes a story as a scenario file that shows a breach.
func (s story) scenario(at *breach) string {
	var b strings.Builder
	symbols := map[symbol]bool{}
	for _, step := range s.steps {
		for _, f := range step.fields {
			if v, is := f.value.(symbol); is {
				symbols[v] = true
			}
		}
	}
	fmt.Fprintf(&b, "name: found-by-fuzzing\nsummary: %s\ntags: [fuzz]\n", jsonvalue.Encode(at.message))
	var vars []string
	for _, v := range sortedSymbols(symbols) {
		if value, fixed := s.fixed(v); fixed {
			vars = append(vars, fmt.Sprintf("%s: %s", v, jsonvalue.Encode(value)))
		}
	}
	if len(vars) > 0 {
		fmt.Fprintf(&b, "vars: {%s}\n", strings.Join(vars, ", "))
	}
	b.WriteString("sandbox:\n  clock: 2017-08-20 12:00:00\n  parkings: [{id: \"1\", name: ETCP智慧停车场, city: 重庆市, lat: \"29.563\", lon: \"106.551\", tariff: {freeMinutes: 15, unitMinutes: 60, unitPrice: \"5\"}}]\nsteps:\n")
	for _, step := range s.steps {
		step.write(&b, symbols, at)
	}
	return b.String()
}

func (f *fuzzStep) write(b *strings.Builder, wanted map[symbol]bool, at *breach) {
	data := f.text(func(s symbol) any { return "${" + string(s) + "}" })
	switch f.action {
	case "advance":
		fmt.Fprintf(b, "  - {advance: %s}\n", f.subject)
		return
	case "enter", "exit":
		fmt.Fprintf(b, "  - {%s: %s}\n", f.action, data)
		return
	}
	fmt.Fprintf(b, "  - call: %s\n", f.subject)
	yaml, _, _ := overrideOf(f.override)
	switch {
	case f.raw != "":
		fmt.Fprintf(b, "    request: {rawData: %s}\n", jsonvalue.Encode(f.raw))
	case yaml != "":
		fmt.Fprintf(b, "    data: %s\n    request: %s\n", data, yaml)
	default:
		fmt.Fprintf(b, "    data: %s\n", data)
	}
	id := strconv.Itoa(f.id)
	var saves []string
	for name, from := range map[string]string{"token": "data.token", "order": "data[0].orderId", "proof": "data[0].verificationInfo", "fee": "data[0].remainingFee"} {
		if wanted[symbol(name+id)] {
			saves = append(saves, name+id+": \""+from+"\"")
		}
	}
	slices.Sort(saves)
	if len(saves) > 0 {
		fmt.Fprintf(b, "    save: {%s}\n", strings.Join(saves, ", "))
	}
	switch {
	case f.id == at.step && at.wantCode >= 0:
		fmt.Fprintf(b, "    expect: {code: %d}\n", at.wantCode)
	case f.id != at.step && at.codes[f.id] != 0:
		fmt.Fprintf(b, "    expect: {code: %d}\n", at.codes[f.id])
	}
}

func sortedSymbols(set map[symbol]bool) []symbol {
	var all []symbol
	for s := range set {
		all = append(all, s)
	}
	slices.Sort(all)
	return all
}

// fixed is what a symbol stands for that no answer gives.
func (s story) fixed(v symbol) (string, bool) {
	name := strings.TrimRight(string(v), "0123456789")
	n, _ := strconv.ParseUint(strings.TrimPrefix(string(v), name), 10, 64)
	switch name {
	case "phone":
		return fmt.Sprintf("139%08d", (s.salt*7+n)%100_000_000), true
	case "plate":
		return fmt.Sprintf("渝B%05d", (s.salt*7+n)%100_000), true
	case "text":
		return fmt.Sprintf("T%d-%d", s.salt, n), true
	}
	return "", false
}
