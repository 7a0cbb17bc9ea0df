package inspect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/internal/zone"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// Envelope says which of the four parameters of §3 are not in a query and body as they were sent, and why, and whether the time stamp is one: what a server refuses before
// it looks at a signature. Of text that has only some of the parameters nothing is said but what shows. Query and body may be the same text, where it is
// not known which it was.
func Envelope(rawQuery, rawBody, stamp string) (found []Finding) {
	a := Arrived{RawQuery: rawQuery}
	if rawBody != "" {
		a = Arrived{Body: rawBody, ContentType: formType, RawQuery: rawQuery}
		if rawQuery == rawBody {
			a.RawQuery = ""
		}
	}
	pairs := wire.Pairs(words.First(a.RawQuery, wire.Huge) + "&" + words.First(a.Body, wire.Huge))
	for _, param := range []string{"merchant_no", "time_stamp", "data", "sign"} {
		if a.Body == "" && a.RawQuery == "" || slices.ContainsFunc(pairs, func(p wire.Pair) bool { return p.Name == param && p.Raw != "" }) {
			continue
		}
		f, ok := Missing(param, a)
		if ok && !slices.ContainsFunc(found, func(other Finding) bool {
			return other.Kind == f.Kind && (f.Kind != "parameter-name" || other.Detail == f.Detail)
		}) {
			found = append(found, f)
		}
	}
	if _, err := time.ParseInLocation(zone.StampLayout, stamp, zone.Shanghai); stamp != "" && (err != nil || len(stamp) != len(zone.StampLayout)) {
		if f, ok := Stamp(stamp); ok {
			found = append(found, f)
		}
	}
	return found
}

// Content says what is wrong with data whatever its endpoint is: that it is no JSON object, or was not URL-encoded (raw is data as it was sent, "" where that is
// unknown), fields of other names, and values of a wrong form.
func Content(data, raw string) (found []Finding) {
	if len(data) > wire.Huge {
		return nil
	}
	if raw != "" && len(raw) <= wire.Huge && NotEncoded(raw) {
		found = append(found, sentRaw(raw))
	}
	if !wire.IsObject(data) || !utf8.ValidString(data) {
		return append(found, Data(data))
	}
	var object map[string]json.RawMessage
	if json.Unmarshal([]byte(data), &object) != nil || len(object) > mostFields {
		return found
	}
	return append(append(found, fields(object)...), values(object)...)
}

// mostFields is how many members data may have for its fields to be looked at; an endpoint has eight at most.
const mostFields = 64

// sentRaw is the finding about data that was not URL-encoded and happened to arrive.
func sentRaw(raw string) Finding {
	at := 0
	for at < len(raw) {
		if raw[at] == '%' && at+2 < len(raw) && wire.IsHex(raw[at+1]) && wire.IsHex(raw[at+2]) {
			at += len("%41")
			continue
		}
		if NotEncoded(raw[at : at+1]) {
			break
		}
		at++
	}
	where := words.AtByte(raw, at)
	return words.Note("data-not-url-encoded", words.Phrase{En: "data was sent without URL encoding; it happened to arrive", Zh: "data 未做 URL 编码；这次恰好能到达"},
		words.Phrase{En: "of data as it was sent, " + where.En, Zh: "发送的 data 中，" + where.Zh}, words.Phrase{En: "URL-encode data: & is %26, + is %2B, % is %25, a space is %20", Zh: "请对 data 做 URL 编码：& 写成 %26，+ 写成 %2B，% 写成 %25，空格写成 %20"})
}

// fields says which members of data have another name than one of §9's, and which stand inside of another.
func fields(object map[string]json.RawMessage) (found []Finding) {
	var others []string
	for name := range object {
		if !slices.Contains(wire.Fields, name) && name != "" {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	for _, other := range others {
		var inside map[string]json.RawMessage
		if bytes.HasPrefix(object[other], []byte("{")) && json.Unmarshal(object[other], &inside) == nil {
			at := slices.IndexFunc(wire.Fields, func(name string) bool { return inside[name] != nil })
			if at >= 0 {
				found = append(found, Nested(wire.Fields[at], other))
			}
			continue
		}
		if utf8.RuneCountInString(other) < 4 { // id, time and the like may be anything
			continue
		}
		for _, name := range wire.Fields {
			if _, has := object[name]; has {
				continue
			}
			if f, ok := Field(name, []string{other}); ok {
				found = append(found, f)
				break
			}
		}
	}
	return found
}

// form is what a value of a field has to be, whatever the endpoint, and what is said of one that is not.
type form struct {
	names   []string
	good    func(text string) bool
	explain func(text string) (Finding, bool)
}

var (
	vin     = lazyregexp.New(`^[A-HJ-NPR-Z0-9]{17}$`)
	decimal = lazyregexp.New(`^[+-]?\d{1,3}(?:\.\d+)?$`)
)

// coordinate is the form of a latitude or longitude in degrees.
func coordinate(name string, most float64) form {
	return form{[]string{name}, func(text string) bool {
		degrees, err := strconv.ParseFloat(text, 64)
		return err == nil && decimal().MatchString(text) && degrees >= -most && degrees <= most
	}, func(text string) (Finding, bool) { return Coordinate(text, most) }}
}

var forms = []form{
	{[]string{"mobilePhone"}, phoneNumber().MatchString, Phone},
	{[]string{"plateNumber", "carNumber"}, func(text string) bool { return strings.TrimSpace(text) == "" }, Plate},
	{[]string{"plateColor"}, func(text string) bool { return len(text) == 1 && text >= "1" && text <= "4" }, Color},
	{[]string{"payment"}, func(text string) bool { return yuan().MatchString(text) && strings.Trim(text, "0.") != "" }, Payment},
	{[]string{"payTime"}, func(text string) bool {
		_, err := time.Parse(time.DateTime, text)
		return err == nil && len(text) == len(time.DateTime)
	}, Moment},
	{[]string{"carFrameNum"}, vin().MatchString, VIN},
	coordinate("lat", 90), coordinate("lon", 180),
	{[]string{"radius"}, func(text string) bool { n, err := strconv.Atoi(text); return err == nil && n >= 500 && n <= 5000 }, Radius},
	{[]string{"verificationInfo"}, func(text string) bool { return !strings.ContainsAny(text, " %\r\n\t") }, func(text string) (Finding, bool) { return Sealed(text, sealedLength) }},
}

// sealedLength is how many characters a verificationInfo has.
const sealedLength = 128

// values says which values of data have a wrong form, each with the name of its field in the evidence.
func values(object map[string]json.RawMessage) (found []Finding) {
	for _, form := range forms {
		for _, name := range form.names {
			text, ok := scalar(object[name])
			if !ok || len(text) > wire.Longest || form.good(text) {
				continue
			}
			if f, ok := form.explain(text); ok {
				f.Evidence, f.EvidenceZh = fmt.Sprintf("data.%s: %s", name, f.Evidence), fmt.Sprintf("data.%s：%s", name, f.EvidenceZh)
				found = append(found, f)
			}
		}
	}
	return found
}

// scalar is the text of a JSON string or number; false of what is none, or empty.
func scalar(raw json.RawMessage) (string, bool) {
	var text string
	var number json.Number
	switch {
	case len(raw) == 0:
		return "", false
	case raw[0] == '"':
		err := json.Unmarshal(raw, &text)
		return text, err == nil && text != ""
	}
	err := json.Unmarshal(raw, &number)
	return string(raw), err == nil && number != ""
}
