package diagnose

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// shape says what can be done with a signature.
type shape int

const (
	settled  shape = iota // the findings say it all
	md5Sized              // want holds the hash it stands for
	oddSized              // hex, but too long or short for MD5
)

var (
	useMD5    = words.Say("Hash with MD5 (§6)", "请用 MD5（§6）")
	useNoHMAC = words.Say("Use plain MD5 with the key as a part of the text, no HMAC", "请用普通 MD5，密钥是文本的一部分，不用 HMAC")
)

// looks are the mistakes that are seen in the signature itself, or in the hash that was used.
var looks = []hypothesis{
	{kind: "lower-case", what: words.Say("the signature has hex digits in lower case", "签名含有小写的十六进制字母"), fix: words.Say("Write the hex digits in upper case (§6)", "十六进制字母一律大写（§6）")},
	{kind: "sign-padded", what: words.Say("white space or quotes stand around the signature", "签名前后有空白或引号"), fix: words.Say("Send the 32 digits and nothing else", "只发送那 32 位，不要带别的字符")},
	{kind: "sign-separated", what: words.Say("the digits of the signature are in groups", "签名的各位被分隔成组"), fix: words.Say("Send the 32 digits without anything between them", "32 位之间不要有任何分隔符")},
	{kind: "base64", what: words.Say("the hash is written in base64, not in hex", "哈希值写成了 base64，而不是十六进制"), fix: words.Say("Write the 16 bytes of the hash as 32 hex digits in upper case", "把 16 字节的哈希写成 32 位大写十六进制")},
	{kind: "not-hex", what: words.Say("the signature is no hex number", "签名不是十六进制数"), fix: words.Say("A signature is 32 hex digits in upper case (§6)", "签名是 32 位大写十六进制（§6）")},
	{kind: "leading-zero-dropped", what: words.Say("the signature has less than 32 digits: zeros were left out", "签名不足 32 位，漏掉了零"), fix: words.Say("Print every byte of the hash as two digits (%02X), zeros included", "每个字节都打印成两位（%02X），包括前导零")},
	{kind: "truncated", what: words.Say("the signature is only a part of the right one", "签名只是正确签名的一部分"), fix: words.Say("Send all 32 digits; a 16-digit MD5 is not what §6 asks for", "请发送全部 32 位；§6 要的不是 16 位 MD5")},
	{kind: "content-length-in-characters", what: words.Say("the end of the body is missing, as much of it as UTF-8 has bytes more than the body has characters", "请求体末尾缺失，缺少的正好是 UTF-8 字节数与字符数之差"), fix: cutFix},
	{kind: "sha1", what: words.Say("the hash is SHA-1", "所用哈希是 SHA-1"), fix: useMD5},
	{kind: "sha256", what: words.Say("the hash is SHA-256", "所用哈希是 SHA-256"), fix: useMD5},
	{kind: "sha512", what: words.Say("the hash is SHA-512", "所用哈希是 SHA-512"), fix: useMD5},
	{kind: "hmac-md5", what: words.Say("the hash is HMAC-MD5", "所用哈希是 HMAC-MD5"), fix: useNoHMAC},
	{kind: "hmac-sha1", what: words.Say("the hash is HMAC-SHA1", "所用哈希是 HMAC-SHA1"), fix: useNoHMAC},
	{kind: "hmac-sha256", what: words.Say("the hash is HMAC-SHA256", "所用哈希是 HMAC-SHA256"), fix: useNoHMAC},
	{kind: "hmac-sha512", what: words.Say("the hash is HMAC-SHA512", "所用哈希是 HMAC-SHA512"), fix: useNoHMAC},
}

var fewDigits = words.Say("the signature has less than 32 digits", "签名不足 32 位")

