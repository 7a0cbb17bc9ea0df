package inspect

import (
	"fmt"
	"html"
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// Plate says which character of a plate (§9.4) is out of place, and what the plate probably is; false where nothing is known of it.
func Plate(text string) (Finding, bool) {
	var clean strings.Builder
	first := -1
	var what, fix words.Phrase
	kind := ""
	for i, r := range text {
		plain, k, w, f := plateRune(r)
		if k != "" && first < 0 {
			first, kind, what, fix = i, k, w, f
		}
		clean.WriteString(plain)
	}
	if first < 0 || strings.ContainsFunc(text, western) {
		return oddPlate(text)
	}
	r, _ := utf8.DecodeRuneInString(text[first:])
	character := utf8.RuneCountInString(text[:first]) + 1
	shown := "`" + words.Visible(string(r)) + "`"
	if unicode.IsSpace(r) || words.Invisible(r) {
		shown = "invisible"
	}
	evidence := words.Phrase{
		En: fmt.Sprintf("character %d is U+%04X, %s; the plate is `%s`", character, r, shown, words.Visible(words.Cut(text, 60))),
		Zh: fmt.Sprintf("第 %d 个字符是 U+%04X（%s）；车牌是 `%s`", character, r, strings.Replace(shown, "invisible", "不可见", 1), words.Visible(words.Cut(text, 60))),
	}
	if meant := clean.String(); meant != text && len(meant) <= 40 {
		fix = fix.Plus(": "+words.Visible(meant), "："+words.Visible(meant))
	}
	return words.Note(kind, what, evidence, fix), true
}

// plateRune is what a character of a plate was meant to be, and what is wrong with it.
func plateRune(r rune) (plain, kind string, what, fix words.Phrase) {
	switch {
	case strings.ContainsRune("·•・‧∙⋅●.-–—_", r):
		return "", "plate-separator", words.Phrase{En: "a separator stands in it", Zh: "车牌中有分隔符"}, words.Phrase{En: "Send the plate without a separator", Zh: "车牌中不要带分隔符"}
	case r == '\u3000' || r >= 0x80 && unicode.IsSpace(r):
		return "", "plate-space", words.Phrase{En: "a space that is not ASCII stands in it", Zh: "车牌中有非 ASCII 空格"}, words.Phrase{En: "Send the plate without spaces", Zh: "车牌中不要带空格"}
	case r < ' ' || r == 0x7f || words.Invisible(r):
		return "", "plate-invisible", words.Phrase{En: "an invisible character stands in it", Zh: "车牌中有不可见字符"}, words.Phrase{En: "Take invisible characters out", Zh: "请去掉不可见字符"}
	case r >= '！' && r <= '～':
		return strings.ToUpper(string(r - '！' + '!')), "plate-full-width", words.Phrase{En: "it has full-width letters or digits", Zh: "车牌中有全角字母或数字"}, words.Phrase{En: "Write letters and digits in ASCII (half width)", Zh: "字母和数字请用半角"}
	case r == '?' || r == utf8.RuneError:
		return string(r), "characters-replaced", words.Phrase{En: "a character was replaced on its way: the text was written in a charset without Chinese", Zh: "有字符在途中被替换：文本用不含汉字的字符集写出"}, words.Phrase{En: "Use UTF-8 on the whole way", Zh: "全程使用 UTF-8"}
	}
	return string(r), "", words.Phrase{}, words.Phrase{}
}

// western is what the UTF-8 of a Chinese character becomes where it is read in another charset: an accented letter.
func western(r rune) bool { return r >= 0xc0 && r <= 0x24f }

// oddPlate knows plates of the right characters in the wrong way.
func oddPlate(text string) (Finding, bool) {
	runes := []rune(text)
	if f, ok := writtenPlate(text, runes); ok {
		return f, true
	}
	for i, r := range runes {
		at := words.Phrase{En: fmt.Sprintf("character %d is `%c`", i+1, r), Zh: fmt.Sprintf("第 %d 个字符是 `%c`", i+1, r)}
		switch {
		case i > 1 && strings.ContainsRune("IOio", r):
			return words.Note("plate-letter", words.Phrase{En: "plates have no I and O; the digits 1 and 0 look alike", Zh: "车牌中没有字母 I 和 O，请注意与数字 1、0 区分"}, at, words.Phrase{En: "Write the digits 1 and 0", Zh: "请写数字 1 和 0"}), true
		case western(r):
			return words.Note("mojibake", words.Phrase{En: "it was encoded twice: UTF-8 was read in another charset", Zh: "它被编码了两次：UTF-8 被按另一字符集读取"}, at, words.Phrase{En: "Read and write the text as UTF-8 on the whole way: the source file (Perl: use utf8; PHP, Python 2: its encoding), the database connection (utf8mb4), and encode it once", Zh: "读写文本时全程使用 UTF-8：源文件（Perl 用 use utf8；PHP、Python 2 看文件编码）、数据库连接（utf8mb4），且只编码一次"}), true
		case strings.ContainsRune("蘇遼魯豫滬", r) && !strings.ContainsRune(wire.PlateProvinces, r):
			return words.Note("plate-traditional", words.Phrase{En: "it has a traditional character", Zh: "车牌中有繁体字"}, at, words.Phrase{En: "Write the province in simplified characters", Zh: "省份简称请用简体字"}), true
		case r == '*':
			return words.Note("plate-masked", words.Phrase{En: "it is a masked plate, as orderunpay and pushes show it", Zh: "它是 orderunpay 和推送中脱敏的车牌"}, at, words.Phrase{En: "Send the whole plate, which the user has entered", Zh: "请发送用户输入的完整车牌"}), true
		}
	}
	if f, ok := framedPlate(text, runes); ok {
		return f, true
	}
	if n := len(runes); n > 0 && runes[0] >= utf8.RuneSelf && (n < 7 || n > 8) {
		return words.Note("plate-length", words.Phrase{En: fmt.Sprintf("it has %s; a plate has 7, or 8 of new energy", words.Characters(n)), Zh: fmt.Sprintf("它有 %d 个字符；车牌是 7 个，新能源车 8 个", n)}, words.Phrase{En: "the plate is `" + words.Visible(words.Cut(text, 60)) + "`", Zh: "车牌是 `" + words.Visible(words.Cut(text, 60)) + "`"},
			words.Phrase{En: "Send the whole plate and nothing else", Zh: "请发送完整的车牌，不要带其他内容"}), true
	}
	if n := len(runes); n > 0 && runes[0] < utf8.RuneSelf && (n == 6 || n == 7) {
		return words.Note("plate-province", words.Phrase{En: "the province's character is missing", Zh: "缺少省份简称"}, words.Phrase{En: fmt.Sprintf("it begins with `%c`", runes[0]), Zh: fmt.Sprintf("它以 `%c` 开头", runes[0])}, words.Phrase{En: "Begin with the province, such as 渝", Zh: "请以省份简称开头，如 渝"}), true
	}
	return misplaced(runes)
}

// misplaced names the first character that cannot stand where it stands.
func misplaced(runes []rune) (Finding, bool) {
	for i, r := range runes {
		letter, digit := r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z', r >= '0' && r <= '9'
		last := i == len(runes)-1 && i > 1 && strings.ContainsRune(wire.PlateLast, r)
		if i == 0 && r >= utf8.RuneSelf || i == 1 && letter || i > 1 && (letter || digit) || last {
			continue
		}
		return words.Note("plate-character", words.Phrase{En: "a character stands in it where none of its sort can stand", Zh: "车牌中有字符出现在不允许的位置"},
			words.Phrase{En: fmt.Sprintf("character %d is `%s`", i+1, words.Visible(string(r))), Zh: fmt.Sprintf("第 %d 个字符是 `%s`", i+1, words.Visible(string(r)))},
			words.Phrase{
				En: "Behind the province stand a letter, then letters and digits; only the last may be one of " + wire.PlateLast + ", or the last two 应急 behind a letter and four digits",
				Zh: "省份简称之后是一个字母，再是字母或数字；只有最后一位可以是 " + wire.PlateLast + " 之一，或一个字母、四位数字之后以 应急 结尾",
			}), true
	}
	return Finding{}, false
}

// framedPlate knows plates with something around them: quotes, the province twice, the colour in words.
func framedPlate(text string, runes []rune) (Finding, bool) {
	shown := words.Phrase{En: "the plate is `" + words.Visible(words.Cut(text, 60)) + "`", Zh: "车牌是 `" + words.Visible(words.Cut(text, 60)) + "`"}
	if bare := strings.Trim(text, "\"'`“”‘’[]()（）【】"); bare != text && bare != "" {
		return words.Note("value-quoted", words.Phrase{En: "quotes or brackets stand around it inside of the text", Zh: "文本里面又带了引号或括号"}, shown, words.Phrase{En: "Send it without them: " + words.Visible(words.Cut(bare, 30)), Zh: "请去掉它们：" + words.Visible(words.Cut(bare, 30))}), true
	}
	if n := len(runes); n > 7 && runes[0] >= utf8.RuneSelf && strings.ContainsRune("蓝黑黄白绿牌色", runes[n-1]) {
		bare := strings.TrimRight(text, "蓝黑黄白绿牌色")
		return words.Note("plate-color", words.Phrase{En: "the colour stands behind it", Zh: "后面带有颜色"}, shown, words.Phrase{En: "Send the plate alone, " + words.Visible(words.Cut(bare, 30)) + ", and the colour as plateColor: 1 blue, 2 black, 3 yellow, 4 white", Zh: "请只发送车牌 " + words.Visible(words.Cut(bare, 30)) + "，颜色用 plateColor：1 蓝、2 黑、3 黄、4 白"}), true
	}
	if len(runes) > 7 && runes[0] == runes[1] && runes[0] >= utf8.RuneSelf {
		return words.Note("plate-province", words.Phrase{En: "the province's character stands twice", Zh: "省份简称写了两次"}, shown, words.Phrase{En: "Send it once: " + words.Visible(words.Cut(string(runes[1:]), 30)), Zh: "请只写一次：" + words.Visible(words.Cut(string(runes[1:]), 30))}), true
	}
	if len(runes) > 1 && runes[0] < utf8.RuneSelf && len(runes) > 7 {
		return words.Note("plate-province", words.Phrase{En: "it does not begin with a province's character", Zh: "它不是以省份简称开头"}, words.Phrase{En: fmt.Sprintf("it begins with `%s`", words.Visible(string(runes[:2]))), Zh: fmt.Sprintf("它以 `%s` 开头", words.Visible(string(runes[:2])))}, words.Phrase{En: "Begin with the province's Chinese character, such as 渝, not with its name in Latin letters", Zh: "请以省份的汉字简称开头，如 渝，不要用拼音"}), true
	}
	if len(runes) > 0 && runes[0] >= utf8.RuneSelf && !strings.ContainsRune(wire.PlateProvinces+"使", runes[0]) {
		return words.Note("plate-province", words.Phrase{En: "its first character is no province's", Zh: "第一个字符不是省份简称"}, words.Phrase{En: fmt.Sprintf("it is U+%04X, `%c`", runes[0], runes[0]), Zh: fmt.Sprintf("它是 U+%04X（%c）", runes[0], runes[0])}, words.Phrase{En: "Begin with one of " + wire.PlateProvinces, Zh: "请以下列汉字之一开头：" + wire.PlateProvinces}), true
	}
	return Finding{}, false
}

// provinces are the names that are written in place of the character that a plate begins with.
var provinces = map[string]string{
	"北京": "京", "天津": "津", "上海": "沪", "重庆": "渝", "河北": "冀", "河南": "豫", "云南": "云", "辽宁": "辽", "黑龙江": "黑", "湖南": "湘", "安徽": "皖", "山东": "鲁", "新疆": "新", "江苏": "苏", "浙江": "浙", "江西": "赣", "湖北": "鄂", "广西": "桂",
	"甘肃": "甘", "山西": "晋", "内蒙古": "蒙", "陕西": "陕", "吉林": "吉", "福建": "闽", "贵州": "贵", "广东": "粤", "青海": "青", "西藏": "藏", "四川": "川", "宁夏": "宁", "海南": "琼",
}

// writtenPlate knows plates that were encoded once more, more than one, a province written out, letters of another alphabet, and words for no plate.
func writtenPlate(text string, runes []rune) (Finding, bool) {
	shown := words.Phrase{En: "the plate is `" + words.Visible(words.Cut(text, 60)) + "`", Zh: "车牌是 `" + words.Visible(words.Cut(text, 60)) + "`"}
	asText := words.Phrase{En: "Put the plate itself into data; only data as a whole is URL-encoded", Zh: "请把车牌原文放进 data；只对整个 data 做 URL 编码"}
	if plain := wire.Unescape(text, false); plain != text {
		return words.Note("plate-url-encoded", words.Phrase{En: "it is URL-encoded inside of data", Zh: "它在 data 里又做了 URL 编码"}, shown, asText), true
	}
	if plain := html.UnescapeString(text); plain != text {
		return words.Note("plate-html-escaped", words.Phrase{En: "it is HTML-escaped", Zh: "它被做了 HTML 转义"}, shown, asText), true
	}
	if strings.Contains(text, `\u`) || strings.Contains(text, `\x`) {
		return words.Note("plate-escaped", words.Phrase{En: "a backslash stands in it: it was escaped twice", Zh: "其中有反斜杠：转义了两次"}, shown, words.Phrase{En: "Marshal data once: \\u6e1d in JSON is one backslash", Zh: "data 只序列化一次：JSON 里 \\u6e1d 只有一个反斜杠"}), true
	}
	if strings.ContainsAny(text, ",，、;；|/") {
		return words.Note("plate-list", words.Phrase{En: "it holds more than one plate, or something beside it", Zh: "其中不止一个车牌，或带有其他内容"}, shown, words.Phrase{En: "Send one plate in each request", Zh: "每次请求只发送一个车牌"}), true
	}
	for name, short := range provinces {
		if rest, found := strings.CutPrefix(text, name); found {
			rest = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(rest, "市"), "省"), "自治区")
			return words.Note("plate-province", words.Phrase{En: "the province is written out", Zh: "省份写成了全称"}, shown, words.Phrase{En: "Begin with the province's character: " + words.Visible(words.Cut(short+rest, 30)), Zh: "请以省份简称开头：" + words.Visible(words.Cut(short+rest, 30))}), true
		}
	}
	for i, r := range runes {
		if latin := lookAlike[r]; latin != 0 {
			return words.Note("plate-letter", words.Phrase{En: "a letter of another alphabet stands in it, which looks like a Latin one", Zh: "其中有形似拉丁字母的外文字母"}, words.Phrase{En: fmt.Sprintf("character %d is U+%04X, `%c`, in place of `%c`", i+1, r, r, latin), Zh: fmt.Sprintf("第 %d 个字符是 U+%04X（%c），应为 %c", i+1, r, r, latin)},
				words.Phrase{En: "Type the letters of a plate in ASCII", Zh: "车牌中的字母请用英文字母"}), true
		}
	}
	if unsetValue().MatchString(text) || strings.Contains(text, "无牌") || strings.Contains(text, "临时") || strings.Contains(text, "未识别") {
		return words.Note("plate-unset", words.Phrase{En: "it is no plate: a variable without a value, or a word for a car without one", Zh: "它不是车牌：未赋值的变量，或表示无牌车的文字"}, shown, words.Phrase{En: "Ask the user for the plate; a car without one cannot be bound", Zh: "请让用户输入车牌；无牌车不能绑定"}), true
	}
	return Finding{}, false
}

