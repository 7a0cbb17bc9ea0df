package fuzz

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/fuzz/internal/model"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// override is a way to have the envelope wrong, and which of the checks (docs/protocol.md) refuses it.
type override struct {
	name       string
	check      int
	omit       string                               // a parameter that is not sent
	empty      string                               // one that is sent empty
	merchantNo string                               // sent in its place; {merchant} is the right one, {other} that of the other merchant
	key        string                               // "other" is the other merchant's
	stamp      string                               // sent in its place; -11m and the like count from the wall clock
	sign       string                               // sent in its place: a template, see signatures
	hashed     func(data, key, stamp string) string // what is hashed, in place of data, key and stamp
	fits       bool                                 // it is right all the same
}

// part is the parameter that it is about: of two for the same one would not be seen.
func (o *override) part() string {
	switch {
	case o.omit != "" || o.empty != "":
		return o.omit + o.empty
	case o.merchantNo != "":
		return "merchant_no"
	case o.stamp != "":
		return "time_stamp"
	}
	return "sign"
}

// The checks of the envelope, in their order, and the codes that they answer.
const (
	checkPresent = 2 + iota
	checkMerchant
	checkStamp
	checkWindow
	checkSign
)

var codeOfCheck = map[int]int{
	checkPresent: schemas.CodeMissingParameter, checkMerchant: schemas.CodeUnknownMerchant, checkStamp: schemas.CodeBadParameter,
	checkWindow: schemas.CodeTimestampExpired, checkSign: schemas.CodeBadSignature,
}

// asSent names the override in which data is hashed as it stands in the request.
const asSent = "hashed as it is sent"

// signedData is what stands in data where something else than it is hashed: it has what a wrong reading of it would change.
const signedData = `{"token":"a\/b+c d=é","plateNumber":"渝a12345","lat":"1"} ` + "\r\n"

var (
	overrides = allOverrides()
	byName    = func() map[string]*override {
		m := map[string]*override{}
		for i := range overrides {
			m[overrides[i].name] = &overrides[i]
		}
		return m
	}()
)

func allOverrides() (all []override) {
	for _, name := range parameters {
		all = append(all, override{name: "no " + name, check: checkPresent, omit: name}, override{name: "an empty " + name, check: checkPresent, empty: name})
	}
	for _, no := range []string{"nobody-knows-this-one", " ", "{merchant}x", " {merchant}", "{merchant} ", "{beginning}#", "{beginning}", "{lower}", "{merchant}\n"} {
		all = append(all, override{name: "merchant " + no, check: checkMerchant, merchantNo: no})
	}
	for _, s := range []string{
		"2017-08-20", "2017082012000", "201708201200000", " 20170820120000", "20170820120000 ", "20170230120000", "20170820240000", "20170820126000", "20170820120060", "201708201200",
		"2017-08-20 12:00:00", "1503201600000", "20171320120000", " ", "20170229120000", "2017082O120000", "20170820120000Z", "+0170820120000", "20170820120000\n",
	} {
		all = append(all, override{name: "stamp " + s, check: checkStamp, stamp: s})
	}
	for _, s := range []string{"20010101120000", "20910101120000", "-11m", "+11m", "-10m30s", "+10m30s", "-24h", "+24h", "+8h", "-8h"} {
		all = append(all, override{name: "stamp " + s, check: checkWindow, stamp: s})
	}
	for _, s := range []string{"-4m", "+4m"} {
		all = append(all, override{name: "stamp " + s, stamp: s, fits: true})
	}
	for _, s := range []string{
		"A3DE1813F4DDBADFC18555E18A2E579D", "{lower}", "{half}", "{middle}", "{begin}", "{begin}G", "G{end}", "{sign}0", "0{sign}", " {sign}", "{sign} ", "{sign}\n", "{half}{half}",
		"00000000{middle}00000000", "{end}", " ", "{sign}{sign}",
	} {
		all = append(all, override{name: "sign " + s, check: checkSign, sign: s})
	}
	for _, key := range []string{"other", "not-the-key", "upper", "lower", "half", " "} {
		all = append(all, override{name: "key " + key, check: checkSign, key: key})
	}
	for name, hashed := range hashes {
		all = append(all, override{name: "hashed " + name, check: checkSign, hashed: hashed})
	}
	slices.SortFunc(all, func(a, b override) int { return strings.Compare(a.name, b.name) })
	return all
}

