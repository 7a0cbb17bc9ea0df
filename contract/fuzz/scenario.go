package fuzz

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/fuzz/internal/model"
	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// merchantNames are those of the two merchants in a scenario.
var merchantNames = [2]string{"one", "two"}

// writing is a story as it becomes a scenario.
type writing struct {
	b      strings.Builder
	story  story
	setup  model.Setup
	at     *breach
	wanted map[symbol]bool // by later steps
	clock  time.Time
}

// scenario writes a story as a scenario file that shows a breach.
func (s story) scenario(u model.Setup, at *breach) string {
	w := &writing{story: s, setup: u, at: at, wanted: map[symbol]bool{}, clock: u.Clock}
	for _, step := range s.steps {
		for _, f := range step.fields {
			if v := symbolOf(f.value); v != "" {
				w.wanted[v] = true
			}
		}
	}
	fmt.Fprintf(&w.b, "name: found-by-fuzzing\nsummary: %s\ntags: [fuzz]\n", jsonvalue.Encode(at.message))
	var vars []string
	for _, v := range slices.Sorted(maps.Keys(w.wanted)) {
		if value, fixed := s.fixed(v); fixed {
			vars = append(vars, fmt.Sprintf("%s: %s", v, jsonvalue.Encode(value)))
		}
	}
	if len(vars) > 0 {
		fmt.Fprintf(&w.b, "vars: {%s}\n", strings.Join(vars, ", "))
	}
	var merchants []string
	for i, name := range merchantNames {
		one := fmt.Sprintf(`{"name":%q,"key":%q`, name, model.Keys[i])
		if h := &u.Hooks[i]; !h.IsUsual() {
			one += `,"push":` + h.JSON(model.Nobody)
		}
		merchants = append(merchants, one+"}")
	}
	w.b.WriteString("sandbox: {" + u.Fixture(s.needs) + `,"merchants":[` + strings.Join(merchants, ",") + "]}\nsteps:\n")
	for i := range s.steps {
		w.step(&s.steps[i])
	}
	w.b.WriteString(at.shows)
	return w.b.String()
}

// needs reports whether a scenario of the story needs a car park, or a vehicle of the registry, by its id or number: a search needs all car parks.
func (s story) needs(what string) bool {
	return slices.ContainsFunc(s.steps, func(f fuzzStep) bool {
		if f.subject == "surroundingparking" || f.raw != "" {
			return true
		}
		return slices.ContainsFunc(f.fields, func(field fuzzField) bool { return strings.Contains(fmt.Sprint(field.value), what) })
	})
}

// scoped is a value as an expression of a scenario.
func (w *writing) scoped(value any) any {
	of := symbolOf(value)
	if _, fixed := w.story.fixed(of); of != "" && !fixed && !w.gave(of) {
		return resolve(value, func(s symbol) any { return notGiven(s) })
	}
	switch v := value.(type) {
	case symbol:
		return "${" + string(v) + "}"
	case derived:
		return "${" + fmt.Sprintf(derivations[v.how].expression, string(v.of)) + "}"
	}
	return value
}

// gave reports whether an answer gave what a symbol stands for.
func (w *writing) gave(v symbol) bool {
	if w.at.known == nil {
		return true
	}
	_, ok := w.at.known[v]
	return ok
}

func (w *writing) step(f *fuzzStep) {
	switch f.action {
	case "advance":
		by, _ := time.ParseDuration(f.subject)
		w.clock = w.clock.Add(by)
		fmt.Fprintf(&w.b, "  - {advance: %s}\n", f.subject)
	case "sms":
		fmt.Fprintf(&w.b, "  - {sms: %s, save: {code%d: code}}\n", f.written(w.scoped), f.id)
	case "enter", "exit":
		fmt.Fprintf(&w.b, "  - {%s: %s}\n", f.action, f.written(w.scoped))
	case "redeliver":
		if kind := w.at.redelivered[f.id]; kind != "" {
			fmt.Fprintf(&w.b, "  - {push: %s, save: {push%d: push.id}}\n  - {redeliver: \"${push%d}\"}\n", kind, f.id, f.id)
		}
	default:
		w.call(f)
	}
}

