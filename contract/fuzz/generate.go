package fuzz

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/contract/fuzz/internal/model"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// rng is a source of a story's own.
func rng(seed, number uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, number)) } //nolint:gosec // made-up data from a seed

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// maker is what stories are made with.
type maker struct {
	seed              uint64
	simulator, writes bool
	receives          bool // pushes can be taken at an address of the fuzzer's own
	length            int  // steps of a story, more or less
}

// story makes up a story from its number. It may go on from one that is known.
func (m maker) story(number uint64, from *story) story {
	g := generator{rng: rng(m.seed, number), simulator: m.simulator, writes: m.writes || m.simulator}
	s := story{salt: number, made: m.seed ^ number*0x9e3779b97f4a7c15}
	if from != nil {
		s.made = from.made
		s.steps = slices.Clone(from.steps)
	}
	g.setup = model.SetupOf(s.made, m.receives)
	for i := range s.steps {
		g.note(&s.steps[i])
	}
	n := len(s.steps) + m.length/2 + g.rng.IntN(m.length)
	for len(s.steps) < n || len(g.next) > 0 {
		step := g.step(len(s.steps))
		g.note(&step)
		s.steps = append(s.steps, step)
	}
	return s
}

// given is a step whose answer later steps use.
type given struct {
	id, as int
	phone  any
	app    any
}

// generator makes up steps. What earlier ones may have answered is fed into later ones.
type generator struct {
	rng               *rand.Rand
	setup             model.Setup
	simulator, writes bool
	tokens, quotes    []given
	scrolls, codes    []given
	plate             any           // of the last car that entered
	gone              time.Duration // on the sandbox's clock
	next              []string      // the lines of an errand that are to come
	words             map[string]any
	as                int // the merchant of the errand
	paid              []fuzzField
	odd               bool // this step may have odd values
}

// note remembers what a step may answer.
func (g *generator) note(s *fuzzStep) {
	value := func(name string) any {
		for _, f := range s.fields {
			if f.name == name {
				return f.value
			}
		}
		return nil
	}
	at := given{id: s.id, as: s.as, phone: value("mobilePhone"), app: value("appId")}
	switch s.action {
	case "advance":
		by, _ := time.ParseDuration(s.subject)
		g.gone += by
	case "enter":
		g.plate = value("plateNumber")
	case "sms":
		g.codes = append(g.codes, at)
	case "call":
		if w := wayOf[s.way]; s.raw != "" || len(s.overrides) > 0 || w != nil && w.code != 0 {
			return
		}
		switch s.subject {
		case "usersigin", "userlogin":
			g.tokens = append(g.tokens, at)
		case "orderunpay":
			g.quotes = append(g.quotes, at)
		case "surroundingparking":
			g.scrolls = append(g.scrolls, at)
		case "orderpaid":
			g.paid = s.fields
		}
	}
}

func (g *generator) step(id int) fuzzStep {
	for {
		if len(g.next) > 0 {
			if s, ok := g.line(id); ok {
				return s
			}
			continue
		}
		if g.rng.IntN(6) == 0 || id == 0 && g.writes {
			g.begin()
			continue
		}
		return g.call(id)
	}
}

// begin begins an errand.
func (g *generator) begin() {
	e := &errands[g.rng.IntN(len(errands))]
	for e.simulator && !g.simulator || e.writes && !g.writes {
		e = &errands[g.rng.IntN(len(errands))]
	}
	g.as = 0
	if g.simulator && g.rng.IntN(4) == 0 {
		g.as = 1
	}
	g.next = slices.Clone(e.lines)
	phones, plates := g.rng.Perm(4), g.rng.Perm(7)
	g.words = map[string]any{}
	for i, word := range []string{"P", "Q"} {
		g.words[word] = symbol("phone" + strconv.Itoa(phones[i]))
	}
	for i, word := range []string{"X", "Y", "Z", "W", "V"} {
		g.words[word] = symbol("plate" + strconv.Itoa(plates[i]))
	}
}

// weights make the calls frequent on which others rest.
var weights = map[string]int{"usersigin": 2, "bindcar": 3, "orderunpay": 3, "orderpaid": 3, "unbindcar": 2, "surroundingparking": 3, "carretrieve": 2}

