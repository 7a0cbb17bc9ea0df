package fuzz

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// override is a way to override an envelope, and what is answered.
type override struct {
	name         string
	omit         string // a parameter that is not sent
	merchantNo   string
	key          string
	stamp        string
	sign, signed string // templates, as a step call has them
	method       bool   // the other one
	version      string
	code, status int // status 0: 200
}

var overrides = append([]override{
	{name: "no merchant_no", omit: "merchant_no", code: schemas.CodeMissingParameter},
	{name: "no time_stamp", omit: "time_stamp", code: schemas.CodeMissingParameter},
	{name: "no data", omit: "data", code: schemas.CodeMissingParameter},
	{name: "no sign", omit: "sign", code: schemas.CodeMissingParameter},
	{name: "unknown merchant", merchantNo: "nobody-knows-this-one", code: schemas.CodeUnknownMerchant},
	{name: "old stamp", stamp: "20010101120000", code: schemas.CodeTimestampExpired},
	{name: "a stamp to come", stamp: "20910101120000", code: schemas.CodeTimestampExpired},
	{name: "another key", key: "not-the-key", code: schemas.CodeBadSignature},
	{name: "wrong sign", sign: "A3DE1813F4DDBADFC18555E18A2E579D", code: schemas.CodeBadSignature},
	{name: "another method", method: true, code: schemas.CodeFailed, status: http.StatusMethodNotAllowed},
	{name: "another version", version: "2.0.0", code: schemas.CodeFailed, status: http.StatusNotFound},
}, moreOverrides()...)

func moreOverrides() (all []override) {
	for _, s := range []string{"{lower}", "{half}", "{middle}", "{begin}", "{begin}G", "G{end}", "{sign}0", "0{sign}", " {sign}", "{sign} ", "{half}{half}", "00000000{middle}00000000"} {
		all = append(all, override{name: "sign " + s, sign: s, code: schemas.CodeBadSignature})
	}
	for _, s := range []string{
		"{data}{time_stamp}", "{data}{key}", "{key}{time_stamp}", "{key}{data}{time_stamp}", "{data}{time_stamp}{key}", "{time_stamp}{key}{data}", "{data}|{key}|{time_stamp}",
		"{data}&{key}&{time_stamp}", " {data}{key}{time_stamp}", "{data}{key}{time_stamp} ", "{data}", "x",
	} {
		all = append(all, override{name: "signed " + s, signed: s, code: schemas.CodeBadSignature})
	}
	for _, s := range []string{
		"2017-08-20", "2017082012000", "201708201200000", " 20170820120000", "20170820120000 ", "20170230120000", "20170820240000", "20170820126000", "20170820120060", "201708201200",
		"2017-08-20 12:00:00", "1503201600000", "20171320120000",
	} {
		all = append(all, override{name: "stamp " + s, stamp: s, code: schemas.CodeBadParameter})
	}
	return all
}

func overrideOf(name string) *override {
	for i := range overrides {
		if overrides[i].name == name {
			return &overrides[i]
		}
	}
	return nil
}

// yaml is the override as a scenario writes it.
func (o *override) yaml() string {
	var parts []string
	for _, p := range []struct{ name, value string }{{"merchantNo", o.merchantNo}, {"key", o.key}, {"timeStamp", o.stamp}, {"sign", o.sign}, {"signed", o.signed}, {"version", o.version}} {
		if p.value != "" {
			parts = append(parts, p.name+": "+strconv.Quote(p.value))
		}
	}
	if o.omit != "" {
		parts = append(parts, "omit: ["+o.omit+"]")
	}
	if o.method {
		parts = append(parts, "method: PUT")
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// apply makes a request as the override says.
func (o *override) apply(req *client.Request, key string, now time.Time) {
	req.MerchantNo, req.Key, req.TimeStamp, req.Version, req.Sign = o.merchantNo, o.key, o.stamp, o.version, o.sign
	if o.omit != "" {
		req.Omit = []string{o.omit}
	}
	if o.method {
		req.Method = http.MethodPut
	}
	if o.signed == "" && !strings.Contains(o.sign, "{") {
		return
	}
	req.TimeStamp = stampAt(now)
	right := sign.Request(req.RawData, key, req.TimeStamp)
	if o.signed != "" {
		sum := md5.Sum([]byte(strings.NewReplacer("{data}", req.RawData, "{key}", key, "{time_stamp}", req.TimeStamp).Replace(o.signed)))
		req.Sign = strings.ToUpper(hex.EncodeToString(sum[:]))
		return
	}
	req.Sign = strings.NewReplacer("{sign}", right, "{lower}", strings.ToLower(right), "{half}", right[:16], "{middle}", right[8:24], "{begin}", right[:31], "{end}", right[1:]).Replace(o.sign)
}

// status is the HTTP status that a step is answered with.
func (f *fuzzStep) status() int {
	if o := overrideOf(f.override); o != nil && o.status != 0 {
		return o.status
	}
	return http.StatusOK
}

// start is when the sandboxes' clocks begin, and stand still.
var start = time.Date(2017, 8, 20, 12, 0, 0, 0, client.Zone)

// edge has a step send a time_stamp at an edge of the window around the sandbox's clock, or a second beyond it.
func (f *fuzzStep) edge(r *rand.Rand, gone time.Duration) {
	off := 10 * time.Minute
	if f.expired = r.IntN(2) == 0; f.expired {
		off += time.Second
	}
	if r.IntN(2) == 0 {
		off = -off
	}
	f.stamp = stampAt(start.Add(gone + off))
}

// misheaded is what is wrong with the headers of an answer (§5, §8).
func misheaded(e *schemas.Endpoint, answer *client.Answer) string {
	kind, params, err := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if charset, named := params["charset"]; err != nil || kind != "application/json" || named && !strings.EqualFold(charset, "utf-8") {
		return fmt.Sprintf("Content-Type %q, want application/json;charset=UTF-8", answer.Header.Get("Content-Type"))
	}
	if allow := answer.Header.Get("Allow"); answer.HTTPStatus == http.StatusMethodNotAllowed && allow != e.Method {
		return fmt.Sprintf("Allow %q, want %s", allow, e.Method)
	}
	return ""
}
