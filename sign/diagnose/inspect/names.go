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
	"merchant_no": {"merchantno", "merchantnumber", "merchantid", "merchant", "merno", "merid", "mchno", "mchid", "mch", "mno", "merchno", "appid", "appkey", "app", "partner", "partnerid", "customerno", "customer", "userno", "userid", "user", "account", "商户号", "商户编号"},
	"time_stamp":  {"timestamp", "time", "ts", "t", "datetime", "reqtime", "requesttime", "currenttime", "now", "stamp", "nonce", "noncestr", "时间戳", "时间"},
	"data":        {"datas", "date", "bizdata", "bizcontent", "content", "body", "params", "param", "json", "jsondata", "requestdata", "reqdata", "payload", "request", "req", "msg", "message", "d", "biz", "form", "数据", "业务数据"},
	"sign":        {"signment", "signature", "signmsg", "signdata", "signstr", "sgin", "sing", "md5", "md5sign", "signvalue", "token", "signed", "sig", "hash", "digest", "checksum", "mac", "hmac", "auth", "verify", "签名", "验签"},
}

// lookAlike are letters of other alphabets that look like Latin ones.
var lookAlike = map[rune]rune{
	'а': 'a', 'е': 'e', 'о': 'o', 'р': 'p', 'с': 'c', 'х': 'x', 'у': 'y', 'і': 'i', 'ѕ': 's', 'т': 't', 'м': 'm', 'н': 'h', 'А': 'A', 'В': 'B', 'Е': 'E', 'К': 'K', 'М': 'M', 'Н': 'H', 'О': 'O', 'Р': 'P', 'С': 'C', 'Т': 'T', 'Х': 'X',
	'ο': 'o', 'α': 'a', 'ι': 'i', 'Α': 'A', 'Β': 'B', 'Ε': 'E', 'Μ': 'M', 'Ν': 'N', 'Ο': 'O', 'Τ': 'T',
}

func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '_' || r == '-' || r == '.' || r == ' ' || r == '"' || r == '\'' || r == '`' || words.Invisible(r):
			return -1
		case r >= '！' && r <= '～': // full width
			r += '!' - '！'
			if r == '_' || r == '-' || r == '.' {
				return -1
			}
		case lookAlike[r] != 0:
			r = lookAlike[r]
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
		at := words.Phrase{En: fmt.Sprintf("parameter %d is `%s`", i+1, words.Visible(words.Cut(p.Name, 60))), Zh: fmt.Sprintf("第 %d 个参数是 `%s`", i+1, words.Visible(words.Cut(p.Name, 60)))}
		rename := words.Phrase{En: "Rename it to " + param + " (§3)", Zh: "请改名为 " + param + "（§3）"}
		base, _, bracket := strings.Cut(p.Name, "[")
		switch plain := plainName(p.Name); {
		case param == "data" && (bracket && plainName(base) == "data" || strings.HasPrefix(strings.ToLower(p.Name), "data.")):
			arrays = append(arrays, words.Visible(words.Cut(p.Name, 40)))
			if len(arrays) > 1 {
				continue
			}
			return words.Note("data-as-array", words.Phrase{En: "data is one JSON text, not an array of parameters, and " + arrays[0] + " is there", Zh: "data 是一段 JSON 文本，而不是数组参数，收到的是 " + arrays[0]}, at,
				words.Phrase{En: "Encode the JSON first: 'data' => json_encode($data), JSON.stringify(data)", Zh: "请先转成 JSON 文本：'data' => json_encode($data)、JSON.stringify(data)"}), true
		case strings.HasPrefix(p.Name, "\uFEFF") || strings.HasPrefix(p.Name, "ï»¿"):
			return words.Note("bom", words.Phrase{En: "a byte order mark (U+FEFF) stands before the form's first name", Zh: "表单第一个参数名前面有 BOM（U+FEFF）"}, at, words.Phrase{En: "Take the byte order mark off the body", Zh: "请去掉请求体开头的 BOM"}), true
		case strings.HasPrefix(p.Name, "amp;"):
			return words.Note("html-escaped", words.Phrase{En: "&amp; stands between the parameters where & belongs", Zh: "参数之间写的是 &amp;，应为 &"}, at, words.Phrase{En: "Join the parameters by &, not &amp;: HTML escaping does not belong into a request", Zh: "参数之间用 & 而不是 &amp;：请求里不要做 HTML 转义"}), true
		case strings.HasPrefix(p.Name, "?"):
			return words.Note("question-mark", words.Phrase{En: "a question mark stands before the name", Zh: "参数名前面多了问号"}, at, words.Phrase{En: "Take the ? away: a body has none, a URL has one", Zh: "请去掉多余的 ?：请求体里没有，URL 里只有一个"}), true
		case strings.TrimSpace(p.Name) == param:
			return words.Note("parameter-name", words.Phrase{En: "white space stands around the name `" + words.Visible(p.Name) + "`; the name is " + param, Zh: "参数名 `" + words.Visible(p.Name) + "` 前后有空白；参数名应为 " + param}, at,
				words.Phrase{En: "Put no white space behind & or before =: the name is " + param + " (§3)", Zh: "& 后面、= 前面都不要有空白：参数名是 " + param + "（§3）"}), true
		case bracket && plainName(base) == plainName(param):
			return words.Note("parameter-as-array", words.Phrase{En: "the parameter " + param + " came as an array: `" + words.Visible(words.Cut(p.Name, 40)) + "`", Zh: param + " 以数组形式发送：`" + words.Visible(words.Cut(p.Name, 40)) + "`"}, at,
				words.Phrase{En: "Send " + param + " once as one text, without brackets behind its name", Zh: param + " 只发送一次，是一段文本，参数名后面不要有方括号"}), true
		case odd(p.Name) && (plain == plainName(param) || wire.Unescape(p.Name, true) == param):
			return words.Note("parameter-name", words.Phrase{En: "`" + words.Visible(words.Cut(p.Name, 40)) + "` is there, which is not `" + param + "`: it has quotes, full-width or foreign letters, or was URL-encoded twice", Zh: "收到的是 `" + words.Visible(words.Cut(p.Name, 40)) + "`，它不是 `" + param + "`：其中有引号、全角或形似的外文字母，或多做了一次 URL 编码"}, at,
				words.Phrase{En: "Type the name anew in ASCII: " + param + " (§3)", Zh: "请重新用半角英文输入参数名：" + param + "（§3）"}), true
		case strings.Contains(p.Name, ".") && plainName(p.Name[strings.LastIndexByte(p.Name, '.')+1:]) == plainName(param):
			return words.Note("parameter-name", words.Phrase{En: "`" + words.Visible(words.Cut(p.Name, 40)) + "` is there, with the name of an object before it; the name is " + param, Zh: "收到的是 `" + words.Visible(words.Cut(p.Name, 40)) + "`，前面带有对象名；参数名应为 " + param}, at, rename), true
		case plain == plainName(param) || slices.Contains(otherNames[param], plain) || len(plain) > 3 && near(plain, plainName(param)):
			return words.Note("parameter-name", words.Phrase{En: "`" + words.Visible(words.Cut(p.Name, 40)) + "` is there; the name is " + param, Zh: "收到的是 `" + words.Visible(words.Cut(p.Name, 40)) + "`，参数名应为 " + param}, at, rename), true
		}
	}
	return Finding{}, false
}

// odd says of a name that it has characters that no name of §3 has.
func odd(name string) bool {
	return strings.ContainsFunc(name, func(r rune) bool { return r > '~' || r == '"' || r == '\'' || r == '`' || r == '%' })
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