// pools are the endpoints as often as they are called, without and with those that write.
var pools = func() (pools [2][]*schemas.Endpoint) {
	for _, e := range schemas.Endpoints() {
		row, _ := schemas.Lookup(e.Name)
		for range max(1, weights[e.Name]) {
			if pools[1] = append(pools[1], row); !e.Writes {
				pools[0] = append(pools[0], row)
			}
		}
	}
	return pools
}()

// call is a call of the platform, right or wrong.
func (g *generator) call(id int) fuzzStep {
	pool := pools[0]
	if g.writes {
		pool = pools[1]
	}
	e := pick(g.rng, pool)
	s := fuzzStep{id: id, action: "call", subject: e.Name}
	if g.simulator && g.rng.IntN(4) == 0 {
		s.as = 1
	}
	if g.how(&s) {
		return s
	}
	g.odd = g.rng.IntN(3) == 0
	if !g.odd && g.rng.IntN(3) == 0 { // one parameter alone is odd
		g.oneOdd(e, &s)
		return s
	}
	for _, p := range e.Params {
		if p.Required && (!g.odd || g.rng.IntN(10) > 0) || !p.Required && g.rng.IntN(2) == 0 {
			s.fields = append(s.fields, fuzzField{p.Name, g.value(p, s.as)})
		}
	}
	if g.rng.IntN(20) == 0 {
		name := pick(g.rng, []string{"memo", "Token", "token ", " plateNumber", "PlateNumber", "mobilephone", "\u0000"})
		s.fields = append(s.fields, fuzzField{name, pick(g.rng, []any{"x", nil, map[string]any{"a": []any{}}, deep})})
	}
	if g.rng.IntN(10) == 0 {
		g.rng.Shuffle(len(s.fields), func(i, j int) { s.fields[i], s.fields[j] = s.fields[j], s.fields[i] })
	}
	return s
}

// oneOdd has a call with one parameter that is not as it should be, and nothing else wrong.
func (g *generator) oneOdd(e *schemas.Endpoint, s *fuzzStep) {
	at := g.rng.IntN(len(e.Params))
	for i, p := range e.Params {
		switch {
		case i == at && g.rng.IntN(3) == 0:
			s.fields = append(s.fields, fuzzField{p.Name, g.changed(g.good(p.Form))})
		case i == at:
			s.fields = append(s.fields, fuzzField{p.Name, pick(g.rng, values[p.Form][1])})
		case p.Required || g.rng.IntN(3) > 0 && p.Name != e.Alone:
			s.fields = append(s.fields, fuzzField{p.Name, g.value(p, s.as)})
		}
	}
}

// how has a call written, signed or sent in another way. All is said with it where it is true.
func (g *generator) how(s *fuzzStep) (all bool) {
	e, _ := schemas.Lookup(s.subject)
	switch g.rng.IntN(16) {
	case 0:
		s.raw = pick(g.rng, garbage)
		return true
	case 1, 2, 3:
		for range 1 + g.rng.IntN(8)/6 {
			o := pick(g.rng, overrides)
			if !slices.ContainsFunc(s.overrides, func(name string) bool { return byName[name].part() == o.part() }) {
				s.overrides = append(s.overrides, o.name)
			}
		}
		if slices.ContainsFunc(s.overrides, func(name string) bool { return byName[name].hashed != nil }) {
			s.raw = signedData
			return true
		}
	case 4, 5:
		w := pick(g.rng, ways)
		if w.on != "" && w.on != e.Method || w.isLarge() && g.rng.IntN(4) > 0 {
			return false
		}
		s.way = w.name
	case 6, 7:
		s.style = pick(g.rng, []string{"spaced", "twice", "escaped"})
		s.strip = s.style == "spaced" && g.rng.IntN(3) == 0
	case 8:
		if g.simulator {
			s.edge(g.rng, g.setup.Clock.Add(g.gone), g.setup.Window)
		}
	case 9:
		if g.rng.IntN(3) == 0 {
			one := pick(g.rng, encodings)
			s.raw, s.encoded = one.decoded(), one.text
			if g.rng.IntN(3) == 0 {
				s.overrides = []string{asSent}
			}
			return true
		}
	}
	return false
}

// deep is nested further than most readers are tried with.
var deep = func() any {
	var v any = "x"
	for range 30 {
		v = []any{map[string]any{"a": v}}
	}
	return v
}()

