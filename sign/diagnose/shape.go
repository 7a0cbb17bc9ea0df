package diagnose

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/sign"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

var (
	digestIn   = lazyregexp.New(`(?:^|[^0-9A-Za-z]|0[xX])([0-9A-Fa-f]{32})(?:[^0-9A-Za-z]|$)`)
	base64In   = lazyregexp.New(`^[{(]?(?i:md5|sign|base64)[})]?[:= ]*([A-Za-z0-9+/]{22}==)$`)
	uuidText   = lazyregexp.New(`^\{?([0-9a-fA-F]{8})-?([0-9a-fA-F]{4})-?([0-9a-fA-F]{4})-?([0-9a-fA-F]{4})-?([0-9a-fA-F]{12})\}?$`)
	separators = strings.NewReplacer(`\x`, "", "0x", "", "0X", "", "-", "", ":", "", ",", "", " ", "", "%", "", "_", "")
	manyBase64 = lazyregexp.New(`^[A-Za-z0-9+/_ -]{170,}={0,2}…?$`)
	objectText = lazyregexp.New(`^(?:\[B@[0-9a-f]+|<.*>|\[object .*\]|System\..*|Array|undefined|null|None|nil|NaN|true|false|function.*|.*@[0-9a-f]{6,8})$`)
)

// examine says what is wrong with the signature as a text, and takes out the hash to look for.
func (s *search) examine(signature string) ([]Finding, shape) {
	var found []Finding
	for _, known := range []func(string) (Finding, bool){s.bare, s.unhashed, s.reordered} {
		if f, ok := known(signature); ok {
			return []Finding{f}, settled
		}
	}
	if half := halfWidth(signature); half != signature {
		found = append(found, about("sign-full-width", words.Phrase{En: "the signature is `" + words.Visible(words.Cut(signature, 96)) + "`", Zh: "签名是 `" + words.Visible(words.Cut(signature, 96)) + "`"}))
		signature = half
	}
	for _, number := range []func(string) (Finding, shape, bool){s.byNumber, s.runTogether, s.numbered} {
		if f, how, ok := number(signature); ok {
			if f.Kind != "" {
				found = append(found, f)
			}
			return found, how
		}
	}
	if f, ok := s.foreignForm(signature); ok {
		return []Finding{f}, settled
	}
	text := strings.Trim(wire.Unescape(signature, false), " \t\r\n\"'\uFEFF")
	for _, inside := range []*regexp.Regexp{digestIn(), base64In()} {
		if m := inside.FindStringSubmatch(text); m != nil && m[1] != text && len(text) < 200 {
			text = m[1]
		}
	}
	if text != signature {
		shown := s.Show(words.Cut(signature, 60), -1)
		found = append(found, about("sign-padded", words.Phrase{En: "the signature is `" + shown + "`", Zh: "签名是 `" + shown + "`"}))
	}
	for _, known := range []func(string) (Finding, shape, bool){s.inBase64, s.printed} {
		if f, shape, ok := known(text); ok {
			return append(found, f), shape
		}
	}
	if plain := separators.Replace(text); plain != text && len(plain) == 2*md5.Size {
		at := words.FirstDifference(text, plain)
		found = append(found, about("sign-separated", words.Phrase{En: fmt.Sprintf("%q is at byte %d", text[at:at+1], at+1), Zh: fmt.Sprintf("第 %d 字节是 %q", at+1, text[at:at+1])}))
		s.readAsUUID(text)
		text = plain
	}
	if f, ok := notHex(text); ok {
		return append(found, f), settled
	}
	if upper := strings.ToUpper(text); upper != text {
		at := words.FirstDifference(upper, text)
		found = append(found, about("lower-case", words.Phrase{
			En: fmt.Sprintf("first at digit %d: `%c` for `%c`", at+1, text[at], upper[at]), Zh: fmt.Sprintf("首先在第 %d 位：`%c` 应为 `%c`", at+1, text[at], upper[at]),
		}))
		text = upper
	}
	if twice, err := hex.DecodeString(text); err == nil && len(twice) == 2*md5.Size && strings.IndexFunc(string(twice), guess.NotHex) < 0 {
		found = append(found, about("hex-twice", words.Phrase{En: fmt.Sprintf("its %d digits are those of %s…", len(text), twice[:4]), Zh: fmt.Sprintf("它的 %d 位是 %s… 的十六进制", len(text), twice[:4])}))
		text = strings.ToUpper(string(twice))
	}
	how := s.sized(text, &found)
	return found, how
}

// notHex knows a text that has something other than hex digits in it.
func notHex(text string) (Finding, bool) {
	i := strings.IndexFunc(text, guess.NotHex)
	if i < 0 {
		return Finding{}, false
	}
	_, size := utf8.DecodeRuneInString(text[i:])
	c := words.Visible(text[i : i+size])
	return about("not-hex", words.Phrase{
		En: fmt.Sprintf("byte %d of the %d of the signature, `%s`, is no hex digit", i+1, len(text), c),
		Zh: fmt.Sprintf("签名共 %d 字节，第 %d 字节 `%s` 不是十六进制数字", len(text), i+1, c),
	}), true
}

