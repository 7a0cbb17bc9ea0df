package diagnose

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"

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
	half                  // 16 hex digits: want holds the middle of the hash it may stand for
)

var (
	useMD5    = words.Say("Hash with MD5 (§6)", "请用 MD5（§6）")
	useNoHMAC = words.Say("Use plain MD5 with the key as a part of the text, no HMAC", "请用普通 MD5，密钥是文本的一部分，不用 HMAC")
)

// looks are the mistakes that are seen in the signature itself, or in the hash that was used.
var looks = []hypothesis{
	{kind: "lower-case", what: words.Say("the signature has hex digits in lower case", "签名含有小写的十六进制字母"), fix: words.Say("Write the hex digits in upper case (§6)", "十六进制字母一律大写（§6）")},
	{kind: "sign-padded", what: words.Say("white space, quotes or something else stand around the signature", "签名前后有空白、引号或别的内容"), fix: words.Say("Send the 32 digits and nothing else", "只发送那 32 位，不要带别的字符")},
	{kind: "sign-separated", what: words.Say("the digits of the signature are in groups", "签名的各位被分隔成组"), fix: words.Say("Send the 32 digits without anything between them", "32 位之间不要有任何分隔符")},
	{kind: "sign-extended", what: words.Say("bytes of the hash above 7F are printed with ffffff before them", "大于 7F 的字节打印成了带 ffffff 前缀的形式"), fix: words.Say("Print each byte as two digits: Java's Integer.toHexString(b & 0xff) or String.format(\"%02X\", b)", "每个字节打印成两位：Java 用 Integer.toHexString(b & 0xff) 或 String.format(\"%02X\", b)")},
	{kind: "sign-bytes", what: words.Say("the signature has the bytes of the hash themselves, or their numbers, not hex digits", "签名是哈希的原始字节或各字节的数值，而不是十六进制"), fix: words.Say("Write the 16 bytes of the hash as 32 hex digits in upper case (PHP: md5($text), not md5($text, true); Node: digest('hex'); Python: hexdigest(); Go: %X)", "把 16 字节的哈希写成 32 位大写十六进制（PHP 用 md5($text) 而不是 md5($text, true)，Node 用 digest('hex')，Python 用 hexdigest()，Go 用 %X）")},
	{kind: "hex-twice", what: words.Say("the hex digits of the hash were written in hex once more", "哈希的十六进制文本又做了一次十六进制编码"), fix: words.Say("Write the 16 bytes of the hash as 32 hex digits, once (the library gives hex digits already)", "把 16 字节的哈希写成 32 位十六进制，只写一次（库返回的已是十六进制文本）")},
	{kind: "sign-object", what: words.Say("the signature is the text of an object, not its hash", "签名是对象的文本，而不是哈希值"), fix: words.Say("Print the hash as 32 hex digits in upper case (Python: hexdigest().upper(); Node: digest('hex').toUpperCase(); Java: each byte with %02X)", "把哈希打印成 32 位大写十六进制（Python 用 hexdigest().upper()，Node 用 digest('hex').toUpperCase()，Java 逐字节 %02X）")},
	{kind: "rsa", what: words.Say("the signature is Base64 of as many bytes as an RSA signature has", "签名是 Base64，字节数与 RSA 签名相同"), fix: words.Say("Sign with MD5 and the merchant's key (§6), not with a private key", "请用 MD5 加商户密钥签名（§6），而不是用私钥")},
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
	case len(text) > len(all) && text == extended(right):
		return is("sign-extended", words.Say(fmt.Sprintf("the signature has %d digits", len(text)), fmt.Sprintf("签名有 %d 位", len(text))))
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
	if s.wide != nil {
		want, err = s.wide, nil
	}
	if err != nil || g.size() > wire.Huge {
		return g, false
	}
	return s.otherHash(g, want)
}

// algorithms are the hashes that are used for MD5, and for HMAC with it.
var algorithms = []struct {
	name string
	make func() hash.Hash
}{{"md5", md5.New}, {"sha1", sha1.New}, {"sha256", sha256.New}, {"sha512", sha512.New}}

// otherHash tries other hashes than MD5: of the right text, of texts with one likely mistake, and as HMAC.
func (s *search) otherHash(g guess, want []byte) (guess, bool) {
	evidence := words.Say(fmt.Sprintf("the signature has %d digits", 2*len(want)), fmt.Sprintf("签名有 %d 位", 2*len(want)))
	for _, algorithm := range algorithms {
		h := algorithm.make()
		if h.Size() != len(want) {
			continue
		}
		is := func(h hash.Hash, g *guess) bool {
			text := g.append(s.buf[:0])
			if s.rule == sign.Strip {
				text = wire.Stripped(text)
			}
			s.hashed += len(text)
			s.left -= len(text) + overhead
			h.Reset()
			h.Write(text)
			return bytes.Equal(h.Sum(nil), want)
		}
		g.evidence = evidence
		if is(h, &g) {
			g.mistakes = []mistake{{kind: algorithm.name}}
			return g, true
		}
		mac := hmac.New(algorithm.make, []byte(g.key))
		unkeyed := slices.DeleteFunc(slices.Clone(g.form), isKey)
		for _, form := range [][]string{
			unkeyed, s.right.form, {theData}, {theData, theStamp, theNo}, {theNo, theData, theStamp}, {theStamp, theData},
			{"data=", theData, "&merchant_no=", theNo, "&time_stamp=", theStamp}, {"data=", theData, "&merchant_no=", theNo, "&time_stamp=", theStamp, "&key=", theKey},
			{"data=", theData, "&time_stamp=", theStamp}, {"merchant_no=", theNo, "&time_stamp=", theStamp, "&data=", theData},
		} {
			if g.form = form; is(mac, &g) {
				g.mistakes = []mistake{{kind: "hmac-" + algorithm.name}}
				return g, true
			}
		}
		g.form = s.right.form
		var hit guess
		if algorithm.name != "md5" { // of MD5 the search has used what there was
			s.left = max(s.left, effort/4)
		}
		s.expand(s.right, inRaw, 1, true, func(next guess) bool {
			if next.rehash != nil {
				return s.left >= 0
			}
			if algorithm.name != "md5" && is(h, &next) { // of MD5 its guesses were tried
				hit = next.noted()
				hit.mistakes = append(hit.mistakes, mistake{kind: algorithm.name, evidence: evidence})
			}
			if plain := slices.Equal(next.form, s.right.form); plain && hit.mistakes == nil {
				if next.form = unkeyed; is(mac, &next) {
					hit = next.noted()
					hit.mistakes = append(hit.mistakes, mistake{kind: "hmac-" + algorithm.name, evidence: evidence})
				}
			}
			return hit.mistakes == nil && s.left >= 0
		})
		if hit.mistakes != nil {
			return hit, true
		}
	}
	return g, false
}

func isKey(name string) bool { return name == theKey }
