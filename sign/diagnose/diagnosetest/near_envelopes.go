package diagnosetest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// nearEnvelopes are neighbours of the wrong envelopes.
func (c client) nearEnvelopes(now time.Time) []Envelope {
	all := append(c.nearBodies(), c.nearPaths()...)
	all = append(all, c.nearMerchants()...)
	all = append(all, c.nearNames()...)
	all = append(all, c.furtherMerchants()...)
	all = append(all, c.furtherStamps(now)...)
	return append(all, c.nearStamps(now)...)
}

// missing is a POST that lacks a parameter.
func missing(name, kind, content, body string) Envelope {
	return Envelope{Name: name, Wire: post(openAPI+"bindcar", content, body), Reason: "missing-parameter", Kind: kind}
}

func (c client) nearBodies() []Envelope {
	right := c.form(bound)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write([]byte(right))
	_ = w.Close()
	part := func(name, value string) string {
		return "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n"
	}
	multipart := part("merchant_no", c.no) + part("time_stamp", c.stamp) + part("data", bound) + part("sign", c.of(bound)) + "--x--\r\n"
	whole := `{"merchant_no":"` + c.no + `","time_stamp":"` + c.stamp + `","data":{},"sign":"` + c.of(bound) + `"}`
	unsigned, _, _ := strings.Cut(right, "&sign=")
	headed := strings.Replace(post(openAPI+"bindcar", formContent, "data="+url.QueryEscape(bound)), "\r\nContent-Length", "\r\nmerchant_no: "+c.no+"\r\nsign: "+c.of(bound)+"\r\nContent-Length", 1)
	return []Envelope{
		missing("gzip", "body-compressed", formContent, packed.String()).says("compressed (gzip)", "压缩", "without Content-Encoding", "不要带 Content-Encoding"),
		{
			Name: "Content-Encoding: gzip", Wire: strings.Replace(post(openAPI+"bindcar", formContent, packed.String()), "\r\nContent-Length", "\r\nContent-Encoding: gzip\r\nContent-Length", 1), Reason: "missing-parameter", Kind: "body-compressed",
			Says: []string{"compressed (gzip)"}, SaysZh: []string{"压缩"}, Fix: "without Content-Encoding", FixZh: "不要带 Content-Encoding",
		},
		missing("nothing in the body", "parameters-missing", formContent, "").says("no parameter at all", "没有任何参数", "Content-Length", "Content-Length"),
		missing("multipart under the form's content type", "body-multipart", formContent, multipart).says("multipart", "multipart", "URLSearchParams", "URLSearchParams"),
		missing("a form whose content type has a slip", "body-content-type", "application/x-www-form-urlencode", right).says("application/x-www-form-urlencode, which is not read", "application/x-www-form-urlencode", formContent, formContent),
		missing("a form without a content type", "body-content-type", "", right).says("not read", "不会读取", formContent, formContent),
		missing("two content types", "body-content-type", "application/json, "+formContent, right).says("not read", "不会读取", formContent, formContent),
		missing("JSON as the name of a parameter", "body-json", formContent, url.QueryEscape(whole)+"=").says("the body is JSON", "请求体是 JSON", "merchant_no=", "merchant_no="),
		missing("all four inside of data", "parameter-in-data", formContent, "data="+url.QueryEscape(whole)).says("inside of data|a member merchant_no", "data 里面|成员 merchant_no", "side by side", "并列发送"),
		{Name: "parameters as headers", Wire: headed, Reason: "missing-parameter", Kind: "parameter-in-header", Says: []string{"came as a header", "Merchant_no"}, SaysZh: []string{"请求头"}, Fix: "into the form", FixZh: "放进表单"},
		missing("separated by ;", "parameter-separator", formContent, strings.ReplaceAll(right, "&", ";")).says("`;` stands between", "`;`", "by &", "用 & 连接"),
		missing("a line for each", "parameter-separator", formContent, strings.ReplaceAll(right, "&", "\n")).says("`\\n` stands between", "`\\n`", "by &", "用 & 连接"),
		missing("white space behind &", "parameter-name", formContent, strings.ReplaceAll(right, "&", "& ")).says("white space stands around the name", "前后有空白", "no white space", "不要有空白"),
		{
			Name: "a bare # in a URL", Wire: get(openAPI + "carnum?merchant_no=" + c.no + "&time_stamp=" + c.stamp + `&data={"token":"A`), Reason: "missing-parameter", Kind: "data-cut",
			Says: []string{"sign with it", `"}`}, SaysZh: []string{"sign 也在其中"}, Fix: "# is %23", FixZh: "# 写成 %23",
		},
		missing("data as the last of a cut body", "data-cut", formContent, "merchant_no="+c.no+"&time_stamp="+c.stamp+`&data={"token":"t","plateNumber":"`).says("sign with it", "sign 也在其中", "Content-Length", "Content-Length"),
		missing("Node's querystring of an object", "parameter-empty", formContent, "merchant_no="+c.no+"&time_stamp="+c.stamp+"&data=&sign="+c.of(bound)).says("data is there, and empty", "data 存在，但为空", "JSON.stringify", "JSON.stringify"),
		missing("sign left out", "parameter-unknown", formContent, unsigned+"&other=1").says("other", "other", "merchant_no=", "merchant_no="),
	}
}