// examine says what is wrong with the signature as a text, and takes out the hash to look for.
func (s *search) examine(signature string) ([]Finding, shape) {
	var found []Finding
	text := strings.Trim(signature, " \t\r\n\"'\uFEFF")
	if text != signature {
		found = append(found, about("sign-padded", words.Say("the signature is `"+words.Visible(words.Cut(signature, 60))+"`", "签名是 `"+words.Visible(words.Cut(signature, 60))+"`")))
	}
	if raw, err := base64.StdEncoding.DecodeString(text); err == nil && len(raw) == md5.Size {
		s.want = [md5.Size]byte(raw)
		found = append(found, about("base64", words.Say("it has 24 characters and ends in ==", "它有 24 个字符，以 == 结尾")))
		if s.isRight() {
			return found, settled
		}
		return found, md5Sized
	}
	if plain := strings.NewReplacer("-", "", ":", "", " ", "").Replace(text); plain != text && len(plain) == 2*md5.Size {
		at := strings.IndexAny(text, "-: ")
		found = append(found, about("sign-separated", words.Say(fmt.Sprintf("%q is at byte %d", text[at:at+1], at), fmt.Sprintf("第 %d 字节是 %q", at, text[at:at+1]))))
		text = plain
	}
	if i := strings.IndexFunc(text, notHex); i >= 0 {
		_, size := utf8.DecodeRuneInString(text[i:])
		c := words.Visible(text[i : i+size])
		return append(found, about("not-hex", words.Say(
			fmt.Sprintf("byte %d of the %d of the signature, `%s`, is no hex digit", i, len(text), c),
			fmt.Sprintf("签名共 %d 字节，第 %d 字节 `%s` 不是十六进制数字", len(text), i, c)))), settled
	}
	if upper := strings.ToUpper(text); upper != text {
		at := words.FirstDifference(upper, text)
		found = append(found, about("lower-case", words.Say(
			fmt.Sprintf("first at digit %d: `%c` for `%c`", at, text[at], upper[at]), fmt.Sprintf("首先在第 %d 位：`%c` 应为 `%c`", at, text[at], upper[at]))))
		text = upper
	}
	// A big number printed in hex loses the zeros in front.
	const fewest = 2*md5.Size - 4
	if len(text) >= fewest && len(text) <= 2*md5.Size {
		raw, _ := hex.DecodeString(strings.Repeat("0", 2*md5.Size-len(text)) + text)
		s.want = [md5.Size]byte(raw)
		s.padded = len(text) < 2*md5.Size
		if s.isRight() {
			if s.padded {
				found = append(found, about("leading-zero-dropped", fewDigits))
			}
			return found, settled // only its looks were wrong
		}
		return found, md5Sized
	}
	return found, oddSized
}

func notHex(r rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF", r) }

// partOrOtherHash knows the signatures that are the right text, hashed or printed otherwise.
func (s *search) partOrOtherHash(signature string) (guess, bool) {
	text := strings.ToUpper(strings.NewReplacer("-", "", ":", "").Replace(strings.Trim(signature, " \t\r\n\"'\uFEFF")))
	g := s.right
	is := func(kind string, evidence words.Phrase) (guess, bool) {
		g.mistakes, g.evidence = []mistake{{kind: kind}}, evidence
		return g, true
	}
	right := s.sum(s.rule == sign.Strip)
	all := upperHex(right)
	var sparse strings.Builder
	for _, b := range right {
		fmt.Fprintf(&sparse, "%X", b)
	}
	switch {
	case text == sparse.String() || text == strings.TrimLeft(all, "0"):
		return is("leading-zero-dropped", words.Say(fmt.Sprintf("the signature has %d digits", len(text)), fmt.Sprintf("签名有 %d 位", len(text))))
	case len(text) < len(all) && len(text) > 0 && s.came.cutBytes() == len(all)-len(text) && strings.HasPrefix(all, text):
		return is("content-length-in-characters", s.came.cutEvidence())
	case len(text) >= 8 && len(text) < len(all) && strings.Contains(all, text):
		return is("truncated", words.Say(
			fmt.Sprintf("the signature has only the %d digits from digit %d on", len(text), strings.Index(all, text)),
			fmt.Sprintf("签名只有从第 %d 位起的 %d 位", strings.Index(all, text), len(text))))
	}
	want, err := hex.DecodeString(text)
	if err != nil || g.size() > wire.Huge {
		return g, false
	}
	return s.otherHash(g, want)
}

func (s *search) otherHash(g guess, want []byte) (guess, bool) {
	evidence := words.Say(fmt.Sprintf("the signature has %d digits", 2*len(want)), fmt.Sprintf("签名有 %d 位", 2*len(want)))
	for _, algorithm := range []struct {
		name string
		make func() hash.Hash
	}{{"md5", md5.New}, {"sha1", sha1.New}, {"sha256", sha256.New}, {"sha512", sha512.New}} {
		h := algorithm.make()
		if h.Size() != len(want) {
			continue
		}
		text := s.right.append(nil)
		if s.rule == sign.Strip {
			text = wire.Stripped(text)
		}
		s.hashed += len(text)
		h.Write(text)
		g.evidence = evidence
		if bytes.Equal(h.Sum(nil), want) {
			g.mistakes = []mistake{{kind: algorithm.name}}
			return g, true
		}
		h = hmac.New(algorithm.make, []byte(g.key))
		for _, form := range [][]string{slices.DeleteFunc(slices.Clone(g.form), isKey), s.right.form, {theData}} {
			h.Reset()
			g.form = form
			text := g.append(nil)
			s.hashed += len(text)
			h.Write(text)
			if bytes.Equal(h.Sum(nil), want) {
				g.mistakes = []mistake{{kind: "hmac-" + algorithm.name}}
				return g, true
			}
		}
		g.form = s.right.form
	}
	return g, false
}

func isKey(name string) bool { return name == theKey }
