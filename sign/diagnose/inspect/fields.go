package inspect

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// otherFields are names that clients use for a field of data (§9); they are compared without regard to case and separators.
var otherFields = map[string][]string{
	"mobilePhone":      {"mobile", "phone", "phonenumber", "phoneno", "tel", "telephone", "mobileno", "mobilenumber", "cellphone", "usermobile"},
	"code":             {"validatecode", "verifycode", "smscode", "vcode", "captcha", "checkcode", "validcode", "verificationcode"},
	"token":            {"accesstoken", "usertoken", "authtoken", "tokenid", "session", "sessionid"},
	"plateNumber":      {"plate", "plateno", "carnumber", "carno", "carnum", "licenseplate", "license", "licenseno", "platenum", "carplate", "vehicleno"},
	"plateColor":       {"color", "colour", "platecolour", "carcolor", "licensecolor"},
	"orderId":          {"orderno", "ordernumber", "parkorderid", "id"},
	"externalOrderId":  {"outtradeno", "outorderid", "outorderno", "externalorderno", "tradeno", "merchantorderno", "extorderid"},
	"payment":          {"amount", "money", "fee", "totalfee", "paymoney", "payamount", "price", "totalamount"},
	"payTime":          {"paidtime", "paymenttime", "time", "paydate", "tradetime"},
	"verificationInfo": {"verifyinfo", "verification", "verificationinformation", "verifyinformation", "checkinfo"},
	"carFrameNum":      {"vin", "framenumber", "frameno", "carframeno", "framenum", "carvin"},
	"carEngineNum":     {"engineno", "enginenumber", "carengineno", "enginenum", "engine"},
	"appId":            {"app", "applicationid", "appkey"},
	"lat":              {"latitude", "y"},
	"lon":              {"lng", "long", "longitude", "x"},
	"radius":           {"distance", "range", "r"},
	"city":             {"cityname", "area", "region"},
	"parkingId":        {"parkid", "parkinglotid", "lotid", "id", "parkinglot"},
	"scrollId":         {"scroll", "cursor", "page"},
}

// Field says of a field of data that is missing which of the others that came was meant for it; false where none is like it.
func Field(name string, others []string) (Finding, bool) {
	want := plainName(name)
	for _, like := range []func(plain string) bool{
		func(plain string) bool { return plain == want },
		func(plain string) bool { return slices.Contains(otherFields[name], plain) },
		func(plain string) bool { return len(want) > 3 && near(plain, want) },
	} {
		for _, other := range others {
			if !like(plainName(other)) {
				continue
			}
			shown := words.Visible(words.Cut(other, 40))
			return words.Note("field-name", words.Phrase{En: "`" + shown + "` is there; the name is " + name, Zh: "收到的是 `" + shown + "`，字段名应为 " + name},
				words.Phrase{En: "data has a member " + shown, Zh: "data 里有成员 " + shown}, words.Phrase{En: "Rename it to " + name + ": names are those of §9, letter by letter", Zh: "请改名为 " + name + "：字段名须与 §9 完全一致，区分大小写"}), true
		}
	}
	return Finding{}, false
}

// NoField is the finding about a field of data that is missing, and that none of those which came is like.
func NoField(name string, came []string) Finding {
	fix := words.Phrase{En: "Put " + name + " into data: {\"" + name + "\":\"…\"}, and sign that text (§9)", Zh: "请在 data 中加入 " + name + "：{\"" + name + "\":\"…\"}，并对该文本签名（§9）"}
	if len(came) == 0 {
		return words.Note("field-missing", words.Phrase{En: "data is an object without any field", Zh: "data 是没有任何字段的对象"}, words.Phrase{En: "data is {}", Zh: "data 是 {}"}, fix)
	}
	slices.Sort(came)
	const most = 8
	more, moreZh := "", ""
	if len(came) > most {
		more, moreZh = " and others", " 等"
		came = came[:most]
	}
	shown := make([]string, len(came))
	for i, other := range came {
		shown[i] = words.Visible(words.Cut(other, 40))
	}
	return words.Note("field-missing", words.Phrase{En: "none of the fields that came is like " + name, Zh: "收到的字段里没有类似 " + name + " 的"},
		words.Phrase{En: "data has " + strings.Join(shown, ", ") + more, Zh: "data 里有 " + strings.Join(shown, "、") + moreZh}, fix)
}

// Nested is the finding about a field that stands inside of another member of data.
func Nested(name, inside string) Finding {
	inside = words.Visible(words.Cut(inside, 40))
	return words.Note("field-nested", words.Phrase{En: name + " stands inside of " + inside + "; data has its fields side by side", Zh: name + " 放在了 " + inside + " 里面；data 的字段应并列"},
		words.Phrase{En: "it is at data." + inside + "." + name, Zh: "它在 data." + inside + "." + name}, words.Phrase{En: "Put " + name + " into data itself, without " + inside + " around it", Zh: "请把 " + name + " 直接放进 data，外面不要套 " + inside})
}