// Amount says how a payment in yuan relates to what is due: a hundred times it where fen were sent, a hundredth where yuan were divided once more; false where there
// is no simple relation.
func Amount(given, due string) (Finding, bool) {
	g, ok1 := new(big.Rat).SetString(given)
	d, ok2 := new(big.Rat).SetString(due)
	if !ok1 || !ok2 || len(given) > 40 || len(due) > 40 || g.Sign() <= 0 || d.Sign() <= 0 {
		return Finding{}, false
	}
	evidence := words.Phrase{En: given + " was sent, " + due + " is due", Zh: "发送的是 " + given + "，应付 " + due}
	ratio := new(big.Rat).Quo(g, d)
	for _, c := range []struct {
		ratio     *big.Rat
		kind      string
		what, fix words.Phrase
	}{
		{big.NewRat(100, 1), "amount-in-fen", words.Phrase{En: "it is a hundred times what is due: fen instead of yuan?", Zh: "是应付金额的一百倍：是否用了分而不是元？"}, words.Phrase{En: "payment is in yuan: send " + due, Zh: "payment 的单位是元：请发送 " + due}},
		{big.NewRat(1, 100), "amount-divided", words.Phrase{En: "it is a hundredth of what is due: was it taken for fen?", Zh: "是应付金额的百分之一：是否把元当成了分？"}, words.Phrase{En: "remainingFee is in yuan: send " + due, Zh: "remainingFee 的单位是元：请发送 " + due}},
		{big.NewRat(10, 1), "amount-in-jiao", words.Phrase{En: "it is ten times what is due", Zh: "是应付金额的十倍"}, words.Phrase{En: "payment is in yuan: send " + due, Zh: "payment 的单位是元：请发送 " + due}},
		{big.NewRat(1000, 1), "amount-in-fen", words.Phrase{En: "it is a thousand times what is due", Zh: "是应付金额的一千倍"}, words.Phrase{En: "payment is in yuan: send " + due, Zh: "payment 的单位是元：请发送 " + due}},
	} {
		if ratio.Cmp(c.ratio) == 0 {
			return words.Note(c.kind, c.what, evidence, c.fix), true
		}
	}
	return Finding{}, false
}

