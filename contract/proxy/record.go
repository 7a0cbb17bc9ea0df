package proxy

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// record adds a step to the scenario, once it is begun. The lock is held.
func (p *Proxy) record(step func() string) {
	if p.failed != nil || p.Scenario == nil {
		return
	}
	var b strings.Builder
	if !p.begun {
		p.begun = true
		name := p.Name
		if name == "" {
			name = "recorded"
		}
		fmt.Fprintf(&b, "name: %s\nsummary: %s\ntags: [recorded]\nsteps:\n", name, quote("Recorded from "+p.Upstream.Host))
	}
	b.WriteString(readable(step()))
	_, p.failed = io.WriteString(p.Scenario, mask.New(p.Key).Text(b.String())) // a client may have sent it, as sign or in data
}

// NeedsCars tells whether calls were recorded that are answered so only where the cars are that were parked then: those are not in the traffic.
func (p *Proxy) NeedsCars() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stays
}

// readable writes by their numbers the characters of quoted texts that YAML does not take as they are, or takes for the end of a line.
func readable(step string) string {
	var b strings.Builder
	for _, r := range step {
		if r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r == 0xfffe || r == 0xffff {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// quote is a text as YAML reads it, and as no template: ${ in it stays.
func quote(text string) string {
	return jsonvalue.Encode(strings.ReplaceAll(text, "${", "$${"))
}

// callStep is a call as a step. A value that an earlier answer held, and that its schema calls volatile, becomes a variable. What the client did wrong with
// the envelope is written as it was, so that the platform refuses it again.
func (p *Proxy) callStep(e *schemas.Endpoint, s *sent, code int, body []byte, status int) string {
	var b strings.Builder
	data := s.params().Get("data")
	p.stays = p.stays || e.Name == "orderpaid" && code == 0 || e.Name == "orderunpay" && strings.Contains(string(body), `"orderId"`)
	overrides := overridesOf(e, s, code, time.Now())
	fmt.Fprintf(&b, "  - call: %s\n", e.Name)
	if text, ok := p.withVariables(data); ok {
		fmt.Fprintf(&b, "    data: %s\n", text)
	} else if data != "" {
		overrides = append(overrides, "rawData: "+quote(data))
	}
	if len(overrides) > 0 {
		fmt.Fprintf(&b, "    request: {%s}\n", strings.Join(overrides, ", "))
	}
	switch {
	case status != http.StatusOK:
		fmt.Fprintf(&b, "    expect: {code: %d, httpStatus: %d}\n", code, status)
	case code != 0:
		fmt.Fprintf(&b, "    expect: {code: %d}\n", code)
	}
	if saves := p.saves(e, body); code == 0 && len(saves) > 0 {
		fmt.Fprintf(&b, "    save: {%s}\n", strings.Join(saves, ", "))
	}
	return b.String()
}

// overridesOf is what has to be overridden of the envelope that a runner makes, for the platform to answer as it did.
func overridesOf(e *schemas.Endpoint, s *sent, code int, now time.Time) []string {
	var out []string
	if s.method != e.Method {
		out = append(out, "method: "+s.method)
	}
	if version, _, _ := strings.Cut(strings.TrimPrefix(s.url.Path, platformPath), "/"); version != defaultVersion {
		out = append(out, "version: "+quote(version))
	}
	params := s.params()
	var omitted []string
	for _, name := range []string{"merchant_no", "time_stamp", "data", "sign"} {
		if params.Get(name) == "" {
			omitted = append(omitted, name)
		}
	}
	if len(omitted) > 0 {
		out = append(out, "omit: ["+strings.Join(omitted, ", ")+"]")
	}
	at, err := time.ParseInLocation("20060102150405", params.Get("time_stamp"), client.Zone)
	switch {
	case params.Get("time_stamp") == "":
	case err != nil:
		out = append(out, "timeStamp: "+quote(params.Get("time_stamp")))
	case code == client.CodeTimestampExpired:
		sign, by := "-", now.Sub(at)
		if by < 0 {
			sign, by = "+", -by
		}
		out = append(out, fmt.Sprintf("timeStamp: %s%dm", sign, int(math.Ceil(by.Minutes()))))
	}
	switch code {
	case client.CodeUnknownMerchant:
		out = append(out, "merchantNo: "+quote(params.Get("merchant_no")))
	case client.CodeBadSignature:
		out = append(out, "sign: "+quote(params.Get("sign")))
	}
	return out
}

// defaultVersion is the version in the path of the platform.
const defaultVersion = "1.0.0"

// httpStep is a request to a path that is no endpoint's as a step.
func (p *Proxy) httpStep(s *sent, status int) string {
	fields := []string{"method: " + s.method, "url: " + quote(s.url.RequestURI())}
	if s.contentType != "" {
		fields = append(fields, "headers: {Content-Type: "+quote(s.contentType)+"}")
	}
	if len(s.body) > 0 && utf8.Valid(s.body) {
		fields = append(fields, "body: "+quote(string(s.body)))
	}
	return fmt.Sprintf("  - http: {%s}\n    expect: {status: %d}\n", strings.Join(fields, ", "), status)
}

// withVariables is a flat JSON object as YAML reads it, known values as variables.
func (p *Proxy) withVariables(data string) (string, bool) {
	fields, err := orderedFields(data)
	if err != nil {
		return "", false
	}
	parts := make([]string, len(fields))
	for i, f := range fields {
		value := f.text
		var text string
		if json.Unmarshal([]byte(value), &text) == nil && value[0] == '"' {
			if strings.Contains(text, "${") {
				return "", false
			}
			if name, ok := p.known[text]; ok {
				text = "${" + name + "}"
			}
			value = jsonvalue.Encode(text)
		}
		parts[i] = jsonvalue.Encode(f.name) + ": " + value
	}
	return "{" + strings.Join(parts, ", ") + "}", true
}

type orderedField struct{ name, text string }

func orderedFields(data string) ([]orderedField, error) {
	dec := json.NewDecoder(strings.NewReader(data))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return nil, errors.New("no object")
	}
	var fields []orderedField
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
		fields = append(fields, orderedField{fmt.Sprint(name), string(value)})
	}
	return fields, nil
}

// saves makes variables of an answer's volatile texts that look like ids: a later request may hold them.
func (p *Proxy) saves(e *schemas.Endpoint, body []byte) []string {
	value, err := jsonvalue.Decode(body)
	if err != nil {
		return nil
	}
	var saves []string
	for _, pointer := range schemas.Volatile(e.Name) {
		at(value, strings.Split(strings.TrimPrefix(pointer, "/"), "/"), "", func(path, text string) {
			if _, seen := p.known[text]; seen || len(text) < 16 || strings.Contains(text, " ") || len(p.known) >= 100_000 {
				return
			}
			name := "v" + strconv.Itoa(len(p.known)+1)
			p.known[text] = name
			saves = append(saves, name+": "+jsonvalue.Encode(path))
		})
	}
	return saves
}

// at visits the texts at a JSON pointer's elements, * being any index.
func at(value any, elements []string, path string, visit func(path, text string)) {
	if len(elements) == 0 {
		if text, ok := value.(string); ok {
			visit(path, text)
		}
		return
	}
	switch v := value.(type) {
	case map[string]any:
		at(v[elements[0]], elements[1:], strings.TrimPrefix(path+"."+elements[0], "."), visit)
	case []any:
		if elements[0] != "*" {
			return
		}
		for i, item := range v {
			at(item, elements[1:], path+"["+strconv.Itoa(i)+"]", visit)
		}
	}
}