// hashes are texts that are not what a signature covers.
var hashes = map[string]func(data, key, stamp string) string{
	"without the key":        func(data, _, stamp string) string { return data + stamp },
	"without the stamp":      func(data, key, _ string) string { return data + key },
	"without data":           func(_, key, stamp string) string { return key + stamp },
	"data alone":             func(data, _, _ string) string { return data },
	"key first":              func(data, key, stamp string) string { return key + data + stamp },
	"key last":               func(data, key, stamp string) string { return data + stamp + key },
	"stamp first":            func(data, key, stamp string) string { return stamp + key + data },
	"the key between stamps": func(data, key, stamp string) string { return stamp + data + key },
	"the key twice":          func(data, key, stamp string) string { return data + key + key + stamp },
	"with bars":              func(data, key, stamp string) string { return data + "|" + key + "|" + stamp },
	"with &":                 func(data, key, stamp string) string { return data + "&" + key + "&" + stamp },
	"a day":                  func(data, key, stamp string) string { return data + key + stamp[:8] },
	"without the seconds":    func(data, key, stamp string) string { return data + key + stamp[:12] },
	"data in small letters":  func(data, key, stamp string) string { return strings.ToLower(data) + key + stamp },
	"data in capitals":       func(data, key, stamp string) string { return strings.ToUpper(data) + key + stamp },
	"as it is sent":          func(data, key, stamp string) string { return url.QueryEscape(data) + key + stamp },
	"data encoded":           func(data, key, stamp string) string { return url.QueryEscape(data) + key + stamp },
	"data of the path":       func(data, key, stamp string) string { return url.PathEscape(data) + key + stamp },
	"data trimmed":           func(data, key, stamp string) string { return strings.TrimSpace(data) + key + stamp },
	"data without its end":   func(data, key, stamp string) string { return strings.TrimRight(data, "\r\n") + key + stamp },
	"data stripped":          func(data, key, stamp string) string { return stripped(data) + key + stamp },
	"slashes unescaped":      func(data, key, stamp string) string { return strings.ReplaceAll(data, `\/`, "/") + key + stamp },
	"+ as a space":           func(data, key, stamp string) string { return strings.ReplaceAll(data, "+", " ") + key + stamp },
	"without spaces":         func(data, key, stamp string) string { return strings.ReplaceAll(data, " ", "") + key + stamp },
	"a space before":         func(data, key, stamp string) string { return " " + data + key + stamp },
	"a space behind":         func(data, key, stamp string) string { return data + key + stamp + " " },
}

// stripped is a text without what the rule sign.whitespace strips.
func stripped(text string) string {
	if !strings.ContainsAny(text, " \t\r\n") {
		return text
	}
	b := make([]byte, 0, len(text))
	for i := range len(text) {
		if c := text[i]; c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			b = append(b, c)
		}
	}
	return string(b)
}

// parameters are the four of the envelope (§3).
var parameters = [4]string{"merchant_no", "time_stamp", "data", "sign"}

// envelope is what is sent of the four parameters, and the check that it does not pass; 0: it passes them all.
type envelope struct {
	values map[string]string // that are sent
	failed int
	key    string // that signs
	text   string // what was hashed
	signed bool   // it is not data, key and stamp
	stamp  string // as it is written in a scenario: -11m, or the text; "": now
}

// wrap makes the envelope of data, with what the step has wrong in it.
func (p *player) wrap(f *fuzzStep, data string) *envelope {
	at, other := f.as, 1-f.as
	e := &envelope{values: map[string]string{"merchant_no": p.no[at], "data": data}, key: p.key[at]}
	fail := func(check int) {
		if e.failed == 0 || check < e.failed {
			e.failed = check
		}
	}
	stamp := p.stampNow()
	if f.stamp != "" {
		stamp, e.stamp = f.stamp, f.stamp
	}
	if f.expired {
		fail(checkWindow)
	}
	signature := ""
	var hashed func(data, key, stamp string) string
	for _, name := range f.overrides {
		o := byName[name]
		switch {
		case o.merchantNo != "":
			e.values["merchant_no"] = merchantOf(o.merchantNo, p.no[at])
		case o.stamp != "":
			stamp, e.stamp = p.stampOf(o.stamp), o.stamp
		case o.key == "other" && p.key[other] != "":
			e.key = p.key[other]
		case o.key != "":
			e.key = keyOf(o.key, p.key[at])
		case o.sign != "":
			signature = o.sign
		case o.hashed != nil:
			hashed = o.hashed
			if name == asSent && f.encoded != "" {
				hashed = func(_, key, stamp string) string { return f.encoded + key + stamp }
			}
		}
		if o.check != 0 && o.check != checkSign && (o.merchantNo == "" || e.values["merchant_no"] != p.no[at]) {
			fail(o.check)
		}
	}
	e.values["time_stamp"] = stamp
	e.sign(p.setup.Whitespace, signature, hashed, f.strip)
	if e.failed == 0 && !rightly(p.setup.Whitespace, data, p.key[at], stamp, e.values["sign"]) {
		fail(checkSign)
	}
	for _, name := range f.overrides {
		switch o := byName[name]; {
		case o.omit != "":
			delete(e.values, o.omit)
		case o.empty != "":
			e.values[o.empty] = ""
		}
	}
	return e
}

