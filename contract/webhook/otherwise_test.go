package webhook_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/contract/webhook"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/sign"
)

// withCodes answers with a code and a message for each outcome: where a push is right, and where it is not.
func withCodes(right, wrong string) func(http.ResponseWriter, int, string) {
	return func(w http.ResponseWriter, code int, _ string) {
		answer := right
		if code != 0 {
			answer = wrong
		}
		_, _ = io.WriteString(w, answer)
	}
}

// sorted is a merchant that sorts the fields before it hashes.
func sorted(answer func(http.ResponseWriter, int, string)) merchant {
	return merchant{verify: hashed(func(f []sign.Field) string { return compact(byName(f)) }), answer: answer}
}

func firstFix(t *testing.T, h http.Handler) (fix, fixZh string) {
	t.Helper()
	var all [2]string
	for i, language := range []string{lang.English, lang.Chinese} {
		w := webhookOf(h)
		w.Language = language
		r, err := w.Examine(t.Context())
		require.NoError(t, err)
		require.Equal(t, "control-right-push", r.Cases[0].ID)
		require.NotEmpty(t, r.Cases[0].Failures, "the right push was accepted")
		all[i] = r.Cases[0].Failures[0].Fix
	}
	return all[0], all[1]
}

// What an endpoint answers where all is well is told from what it refuses.
func TestExamine_successIsNoRefusal(t *testing.T) {
	for name, row := range map[string]struct {
		h          http.Handler
		fix, fixZh string
	}{
		"1 is success":                        {merchant{answer: withCodes(`{"code":1,"message":"ok"}`, `{"code":4,"message":"bad sign"}`)}, `so 1 seems to be what it answers where all is well`, "看来 1 就是它表示成功的应答"},
		"1 is success, in Chinese":            {merchant{answer: withCodes(`{"code":1,"msg":"操作成功"}`, `{"code":4,"message":"bad sign"}`)}, `so 1 seems to be what it answers where all is well`, "看来 1 就是它表示成功的应答"},
		"1 may be success":                    {merchant{answer: withCodes(`{"code":1,"message":""}`, `{"code":4,"message":"bad sign"}`)}, `If 1 is what it answers where all is well, answer code 0 there`, "如果 1 是它表示成功的 code"},
		"1 is success and 0 is none":          {merchant{answer: withCodes(`{"code":1,"message":"ok"}`, `{"code":0,"message":"bad sign"}`)}, `its codes are the other way round`, "它的 code 用反了"},
		"a platform's code for a wrong field": {merchant{answer: withCodes(`{"code":6,"message":"bad plate"}`, `{"code":4,"message":"bad sign"}`)}, `Something in these fields is refused`, "被拒绝的是这些字段中的内容"},
		"HTTP 400 without a code":             {http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { rejects(w, r) }), "and this one with HTTP 400. Something", "而本推送得到 HTTP 400。"},
	} {
		fix, fixZh := firstFix(t, row.h)
		require.Contains(t, fix, row.fix, name)
		require.Contains(t, fixZh, row.fixZh, name)
		require.NotContains(t, fix, "it does not verify", name)
	}
}

func rejects(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if verifyRight(body) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":"Bad Request"}`)
		return
	}
	_, _ = io.WriteString(w, `{"code":4,"message":"bad sign"}`)
}

// A receiver that makes two mistakes, of which one is in its answers, is told both: what it signs, and what is wrong with its answer then.
func TestExamine_secondMistakeInTheAnswer(t *testing.T) {
	for name, row := range map[string]struct{ right, then, thenZh string }{
		"code as text": {`{"code":"0","message":"ok"}`, `Write "code":0, not "code":"0"`, `请写 "code":0`},
		"a word":       {`success`, "the word success", "单词 success"},
		"another code": {`{"code":200,"message":"ok"}`, "Answer code 0, not 200", "应答 code 0 而不是 200"},
	} {
		fix, fixZh := firstFix(t, sorted(withCodes(row.right, `{"code":4,"message":"bad sign"}`)))
		require.Contains(t, fix, "gets past the check of signatures: the fields were sorted (field-order)", name)
		require.Contains(t, fix, row.then, name)
		require.Contains(t, fixZh, "就通过了验签", name)
		require.Contains(t, fixZh, row.thenZh, name)
	}
	var limited atomic.Int32
	fix, _ := firstFix(t, sorted(func(w http.ResponseWriter, _ int, _ string) { // refuses everything, and soon in another way
		code := 4
		if limited.Add(1) > 100 {
			code = 9
		}
		_, _ = fmt.Fprintf(w, `{"code":%d,"message":"no"}`, code)
	}))
	require.NotContains(t, fix, "gets past")
}