// newest is what a step gave, mostly the newest one.
func (g *generator) newest(from []given, name string, fits func(given) bool) any {
	for i := range slices.Backward(from) {
		if fits(from[i]) {
			return symbol(name + strconv.Itoa(from[i].id))
		}
	}
	return nil
}

// value is what a parameter is given.
func (g *generator) value(p schemas.Param, as int) any {
	if g.odd && g.rng.IntN(4) == 0 {
		if g.rng.IntN(2) == 0 {
			return g.changed(g.good(p.Form))
		}
		return pick(g.rng, values[p.Form][1])
	}
	if v := g.from(p.Name, as); v != nil {
		if s, ok := v.(symbol); ok && g.odd && g.rng.IntN(8) == 0 && p.Form != schemas.FormPayment {
			return derived{s, pick(g.rng, howNames)}
		}
		return v
	}
	if g.rng.IntN(4) == 0 {
		if good := g.good(p.Form); good != "" {
			return good
		}
	}
	return pick(g.rng, values[p.Form][0])
}

// howNames are the derivations, in order.
var howNames = func() (names []string) {
	for name := range derivations {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}()

// from is a value that an earlier answer gave, or one of a few of the sandbox's; nil: any will do.
func (g *generator) from(name string, as int) any {
	anybody := func(given) bool { return true }
	same := func(t given) bool { return t.as == as }
	if g.rng.IntN(6) == 0 {
		same = anybody
	}
	some := func(all []given) []given { // mostly the newest, sometimes an older one
		if len(all) > 1 && g.rng.IntN(4) == 0 {
			return all[:1+g.rng.IntN(len(all))]
		}
		return all
	}
	or := func(v any) any {
		if v == nil {
			return pick(g.rng, []any{"0b59582d-ea6f-4bf1-a570-e803cc24ebe0", "x"})
		}
		return v
	}
	switch name {
	case "token":
		return or(g.newest(some(g.tokens), "token", same))
	case "orderId":
		return or(g.newest(some(g.quotes), "order", anybody))
	case "verificationInfo":
		if g.rng.IntN(8) == 0 {
			return strings.Repeat(pick(g.rng, []string{"A", "x", "7", "+"}), 128)
		}
		return or(g.newest(g.quotes, "proof", anybody))
	case "payment":
		if g.rng.IntN(3) > 0 {
			return g.newest(g.quotes, "fee", anybody)
		}
	case "code":
		return g.newest(g.codes, "code", anybody)
	case "scrollId":
		if g.rng.IntN(2) == 0 {
			return pick(g.rng, []any{"", nil, "ekndddlfkdslj23412f4224ie"})
		}
		return or(g.newest(some(g.scrolls), "scroll", same))
	case "lat", "lon", "radius", "city":
		return g.somewhere(name)
	case "parkingId":
		return pick(g.rng, []any{"1", json.Number("1"), "20", "21", "100", "3", "40", "2", "x", "01", "1 ", "1.0", "-1"})
	case "plateNumber":
		if g.plate != nil && g.rng.IntN(3) > 0 {
			return g.plate
		}
		if g.rng.IntN(6) == 0 {
			return pick(g.rng, model.Registry).Plate
		}
	case "carFrameNum":
		return pick(g.rng, []any{model.Registry[0].VIN, model.Registry[1].VIN, model.Registry[2].VIN, "LVSHBFDC7RF414159"})
	case "carEngineNum":
		return pick(g.rng, []any{model.Registry[0].Engine, model.Registry[1].Engine, model.Registry[2].Engine, "DA01992", "DA019", "DA019911"})
	case "carNumber":
		if g.plate != nil && g.rng.IntN(2) == 0 {
			return g.plate
		}
	}
	return nil
}

// somewhere is a part of where car parks are asked for.
func (g *generator) somewhere(name string) any {
	if g.rng.IntN(5) == 0 {
		return nil
	}
	switch name {
	case "lat":
		return pick(g.rng, []any{"29.563", json.Number("29.563"), "29.57", "39.9", "80", "0.01"})
	case "lon":
		return pick(g.rng, []any{"106.551", json.Number("106.551"), "106.55", "116.4", "20", "180", "-180"})
	case "radius":
		return pick(g.rng, []any{"500", "770", "1000", "2850", "5000", json.Number("3000")})
	}
	return pick(g.rng, []any{"重庆市", "重庆市", "北京市", "上海市", "", nil})
}