// bare knows a hash that was sent as its bytes.
func (s *search) bare(signature string) (Finding, bool) {
	if !s.isRaw(signature) {
		return Finding{}, false
	}
	return about("sign-bytes", words.Phrase{En: fmt.Sprintf("its %d bytes are those of the right hash", len(signature)), Zh: fmt.Sprintf("它的 %d 个字节就是正确哈希的字节", len(signature))}), true
}

// sized takes hex digits for the hash that is looked for, by how many they are.
func (s *search) sized(text string, found *[]Finding) shape {
	// A big number printed in hex loses the zeros in front.
	const fewest = 2*md5.Size - 4
	if len(text) >= fewest && len(text) <= 2*md5.Size {
		raw, _ := hex.DecodeString(strings.Repeat("0", 2*md5.Size-len(text)) + text)
		s.Want = [md5.Size]byte(raw)
		s.padded = len(text) < 2*md5.Size
		if s.isRight() {
			if s.padded {
				*found = append(*found, about("leading-zero-dropped", fewDigits))
			}
			return settled // only its looks were wrong
		}
		return md5Sized
	}
	if raw, err := hex.DecodeString(text); err == nil && len(raw) == md5.Size/2 {
		copy(s.Want[md5.Size/4:], raw)
		return half
	}
	return oddSized
}

// isRaw reports whether a signature is the right hash in bytes, as they are or as a decoder leaves them.
func (s *search) isRaw(signature string) bool {
	if len(signature) > 64 || strings.IndexFunc(signature, guess.NotHex) < 0 {
		return false
	}
	right := s.sum(false)
	raw := string(right[:])
	var latin strings.Builder
	for _, b := range right {
		latin.WriteRune(rune(b))
	}
	return signature == raw || signature == latin.String() || signature == strings.ToValidUTF8(raw, "\uFFFD") || signature == string([]rune(raw))
}

// inBase64 reads a hash in Base64 of any sort: of the bytes, of their hex digits, of another hash, or what is no hash.
func (s *search) inBase64(text string) (f Finding, how shape, ok bool) {
	if strings.IndexFunc(text, guess.NotHex) < 0 || len(text) < 22 {
		return f, 0, false
	}
	if manyBase64().MatchString(text) { // a journal keeps the beginning of it
		return about("rsa", words.Phrase{En: fmt.Sprintf("it has %d characters of Base64, of 128 bytes or more", len(text)), Zh: fmt.Sprintf("它有 %d 个 Base64 字符，即 128 字节以上", len(text))}), settled, true
	}
	if right := s.sum(s.Rule == sign.Strip); strings.EqualFold(text, base64.StdEncoding.EncodeToString(right[:])) && (text == strings.ToUpper(text) || text == strings.ToLower(text)) {
		return about("base64", words.Phrase{En: "it is in Base64, and all its letters were turned into one case", Zh: "它是 Base64，而且字母被统一转成了大写或小写"}), settled, true
	}
	plain := strings.TrimRight(strings.NewReplacer(" ", "+", "-", "+", "_", "/", "\n", "", "\r", "").Replace(text), "=")
	raw, err := base64.RawStdEncoding.DecodeString(plain)
	if err != nil {
		return f, 0, false
	}
	size := words.Phrase{En: fmt.Sprintf("its %d characters are %d bytes in Base64", len(text), len(raw)), Zh: fmt.Sprintf("它的 %d 个字符是 %d 字节的 Base64", len(text), len(raw))}
	switch n := len(raw); {
	case n == md5.Size:
		s.Want, s.wide = [md5.Size]byte(raw), raw
	case n == 2*md5.Size && strings.IndexFunc(string(raw), guess.NotHex) < 0:
		digest, _ := hex.DecodeString(string(raw))
		s.Want = [md5.Size]byte(digest)
		size = words.Phrase{En: "decoded it is hex digits already", Zh: "解码后就是十六进制"}
	case n > 2*md5.Size && strings.IndexFunc(string(raw), guess.NotHex) < 0: // the hex digits of a longer hash
		s.wide, _ = hex.DecodeString(string(raw))
		return about("base64", size), oddSized, true
	case n == 20 || n == 28 || n == 32 || n == 48 || n == 64:
		s.wide = raw
		return about("base64", size), oddSized, true
	default:
		return f, 0, false
	}
	if s.isRight() {
		return about("base64", size), settled, true
	}
	return about("base64", size), md5Sized, true
}

// printed knows the texts of objects and bytes that are no hash at all.
func (s *search) printed(text string) (f Finding, how shape, ok bool) {
	begins := beginsWith(text)
	switch {
	case objectText().MatchString(text):
		return about("sign-object", begins), settled, true
	case strings.ContainsFunc(text, func(r rune) bool { return r == utf8.RuneError || unicode.IsControl(r) }):
		return about("sign-bytes", begins), settled, true
	}
	return f, 0, false
}

// extended is a hash as Java prints signed bytes: ffffff before those above 7F, one digit for those below 10.
func extended(hash [md5.Size]byte) string {
	var b strings.Builder
	for _, c := range hash {
		fmt.Fprintf(&b, "%X", uint32(int32(int8(c)))) //nolint:gosec // that is the mistake
	}
	return b.String()
}