func (c client) nearPaths() (all []Envelope) {
	for path, meant := range map[string]string{
		openAPI + "bindcar;jsessionid=0A1B": "bindcar", openAPI + "getCarNum": "carnum", openAPI + "login": "userlogin", openAPI + "bind_car": "bindcar", openAPI + "bind-car": "bindcar",
		"/merchant/open/2.0.2/openapi/bindcar": "bindcar", openAPI + "bindcar%3Fmerchant_no=1": "bindcar", openAPI + "doUnbindCar": "unbindcar", openAPI + "orderPay": "orderpaid", openAPI + "surroundParking": "surroundingparking",
	} {
		all = append(all, Envelope{Name: path, Wire: post(path, formContent, c.form(bound)), Reason: "unknown-path", Kind: "path"}.
			says("did you mean "+openAPI+meant+"?", "是否想用 "+openAPI+meant+"？", openAPI+meant, openAPI+meant))
	}
	for _, path := range []string{openAPI, strings.TrimSuffix(openAPI, "/"), strings.TrimSuffix(openAPI, "/") + "?method=bindcar"} {
		all = append(all, Envelope{Name: path + " alone", Wire: post(path, formContent, c.form(bound)), Reason: "unknown-path", Kind: "path"}.
			says("name of the endpoint is missing", "缺少接口名", "bindcar", "bindcar"))
	}
	return all
}

func (c client) nearMerchants() (all []Envelope) {
	for _, m := range []struct{ name, no, kind, en, zh, fix, fixZh string }{
		{"a byte order mark before the number", "\uFEFF" + c.no, "merchant-no-padded", `invisible|\ufeff`, "不可见", c.no, c.no},
		{"a line end behind the number", c.no + "\n", "merchant-no-padded", `\n`, `\n`, c.no, c.no},
		{"quotes around the number", `"` + c.no + `"`, "merchant-no-padded", "quotes", "引号", c.no, c.no},
		{"the number in lower case", strings.ToLower(c.no), "merchant-no-case", "another case", "大小写", c.no, c.no},
		{"a full-width number", "Ｍ１", "merchant-no-full-width", "full-width", "全角", c.no, c.no},
		{"the number twice", c.no + "," + c.no, "merchant-no-twice", "more than one", "不止一个", c.no, c.no},
		{"no number", "null", "merchant-no-unset", "without a value", "未赋值", "setting", "配置"},
		{"a template's number", "${merchant_no}", "merchant-no-unset", "placeholder", "占位文本", "setting", "配置"},
	} {
		body := "merchant_no=" + url.QueryEscape(m.no) + "&time_stamp=" + c.stamp + "&data=" + url.QueryEscape(bound) + "&sign=" + c.of(bound)
		all = append(all, Envelope{Name: m.name, Wire: post(openAPI+"bindcar", formContent, body), Reason: "unknown-merchant", Kind: m.kind}.says(m.en, m.zh, m.fix, m.fixZh))
	}
	return all
}