// Two mistakes in what is hashed are found together, whichever stage of it each is in.
func TestExamine_namesTwoCauses(t *testing.T) {
	for kinds, signment := range map[string]func(f []sign.Field) string{
		"field-order, parts-reordered":          func(f []sign.Field) string { return upperMD5(merchantKey + compact(byName(f)) + merchantNo) },
		"field-order, request-formula":          func(f []sign.Field) string { return upperMD5(compact(byName(f)) + merchantKey) },
		"field-order, md5-twice":                func(f []sign.Field) string { return upperMD5(upperMD5(merchantNo + compact(byName(f)) + merchantKey)) },
		"key-trailing-newline, parts-reordered": func(f []sign.Field) string { return upperMD5(compact(f) + merchantNo + merchantKey + "\n") },
		"hashmap-order, map-to-string": func(f []sign.Field) string {
			var all []string
			for _, field := range inOrder(f) {
				all = append(all, fmt.Sprint(field.Name, "=", field.Value))
			}
			return upperMD5(merchantNo + "{" + strings.Join(all, ", ") + "}" + merchantKey)
		},
	} {
		r, err := webhookOf(computing(signment)).Examine(t.Context())
		require.NoError(t, err)
		require.Contains(t, r.Cases[0].Failures[0].Fix, "("+kinds+")")
	}
}

// A receiver that reads a form and hashes something else than the JSON is told both.
func TestExamine_anotherEncodingAndAnotherText(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, err := url.ParseQuery(string(body))
		if err != nil || !form.Has("plateNumber") {
			_, _ = io.WriteString(w, `{"code":20102,"message":"缺少必要参数"}`)
			return
		}
		var fields []sign.Field
		for pair := range strings.SplitSeq(string(body), "&") {
			if name, _, _ := strings.Cut(pair, "="); name != "signment" {
				fields = append(fields, sign.Field{Name: name, Value: form.Get(name)})
			}
		}
		if form.Get("signment") != sign.Push(merchantNo, compact(fields), merchantKey) {
			_, _ = io.WriteString(w, `{"code":4,"message":"签名校验非法"}`)
			return
		}
		_, _ = io.WriteString(w, `{"code":0,"message":"ok"}`)
	})
	fix, fixZh := firstFix(t, h)
	require.Contains(t, fix, "it reads a form (--encoding form). So written, the endpoint accepts this push with another signment")
	require.Contains(t, fix, "(json-number-quoted)")
	require.Contains(t, fixZh, "它读取表单（--encoding form）。按此写法，换成另一种 signment")
}

// Where others were accepted the key is right, and what is refused under the code of a wrong signature is not put down to it, nor to a slow endpoint.
func TestExamine_refusedUnderTheCodeOfASignature(t *testing.T) {
	h := merchant{verify: func(body []byte) bool {
		var push map[string]any
		_ = json.Unmarshal(body, &push)
		plate, _ := push["plateNumber"].(string)
		return verifyRight(body) && push["synId"] != nil && push["fixParkingId"] != "" && push["userType"] != "77" && push["remainingDays"] != "" && len([]rune(plate)) == 7
	}}
	r, err := webhookOf(h).Examine(t.Context())
	require.NoError(t, err)
	told := 0
	for _, c := range r.Cases {
		if c.Status == report.Passed || c.Status == report.Skipped {
			continue
		}
		require.NotContains(t, c.Failures[0].Fix, "check the key", c.ID)
		require.NotContains(t, c.Failures[0].Fix, "were not tried within", c.ID)
		if strings.Contains(c.Failures[0].Fix, "or something in these fields is refused under the code of a wrong signature") || strings.Contains(c.Failures[0].Fix, "the cause was not looked for") {
			told++
		}
	}
	require.Greater(t, told, 2)
}

// A page in place of an answer is explained by its status, or by what stands behind it.
func TestExamine_pages(t *testing.T) {
	for _, row := range []struct {
		status     int
		page       string
		fix, fixZh string
	}{
		{200, "<!DOCTYPE html><html><form>", "@ResponseBody", "@ResponseBody"},
		{200, "<br />\n<b>Warning</b>: Undefined index\n{\"code\":0,\"message\":\"ok\"}", "display_errors=0", "display_errors=0"},
		{404, "<html>404", "nothing is served at this path", "此路径没有对应的处理程序"},
		{413, "<html>413", "the limit of a body is too small", "正文大小限制过小"},
		{500, "<html>Whitelabel Error Page", "the handler failed", "处理程序出错"},
		{502, "<html>502 Bad Gateway", "which gave it no answer", "网关代替端点应答"},
		{504, "<html>504", "waited for the endpoint in vain", "网关等待端点超时"},
		{418, "<html>", "a proxy, a login page or a framework's error page answered", "应答的是代理、登录页或框架的错误页"},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(row.status)
			_, _ = io.WriteString(w, row.page)
		}))
		r, err := webhook.Endpoint{URL: server.URL, MerchantNo: merchantNo, Key: merchantKey}.Examine(t.Context())
		server.Close()
		require.NoError(t, err)
		require.Equal(t, "html", r.Outage.Kind)
		require.Contains(t, r.Outage.Fix, row.fix, row.status)
		require.Contains(t, r.Outage.FixZh, row.fixZh, row.status)
	}
}
