package inspect

import (
	"encoding/hex"
	"fmt"
	"html"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// unsetValue is the text of a variable without a value, or a placeholder that was not filled in.
var unsetValue = lazyregexp.New(`^(?i:null|undefined|none|nil|nan|true|false|\$?\{+.*\}+|<.*>|%s|your.*|merchant_?no|\[object .*\])$`)

// Merchant says of a merchant_no that is unknown which known one was meant, and what is wrong with it: white space or quotes around it, another case, full-width
// characters, a variable that was not set. False where known has none of them.
func Merchant(given string, known func(string) bool) (Finding, bool) {
	if len(given) > 256 {
		return Finding{}, false
	}
	var bare, half strings.Builder
	at := -1
	for i, r := range given {
		odd := r <= ' ' || r == 0x7f || words.Invisible(r) || strings.ContainsRune("\"'`,;[]", r)
		if odd && at < 0 {
			at = i
		}
		if !odd {
			bare.WriteRune(r)
		}
		if r >= '！' && r <= '～' {
			r += '!' - '！'
		}
		half.WriteRune(r)
	}
	first, _, _ := strings.Cut(given, ",")
	shown := "`" + words.Visible(words.Cut(given, 60)) + "`"
	finding := func(kind, meant string, what words.Phrase, evidence words.Phrase) (Finding, bool) {
		return words.Note(kind, what, evidence, words.Phrase{En: "Did you mean " + meant + "? Send merchant_no as it was given", Zh: "是否想用 " + meant + "？请按给定的原样发送 merchant_no"}), true
	}
	came := words.Phrase{En: "merchant_no is " + shown, Zh: "merchant_no 是 " + shown}
	switch {
	case len(given) > 1 && len(given)%2 == 0 && given[:len(given)/2] == given[len(given)/2:] && known(given[:len(given)/2]):
		return finding("merchant-no-twice", given[:len(given)/2], words.Phrase{En: "it is the number twice, without anything between", Zh: "商户号重复了两次"}, came)
	case first != given && known(first):
		return finding("merchant-no-twice", first, words.Phrase{En: "it holds more than one number: a list was put into a text", Zh: "其中不止一个商户号：把列表放进了文本"}, came)
	case at >= 0 && known(bare.String()):
		stands := words.Visible(words.Cut(given[at:], 8))
		return finding("merchant-no-padded", bare.String(), words.Phrase{En: "white space, quotes or something invisible stands around it", Zh: "前后有空白、引号或不可见字符"},
			words.Phrase{En: fmt.Sprintf("byte %d is `%s`; merchant_no is %s", at+1, stands, shown), Zh: fmt.Sprintf("第 %d 字节是 `%s`；merchant_no 是 %s", at+1, stands, shown)})
	case half.String() != given && known(half.String()):
		return finding("merchant-no-full-width", half.String(), words.Phrase{En: "it has full-width characters", Zh: "其中有全角字符"}, came)
	case known(strings.ToUpper(given)):
		return finding("merchant-no-case", strings.ToUpper(given), words.Phrase{En: "it is in another case", Zh: "大小写不同"}, came)
	case known(strings.ToLower(given)):
		return finding("merchant-no-case", strings.ToLower(given), words.Phrase{En: "it is in another case", Zh: "大小写不同"}, came)
	case encodedMerchant(given, known) != "":
		return finding("merchant-no-encoded", encodedMerchant(given, known), words.Phrase{En: "it is encoded once more, or printed as another type: URL encoding, HTML, Base64, hex, or a floating-point number", Zh: "它多做了一次编码或按其他类型输出：URL 编码、HTML、Base64、十六进制或浮点数"}, came)
	case unsetValue().MatchString(given):
		return words.Note("merchant-no-unset", words.Phrase{En: "it is a placeholder, or the text of a variable without a value", Zh: "它是占位文本，或未赋值变量的文本"}, came,
			words.Phrase{En: "Give the client its merchant's number: the setting was not read, or still has its example", Zh: "请给客户端配置商户号：配置没有读到，或仍是示例值"}), true
	}
	return Finding{}, false
}

// encodedMerchant is the known number that one stands for which was encoded or has its name or a mark of punctuation beside it; "" where there is none.
func encodedMerchant(given string, known func(string) bool) string {
	_, behind, _ := strings.Cut(given, "=")
	hexed, _ := hex.DecodeString(given)
	for _, meant := range []string{
		wire.Unescape(given, false), html.UnescapeString(given), strings.TrimSpace(strings.ReplaceAll(given, "&nbsp;", "")), wire.FromBase64(given), string(hexed), strings.TrimSuffix(given, ".0"), strings.TrimSuffix(given, ".00"), strings.TrimSuffix(given, "L"), behind,
		strings.Trim(given, "./\\:+#*()<>{}"), strings.TrimLeft(given, "0"),
	} {
		if meant = strings.TrimSpace(meant); meant != "" && meant != given && known(meant) {
			return meant
		}
	}
	return ""
}

// MerchantIsKey is the finding about a merchant_no that is the key of a merchant, which is not shown.
func MerchantIsKey(no string) Finding {
	return words.Note("merchant-no-is-key", words.Phrase{En: "the key of merchant " + words.Visible(words.Cut(no, 60)) + " was sent as merchant_no: the two settings were swapped", Zh: "把商户 " + words.Visible(words.Cut(no, 60)) + " 的密钥当作 merchant_no 发送了：两项配置写反了"},
		words.Phrase{En: "merchant_no is that merchant's key", Zh: "merchant_no 的值就是该商户的密钥"}, words.Phrase{En: "Send merchant_no=" + words.Visible(words.Cut(no, 60)) + ", and keep the key to sign with; it is never sent", Zh: "请发送 merchant_no=" + words.Visible(words.Cut(no, 60)) + "，密钥只用于签名，不要发送"})
}