func (c client) nearStamps(now time.Time) (all []Envelope) {
	at := now.In(shanghai)
	right := stampOf(now)
	const expired, malformed = "timestamp-expired", "timestamp-malformed"
	monthAgo := time.Date(at.Year(), at.Month()-1, min(at.Day(), 28), at.Hour(), at.Minute(), at.Second(), 0, shanghai)
	for _, s := range []struct{ name, reason, kind, stamp, en, zh, fix string }{
		{"ISO 8601, basic", malformed, "stamp-format", at.Format("20060102T150405"), "separators", "分隔符", "digits"},
		{"ISO 8601 in UTC", malformed, "stamp-format", now.UTC().Format("2006-01-02T15:04:05Z"), "UTC (Z)", "UTC", "Asia/Shanghai"},
		{"slashes", malformed, "stamp-format", at.Format("2006/01/02 15:04:05"), "separators", "分隔符", "digits"},
		{"in Chinese", malformed, "stamp-format", at.Format("2006年01月02日15时04分05秒"), "separators", "分隔符", "digits"},
		{"Date.toString()", malformed, "stamp-format", at.Format("Mon Jan 02 15:04:05 CST 2006"), "date in words", "文字形式", "yyyyMMddHHmmss"},
		{"a header's date", malformed, "stamp-format", now.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"), "date in words", "文字形式", "yyyyMMddHHmmss"},
		{"quotes around it", malformed, "stamp-padded", `"` + right + `"`, "quotes", "引号", "14 digits"},
		{"full-width digits", malformed, "stamp-full-width", "２０２６１１２７１５０９３１", "full-width", "全角", "20261127150931"},
		{"yy", malformed, "stamp-century-missing", at.Format("060102150405"), "two digits", "两位", "yyyy"},
		{"zeros missing", malformed, "stamp-zeros-missing", "2026112791530", "zeros are missing", "缺少 0", "two digits"},
		{"SS for ss", malformed, "stamp-length", "202611271509317", "SS writes milliseconds", "SS 是毫秒", "14 digits"},
		{"DD for dd", malformed, "stamp-day-of-year", fmt.Sprintf("%s%03d%s", at.Format("200601"), at.YearDay(), at.Format("150405")), "day of the year", "第几天", "dd"},
		{"kk for HH", malformed, "stamp-24", right[:8] + "240000", "hour is 24", "小时是 24", "HH"},
		{"getMonth() in January", malformed, "stamp-month", right[:4] + "00" + right[6:], "getMonth()", "getMonth()", "Add 1"},
		{"ddMMyyyy", malformed, "stamp-order", "27112026150931", "ddMMyyyy", "ddMMyyyy", "yyyyMMddHHmmss"},
		{"a variable without a value", malformed, "stamp-unset", "undefined", "without a value", "未赋值", "Asia/Shanghai"},
		{"six digits", malformed, "stamp-length", "150931", "6 digits", "6 位", "14 digits"},
		{"a float in scientific notation", malformed, "stamp-unix-milliseconds", "1.79577E12", "floating-point", "浮点数", "Asia/Shanghai"},
		{"a Thai locale", expired, "stamp-year", stampOf(at.AddDate(543, 0, 0)), "Buddhist", "佛历", "Locale.ROOT"},
		{"the document's example", expired, "stamp-example", "20170721132452", "document's example", "文档示例", "present time"},
		{"one that was kept", expired, "stamp-old", stampOf(now.Add(-37*time.Hour - 7*time.Minute)), "made once and kept", "一直沿用", "for each request"},
		{"a fast clock", expired, "stamp-ahead", stampOf(now.Add(21 * time.Minute)), "in the future", "在未来", "NTP"},
		{"getMonth()", expired, "stamp-month", stampOf(monthAgo), "getMonth()", "getMonth()", "Add 1"},
	} {
		if s.name == "getMonth()" && at.Day() > 28 {
			continue // not every month has that day
		}
		if s.name == "a Thai locale" && at.Month() == time.February && at.Day() == 29 {
			continue // that year has no such day
		}
		body := "merchant_no=" + c.no + "&time_stamp=" + url.QueryEscape(s.stamp) + "&data=" + url.QueryEscape(bound) + "&sign=" + MD5(bound+c.key+s.stamp)
		all = append(all, Envelope{Name: s.name, Wire: post(openAPI+"bindcar", formContent, body), Reason: s.reason, Kind: s.kind}.says(s.en, s.zh, s.fix, ""))
	}
	return all
}
