package mistakes

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/guess"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/wire"
	"github.com/etcp-mock/etcp-mock/sign/diagnose/internal/words"
)

// whole makes a row's try of functions over the whole text.
func whole(of ...func([]byte) []byte) func(*guess.Case, guess.Guess, bool, func(guess.Guess) bool) bool {
	return func(_ *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
		if g.Size() > wire.Huge || g.Whole != nil {
			return true
		}
		for i, f := range of {
			if few && i > 0 {
				break
			}
			if g.Whole = f; !yield(g) {
				return false
			}
		}
		return true
	}
}

var wholeRows = []guess.Hypothesis{
	{
		Kind: "whitespace-stripped", In: guess.OfBoth, At: guess.InWhole, What: words.Phrase{En: "white space was taken out before hashing", Zh: "求哈希之前去掉了空白"},
		Fix:     words.Phrase{En: "Keep white space when signing, or set the rule sign.whitespace to either", Zh: "签名时保留空白，或把规则 sign.whitespace 设为 either"},
		PushFix: words.Phrase{En: "Keep white space: hash the text as it is", Zh: "保留空白，按原文求哈希"},
		Try: func(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
			if g.Size() > wire.Huge || !bytes.ContainsAny(g.Append(nil), " \t\r\n") {
				return true
			}
			return whole(wire.Stripped)(s, g, few, yield)
		},
	},
	{
		Kind: "whitespace-kept", In: guess.OfRequests, At: guess.InWhole, Alone: true, What: words.Phrase{En: "white space was kept, and the rule sign.whitespace is strip", Zh: "保留了空白，而规则 sign.whitespace 为 strip"},
		Fix: words.Phrase{En: "Strip white space when signing, or set the rule sign.whitespace to either", Zh: "签名时去掉空白，或把规则 sign.whitespace 设为 either"},
		Try: func(_ *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool { return yield(g) },
	},
	{
		Kind: "utf16-encoded", In: guess.OfBoth, At: guess.InWhole, What: words.Phrase{En: "the text was hashed as UTF-16, two bytes for a character", Zh: "按 UTF-16（每字符两字节）求了哈希"},
		Fix: words.Phrase{En: "Hash the UTF-8 bytes: getBytes(\"UTF-8\"), Encoding.UTF8, not Encoding.Unicode", Zh: "请对 UTF-8 字节求哈希：用 getBytes(\"UTF-8\")、Encoding.UTF8，不用 Encoding.Unicode"},
		Try: whole(wire.InUTF16(false, false), wire.InUTF16(true, false), wire.InUTF16(true, true), wire.InUTF16(false, true)),
	},
	{
		Kind: "utf32-encoded", In: guess.OfBoth, At: guess.InWhole, Alone: true, What: words.Phrase{En: "the text was hashed as UTF-32, four bytes for a character", Zh: "按 UTF-32（每字符四字节）求了哈希"},
		Fix: words.Phrase{En: "Hash the UTF-8 bytes: getBytes(\"UTF-8\"), Encoding.UTF8, not Encoding.UTF32 or the bytes of wchar_t", Zh: "请对 UTF-8 字节求哈希：用 getBytes(\"UTF-8\")、Encoding.UTF8，不用 Encoding.UTF32 或 wchar_t 的字节"},
		Try: whole(wire.InUTF32(false), wire.InUTF32(true), func(text []byte) []byte { return append([]byte("\xff\xfe\x00\x00"), wire.InUTF32(false)(text)...) }),
	},
	{
		Kind: "low-bytes", In: guess.OfBoth, At: guess.InWhole, Alone: true, What: words.Phrase{En: "of each character only the low byte was hashed, as old JavaScript MD5 libraries do", Zh: "每个字符只取了低字节，旧的 JavaScript MD5 库会这样"},
		Fix: words.Phrase{En: "Hash the UTF-8 bytes; use an MD5 library that takes UTF-8", Zh: "请对 UTF-8 字节求哈希，换用支持 UTF-8 的 MD5 库"},
		Try: func(s *guess.Case, g guess.Guess, few bool, yield func(guess.Guess) bool) bool {
			if g.Settle(); len(g.Data) > wire.Longest || !strings.ContainsFunc(g.Data, func(r rune) bool { return r > 0xff }) {
				return true
			}
			return whole(wire.LowBytes)(s, g, few, yield)
		},
	},
	{
		Kind: "text-case", In: guess.OfBoth, At: guess.InWhole, Alone: true, What: words.Phrase{En: "the whole text was turned into upper or lower case before hashing", Zh: "求哈希之前把整个文本转成了大写或小写"},
		Fix: words.Phrase{En: "Turn the hash into upper case, not the text", Zh: "转成大写的应是哈希结果，而不是文本"}, Try: whole(bytes.ToUpper, bytes.ToLower, func(text []byte) []byte { return bytes.ToLower([]byte(url.QueryEscape(string(text)))) }),
	},
	{
		Kind: "text-base64", In: guess.OfBoth, At: guess.InWhole, Alone: true, What: words.Phrase{En: "the text was written in Base64 before hashing", Zh: "求哈希之前把文本做了 Base64"},
		Fix: words.Phrase{En: "Hash the text itself", Zh: "请直接对文本求哈希"},
		Try: whole(func(text []byte) []byte { return base64.StdEncoding.AppendEncode(nil, text) }),
	},
}

var hashRows = []guess.Hypothesis{
	{
		Kind: "md5-twice", In: guess.OfBoth, At: guess.InHash, What: words.Phrase{En: "the MD5 of the MD5 was taken", Zh: "对 MD5 的结果又求了一次 MD5"},
		Fix: words.Phrase{En: "Hash once", Zh: "只求一次 MD5"},
		Try: func(_ *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
			for _, again := range []func([md5.Size]byte) [md5.Size]byte{
				func(h [md5.Size]byte) [md5.Size]byte { return md5.Sum([]byte(hex.EncodeToString(h[:]))) },
				func(h [md5.Size]byte) [md5.Size]byte { return md5.Sum([]byte(guess.UpperHex(h))) },
				func(h [md5.Size]byte) [md5.Size]byte { return md5.Sum(h[:]) },
				func(h [md5.Size]byte) [md5.Size]byte {
					h = md5.Sum([]byte(hex.EncodeToString(h[:])))
					return md5.Sum([]byte(hex.EncodeToString(h[:])))
				},
				func(h [md5.Size]byte) [md5.Size]byte {
					h = md5.Sum([]byte(guess.UpperHex(h)))
					return md5.Sum([]byte(guess.UpperHex(h)))
				},
			} {
				if g.Rehash = again; !yield(g) {
					return false
				}
			}
			return true
		},
	},
	{
		Kind: "hash-chained", In: guess.OfBoth, At: guess.InWhole, Alone: true, Rare: true, What: words.Phrase{En: "another hash was taken first, and the MD5 of its digits", Zh: "先求了另一种哈希，再对其十六进制文本求 MD5"},
		Fix: words.Phrase{En: "Take MD5 of the text itself, and no other hash", Zh: "请直接对文本求 MD5，不要再套其他哈希"}, Try: whole(
			func(text []byte) []byte { sum := sha1.Sum(text); return hex.AppendEncode(nil, sum[:]) },
			func(text []byte) []byte { sum := sha1.Sum(text); return bytes.ToUpper(hex.AppendEncode(nil, sum[:])) },
			func(text []byte) []byte { sum := sha256.Sum256(text); return hex.AppendEncode(nil, sum[:]) },
			func(text []byte) []byte {
				sum := sha256.Sum256(text)
				return bytes.ToUpper(hex.AppendEncode(nil, sum[:]))
			},
			func(text []byte) []byte { sum := md5.Sum(text); return base64.StdEncoding.AppendEncode(nil, sum[:]) },
		),
	},
	{
		Kind: "md5-salted-twice", In: guess.OfBoth, At: guess.InHash, Alone: true, What: words.Phrase{En: "the MD5 of some of the parts was hashed once more with the rest", Zh: "先对其中一部分求 MD5，再与其余部分一起求 MD5"},
		Fix: words.Phrase{En: "Put data itself into the text, and hash once", Zh: "待签名文本里放 data 的原文，只求一次 MD5"}, Try: nested,
	},
}

// nested tries the MD5 of some of the parts in the place of them, in hex digits of either case.
func nested(s *guess.Case, g guess.Guess, _ bool, yield func(guess.Guess) bool) bool {
	if g.Settle(); len(g.Data) > wire.Longest || !slices.Equal(g.Form, s.Right.Form) {
		return true
	}
	digest := func(upper bool, parts ...string) string {
		inner := g
		inner.Form = parts
		if s.Left < 0 {
			return ""
		}
		text := inner.Append(nil)
		s.Left -= len(text)
		s.Hashed += len(text)
		sum := md5.Sum(text)
		if upper {
			return guess.UpperHex(sum)
		}
		return hex.EncodeToString(sum[:])
	}
	for _, upper := range []bool{false, true} {
		forms := [][]string{
			{digest(upper, guess.TheData), guess.TheKey, guess.TheStamp},
			{digest(upper, guess.TheData, guess.TheKey), guess.TheStamp},
			{guess.TheData, digest(upper, guess.TheKey, guess.TheStamp)},
			{digest(upper, guess.TheData, guess.TheKey, guess.TheStamp), guess.TheKey},
			{guess.TheKey, digest(upper, guess.TheData, guess.TheStamp)},
			{digest(upper, guess.TheData, guess.TheStamp), guess.TheKey},
			{digest(upper, guess.TheData), digest(upper, guess.TheKey), digest(upper, guess.TheStamp)},
			{guess.TheKey, digest(upper, guess.TheData), guess.TheStamp},
			{digest(upper, guess.TheKey), guess.TheData, guess.TheStamp},
			{guess.TheKey, digest(upper, guess.TheData)},
			{digest(upper, guess.TheData), guess.TheKey},
			{digest(upper, guess.TheData, guess.TheStamp, guess.TheKey), guess.TheKey},
			{digest(upper, guess.TheData), digest(upper, guess.TheKey)},
			{digest(upper, guess.TheStamp), guess.TheKey, guess.TheData},
			{guess.TheData, guess.TheKey, digest(upper, guess.TheStamp)},
			{digest(upper, guess.TheKey, guess.TheData), guess.TheStamp},
			{digest(upper, guess.TheNo, guess.TheData), guess.TheKey, guess.TheStamp},
		}
		if s.Scope == guess.OfPushes {
			forms = [][]string{
				{guess.TheNo, digest(upper, guess.TheData), guess.TheKey},
				{digest(upper, guess.TheNo, guess.TheData), guess.TheKey},
				{guess.TheNo, digest(upper, guess.TheData, guess.TheKey)},
				{digest(upper, guess.TheNo, guess.TheData, guess.TheKey), guess.TheKey},
				{digest(upper, guess.TheData), guess.TheKey},
				{guess.TheKey, digest(upper, guess.TheNo, guess.TheData)},
			}
		}
		for _, form := range forms {
			if g.Form = form; !yield(g) {
				return false
			}
		}
	}
	return true
}
