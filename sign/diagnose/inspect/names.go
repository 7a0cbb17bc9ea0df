package inspect

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// otherNames are names that clients use for a parameter of §3; they are compared without regard to case and separators.
var otherNames = map[string][]string{
	"merchant_no": {"merchantno", "merchantnumber", "merchantid", "merchant", "merno", "merid", "mchno", "mchid", "mch", "appid", "partner", "partnerid", "customerno"},
	"time_stamp":  {"timestamp", "time", "ts", "t", "datetime", "reqtime", "requesttime", "currenttime"},
	"data":        {"datas", "date", "bizdata", "bizcontent", "content", "body", "params", "param", "json", "jsondata", "requestdata", "reqdata", "payload"},
	"sign":        {"signment", "signature", "signmsg", "signdata", "signstr", "sgin", "sing", "md5", "md5sign", "signvalue", "token"},
}

func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == '.' || r == ' ' || words.Invisible(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// otherName finds the parameter under another name.
func otherName(param string, pairs []wire.Pair) (Finding, bool) {
	var arrays []string
	for i, p := range pairs {
		if p.Name == param || wire.IsParameter(p.Name) {
			continue
		}
		at := words.Say(fmt.Sprintf("parameter %d is `%s`", i+1, words.Visible(words.Cut(p.Name, 60))), fmt.Sprintf("第 %d 个参数是 `%s`", i+1, words.Visible(words.Cut(p.Name, 60))))
		rename := words.Say("Rename it to "+param+" (§3)", "请改名为 "+param+"（§3）")
		base, _, bracket := strings.Cut(p.Name, "[")
		switch plain := plainName(p.Name); {
		case param == "data" && (bracket && plainName(base) == "data" || strings.HasPrefix(strings.ToLower(p.Name), "data.")):
			arrays = append(arrays, words.Visible(words.Cut(p.Name, 40)))
			if len(arrays) > 1 {
				continue
			}
			return words.Note("data-as-array", words.Say("data is one JSON text, not an array of parameters, and "+arrays[0]+" is there", "data 是一段 JSON 文本，而不是数组参数，收到的是 "+arrays[0]), at,
				words.Say("Encode the JSON first: 'data' => json_encode($data), JSON.stringify(data)", "请先转成 JSON 文本：'data' => json_encode($data)、JSON.stringify(data)")), true
		case strings.HasPrefix(p.Name, "\uFEFF") || strings.HasPrefix(p.Name, "ï»¿"):
			return words.Note("bom", words.Say("a byte order mark (U+FEFF) stands before the form's first name", "表单第一个参数名前面有 BOM（U+FEFF）"), at, words.Say("Take the byte order mark off the body", "请去掉请求体开头的 BOM")), true
		case strings.HasPrefix(p.Name, "amp;"):
			return words.Note("html-escaped", words.Say("&amp; stands between the parameters where & belongs", "参数之间写的是 &amp;，应为 &"), at, words.Say("Join the parameters by &, not &amp;: HTML escaping does not belong into a request", "参数之间用 & 而不是 &amp;：请求里不要做 HTML 转义")), true
		case strings.HasPrefix(p.Name, "?"):
			return words.Note("question-mark", words.Say("a question mark stands before the name", "参数名前面多了问号"), at, words.Say("Take the ? away: a body has none, a URL has one", "请去掉多余的 ?：请求体里没有，URL 里只有一个")), true
		case strings.TrimSpace(p.Name) == param:
			return words.Note("parameter-name", words.Say("white space stands around the name `"+words.Visible(p.Name)+"`; the name is "+param, "参数名 `"+words.Visible(p.Name)+"` 前后有空白；参数名应为 "+param), at,
				words.Say("Put no white space behind &: the name is "+param+" (§3)", "& 后面不要有空白：参数名是 "+param+"（§3）")), true
		case plain == plainName(param) || slices.Contains(otherNames[param], plain) || len(plain) > 3 && near(plain, plainName(param)):
			return words.Note("parameter-name", words.Say("`"+words.Visible(words.Cut(p.Name, 40))+"` is there; the name is "+param, "收到的是 `"+words.Visible(words.Cut(p.Name, 40))+"`，参数名应为 "+param), at, rename), true
		}
	}
	return Finding{}, false
}

// near says of two short names that one slip of a finger lies between them.
func near(a, b string) bool {
	if a == b {
		return true
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	i := words.FirstDifference(a, b)
	switch len(b) - len(a) {
	case 0:
		return a[min(i+1, len(a)):] == b[min(i+1, len(b)):] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
	case 1:
		return a[i:] == b[i+1:]
	}
	return false
}