// sign signs what is in the envelope, as a rule has it, or wrongly.
func (e *envelope) sign(whitespace, signature string, hashed func(data, key, stamp string) string, strip bool) {
	data, stamp := e.values["data"], e.values["time_stamp"]
	e.text = data + e.key + stamp
	switch {
	case hashed != nil && len(stamp) >= len(client.StampLayout):
		e.text, e.signed = hashed(data, e.key, stamp), true
	case whitespace == "strip" || strip:
		text := stripped(e.text)
		e.text, e.signed = text, text != e.text
	}
	sum := md5.Sum([]byte(e.text))
	right := strings.ToUpper(hex.EncodeToString(sum[:]))
	e.values["sign"] = right
	if signature != "" {
		e.values["sign"] = strings.NewReplacer("{sign}", right, "{lower}", strings.ToLower(right), "{half}", right[:16], "{middle}", right[8:24], "{begin}", right[:31], "{end}", right[1:]).Replace(signature)
	}
}

// rightly reports whether a signature is right under a value of the rule sign.whitespace (§6).
func rightly(whitespace, data, key, stamp, signature string) bool {
	exact := whitespace != "strip" && signature == sign.Request(data, key, stamp)
	return exact || whitespace != "exact" && signature == sign.Request(stripped(data), stripped(key), stripped(stamp))
}

// merchantOf is a number that looks like a merchant's.
func merchantOf(template, no string) string {
	return strings.NewReplacer("{merchant}", no, "{beginning}", no[:max(len(no)-1, 0)], "{lower}", strings.ToLower(no)).Replace(template)
}

// keyOf is a key that looks like a merchant's.
func keyOf(name, key string) string {
	switch name {
	case "upper":
		return strings.ToUpper(key)
	case "lower":
		return strings.ToLower(key)
	case "half":
		return key[:len(key)/2]
	}
	return name
}

// stampNow is an honest time_stamp.
func (p *player) stampNow() string { return model.StampAt(p.f.fuzzer.Target.Now()) }

// stampOf is a time_stamp as an override has it: a text, or so long before or after now.
func (p *player) stampOf(text string) string {
	if text[0] == '-' || text[0] == '+' {
		if by, err := time.ParseDuration(text); err == nil {
			return model.StampAt(p.f.fuzzer.Target.Now().Add(by))
		}
	}
	return text
}

// edge has a step send a time_stamp at an edge of the window around the sandbox's clock, or a second beyond it.
func (f *fuzzStep) edge(r *rand.Rand, now time.Time, window time.Duration) {
	off := window
	if f.expired = r.IntN(2) == 0; f.expired {
		off += time.Second
	}
	if r.IntN(2) == 0 {
		off = -off
	}
	f.stamp = model.StampAt(now.Add(off))
}

// misheaded is what is wrong with the headers of an answer (§5, §8).
func misheaded(e *schemas.Endpoint, answer *client.Answer) string {
	if answer.Header.Get("Content-Type") != "application/json;charset=UTF-8" {
		kind, params, err := mime.ParseMediaType(answer.Header.Get("Content-Type"))
		if charset, named := params["charset"]; err != nil || kind != "application/json" || named && !strings.EqualFold(charset, "utf-8") {
			return fmt.Sprintf("Content-Type %q, want application/json;charset=UTF-8", answer.Header.Get("Content-Type"))
		}
	}
	if allow := answer.Header.Get("Allow"); answer.HTTPStatus == http.StatusMethodNotAllowed && allow != e.Method {
		return fmt.Sprintf("Allow %q, want %s", allow, e.Method)
	}
	return ""
}