// Sealed says what was done to an opaque text of length characters of Base64, such as verificationInfo (§9.7), on its way through the merchant; false where
// nothing shows.
func Sealed(text string, length int) (Finding, bool) {
	raw := wire.Unescape(text, false)
	size := words.Phrase{En: fmt.Sprintf("it has %s, %d were issued", words.Characters(len(text)), length), Zh: fmt.Sprintf("它有 %d 个字符，签发的是 %d 个", len(text), length)}
	at := func(mark string) words.Phrase {
		i := strings.Index(text, mark)
		return words.Phrase{En: fmt.Sprintf("character %d is `%s`; %s", i+1, words.Visible(mark), size.En), Zh: fmt.Sprintf("第 %d 个字符是 `%s`；%s", i+1, words.Visible(mark), size.Zh)}
	}
	asIs := words.Phrase{En: "Keep verificationInfo as orderunpay gave it, and URL-encode data", Zh: "请原样保存 orderunpay 给出的 verificationInfo，并对 data 做 URL 编码"}
	if unsetStamp().MatchString(text) {
		return words.Note("value-unset", words.Phrase{En: "it is the text of a variable without a value", Zh: "它是未赋值变量的文本"}, size, asIs), true
	}
	if bare := strings.Trim(visibleOnly(text), "\"'`"); len(text) > max(len(bare), 1) && len(bare) == length && !strings.ContainsAny(text[1:len(text)-1], "\r\n\t") {
		return words.Note("sealed-framed", words.Phrase{En: "white space, quotes or something invisible stand around it", Zh: "它前后带有空白、引号或不可见字符"}, size, asIs), true
	}
	switch {
	case strings.Contains(text, " ") && len(text) == length:
		return words.Note("sealed-plus-lost", words.Phrase{En: "its + have become spaces", Zh: "其中的 + 变成了空格"}, at(" "), words.Phrase{En: "A + in a form means a space: URL-encode data, + is %2B", Zh: "表单里的 + 表示空格：请对 data 做 URL 编码，+ 写成 %2B"}), true
	case raw != text && len(raw) == length || strings.Contains(text, "%2B") || strings.Contains(text, "%2F") || strings.Contains(text, "%3D") || strings.Contains(text, "%2b") || strings.Contains(text, "%2f"):
		return words.Note("sealed-url-encoded", words.Phrase{En: "it is URL-encoded inside of data", Zh: "它在 data 里又做了 URL 编码"}, at("%"), words.Phrase{En: "Put it into data as it is; only data as a whole is URL-encoded", Zh: "请原样放入 data；只对整个 data 做 URL 编码"}), true
	case strings.ContainsAny(text, "\r\n\t"):
		return words.Note("sealed-line-ends", words.Phrase{En: "it has line ends", Zh: "其中有换行"}, at(text[strings.IndexAny(text, "\r\n\t"):][:1]), words.Phrase{En: "Keep it on one line: Base64 without line breaks", Zh: "请保持在一行：Base64 不要换行"}), true
	case strings.Contains(text, `\/`) || strings.Contains(text, `\`):
		return words.Note("sealed-backslashes", words.Phrase{En: "backslashes stand in it", Zh: "其中有反斜杠"}, at(`\`), asIs), true
	case strings.Contains(text, "&"):
		return words.Note("sealed-html-escaped", words.Phrase{En: "it is HTML-escaped", Zh: "它被做了 HTML 转义"}, at("&"), asIs), true
	case strings.ContainsAny(text, "-_"):
		return words.Note("sealed-base64url", words.Phrase{En: "its + and / were turned into - and _", Zh: "其中的 +、/ 被换成了 -、_"}, at(text[strings.IndexAny(text, "-_"):][:1]), asIs), true
	case text != "" && len(text) < length:
		return words.Note("sealed-truncated", words.Phrase{En: "it is truncated", Zh: "它被截短了"}, size, words.Phrase{En: fmt.Sprintf("Keep all %d characters: make the column wide enough, and let no & end it", length), Zh: fmt.Sprintf("请保留全部 %d 个字符：数据库字段要够长，也不要被 & 截断", length)}), true
	case len(text) > length && len(wire.FromBase64(text)) == length:
		return words.Note("sealed-encoded", words.Phrase{En: "it was encoded in Base64 once more", Zh: "它又做了一次 Base64 编码"}, size, asIs), true
	case len(text) > length && strings.Trim(text, "0123456789abcdefABCDEF") == "":
		return words.Note("sealed-encoded", words.Phrase{En: "it was decoded and written in hex", Zh: "它被解码后写成了十六进制"}, size, asIs), true
	case len(text) == length && (strings.ToLower(text) == text || strings.ToUpper(text) == text):
		return words.Note("sealed-case", words.Phrase{En: "its letters were turned into one case", Zh: "它的字母被转成了统一的大小写"}, size, asIs), true
	case len(text) > length:
		return words.Note("sealed-longer", words.Phrase{En: "it is longer than what was issued", Zh: "它比签发的长"}, size, asIs), true
	}
	return Finding{}, false
}