// call writes a call. What a scenario's call cannot be is a request of its own.
func (w *writing) call(f *fuzzStep) {
	way := wayOf[f.way]
	if way != nil && (way.path != nil || way.method == http.MethodHead) {
		method, name := client.Method(f.subject), f.subject
		if way.path != nil {
			name = way.path(name)
		} else {
			method = way.method
		}
		fmt.Fprintf(&w.b, "  - http: {method: %s, url: %s}\n    expect: {status: %d}\n", method, jsonvalue.Encode(schemas.PathPrefix+name), way.status)
		return
	}
	fmt.Fprintf(&w.b, "  - call: %s\n", f.subject)
	if f.as != 0 {
		fmt.Fprintf(&w.b, "    as: %s\n", merchantNames[f.as])
	}
	data := f.written(w.scoped)
	request := w.request(f, way, data)
	raw := func(part string) bool { return strings.HasPrefix(part, "rawData:") }
	switch {
	case f.encoded != "", slices.ContainsFunc(request, raw):
	case !utf8.ValidString(f.raw): // which no text of a file is
		request = append(request, "encodedData: "+jsonvalue.Encode(url.QueryEscape(f.raw)))
	case f.raw == "" && f.style == "" && !f.isStrange(): // a parser takes a name that the endpoint does not have for a slip
		fmt.Fprintf(&w.b, "    data: %s\n", data)
	default:
		request = append(request, "rawData: "+jsonvalue.Encode(data))
	}
	if len(request) > 0 {
		fmt.Fprintf(&w.b, "    request: {%s}\n", strings.Join(request, ", "))
	}
	id := strconv.Itoa(f.id)
	var saves []string
	for name, from := range map[string]string{"token": "data.token", "order": "data[0].orderId", "proof": "data[0].verificationInfo", "fee": "data[0].remainingFee", "scroll": "data.scrollId"} {
		if v := symbol(name + id); w.wanted[v] && w.gave(v) {
			saves = append(saves, name+id+": \""+from+"\"")
		}
	}
	slices.Sort(saves)
	code := w.at.codes[f.id]
	if len(saves) > 0 {
		fmt.Fprintf(&w.b, "    save: {%s}\n", strings.Join(saves, ", "))
	}
	status := ""
	if way != nil && way.status != 0 {
		status = fmt.Sprintf(", httpStatus: %d", way.status)
	}
	switch {
	case f.id == w.at.step && w.at.shows == "" && w.at.wantCode >= 0:
		fmt.Fprintf(&w.b, "    expect: {code: %d%s}\n", w.at.wantCode, status)
	case code != 0:
		fmt.Fprintf(&w.b, "    expect: {code: %d%s}\n", code, status)
	}
}

// request is what a call overrides.
func (w *writing) request(f *fuzzStep, sent *way, data string) (parts []string) {
	add := func(name, value string) { parts = append(parts, name+": "+jsonvalue.Encode(value)) }
	stamp, key := "", model.Keys[f.as]
	var hashed func(data, key, stamp string) string
	for _, name := range f.overrides {
		o := byName[name]
		switch {
		case o.omit != "":
			parts = append(parts, "omit: ["+o.omit+"]")
		case o.empty != "":
			add(map[string]string{"merchant_no": "merchantNo", "time_stamp": "timeStamp", "data": "rawData", "sign": "sign"}[o.empty], "")
		case o.merchantNo != "":
			add("merchantNo", strings.NewReplacer("{merchant}", "${merchant}", "{beginning}", "${merchant[0:len(merchant) - 1]}", "{lower}", "${lower(merchant)}").Replace(o.merchantNo))
		case o.key == "other":
			key = model.Keys[1-f.as]
			add("key", key)
		case o.key != "":
			key = keyOf(o.key, key)
			add("key", key)
		case o.stamp != "":
			stamp = o.stamp
		case o.sign != "":
			add("sign", o.sign)
		case o.hashed != nil:
			hashed = o.hashed
			if name == asSent && f.encoded != "" {
				hashed = func(_, key, stamp string) string { return f.encoded + key + stamp }
			}
		}
	}
	if f.stamp != "" {
		stamp = f.stamp
	}
	switch {
	case hashed != nil:
		if stamp == "" {
			stamp = model.StampAt(w.clock) // in the window, for the clock stands still
		}
		if len(stamp) >= len(client.StampLayout) {
			add("signed", hashed(data, key, stamp))
		}
	case (f.strip || w.setup.Whitespace == "strip") && stripped(data) != data && utf8.ValidString(data):
		add("signed", stripped(data)+"{key}{time_stamp}")
	}
	if stamp != "" {
		add("timeStamp", stamp)
	}
	if f.encoded != "" {
		add("encodedData", f.encoded)
	}
	if sent != nil {
		parts = append(parts, sent.request()...)
	}
	slices.Sort(parts)
	return slices.CompactFunc(parts, func(a, b string) bool { // what is said twice counts once
		one, _, _ := strings.Cut(a, ":")
		two, _, _ := strings.Cut(b, ":")
		return one == two
	})
}

// request is the way as a scenario's call says it.
func (w *way) request() (parts []string) {
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+": "+jsonvalue.Encode(strings.TrimPrefix(value, "-")))
		}
	}
	add("method", w.method)
	add("version", w.version)
	add("query", w.query)
	add("body", w.body)
	if w.size > 0 {
		parts = append(parts, "size: "+strconv.Itoa(w.size))
	}
	var headers []string
	for _, name := range slices.Sorted(maps.Keys(w.headers)) {
		headers = append(headers, name+": "+jsonvalue.Encode(strings.TrimPrefix(w.headers[name], "-")))
	}
	if w.chunked {
		headers = append(headers, "Transfer-Encoding: chunked")
	}
	if len(headers) > 0 {
		parts = append(parts, "headers: {"+strings.Join(headers, ", ")+"}")
	}
	return parts
}

// isStrange reports whether the step sends a parameter that its endpoint does not have.
func (f *fuzzStep) isStrange() bool {
	e, _ := schemas.Lookup(f.subject)
	return slices.ContainsFunc(f.fields, func(field fuzzField) bool {
		return !slices.ContainsFunc(e.Params, func(p schemas.Param) bool { return p.Name == field.name })
	})
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
