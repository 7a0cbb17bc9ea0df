package inspect

import (
	"fmt"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// sort is what an id is of, and how it is called.
type sort struct{ name, nameZh string }

// OrderID says of an orderId that is unknown what was done to it, or what it is instead (§9.8); known says which there are. False where nothing shows.
func OrderID(given string, known func(string) bool) (Finding, bool) {
	if paymentID().MatchString(given) {
		return words.Note("id-other", words.Phrase{En: "it is a payOrderId, which orderpaid answers", Zh: "它是 orderpaid 返回的 payOrderId"}, lengthOf(given), words.Phrase{En: "Send the orderId that orderunpay gives", Zh: "请发送 orderunpay 给出的 orderId"}), true
	}
	return identifier(given, sort{"order", "订单"}, known)
}

// Token says the same of a token (§9.2, §9.3).
func Token(given string, known func(string) bool) (Finding, bool) {
	if webToken().MatchString(given) {
		return words.Note("id-other", words.Phrase{En: "it is a JSON web token, which another system gave", Zh: "它是 JWT，由别的系统签发"}, lengthOf(given), words.Phrase{En: "Send the token that userlogin or usersigin gives", Zh: "请发送 userlogin 或 usersigin 返回的 token"}), true
	}
	return identifier(given, sort{"token", "token"}, known)
}

// ParkingID says of a parkingId that is unknown which car park was meant (§9.11); byName finds one by its name.
func ParkingID(given string, known func(string) bool, byName func(string) string) (Finding, bool) {
	if len(given) > longestID {
		return Finding{}, false
	}
	if f, ok := common(given, known); ok {
		return f, true
	}
	for _, meant := range []string{strings.TrimLeft(given, "0"), strings.TrimSuffix(given, ".0")} {
		if meant != given && known(meant) {
			return value("id-number", given, meant, words.Phrase{En: "its number is written otherwise: as a floating-point number, or with zeros before it", Zh: "编号的写法不同：写成了浮点数，或前面有 0"}, words.Phrase{En: "Send it as surroundingparking gives it", Zh: "请按 surroundingparking 给出的原样发送"})
		}
	}
	if meant := byName(given); meant != "" {
		return value("id-other", given, meant, words.Phrase{En: "it is the name of a car park", Zh: "它是停车场的名称"}, words.Phrase{En: "Send the car park's id", Zh: "请发送停车场的 id"})
	}
	if uuid().FindString(given) == given {
		return value("id-other", given, "", words.Phrase{En: "it has the form of an orderId or a token", Zh: "它是 orderId 或 token 的形式"}, words.Phrase{En: "Send the car park's id", Zh: "请发送停车场的 id"})
	}
	digits := onlyDigits(given)
	odd := strings.IndexFunc(given, func(r rune) bool { return r < '0' || r > '9' })
	switch {
	case given == "" || odd < 0:
		return Finding{}, false
	case digits != "" && known(digits):
		return value("id-framed", given, digits, words.Phrase{En: "something stands beside its number: `" + firstOf(given[odd:]) + "`", Zh: "编号之外还有别的内容：`" + firstOf(given[odd:]) + "`"}, words.Phrase{En: "Send it as surroundingparking gives it", Zh: "请按 surroundingparking 给出的原样发送"})
	case digits == "":
		return value("id-word", given, "", words.Phrase{En: "it is a word, and the id of a car park is a number (§9.11)", Zh: "它是文字，而停车场的 id 是数字（§9.11）"}, words.Phrase{En: "Send the id that surroundingparking gives, or the parkId of a push", Zh: "请发送 surroundingparking 给出的 id，或推送里的 parkId"})
	}
	return value("id-word", given, "", words.Phrase{En: "it is no whole number: `" + firstOf(given[odd:]) + "` is no digit (§9.11)", Zh: "它不是整数：`" + firstOf(given[odd:]) + "` 不是数字（§9.11）"}, words.Phrase{En: "Send the id that surroundingparking gives, or the parkId of a push", Zh: "请发送 surroundingparking 给出的 id，或推送里的 parkId"})
}

// Code says of an SMS code (§9.2) that is not the one sent that it is that one, written otherwise. False where it is another.
func Code(given, sent string) (Finding, bool) {
	if len(given) > longestID {
		return Finding{}, false
	}
	if given != sent && given == strings.TrimLeft(sent, "0") {
		return value("leading-zeros", given, sent, words.Phrase{En: "its first zeros are gone: it was made a number", Zh: "开头的 0 丢失了：它被转成了数字"}, words.Phrase{En: "Keep the code as a text of six digits", Zh: "验证码请始终按 6 位文本处理"})
	}
	return common(given, func(text string) bool { return text == sent })
}

// longestID bounds what is looked at, since it is on a request's way.
const longestID = 128

var (
	uuid      = lazyregexp.New(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`)
	plainHex  = lazyregexp.New(`[0-9a-fA-F]{32}`)
	cutUUID   = lazyregexp.New(`^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{0,4}){0,3}(?:-[0-9a-fA-F]{0,11})?$`)
	paymentID = lazyregexp.New(`^no\d{21}$`)
	webToken  = lazyregexp.New(`^eyJ[\w-]+\.[\w-]+\.[\w-]*$`)
	oddDashes = strings.NewReplacer("－", "-", "–", "-", "—", "-", "−", "-", "‐", "-", "‑", "-", "_", "-", " ", "-")
)

func lengthOf(given string) words.Phrase {
	return words.Phrase{En: fmt.Sprintf("`%s` has %s", words.Visible(words.Cut(given, 40)), words.Characters(len(given))), Zh: fmt.Sprintf("`%s` 有 %d 个字符", words.Visible(words.Cut(given, 40)), len(given))}
}

// identifier says of a UUID that is unknown which known one was meant: in another case, with white space, with or without dashes, with something around it, escaped;
// and, where there is none, that it was cut or never set.
func identifier(given string, of sort, known func(string) bool) (Finding, bool) {
	if len(given) > longestID {
		return Finding{}, false
	}
	upper := words.Phrase{En: "it is in lower case; there is such " + article(of.name) + " in upper case", Zh: "它是小写的；有一个大写的同名" + of.nameZh}
	lower := words.Phrase{En: "it is in upper case; there is such " + article(of.name) + " in lower case", Zh: "它是大写的；有一个小写的同名" + of.nameZh}
	if f, ok := meantID(given, known, strings.ToUpper(given), "id-case", upper); ok {
		return f, true
	}
	if f, ok := meantID(given, known, strings.ToLower(given), "id-case", lower); ok || uuid().FindString(given) == given {
		return f, ok
	}
	clean := visibleOnly(halved(wire.Strip(given)))
	whole := uuid().FindString(clean)
	for _, c := range []struct {
		meant, kind string
		what        words.Phrase
	}{
		{clean, "id-padded", words.Phrase{En: "white space, or something invisible or full-width, stands in it", Zh: "其中有空白、不可见字符或全角字符"}},
		{dashed(oddDashes.Replace(clean)), "id-dashes", words.Phrase{En: "its dashes are missing, or are other characters", Zh: "缺少连字符，或连字符是别的字符"}},
		{dashed(plainHex().FindString(strings.ReplaceAll(clean, "-", ""))), "id-dashes", words.Phrase{En: "its dashes are missing", Zh: "缺少连字符"}},
		{uuid().FindString(wire.Unescape(given, false)), "id-url-encoded", words.Phrase{En: "it is URL-encoded inside of data", Zh: "它在 data 里又做了 URL 编码"}},
		{whole, "id-framed", words.Phrase{En: "something stands around it: quotes, a word before it, or the object that it came in", Zh: "它前后多了内容：引号、前缀，或它所在的对象"}},
	} {
		kind := c.kind
		if whole != "" && kind == "id-dashes" || kind == "id-url-encoded" && !strings.Contains(given, "%") {
			continue
		}
		for _, meant := range []string{c.meant, strings.ToUpper(c.meant), strings.ToLower(c.meant)} {
			if f, ok := meantID(given, known, meant, kind, c.what); ok {
				return f, true
			}
		}
	}
	switch {
	case unsetStamp().MatchString(given):
		return words.Note("value-unset", words.Phrase{En: "it is the text of a variable without a value", Zh: "它是未赋值变量的文本"}, lengthOf(given), words.Phrase{En: "Give it the " + of.name + "'s id as it was answered", Zh: "请填入返回的" + of.nameZh + "原文"}), true
	case len(given) >= 8 && len(given) < 36 && cutUUID().MatchString(given):
		return words.Note("id-truncated", words.Phrase{En: "it is truncated", Zh: "它被截短了"}, lengthOf(given), words.Phrase{En: "Keep all 36 characters: make the column wide enough", Zh: "请保留全部 36 个字符：数据库字段要够长"}), true
	}
	return Finding{}, false
}

func article(name string) string {
	if strings.HasPrefix(name, "o") {
		return "an " + name
	}
	return "a " + name
}

// dashed is a UUID of 32 digits, with or without dashes, with them.
func dashed(text string) string {
	plain := strings.ReplaceAll(text, "-", "")
	if len(plain) != 32 {
		return text
	}
	return plain[:8] + "-" + plain[8:12] + "-" + plain[12:16] + "-" + plain[16:20] + "-" + plain[20:]
}

// meantID is the finding that meant was meant, where it is known and another text.
func meantID(given string, known func(string) bool, meant, kind string, what words.Phrase) (Finding, bool) {
	if meant == "" || meant == given || !known(meant) {
		return Finding{}, false
	}
	i := words.FirstDifference(given, meant)
	return words.Note(kind, what, words.Phrase{
		En: fmt.Sprintf("first difference at character %d: `%s` for `%s`", i+1, words.Visible(words.Cut(given[i:], 12)), words.Visible(words.Cut(meant[i:], 12))),
		Zh: fmt.Sprintf("第 %d 个字符起不同：`%s` 应为 `%s`", i+1, words.Visible(words.Cut(given[i:], 12)), words.Visible(words.Cut(meant[i:], 12))),
	},
		words.Phrase{En: "Send it as it was given: " + meant, Zh: "请按给出的原样发送：" + meant}), true
}
