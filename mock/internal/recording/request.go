package recording

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/mock/internal/platform/notation"
	"github.com/etcp-mock/etcp-mock/schemas"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// number is a JSON number as it was written.
func number(text string) json.Number { return json.Number(text) }

// asked is a request: what was sent, with its envelope as it was, and what came of it.
func (r *recorder) asked(a requested) {
	a = r.hidden(a)
	row, known := schemas.Lookup(a.Endpoint)
	reason, param, _ := strings.Cut(a.Reason(), ": ")
	if !known || reason == "unknown-path" || strings.HasPrefix(reason, "body-") {
		r.note(lang.T("%s (%s %s) is left out: no step can send it.", "%s（%s %s）没有录入：没有步骤能发送它。").With(a.ID, a.Method, a.Endpoint))
		return
	}
	value, ok := parse(a.Data)
	data, _ := value.(object)
	ok = ok && data != nil && ordinary(data) && compact(data) == a.Data
	if ok && row.Name == "userlogin" {
		r.readCode(data)
	}
	s := r.add(object{{"call", row.Name}})
	override := object{}
	switch {
	case ok:
		if row.Name == "orderpaid" {
			data = r.payTime(data)
		}
		s.fields.set("data", r.flow.fill(data))
	case a.Data != "":
		override.set("rawData", r.inside(a.Data))
	}
	if as := r.as(a.MerchantNo); as != "" && reason != "unknown-merchant" && a.MerchantNo != "" {
		s.fields.set("as", as)
	}
	override = append(override, r.overrides(a, row, reason, param)...)
	if len(override) > 0 {
		s.fields.set("request", override)
	}
	r.expected(s, a, row)
}

// hidden is a request without the keys that somebody put into it.
func (r *recorder) hidden(a requested) requested {
	entry := *a.Entry
	r.hides.Texts(&entry.Data, &entry.Sign, &entry.TimeStamp, &entry.Response)
	entry.MerchantNo = r.hides.Name(entry.MerchantNo)
	if _, known := schemas.Lookup(entry.Endpoint); !known {
		entry.Endpoint = r.hides.Text(entry.Endpoint)
	}
	a.Entry = &entry
	return a
}

// compact is data as a step sends it. A text written otherwise, with spaces or escapes, is sent as it was.
func compact(data object) string {
	text, err := data.MarshalJSON()
	if err != nil {
		return ""
	}
	var out bytes.Buffer
	if json.Compact(&out, text) != nil {
		return ""
	}
	return out.String()
}

// overrides are what was wrong with the envelope.
func (r *recorder) overrides(a requested, row *schemas.Endpoint, reason, param string) (override object) {
	switch reason {
	case "unknown-merchant":
		override.set("merchantNo", a.MerchantNo)
	case "timestamp-malformed":
		override.set("timeStamp", a.TimeStamp)
	case "timestamp-expired":
		override.set("timeStamp", r.offset(a))
	case "sign-mismatch":
		override.set("sign", a.Sign)
	case "missing-parameter":
		if slices.Contains([]string{"merchant_no", "time_stamp", "data", "sign"}, param) {
			override.set("omit", []any{param})
		}
	}
	if a.Method != row.Method {
		override.set("method", a.Method)
	}
	return override
}

// offset is how far from the wall clock a stamp was.
func (r *recorder) offset(a requested) string {
	at, err := notation.ParseStamp(a.TimeStamp)
	if err != nil || a.Refusal == nil {
		return a.TimeStamp
	}
	for _, v := range a.Refusal.Values {
		if v.Name != "wall" {
			continue
		}
		if wall, err := notation.ParseTime(v.Text); err == nil {
			if off := at.Sub(wall); off < 0 {
				return off.String()
			}
			return "+" + at.Sub(wall).String()
		}
	}
	return a.TimeStamp
}

// expected is what came of a request.
func (r *recorder) expected(s *step, a requested, row *schemas.Endpoint) {
	value, ok := parse(a.Response)
	answer, isObject := value.(object)
	if a.Cut != "" || len(a.Faults) > 0 && (!ok || !isObject || answer.get("code") == nil) {
		s.expect.set("error", object{{"$any", true}})
		return
	}
	if a.HTTPStatus != http.StatusOK {
		s.expect.set("httpStatus", a.HTTPStatus)
	}
	if a.Code != schemas.CodeOK {
		s.expect.set("code", a.Code)
		return
	}
	if kept := stable(row.Name, answer); kept != nil && r.begun {
		s.expect.set("data", kept)
	}
	r.flow.answered(s, row.Name, answer)
	if a.smsCode != "" {
		r.flow.from[codeOf(a)] = &source{step: s, expr: a.smsCode}
	}
}

// codeOf is under what the code of a phone is kept.
func codeOf(a requested) string {
	value, _ := parse(a.Data)
	data, _ := value.(object)
	return "sms " + textOf(data.get("mobilePhone"))
}

func textOf(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	default:
		return ""
	}
}

// readCode reads the SMS code a login is about to send, where it is the one that was sent.
func (r *recorder) readCode(data object) {
	phone, code := textOf(data.get("mobilePhone")), textOf(data.get("code"))
	sent := r.flow.from["sms "+phone]
	if sent == nil || sent.expr != code || r.flow.from[code] != nil {
		return
	}
	s := r.add(object{{"sms", object{{"mobilePhone", phone}}}})
	r.flow.came(s, code, "code", "code")
}

// payTime is now where it was.
func (r *recorder) payTime(data object) object {
	out := slices.Clone(data)
	for i := range out {
		if out[i].name == "payTime" && out[i].value == notation.FormatTime(r.cursor) {
			out[i].value = template("${now()}")
		}
	}
	return out
}

var simpleNumber = lazyregexp.New(`^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$`)

// ordinary says whether data is what a step's data can say: anything else is sent as the text it was.
func ordinary(value any) bool {
	switch v := value.(type) {
	case object:
		for _, m := range v {
			if !ordinary(m.value) || strings.Contains(m.name, "$") {
				return false
			}
		}
	case []any:
		for _, item := range v {
			if !ordinary(item) {
				return false
			}
		}
	case json.Number:
		return simpleNumber().MatchString(v.String())
	case string:
		return strconv.Quote(v) == strconv.QuoteToGraphic(v) || !strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0xfffd })
	}
	return true
}

// inside puts variables into a text that is sent as it is.
func (r *recorder) inside(text string) template {
	text = plain(text)
	for _, value := range sortedKeys(r.flow.from) {
		if len(value) > 20 && strings.Contains(text, value) { // tokens and ids, not words
			text = strings.ReplaceAll(text, value, "${"+r.flow.use(value)+"}")
		}
	}
	return template(text)
}