// halved is a text with its full-width characters in ASCII.
func halved(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r + '!' - '！'
		case r == '\u3000':
			return ' '
		}
		return r
	}, text)
}

// visibleOnly is a text without white space and what nobody sees.
func visibleOnly(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || words.Invisible(r) || r < ' ' {
			return -1
		}
		return r
	}, text)
}

// value is a finding about a value: what is wrong with it, and what was probably meant.
func value(kind, given, meant string, what, fix words.Phrase) (Finding, bool) {
	shown := words.Visible(words.Cut(given, 60))
	if meant != "" && meant != given {
		fix = fix.Plus(": "+words.Visible(meant), "："+words.Visible(meant))
	}
	n := utf8.RuneCountInString(given)
	characters := "characters"
	if n == 1 {
		characters = "character"
	}
	return words.Note(kind, what, words.Phrase{En: fmt.Sprintf("`%s` has %d %s", shown, n, characters), Zh: fmt.Sprintf("`%s` 有 %d 个字符", shown, n)}, fix), true
}

var (
	phoneNumber = lazyregexp.New(`^1[3-9]\d{9}$`)
	yuan        = lazyregexp.New(`^\d{1,12}(?:\.\d{1,2})?$`)
	exponent    = lazyregexp.New(`^[+-]?\d*\.?\d+[eE][+-]?\d{1,2}$`)
)

// common knows what is wrong with a value of any form: full-width characters, white space, what nobody sees, quotes, a variable without a value. good says what is right.
func common(text string, good func(string) bool) (Finding, bool) {
	half := halved(text)
	clean := visibleOnly(half)
	quoted := strings.Trim(clean, "\"'`")
	switch {
	case text != half && good(half):
		return value("full-width", text, half, words.Phrase{En: "it has full-width characters", Zh: "其中有全角字符"}, words.Phrase{En: "Write it in ASCII (half width)", Zh: "请用半角"})
	case clean != text && good(clean):
		return value("value-padded", text, clean, words.Phrase{En: "white space or something invisible stands in it", Zh: "其中有空白或不可见字符"}, words.Phrase{En: "Take white space out", Zh: "请去掉空白"})
	case quoted != clean && good(quoted):
		return value("value-quoted", text, quoted, words.Phrase{En: "quotes stand around it inside of the text", Zh: "文本里面又带了一层引号"}, words.Phrase{En: "Send it without the inner quotes", Zh: "请去掉里面的引号"})
	case structured(text):
		return value("value-structured", text, "", words.Phrase{En: "it is an object or a list where a single value belongs", Zh: "这里应为单个值，实际为对象或数组"},
			words.Phrase{En: "Send the value alone, as a text", Zh: "请只发送这个值本身，写成文本"})
	case unsetStamp().MatchString(text):
		return value("value-unset", text, "", words.Phrase{En: "it is the text of a variable without a value", Zh: "它是未赋值变量的文本"}, words.Phrase{En: "Give the field its value, or leave it out where it is optional", Zh: "请给该字段赋值；可选字段可以不传"})
	}
	return Finding{}, false
}

