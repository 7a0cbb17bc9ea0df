package webhook_test

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/etcp-mock/etcp-mock/sign"
)

func lowerMD5(text string) string {
	sum := md5.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

// own is a merchant that computes the signment over a text of its own.
func own(text func(fields []sign.Field) string) func() http.Handler {
	return func() http.Handler {
		return computing(func(fields []sign.Field) string { return upperMD5(text(fields)) })
	}
}

// kindly is a merchant that looks at the text of signment as a kind of comparison does.
func kindly(equal func(want, got string) bool) func() http.Handler {
	return func() http.Handler {
		return merchant{verify: func(body []byte) bool {
			fields, signment := fieldsOf(body)
			return len(fields) > 0 && equal(rightSignment(fields), signment) && (verifyRight(body) || signment != rightSignment(fields))
		}}
	}
}

// after is the right merchant for a number of requests, and then another.
func after(n int64, then http.Handler) func() http.Handler {
	return func() http.Handler {
		var asked atomic.Int64
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if asked.Add(1) > n {
				then.ServeHTTP(w, r)
				return
			}
			merchant{}.ServeHTTP(w, r)
		})
	}
}

// Mistakes as they are made every day, most of them in ways that no check was written for.
var wrongEveryday = map[string]wrong{
	"compares the first eight digits":  {kindly(func(want, got string) bool { return len(got) == 32 && got[:8] == want[:8] }), []string{"raw-escapes", "raw-white-space", "signature-part"}},
	"compares the last eight digits":   {kindly(func(want, got string) bool { return len(got) == 32 && got[24:] == want[24:] }), []string{"raw-escapes", "raw-white-space", "signature-part"}},
	"compares as PHP 7 does":           {comparesLoosely, []string{"signature-null"}},
	"strcmp of an array":               {acceptsValue("[]"), []string{"signature-null"}},
	"takes an object for a signment":   {acceptsValue("{}"), []string{"signature-null"}},
	"trusts temporary cars":            {trusts(func(push map[string]any) bool { return push["userType"] == "77" }), []string{"signature-changed-entry", "signature-changed-exit", "signature-temporary"}},
	"trusts masked plates":             {trusts(func(push map[string]any) bool { return strings.Contains(textOf(push, "plateNumber"), "*") }), []string{"signature-temporary"}},
	"knows a lost certification first": {func() http.Handler { return at("/etcp/certification-invalid", knowing(notice)()) }, []string{"signature-known-certification"}},
	"md5 of the data and the key":      {own(func(f []sign.Field) string { return compact(f) + merchantKey }), []string{"control-right-push"}},
	"md5 of the key before the data":   {own(func(f []sign.Field) string { return merchantNo + merchantKey + compact(f) }), []string{"control-right-push"}},
	"hashes the whole body":            {func() http.Handler { return merchant{verify: wholeBody} }, []string{"control-right-push"}},
	"hashes the key with its line end": {own(func(f []sign.Field) string { return merchantNo + compact(f) + merchantKey + "\n" }), []string{"control-right-push"}},
	"hashes in lower case": {func() http.Handler {
		return computing(func(f []sign.Field) string { return lowerMD5(merchantNo + compact(f) + merchantKey) })
	}, []string{"control-right-push"}},
	"hashes the values":               {own(func(f []sign.Field) string { return merchantNo + sign.PushText(f, sign.Values) + merchantKey }), []string{"control-right-push"}},
	"another merchant's number":       {own(func(f []sign.Field) string { return "M2" + compact(f) + merchantKey }), []string{"control-right-push"}},
	"reads a form":                    {func() http.Handler { return http.HandlerFunc(readsAForm) }, []string{"control-right-push"}},
	"answers success":                 {says("success"), []string{"control-right-push"}},
	"answers true":                    {says(`{"success":true}`), []string{"control-right-push"}},
	"answers code 200":                {says(`{"code":200,"message":"ok"}`), []string{"control-right-push"}},
	"answers errcode":                 {says(`{"errcode":0,"errmsg":"ok"}`), []string{"control-right-push"}},
	"answers Code":                    {says(`{"Code":0,"Message":"ok"}`), []string{"control-right-push"}},
	"answers inside data":             {says(`{"data":{"code":0,"message":"ok"}}`), []string{"control-right-push"}},
	"answers a list":                  {says(`[{"code":0,"message":"ok"}]`), []string{"control-right-push"}},
	"answers null":                    {says(`{"code":null,"message":"ok"}`), []string{"control-right-push"}},
	"answers false":                   {says(`{"code":false,"message":"ok"}`), []string{"control-right-push"}},
	"answers with a byte order mark":  {says("\ufeff" + `{"code":0,"message":"ok"}`), []string{"control-right-push"}},
	"answers JSONP":                   {says(`callback({"code":0,"message":"ok"})`), []string{"control-right-push"}},
	"answers JSON in a text":          {says(`"{\"code\":0,\"message\":\"ok\"}"`), []string{"control-right-push"}},
	"answers 0 with HTTP 500":         {answersStatus(500), []string{"control-right-push"}},
	"answers 0 with HTTP 400":         {answersStatus(400), []string{"control-right-push"}},
	"answers a number as the message": {says(`{"code":0,"message":0}`), []string{"answer-message"}},
	"answers msg":                     {says(`{"code":0,"msg":"ok"}`), []string{"answer-message"}},
	"slower than the platform waits": {func() http.Handler {
		return merchant{store: func(map[string]any) error { time.Sleep(6 * time.Second); return nil }}
	}, []string{"control-right-push"}},
	"stops answering after sixty": {after(60, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })), []string{"plate-suffixes"}},
	"slow at exits": {func() http.Handler {
		return merchant{store: func(push map[string]any) error {
			time.Sleep(time.Duration(len(textOf(push, "exitTime"))) * time.Second)
			return nil
		}}
	}, []string{"exit"}},
	"wants fewer than sixteen letters": {refusing(func(push map[string]any) bool { return len(textOf(push, "parkName")) > 60 }), []string{"text-long"}},
	"latin letters only":               {matching("plateNumber", `^[A-Z\p{Han}][A-Z0-9\p{Han}]*$`), []string{"plate-masked"}},
	"a narrow list of provinces":       {matching("plateNumber", `^[京津沪渝粤]`), []string{"plate-provinces"}},
	"a unix time": {refusing(func(push map[string]any) bool {
		_, err := strconv.Atoi(textOf(push, "entranceTime"))
		return isStay(push) && err != nil
	}), []string{"control-right-push"}},
	"decodes the percent signs":    {decodesPercent, []string{"text-percent-plus"}},
	"writes the name into its SQL": {refusing(func(push map[string]any) bool { return strings.ContainsAny(textOf(push, "parkName"), `'"\`) }), []string{"text-quotes"}},
	"an HTML filter": {refusing(func(push map[string]any) bool {
		return regexp.MustCompile(`[<>]`).MatchString(textOf(push, "parkName"))
	}), []string{"text-html"}},
	"keeps the fee in an int of 16 bits": {refusing(func(push map[string]any) bool { n, ok := numberOf(push, "receivableFee"); return ok && n > 999 }), []string{"exit-long-stay"}},
	"one synId, one row": {func() http.Handler {
		u := unique{key: func(push map[string]any) any { return push["synId"] }}
		return merchant{store: u.insert}
	}, []string{"exit", "twice-entry"}},
	"trusts who sends text":          {trustsType, []string{"no-content-type", "other-content-type"}},
	"says ok to what it cannot read": {before(okUnlessJSON), []string{"control-garbage"}},
}

// comparesLoosely takes a number for the text that begins with it, and true for any text.
func comparesLoosely() http.Handler {
	return merchant{verify: func(body []byte) bool {
		var push map[string]any
		_ = json.Unmarshal(body, &push)
		return push["signment"] == 0.0 || push["signment"] == true || verifyRight(body)
	}}
}

func acceptsValue(value string) func() http.Handler {
	return func() http.Handler {
		return merchant{verify: func(body []byte) bool {
			return bytes.Contains(body, []byte(`"signment":`+value)) || verifyRight(body)
		}}
	}
}

// trusts does not verify some pushes.
func trusts(which func(push map[string]any) bool) func() http.Handler {
	return func() http.Handler {
		return merchant{verify: func(body []byte) bool {
			var push map[string]any
			_ = json.Unmarshal(body, &push)
			return which(push) && len(textOf(push, "signment")) == 32 || verifyRight(body)
		}}
	}
}

func wholeBody(body []byte) bool {
	_, signment := fieldsOf(body)
	return signment == upperMD5(merchantNo+string(body)+merchantKey)
}

func readsAForm(w http.ResponseWriter, r *http.Request) {
	if r.PostFormValue("plateNumber") == "" {
		writeJSON(w, http.StatusOK, plain(6, "plateNumber is missing"))
		return
	}
	writeJSON(w, http.StatusOK, plain(0, "ok"))
}

// says is a merchant that verifies, and then says always the same.
func says(text string) func() http.Handler {
	return func() http.Handler {
		return answering(func(w http.ResponseWriter, code int, message string) {
			if code == 0 {
				writeJSON(w, http.StatusOK, text)
				return
			}
			writeJSON(w, http.StatusOK, plain(code, message))
		})
	}
}

func answersStatus(status int) func() http.Handler {
	return func() http.Handler {
		return answering(func(w http.ResponseWriter, code int, message string) { writeJSON(w, status, plain(code, message)) })
	}
}

func decodesPercent() http.Handler {
	return merchant{prepare: func(body []byte) []byte {
		text, err := url.PathUnescape(string(body))
		if err != nil {
			return nil
		}
		return []byte(text)
	}}
}

func trustsType() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			writeJSON(w, http.StatusOK, plain(0, "ok"))
			return
		}
		merchant{}.ServeHTTP(w, r)
	})
}

func okUnlessJSON(w http.ResponseWriter, r *http.Request) bool {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if json.Valid(body) || r.Method != http.MethodPost {
		return false
	}
	fmt.Fprint(w, plain(0, "ok"))
	return true
}
