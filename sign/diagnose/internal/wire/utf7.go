package wire

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
)

var utf7Run = lazyregexp.New(`\+([A-Za-z0-9+/]*)(-?)`)

// InUTF7 is a text in UTF-7 (RFC 2152), with the characters beyond ASCII alone in Base64.
func InUTF7(s string) string {
	var b strings.Builder
	var wide []rune
	flush := func() {
		if len(wide) > 0 {
			b.WriteString("+" + base64.RawStdEncoding.EncodeToString(InUTF16(true, false)([]byte(string(wide)))) + "-")
			wide = wide[:0]
		}
	}
	for _, r := range s {
		if r >= utf8.RuneSelf {
			wide = append(wide, r)
			continue
		}
		flush()
		if b.WriteRune(r); r == '+' {
			b.WriteByte('-')
		}
	}
	flush()
	return b.String()
}

// FromUTF7 reads UTF-7; the text itself where it has none.
func FromUTF7(s string) string {
	if !IsASCII(s) || !strings.Contains(s, "+") {
		return s
	}
	bad := false
	text := utf7Run().ReplaceAllStringFunc(s, func(run string) string {
		digits, ended := strings.CutSuffix(run[1:], "-") // where no digit of Base64 follows, its end needs no mark
		if digits == "" {
			bad = bad || !ended
			return "+"
		}
		raw, err := base64.RawStdEncoding.DecodeString(digits)
		plain := DecodeFrom(UTF16BE, string(raw))
		bad = bad || err != nil || len(raw)%2 != 0 || plain == "" || strings.ContainsRune(plain, utf8.RuneError)
		return plain
	})
	if bad {
		return s
	}
	return text
}