// structured reports whether a value is a JSON object or array, or what JavaScript makes of an object as a text.
func structured(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasPrefix(text, "[object ") || (strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")) && json.Valid([]byte(text))
}

// Phone says what is wrong with a mobile phone's number (§9.1).
func Phone(text string) (Finding, bool) {
	if f, ok := common(text, phoneNumber().MatchString); ok {
		return f, true
	}
	plain := strings.NewReplacer("-", "", "(", "", ")", "", ".", "", "·", "").Replace(visibleOnly(halved(text)))
	for _, prefix := range []string{"+86", "0086", "86", "+0086", "17951", "0"} {
		if rest, cut := strings.CutPrefix(plain, prefix); cut && phoneNumber().MatchString(rest) {
			return value("phone-prefix", text, rest, words.Phrase{En: "the prefix " + prefix + " stands before it", Zh: "前面带有 " + prefix}, words.Phrase{En: "Send the 11 digits alone", Zh: "只发送 11 位手机号"})
		}
	}
	switch digits := onlyDigits(plain); {
	case strings.ContainsRune(text, '*'):
		return value("phone-masked", text, "", words.Phrase{En: "it is masked", Zh: "它是脱敏的手机号"}, words.Phrase{En: "Send all 11 digits", Zh: "请发送完整的 11 位手机号"})
	case exponent().MatchString(text) || strings.HasSuffix(text, ".0"):
		return value("phone-as-number", text, "", words.Phrase{En: "it was printed as a floating-point number", Zh: "它被当作浮点数输出"}, words.Phrase{En: "Keep a phone's number as a text, also in a spreadsheet", Zh: "手机号请按文本保存，表格里也是"})
	case phoneNumber().MatchString(plain):
		return value("phone-separated", text, plain, words.Phrase{En: "separators stand in it", Zh: "其中有分隔符"}, words.Phrase{En: "Send the 11 digits alone", Zh: "只发送 11 位手机号"})
	case digits != plain:
		return value("phone-characters", text, "", words.Phrase{En: "it has other characters than digits", Zh: "其中有数字以外的字符"}, words.Phrase{En: "Send the 11 digits alone", Zh: "只发送 11 位手机号"})
	case len(digits) != 11:
		return value("phone-length", text, "", words.Phrase{En: fmt.Sprintf("it has %d, not 11 digits", len(digits)), Zh: fmt.Sprintf("它有 %d 位，而不是 11 位", len(digits))}, words.Phrase{En: "Send all 11 digits", Zh: "请发送完整的 11 位手机号"})
	}
	return value("phone-not-mobile", text, "", words.Phrase{En: "it is no mobile phone's number: those begin with 13 to 19", Zh: "它不是手机号：手机号以 13 到 19 开头"}, words.Phrase{En: "Send a mobile phone's number, no landline", Zh: "请发送手机号，而不是座机号"})
}

// Payment says what is wrong with the text of an amount in yuan (§9.8).
func Payment(text string) (Finding, bool) {
	if f, ok := common(text, yuan().MatchString); ok {
		return f, true
	}
	plain := visibleOnly(halved(text))
	bare := strings.TrimSuffix(strings.TrimSuffix(strings.TrimLeft(plain, "¥￥$"), "元"), "CNY")
	amount, isNumber := new(big.Rat).SetString(strings.TrimPrefix(bare, "+"))
	if len(plain) > 40 || exponent().MatchString(bare) && len(bare) > 12 {
		isNumber = false
	}
	two := ""
	if isNumber {
		two = amount.FloatString(2)
	}
	plainly := words.Phrase{En: "Write a plain decimal with at most two places", Zh: "请写最多两位小数的普通十进制数"}
	switch {
	case bare != plain && isNumber:
		return value("amount-unit", text, two, words.Phrase{En: "a currency stands beside it", Zh: "带有货币符号或单位"}, words.Phrase{En: "Send the number alone, in yuan", Zh: "只发送数字，单位元"})
	case isNumber && amount.Sign() < 0:
		return value("amount-negative", text, "", words.Phrase{En: "it is below 0", Zh: "它小于 0"}, words.Phrase{En: "Send what is paid, above 0", Zh: "请发送大于 0 的支付金额"})
	case isNumber && amount.Sign() == 0:
		return value("amount-zero", text, "", words.Phrase{En: "it is 0, and nothing has to be paid then", Zh: "它是 0，此时无需支付"}, words.Phrase{En: "Do not call orderpaid where remainingFee is 0", Zh: "remainingFee 为 0 时不要调用 orderpaid"})
	case exponent().MatchString(plain):
		return value("amount-exponent", text, two, words.Phrase{En: "it is in scientific notation", Zh: "它是科学计数法"}, plainly)
	case isNumber && strings.HasPrefix(plain, "+"):
		return value("amount-sign", text, two, words.Phrase{En: "a plus sign stands before it", Zh: "前面带有加号"}, plainly)
	case isNumber && strings.Contains(plain, "/"):
		return value("amount-not-a-number", text, "", words.Phrase{En: "it is no number", Zh: "它不是数字"}, plainly)
	case isNumber && amount.Cmp(ratOf(two)) == 0:
		return value("amount-places", text, two, words.Phrase{En: "it has more than two places, or lacks a digit beside the point", Zh: "小数位多于两位，或小数点旁缺少数字"}, plainly)
	case isNumber:
		return value("amount-places", text, two, words.Phrase{En: "it has more than two places: was it computed with floating-point numbers?", Zh: "小数位多于两位：是否用浮点数计算？"},
			words.Phrase{En: "Compute money in fen or with decimals (BigDecimal), and send remainingFee as orderunpay gave it", Zh: "金额请用分或十进制（BigDecimal）计算，并按 orderunpay 给出的 remainingFee 发送"})
	case strings.Contains(plain, ","):
		return value("amount-comma", text, "", words.Phrase{En: "a comma stands in it", Zh: "其中有逗号"}, words.Phrase{En: "Write no separator of thousands, and a point before the fraction", Zh: "不要写千位分隔符，小数点用 ."})
	}
	return value("amount-not-a-number", text, "", words.Phrase{En: "it is no number", Zh: "它不是数字"}, plainly)
}

func ratOf(text string) *big.Rat {
	r, _ := new(big.Rat).SetString(text)
	return r
}
