package diagnosetest

import (
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// nearNames are further names of the parameters, and forms in a frame.
func (c client) nearNames() (all []Envelope) {
	right := c.form(bound)
	renamed := func(param, given string) string {
		return strings.Replace("&"+right, "&"+param+"=", "&"+given+"=", 1)[1:]
	}
	for _, n := range []struct{ param, given, shown string }{
		{"merchant_no", "mno", "mno"},
		{"merchant_no", "商户号", "商户号"},
		{"merchant_no", "appKey", "appKey"},
		{"time_stamp", "nonce", "nonce"},
		{"time_stamp", "时间戳", "时间戳"},
		{"data", "message", "message"},
		{"data", "request", "request"},
		{"data", "数据", "数据"},
		{"sign", "sig", "sig"},
		{"sign", "hash", "hash"},
		{"sign", "签名", "签名"},
		{"sign", "digest", "digest"},
	} {
		all = append(all, missing("the name "+n.given, "parameter-name", formContent, renamed(n.param, n.given)).says("`"+n.shown+"` is there|the name is "+n.param, n.shown+"|"+n.param, "Rename it to "+n.param, "改名为 "+n.param))
	}
	for _, n := range []struct{ name, param, given string }{
		{"a Cyrillic letter in a name", "data", "d\u0430ta"}, {"a full-width letter in a name", "merchant_no", "\uff4derchant_no"}, {"quotes around a name", "data", `"data"`}, {"a name that was URL-encoded twice", "merchant_no", "merchant%255Fno"},
	} {
		all = append(all, missing(n.name, "parameter-name", formContent, renamed(n.param, n.given)).says("which is not `"+n.param+"`", "不是 `"+n.param+"`", "Type the name anew", "重新用半角"))
	}
	inBase64 := base64.StdEncoding.EncodeToString([]byte(right))
	whole := `{"merchant_no":"` + c.no + `","time_stamp":"` + c.stamp + `"}`
	return append(all,
		missing("sign as an array", "parameter-as-array", formContent, renamed("sign", "sign[]")).says("came as an array|sign[]", "数组形式|sign[]", "without brackets", "不要有方括号"),
		missing("the form inside of a parameter", "form-in-parameter", formContent, "data="+url.QueryEscape(right)).says("inside of one parameter, data", "一个参数 data 里", "side by side", "并列发送"),
		missing("JSON inside of a parameter", "json-in-parameter", formContent, "json="+url.QueryEscape(whole)).says("as JSON inside of json", "JSON 放在了 json 里", "merchant_no=", "merchant_no="),
		missing("the form in Base64", "form-base64", formContent, inBase64).says("in Base64|merchant_no=", "Base64", "merchant_no=", "merchant_no="),
		missing("YAML for a form", "body-no-form", formContent, "merchant_no: "+c.no+"\n").says("no name=value", "没有 name=value", "merchant_no=", "merchant_no="),
		missing("a Python dict for a body", "body-object-text", formContent, "{'merchant_no': '"+c.no+"'}").says("prints of an object", "打印对象", "urlencode", "urlencode"),
		missing("[object Object] for a body", "body-object-text", formContent, "[object Object]").says("prints of an object", "打印对象", "URLSearchParams", "URLSearchParams"),
	)
}

// furtherMerchants are further texts of a merchant's number.
func (c client) furtherMerchants() (all []Envelope) {
	for _, m := range []struct{ name, no, kind string }{
		{"the number twice without a comma", c.no + c.no, "merchant-no-twice"},
		{"the number as a double", c.no + ".0", "merchant-no-encoded"},
		{"the number URL-encoded twice", "%4D1", "merchant-no-encoded"},
		{"the number in Base64", base64.StdEncoding.EncodeToString([]byte(c.no)), "merchant-no-encoded"},
		{"its name before the number", "merchant_no=" + c.no, "merchant-no-encoded"},
		{"a space of HTML behind the number", c.no + "&nbsp;", "merchant-no-encoded"},
	} {
		body := "merchant_no=" + url.QueryEscape(m.no) + "&time_stamp=" + c.stamp + "&data=" + url.QueryEscape(bound) + "&sign=" + c.of(bound)
		all = append(all, Envelope{Name: m.name, Wire: post(openAPI+"bindcar", formContent, body), Reason: "unknown-merchant", Kind: m.kind}.says("merchant_no is", "merchant_no 是", "Did you mean "+c.no, "是否想用 "+c.no))
	}
	return all
}

var chineseNumerals = strings.NewReplacer("0", "〇", "1", "一", "2", "二", "3", "三", "4", "四", "5", "五", "6", "六", "7", "七", "8", "八", "9", "九")

// furtherStamps are further texts of a time, and years of other calendars.
func (c client) furtherStamps(now time.Time) (all []Envelope) {
	at := now.In(shanghai)
	right := stampOf(now)
	const expired, malformed = "timestamp-expired", "timestamp-malformed"
	digits := func(zero rune) string { return strings.Map(func(r rune) rune { return r - '0' + zero }, right) }
	for _, s := range []struct{ name, reason, kind, stamp, en, zh, fix string }{
		{"the week of the year", malformed, "stamp-week", at.Format("2006") + "W48", "week of the year", "第几周", "not the week"},
		{"Arabic digits", malformed, "stamp-foreign-digits", digits('٠'), "another script", "其他文字", right},
		{"Persian digits", malformed, "stamp-foreign-digits", digits('۰'), "another script", "其他文字", "Locale.ROOT"},
		{"Chinese numerals", malformed, "stamp-foreign-digits", chineseNumerals.Replace(right), "Chinese numerals", "汉字数字", right},
		{"a year of Taiwan", malformed, "stamp-year", strconv.Itoa(at.Year()-1911) + right[4:], "Minguo", "民国", "Locale.ROOT"},
		{"a date of Taiwan", malformed, "stamp-year", "民國" + strconv.Itoa(at.Year()-1911) + at.Format("年01月02日 15:04:05"), "Minguo", "民国", "Locale.ROOT"},
		{"a date of Thailand", malformed, "stamp-year", strconv.Itoa(at.Year()+543) + at.Format("-01-02 15:04:05"), "Buddhist", "佛历", "Locale.ROOT"},
		{"Unix seconds in hex", malformed, "stamp-hex", "6b09bb35", "in hex", "十六进制", "Asia/Shanghai"},
		{"a spreadsheet's number", malformed, "stamp-serial", "46353.7171", "spreadsheet", "电子表格", "Asia/Shanghai"},
		{"a call that was not made", malformed, "stamp-pattern", "now()", "not made", "没有执行", "Asia/Shanghai"},
		{"below 0", malformed, "stamp-negative", "-1", "below 0", "负数", "Asia/Shanghai"},
		{"Ticks of .NET", malformed, "stamp-ticks", strconv.FormatInt(at.UnixNano()/100+621355968000000000, 10), "Ticks", "Ticks", "Asia/Shanghai"},
		{"Unix nanoseconds", malformed, "stamp-unix-nanoseconds", strconv.FormatInt(at.UnixNano(), 10), "nanoseconds", "纳秒", "Asia/Shanghai"},
		{"toLocaleString()", malformed, "stamp-format", at.Format("1/2/2006, 3:04:05 PM"), "as a locale writes it", "区域设置", "yyyyMMddHHmmss"},
		{"the beginning of Unix time", expired, "stamp-epoch", "19700101080000", "beginning of Unix time", "Unix 时间的起点", "seconds * 1000"},
		{"seconds taken for milliseconds", expired, "stamp-epoch", "19700121161234", "seconds were taken for milliseconds", "把秒当成了毫秒", "seconds * 1000"},
		{"Go's layout", expired, "stamp-pattern", "20060102150405", "Go's layout", "Go 的时间格式串", "Format"},
		{"another age", expired, "stamp-year", "14481128011741", "none of these times", "年份不合理", "Locale.ROOT"},
		{"twenty years ago", expired, "stamp-year", stampOf(now.AddDate(-20, 0, -3)), "far from every clock", "相差很远", "present time"},
	} {
		body := "merchant_no=" + c.no + "&time_stamp=" + url.QueryEscape(s.stamp) + "&data=" + url.QueryEscape(bound) + "&sign=" + MD5(bound+c.key+s.stamp)
		all = append(all, Envelope{Name: s.name + " for a stamp", Wire: post(openAPI+"bindcar", formContent, body), Reason: s.reason, Kind: s.kind}.says(s.en, s.zh, s.fix, ""))
	}
	return all
}
